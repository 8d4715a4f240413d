/**
 * The servers that the probe is measured against, behind TLS in a process of their own. Each lies there three times: as it is, with
 * `think` ms added before each request is answered, and at the end of a line where each round trip takes `line` ms, those of TCP and
 * TLS included. Says where over IPC; `take` answers what was asked and dialled since the last time.
 */
import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { createServer as secure } from 'node:https';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { makeCertificates } from '../../src/main/practice/certificates.node';
import { everythingPeer, v1Peer, v2Peer } from './mcp-peers';

const [thinkMs = 0, lineMs = 0] = process.argv.slice(2).map(Number);
const everything = await everythingPeer();
const kinds: Readonly<Record<string, () => RequestListener>> = {
  'v1, sessions': () => v1Peer({ sessions: true }).listener,
  'v1, stateless, JSON': () => v1Peer({ json: true }).listener,
  'v2 (2026-07-28)': () => v2Peer('stateless').listener,
  'behind OAuth': oauthListener,
  'server-everything': () => everything.listener,
};

/** 401, protected resource metadata, authorization server metadata: nothing behind it is ever reached. */
function oauthListener(): RequestListener {
  return (request, response) => {
    const origin = `https://${request.headers.host}`;
    const json = (value: unknown) =>
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
    const metadata = `${origin}/.well-known/oauth-protected-resource/mcp`;
    if (request.url === '/mcp')
      response.writeHead(401, { 'WWW-Authenticate': `Bearer resource_metadata="${metadata}"` }).end();
    else if (request.url === '/.well-known/oauth-protected-resource/mcp')
      json({ resource: `${origin}/mcp`, authorization_servers: [origin], scopes_supported: ['orders'] });
    else if (request.url === '/.well-known/oauth-authorization-server')
      json({
        issuer: origin,
        authorization_endpoint: `${origin}/authorize`,
        token_endpoint: `${origin}/token`,
        registration_endpoint: `${origin}/register`,
        response_types_supported: ['code'],
        grant_types_supported: ['authorization_code', 'refresh_token'],
        code_challenge_methods_supported: ['S256'],
        token_endpoint_auth_methods_supported: ['none'],
      });
    else response.writeHead(404).end();
  };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

/** Hands every piece on half a round trip later, in order; the first one a whole round trip later still, which TCP's own takes. */
function late(from: Socket, to: Socket, firstMs: number): void {
  let earliest = performance.now() + firstMs;
  const after = (work: () => void) => {
    earliest = Math.max(earliest, performance.now() + lineMs / 2);
    setTimeout(work, earliest - performance.now());
  };
  from.on('data', (piece) => after(() => to.write(piece)));
  from.on('end', () => after(() => to.end()));
  from.on('error', () => to.destroy());
}

async function lineTo(port: number): Promise<number> {
  return await listening(
    createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
      const far = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
      late(near, far, lineMs * 1.5);
      late(far, near, 0);
    }),
  );
}

let seen: string[] = [];
let dials = 0;
const serial = (count: number) => new Uint8Array(randomBytes(count));
const { caPem, certPem, keyPem } = await makeCertificates(Date.now(), serial);
const serving = async (listener: RequestListener, waitMs: number) =>
  await listening(
    secure({ cert: certPem, key: keyPem }, (request, response) => {
      seen.push(`${request.method} ${request.url}`);
      if (waitMs === 0) listener(request, response);
      else setTimeout(() => listener(request, response), waitMs);
    }).on('connection', () => {
      dials += 1;
    }),
  );
const servers: Record<string, { near: number; thinking: number; far: number }> = {};
for (const [kind, open] of Object.entries(kinds)) {
  const near = await serving(open(), 0);
  servers[kind] = { near, thinking: await serving(open(), thinkMs), far: await lineTo(near) };
}

process.on('message', (message) => {
  if (message !== 'take') return;
  process.send?.({ seen, dials });
  seen = [];
  dials = 0;
});
process.once('disconnect', () => {
  everything.close();
  process.exit(0);
});
process.send?.({ caPem, servers });
