/**
 * Leads the sign-in window to the simulated vendors, whose names resolve nowhere: an HTTP proxy on loopback that knows CONNECT
 * (RFC 9110 §9.3.6) and the given hosts. Refuses every other host and every other method.
 */

import { connect, type Socket } from 'node:net';
import { createServer } from '../node-http.node';

export interface ConnectProxy {
  readonly port: number;
  close(): Promise<void>;
}

/** @param hosts Names and the loopback port behind each. */
export async function openConnectProxy(hosts: ReadonlyMap<string, number>): Promise<ConnectProxy> {
  const open = new Set<Socket>();
  const server = createServer((_request, response) => {
    response.writeHead(405).end();
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  server.on('connect', (request, client: Socket, head) => {
    const [, host = '', port] = /^([^:]+):(\d+)$/.exec(request.url ?? '') ?? [];
    const target = port === '443' ? hosts.get(host.toLowerCase()) : undefined;
    // A browser that goes away in the middle is no news.
    client.on('error', () => client.destroy());
    if (target === undefined) {
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const vendor = connect(target, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      vendor.write(head);
      vendor.pipe(client).pipe(vendor);
    });
    vendor.on('error', () => client.destroy());
    client.on('close', () => vendor.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The proxy has no port.');
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
