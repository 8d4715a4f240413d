/**
 * `npm run bench -- faults`: the headless gateway killed with SIGKILL at random moments, again and again on the same data, while calls are
 * under way. Counts what reached the server, what was answered and what stands in the log, and walks the chain by itself. Not a test:
 * it takes minutes. `--kills N` (200).
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway } from './peers.mjs';

const inFlight = 24;
const mostMs = 400;

export async function faults({ kills }) {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-faults-'));
  const upstream = await countingServer();
  const answered = new Set();
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const gateway = await startGateway({ up: upstream.url }, { folder });
      const calls = Array.from({ length: inFlight }, (_, at) => callOn(gateway, `${kill}-${at}`, answered));
      await new Promise((done) => setTimeout(done, Math.random() * mostMs));
      gateway.kill();
      await gateway.ended;
      await Promise.all(calls);
      if ((kill + 1) % 20 === 0) console.log(`${kill + 1} times killed, ${answered.size} calls answered.`);
    }
    // Once more, so that what the last kill left is healed.
    await (await startGateway({ up: upstream.url }, { folder })).stop();
    return judge(join(folder, 'activity'), upstream.arrived, answered);
  } finally {
    upstream.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One agent that calls as long as its gateway lives; no call is ever sent twice. */
async function callOn({ url, headers }, name, answered) {
  for (let count = 0; ; count += 1) {
    const text = `${name}-${count}`;
    const params = { name: count % 2 === 0 ? 'up__read' : 'up__write', arguments: { text } };
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
      });
      const { result } = await response.json();
      if (result?.content?.[0]?.text === `Done: ${text}`) answered.add(text);
    } catch {
      // The gateway is gone in the middle of it: nobody knows, and nobody tries again.
      return;
    }
  }
}

/** As little of MCP as a gateway needs, so that every arrival is counted at once. */
async function countingServer() {
  const arrived = new Map();
  const inputSchema = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] };
  const tools = [
    { name: 'read', inputSchema, annotations: { readOnlyHint: true } },
    { name: 'write', inputSchema },
  ];
  const answers = {
    initialize: () => ({
      protocolVersion: '2025-11-25',
      capabilities: { tools: {} },
      serverInfo: { name: 'counting', version: '1' },
    }),
    'tools/list': () => ({ tools }),
    'tools/call': ({ arguments: { text } }) => {
      arrived.set(text, (arrived.get(text) ?? 0) + 1);
      return { content: [{ type: 'text', text: `Done: ${text}` }] };
    },
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => {
      body += piece;
    });
    request.on('end', () => {
      const { id, method, params } = request.method === 'POST' ? JSON.parse(body) : {};
      if (id === undefined) return response.writeHead(request.method === 'POST' ? 202 : 405).end();
      const answer = answers[method];
      const said =
        answer === undefined
          ? { error: { code: -32601, message: 'Method not found' } }
          : { result: answer(params) };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id, ...said }));
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    arrived,
    url: `http://127.0.0.1:${server.address().port}/mcp`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The log read by itself: numbers without a gap, each line with the hash of the one before. */
function readLog(folder) {
  const records = [];
  let [prev, seq, broken] = ['0'.repeat(64), 0, 0];
  for (const name of readdirSync(folder)
    .filter((one) => /^\d{4}-\d{2}-\d{2}\.jsonl$/.test(one))
    .sort())
    for (const line of readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1)) {
      const record = JSON.parse(line);
      if (record.prev !== prev || record.seq !== seq + 1) broken += 1;
      prev = createHash('sha256').update(line).digest('hex');
      seq = record.seq;
      records.push(record);
    }
  return { records, broken };
}

function judge(folder, arrived, answered) {
  const { records, broken } = readLog(folder);
  const intents = new Set();
  const outcomes = new Map();
  for (const { kind, callId, outcome } of records) {
    if (kind === 'call_intent') intents.add(callId);
    if (kind === 'call_outcome' && outcome === 'allowed')
      outcomes.set(callId, (outcomes.get(callId) ?? 0) + 1);
  }
  const count = (what, value, goal = 0) => ({
    what,
    goal: `${goal}`,
    figure: `${value}`,
    holds: value === goal ? 'holds' : 'does not hold',
  });
  const told = (what, value) => ({ what, goal: '', figure: `${value}`, holds: '' });
  return [
    told('calls that reached the server', arrived.size),
    told('calls that were answered', answered.size),
    told('intents without an end in the log (killed in the middle)', intents.size - outcomes.size),
    told('torn lines moved aside', readdirSync(folder).filter((name) => name.endsWith('.torn')).length),
    count('lines that do not follow the one before', broken),
    count('calls that reached the server twice', [...arrived.values()].filter((times) => times > 1).length),
    count('calls at the server without an intent in the log', Math.max(0, arrived.size - intents.size)),
    count('ends of calls that stand twice', [...outcomes.values()].filter((times) => times > 1).length),
    count('answers without an end in the log', Math.max(0, answered.size - outcomes.size)),
    count(
      'answers of calls that never reached the server',
      [...answered].filter((text) => !arrived.has(text)).length,
    ),
  ];
}
