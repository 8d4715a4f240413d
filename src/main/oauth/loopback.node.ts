/**
 * The loopback address that the sign-in page comes back to (RFC 8252 §7.3). Popup and system browser both end here.
 * Refuses what is not one GET of the exact path with our state: another page of the browser must not end or steal an attempt.
 * Never writes down what it was asked: there is a code in it.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Fault } from '../../preload/contract/reply';
import { type Redirect, redirectAddress } from '../catalog/redirect-address';
import { createServer } from '../node-http.node';
import { landingPage } from './landing-page';

export interface Loopback {
  /** As it is sent to the vendor, with the port of this attempt. */
  readonly redirectUri: string;
  /** The whole address of the first landing whose state is ours. */
  readonly landing: Promise<URL>;
  close(): Promise<void>;
}

/** @throws Fault `port_taken` when the port that is registered at the vendor is in use. */
export async function openLoopback(
  place: Redirect,
  accepts: (state: string | null) => boolean,
): Promise<Loopback> {
  let land: (url: URL) => void = () => undefined;
  const landing = new Promise<URL>((resolve) => {
    land = resolve;
  });
  let port = place.port ?? 0;
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const origin = `http://${place.host}:${port}`;
    const isForUs = request.headers.host === `${place.host}:${port}`;
    const url = new URL(request.url ?? '/', origin);
    const isThePath = url.pathname === place.path;
    if (!isForUs || !isThePath) return send(response, 404, landingPage('nothing here'));
    if (request.method !== 'GET') return send(response, 405, landingPage('nothing here'));
    if (!accepts(url.searchParams.get('state'))) return send(response, 400, landingPage('not ours'));
    send(response, 200, landingPage(url.searchParams.has('error') ? 'not completed' : 'completed'));
    land(url);
  };
  const first = await listen(answer, '127.0.0.1', port);
  port = portOf(first);
  // `localhost` may lead a browser to either family; without IPv6 the first one is enough.
  const second =
    place.host === 'localhost' ? await listen(answer, '::1', port).catch(() => undefined) : undefined;
  return {
    redirectUri: redirectAddress(place, port),
    landing,
    close: async () => {
      await Promise.all([first, second].flatMap((server) => (server === undefined ? [] : stop(server))));
    },
  };
}

function listen(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  host: string,
  port: number,
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ maxHeaderSize: 32_768, requestTimeout: 10_000 }, answer);
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      reject(isTaken ? taken(port, error) : error);
    });
    server.listen(port, host, () => resolve(server));
  });
}

function taken(port: number, cause: Error): Fault {
  return new Fault(
    'port_taken',
    `Port ${port}, to which the sign-in comes back, is in use by another program. Close that program and connect again.`,
    { retryable: true, cause },
  );
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address === 'object' && address !== null) return address.port;
  throw new Error('The loopback listener has no port.');
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // What is being sent may end; idle connections are cut.
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 500).unref();
  });
}

function send(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    Connection: 'close',
  });
  response.end(page);
}
