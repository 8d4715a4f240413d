/**
 * `npm run bench -- soak --minutes 60`: calls of every kind against one gateway at a steady pace, to servers that answer well, slowly, never, with
 * rubbish or not to the end; looks into the process every so often, and holds the log against what was asked. Not a test: it takes an hour.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countingServer } from './counting-server.mjs';
import { judgeLog } from './judge-log.mjs';
import { connect, startGateway } from './peers.mjs';

/** Two and six of the servers, and the gateway's own two. */
const tools = 10;
const everyMs = 30;
const looks = 60;
/** The first looks are a process that still warms up. */
const warm = 5;

export async function soak({ minutes }) {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-soak-'));
  const server = await countingServer();
  try {
    const gateway = await startGateway(
      { up: server.url, rough: server.roughUrl },
      { folder, isLookedInto: true },
    );
    const answered = new Set();
    const asked = new Asked(gateway, answered);
    const seen = await paced(asked, gateway, minutes * 60_000);
    await gateway.stop();
    return [
      ...asked.rows(),
      ...growth(seen),
      ...judgeLog(join(folder, 'activity'), server.arrived, answered),
    ];
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function paced(asked, gateway, forMs) {
  const seen = [];
  const under = new Set();
  const startedMs = performance.now();
  for (let step = 0; performance.now() - startedMs < forMs; step += 1) {
    const one = asked.step(step).finally(() => under.delete(one));
    under.add(one);
    const dueMs = startedMs + (step + 1) * everyMs;
    await new Promise((done) => setTimeout(done, Math.max(0, dueMs - performance.now())));
    if ((performance.now() - startedMs) / forMs < (seen.length + 1) / looks) continue;
    seen.push({ ...(await gateway.look()), calls: asked.count });
    if (seen.length % 10 === 0) console.log(`${seen.length} of ${looks}: ${JSON.stringify(seen.at(-1))}`);
  }
  await Promise.all(under);
  seen.push({ ...(await gateway.look()), calls: asked.count });
  return seen;
}

/** What is asked in turn, how often, and what each answer has to be like. */
class Asked {
  #gateway;
  #answered;
  #order;
  #wrong = [];
  count = 0;

  constructor(gateway, answered) {
    this.#gateway = gateway;
    this.#answered = answered;
    const shares = {
      read: 40,
      write: 16,
      large: 6,
      modern: 10,
      list: 2,
      unknown: 3,
      wrongArguments: 3,
      stranger: 2,
      fails: 3,
      broken: 3,
      dies: 3,
      huge: 1,
      slow: 3,
      leaves: 3,
      endless: 1,
      session: 1,
    };
    const all = Object.entries(shares).flatMap(([kind, share]) => Array.from({ length: share }, () => kind));
    // Every 37th, so that the kinds are mixed; 100 and 37 have no divisor in common.
    this.#order = all.map((_, at) => all[(at * 37) % all.length]);
  }

  async step(at) {
    const kind = this.#order[at % this.#order.length];
    const text = `${kind}-${at}`;
    try {
      const why = await this[kind](text);
      if (why !== undefined) this.#wrong.push(`${kind}: ${why}`);
    } catch (error) {
      this.#wrong.push(`${kind}: ${error.message}`);
    }
  }

  read = (text) => this.#well('up__read', text);
  write = (text) => this.#well('up__write', text);
  large = (text) => this.#well('up__read', `${text} ${'x'.repeat(20_000)}`);
  modern = async (text) =>
    this.#judged(text, await this.#post(call('up__read', text, modernMeta), modernHeaders('up__read')));
  slow = (text) => this.#well('rough__slow', text);
  unknown = async (text) => {
    const { error } = await this.#post(call('up__nowhere', text));
    return error === undefined ? 'no error' : undefined;
  };
  list = async () => {
    const { result } = await this.#post(request('tools/list', {}));
    return result?.tools?.length === tools ? undefined : `${result?.tools?.length} tools`;
  };
  wrongArguments = (text) => this.#badly(call('up__read', [text]));
  fails = (text) => this.#badly(call('rough__fails', text));
  broken = (text) => this.#badly(call('rough__broken', text));
  dies = (text) => this.#badly(call('rough__dies', text));
  huge = (text) => this.#badly(call('rough__huge', text));
  endless = (text) => this.#badly(call('rough__endless', text));
  leaves = async (text) => {
    const signal = AbortSignal.timeout(100);
    const gone = await this.#post(call('rough__slow', text), {}, signal).catch(() => 'left');
    return gone === 'left' ? undefined : 'it was answered';
  };
  stranger = async () => {
    const response = await fetch(this.#gateway.url, {
      method: 'POST',
      headers: { authorization: 'Bearer nobody', 'content-type': 'application/json' },
    });
    await response.text();
    return response.status === 401 ? undefined : `status ${response.status}`;
  };
  session = async (text) => {
    const client = await connect(this.#gateway);
    await client.call('up__read', text);
    await client.end();
    this.#answered.add(text);
    return undefined;
  };

  async #well(name, text) {
    return this.#judged(text, await this.#post(call(name, text)));
  }

  #judged(text, { result, error }) {
    if (result?.content?.[0]?.text !== `Done: ${text}`) return JSON.stringify(error ?? result).slice(0, 200);
    this.#answered.add(text);
    return undefined;
  }

  async #badly(message) {
    const { result, error } = await this.#post(message);
    return error !== undefined || result?.isError === true ? undefined : 'no error';
  }

  async #post(message, more = {}, signal = undefined) {
    this.count += 1;
    const headers = { ...this.#gateway.headers, 'content-type': 'application/json', ...more };
    const response = await fetch(this.#gateway.url, {
      method: 'POST',
      headers,
      body: JSON.stringify(message),
      signal,
    });
    return await response.json();
  }

  rows() {
    for (const why of new Set(this.#wrong)) console.log(why);
    return [
      { what: 'calls made', goal: '', figure: `${this.count}`, holds: '' },
      {
        what: 'answers that were not as they have to be',
        goal: '0',
        figure: `${this.#wrong.length}`,
        holds: this.#wrong.length === 0 ? 'holds' : 'does not hold',
      },
    ];
  }
}

const request = (method, params) => ({ jsonrpc: '2.0', id: 1, method, params });
const call = (name, text, more = {}) => request('tools/call', { name, arguments: { text }, ...more });
const prefix = 'io.modelcontextprotocol/';
const modernMeta = {
  _meta: {
    [`${prefix}protocolVersion`]: '2026-07-28',
    [`${prefix}clientInfo`]: { name: 'soak', version: '1' },
    [`${prefix}clientCapabilities`]: {},
  },
};
const modernHeaders = (name) => ({
  accept: 'application/json, text/event-stream',
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': 'tools/call',
  'mcp-name': name,
});

/** From the end of the warm-up to the last look with calls under way, after a collection each. */
function growth(seen) {
  const [first, last] = [seen[warm], seen.at(-2)];
  const calls = last.calls - first.calls;
  const mib = (bytes) => (bytes / 1_048_576).toFixed(1);
  const held = (what, goal, figure, holds) => ({
    what,
    goal,
    figure,
    holds: holds ? 'holds' : 'does not hold',
  });
  const perCall = (last.heapUsed - first.heapUsed) / calls;
  const rows = [
    held(
      'heap after a collection, first → last, MiB; growth per call',
      '≤ 250 bytes a call, the index of Activity',
      `${mib(first.heapUsed)} → ${mib(last.heapUsed)}; ${perCall.toFixed(0)} bytes`,
      perCall <= 250,
    ),
    held(
      'memory of the process, first → last, MiB',
      'no growth over 15 %',
      `${mib(first.rss)} → ${mib(last.rss)}`,
      last.rss <= first.rss * 1.15,
    ),
  ];
  const ours = last.warnings.filter((one) => !one.includes('queryObjects'));
  for (const name of ['sockets', 'signals', 'promises', 'timers'])
    rows.push(
      held(
        `${name} alive, first → last`,
        'no growth over 50',
        `${first[name]} → ${last[name]}`,
        last[name] <= first[name] + 50,
      ),
    );
  rows.push(held('warnings of Node', '0', ours.join(' ') || '0', ours.length === 0));
  return rows;
}
