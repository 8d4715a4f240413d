/** Answers over real TLS that break, stall or grow: each ends in a sentence, none with what was sent. */
import { randomBytes } from 'node:crypto';
import type { RequestListener, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { makeCertificates } from '../../src/main/practice/certificates.node';
import type { Fault } from '../../src/preload/contract/reply';
import { TlsBench } from '../fakes/tls-server';

const secret = 'Basic c2VjcmV0LW9mLXRoZS10ZXN0';
const body = '{"note":"body-of-the-test"}';
const limits = { timeoutMs: 5_000, maxBytes: 10_000 };
const bench = new TlsBench();
afterEach(() => bench.close());

async function faultOf(
  listener: RequestListener,
  options: { readonly idleTimeoutMs?: number; readonly server?: object } = {},
): Promise<Fault> {
  const port = await bench.secure(listener, options.server);
  const { idleTimeoutMs } = options;
  const http = await bench.wayOut(idleTimeoutMs === undefined ? {} : { idleTimeoutMs });
  const headers = { Authorization: secret };
  const sent = http.send({ method: 'POST', url: `https://127.0.0.1:${port}/a`, headers, body }, limits);
  const fault = await sent.then(
    () => Promise.reject(new Error('It should have been refused.')),
    (error: Fault) => error,
  );
  const told = JSON.stringify([fault.message, fault.fields, String(fault.cause ?? '')]);
  for (const hidden of [secret.slice(6), 'body-of-the-test', 'answer-of-the-test'])
    expect(told).not.toContain(hidden);
  expect(fault.message).toMatch(/\.$/);
  return fault;
}

const pour = (response: ServerResponse, part: Buffer) => {
  const more = () => {
    while (!response.destroyed && response.write(part));
  };
  response.on('drain', more);
  more();
};

describe('an answer over TLS', () => {
  it('that is reset in the middle says that the connection broke off', async () => {
    const fault = await faultOf((_request, response) => {
      response.writeHead(200, { 'Content-Length': '100' }).write('answer-of-the-test', () => {
        response.socket?.destroy();
      });
    });
    expect(fault).toMatchObject({ code: 'vendor_unreachable', retryable: true });
    expect(fault.message).toContain('broke off');
  });

  it('that stops in the middle ends with the time of silence, long before the time of the whole call', async () => {
    const fault = await faultOf(
      (_request, response) => {
        response.writeHead(200, { 'Content-Length': '100' }).write('answer-of-the-test');
      },
      { idleTimeoutMs: 100 },
    );
    expect(fault).toMatchObject({ code: 'vendor_timeout', retryable: true });
    expect(fault.message).toContain('did not answer in time');
  });

  it('that never begins ends with the time of silence', async () => {
    const fault = await faultOf(() => undefined, { idleTimeoutMs: 100 });
    expect(fault).toMatchObject({ code: 'vendor_timeout', retryable: true });
    expect(fault.message).toContain('did not answer in time');
  });

  it('without an end stops at the cap', async () => {
    const fault = await faultOf((_request, response) => pour(response, Buffer.from('answer-of-the-test')));
    expect(fault.code).toBe('vendor_too_large');
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('packed small with %s and unpacked huge stops at the cap', async (encoding, pack) => {
    const packed = pack(Buffer.alloc(5_000_000));
    expect(packed.length).toBeLessThan(limits.maxBytes);
    const fault = await faultOf((_request, response) => {
      response.writeHead(200, { 'Content-Encoding': encoding }).end(packed);
    });
    expect(fault.code).toBe('vendor_too_large');
  });

  it('that redirects to itself for ever is asked once', async () => {
    let asked = 0;
    const fault = await faultOf((request, response) => {
      asked += 1;
      response.writeHead(308, { Location: request.url }).end();
    });
    expect(fault.code).toBe('redirect_refused');
    expect(asked).toBe(1);
  });

  it('that redirects to plain http or to nothing readable is refused without repeating the path', async () => {
    for (const location of ['http://vendor.example/answer-of-the-test', 'javascript:answer-of-the-test']) {
      const fault = await faultOf((_request, response) => {
        response.writeHead(302, { Location: location }).end();
      });
      expect(fault.code).toBe('redirect_refused');
      expect(fault.message).not.toContain('null');
    }
  });

  it('of a server that wants a certificate of ours does not claim that nothing was sent', async () => {
    const { caPem } = await bench.certificates();
    const fault = await faultOf((_request, response) => response.end('{}'), {
      server: { requestCert: true, rejectUnauthorized: true, ca: caPem, minVersion: 'TLSv1.3' },
    });
    expect(['vendor_tls', 'vendor_unreachable']).toContain(fault.code);
    expect(fault.message).not.toContain('Nothing was sent');
  });

  it('of 204 that claims to be packed is empty text', async () => {
    const port = await bench.secure((_request, response) => {
      response.writeHead(204, { 'Content-Encoding': 'gzip' }).end();
    });
    const http = await bench.wayOut();
    const request = { method: 'DELETE', url: `https://127.0.0.1:${port}/`, headers: {} };
    expect(await http.send(request, limits)).toMatchObject({ status: 204, text: '' });
  });

  it('in HTML is handed over with its type, for the catalog to judge', async () => {
    const port = await bench.secure((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>Sign in</p>');
    });
    const http = await bench.wayOut();
    const answer = await http.send({ method: 'GET', url: `https://127.0.0.1:${port}/`, headers: {} }, limits);
    expect(answer).toMatchObject({ headers: { 'content-type': 'text/html' }, text: '<p>Sign in</p>' });
  });
});

describe('a connection that goes on from an earlier one', () => {
  const codeOf = (sent: Promise<unknown>) =>
    sent.then(
      () => 'answered',
      ({ code }: Fault) => code,
    );

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is held to the name each time, %s', async (version) => {
    let resumed = 0;
    const listener: RequestListener = (request, response) => {
      if (request.socket instanceof TLSSocket && request.socket.isSessionReused()) resumed += 1;
      response.writeHead(200, { Connection: 'close' }).end('{}');
    };
    const port = await bench.secure(listener, { minVersion: version, maxVersion: version });
    const http = await bench.wayOut();
    const ask = (host: string) =>
      codeOf(http.send({ method: 'GET', url: `https://${host}:${port}/`, headers: {} }, limits));
    const hosts = ['localhost', 'localhost', '127.0.0.1', '127.0.0.1', 'localhost'];
    const told: string[] = [];
    for (const host of hosts) told.push(await ask(host));
    expect(told).toEqual(['vendor_tls', 'vendor_tls', 'answered', 'answered', 'vendor_tls']);
    expect(resumed).toBe(1);
  });

  it('is not taken over by another server at the same address', async () => {
    const listener: RequestListener = (_request, response) =>
      void response.writeHead(200, { Connection: 'close' }).end('{}');
    const serial = (count: number) => new Uint8Array(randomBytes(count));
    const { certPem, keyPem } = await makeCertificates(Date.now(), serial);
    const ports = [
      await bench.secure(listener),
      await bench.secure(listener, { cert: certPem, key: keyPem }),
    ];
    const http = await bench.wayOut();
    const told: string[] = [];
    for (const port of ports)
      told.push(
        await codeOf(http.send({ method: 'GET', url: `https://127.0.0.1:${port}/`, headers: {} }, limits)),
      );
    expect(told).toEqual(['answered', 'vendor_tls']);
  });
});
