/** The servers behind the gateway under test, one for each era, in a process of their own. Says in one line of JSON where they are. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { modernUpstream } from './modern-upstream';
import { olderUpstream } from './older-upstream';

async function opened(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

const urls = { '2025-11-25': await opened(olderUpstream()), '2026-07-28': await opened(modernUpstream()) };
process.stdout.write(`${JSON.stringify(urls)}\n`);
