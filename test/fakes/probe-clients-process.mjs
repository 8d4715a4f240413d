/** The process that probes, ours and the SDK's clients in turn, each time without a connection. Told what to do over IPC. */
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as v2 from '@modelcontextprotocol/client';
import * as v1Auth from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Agent, setGlobalDispatcher } from 'undici';

const part = (name) => import(pathToFileURL(join(process.argv[2], `${name}.js`)).href);
const { probe } = await part('probe');
const { createHttpOut } = await part('http-out');
const { checkAddress } = await part('public-address');
const me = { name: 'bench', version: '1' };

/** As `probeServer` of the running app calls it, but that this computer may be called. */
async function ours(url, isLocked) {
  const http = createHttpOut({ allowLoopback: true });
  const goodbyes = [];
  const startedMs = performance.now();
  const result = await probe(
    url,
    {
      http,
      nowMs: () => performance.now(),
      version: '1',
      checkAddress: (text) => checkAddress(text, 'this computer too'),
      takenNames: [],
      afterwards: (work) => goodbyes.push(work),
    },
    new AbortController().signal,
  );
  const tookMs = performance.now() - startedMs;
  await Promise.all(goodbyes);
  await http.close();
  if (isLocked ? result.auth?.kind !== 'oauth' : !(result.auth?.toolCount > 0))
    throw new Error(`The probe found ${JSON.stringify(result)}`);
  return tookMs;
}

/** `fetch` of the SDK on a dispatcher that has no connection yet. */
async function withFetch(work) {
  const agent = new Agent();
  setGlobalDispatcher(agent);
  const startedMs = performance.now();
  const result = await work();
  const tookMs = performance.now() - startedMs;
  if (!result) throw new Error('An SDK client found nothing.');
  await agent.destroy();
  return tookMs;
}

const listedBy = (open, Transport) => (url) =>
  withFetch(async () => {
    const client = open();
    await client.connect(new Transport(new URL(url)));
    const { tools } = await client.listTools();
    await client.close();
    return tools.length > 0;
  });

const hello = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: me },
});
/** The 401 by itself, then the SDK's own functions; its clients do the same, and more besides. */
const discoveredBy = (sdk) => (url) =>
  withFetch(async () => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' },
      body: hello,
    });
    await answer.body?.cancel();
    const { resourceMetadataUrl } = sdk.extractWWWAuthenticateParams(answer);
    const resource = await sdk.discoverOAuthProtectedResourceMetadata(url, { resourceMetadataUrl });
    return await sdk.discoverAuthorizationServerMetadata(resource.authorization_servers[0]);
  });

const auto = { versionNegotiation: { mode: 'auto' } };
const open = {
  v1: listedBy(() => new Client(me), StreamableHTTPClientTransport),
  v2: listedBy(() => new v2.Client(me), v2.StreamableHTTPClientTransport),
  'v2 auto': listedBy(() => new v2.Client(me, auto), v2.StreamableHTTPClientTransport),
};
const locked = { v1: discoveredBy(v1Auth), v2: discoveredBy(v2) };
const warmUps = 3;

async function rounds({ url, rounds: wanted, isLocked }) {
  const ways = Object.entries({ ours, ...(isLocked ? locked : open) });
  const found = Object.fromEntries(ways.map(([name]) => [name, { tookMs: [], requests: 0, dials: 0 }]));
  for (let round = -warmUps; round < wanted; round += 1) {
    for (let at = 0; at < ways.length; at += 1) {
      const [name, way] = ways[(at + round + warmUps) % ways.length];
      const tookMs = await way(url, isLocked);
      process.send({ take: name });
      const [{ seen, dials }] = await once(process, 'message');
      if (round < 0) continue;
      found[name].tookMs.push(tookMs);
      found[name].requests = Math.max(found[name].requests, seen.length);
      found[name].dials = Math.max(found[name].dials, dials);
    }
  }
  return found;
}

process.on('message', (message) => {
  if (message.url === undefined) return;
  rounds(message).then(
    (done) => process.send({ done }),
    (error) => process.send({ failed: error instanceof Error ? error.stack : String(error) }),
  );
});
