/** Servers on the loopback address that answer over TLS of an own authority, and what must be closed after a test. */
import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { Server } from 'node:net';
import { createHttpOut } from '../../src/main/network/http-out.node';
import { makeCertificates, type PracticeCertificates } from '../../src/main/practice/certificates.node';

export class TlsBench {
  readonly #closing: (() => Promise<unknown> | unknown)[] = [];
  #certificates: PracticeCertificates | undefined;

  /** One authority for the whole bench; 127.0.0.1 and the given names are in its certificate. */
  async certificates(): Promise<PracticeCertificates> {
    const serial = (count: number) => new Uint8Array(randomBytes(count));
    this.#certificates ??= await makeCertificates(Date.now(), serial, '127.0.0.1', ['vendor.example']);
    return this.#certificates;
  }

  async listen(server: Server): Promise<number> {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    this.#closing.push(() => server.close());
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('No port.');
    return address.port;
  }

  /** @returns The port. */
  async secure(listener: RequestListener, options: ServerOptions = {}): Promise<number> {
    const { certPem, keyPem } = await this.certificates();
    const server = createServer({ cert: certPem, key: keyPem, ...options }, listener);
    this.#closing.push(() => server.closeAllConnections());
    return this.listen(server);
  }

  async wayOut(options: Partial<Parameters<typeof createHttpOut>[0]> = {}) {
    const { caPem } = await this.certificates();
    const http = createHttpOut({ extraCaPem: [caPem], allowLoopback: true, ...options });
    this.#closing.push(http.close);
    return http;
  }

  /** Closed with the others, for what a test made itself. */
  closeLater(close: () => unknown): void {
    this.#closing.push(close);
  }

  async close(): Promise<void> {
    await Promise.all(this.#closing.splice(0).map((close) => close()));
  }
}
