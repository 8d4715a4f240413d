/**
 * Questions of a server in the middle of a call: they reach the agent behind this very call, only where it offers them and a technician
 * allows them for this server, and nobody else can answer.
 */
import { request as httpRequest } from 'node:http';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  type ClientCapabilities,
  CreateMessageRequestSchema,
  ElicitRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AskKind } from '../../src/main/mcp/asked-by-server';
import { PassingPeer } from '../fakes/passing-peer';
import { openUpstreamBench, type UpstreamBench } from '../fakes/upstream-bench';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function orders(mayAsk: readonly AskKind[]): Promise<{ peer: PassingPeer; bench: UpstreamBench }> {
  const peer = await new PassingPeer().open();
  open.push(peer);
  const bench = await openUpstreamBench({ orders: peer.url }, 'auto', undefined, { mayAsk });
  open.push(bench);
  return { peer, bench };
}

type Answer = () => Promise<object> | object;

/** An agent that remembers what it was asked. */
function asked(capabilities: ClientCapabilities, answer: Answer = accepts) {
  const client = new Client({ name: 'peer', version: '1' }, { capabilities });
  const questions: Record<string, unknown>[] = [];
  const take = async (params: object) => {
    questions.push({ ...params });
    return (await answer()) as never;
  };
  if (capabilities.elicitation !== undefined)
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => take(params));
  if (capabilities.sampling !== undefined)
    client.setRequestHandler(CreateMessageRequestSchema, ({ params }) => take(params));
  return { client, questions };
}
const accepts: Answer = () => ({ action: 'accept', content: { yes: true } });
const writes: Answer = () => ({ role: 'assistant', model: 'm', content: { type: 'text', text: 'Blue' } });

const call = async (client: Client, name: string, args: Record<string, unknown> = {}): Promise<string> => {
  const { content } = (await client.callTool({ name: `orders__${name}`, arguments: args })) as {
    content: { text?: string }[];
  };
  return content[0]?.text ?? '';
};
const questionRows = (bench: UpstreamBench) =>
  bench
    .records()
    .filter(({ kind }) => kind === 'connection')
    .map(({ outcome, detail }) => `${outcome}: ${detail}`);

/** One POST without the SDK. */
function post(
  bench: UpstreamBench,
  message: object,
  more: Readonly<Record<string, string>>,
): Promise<{ status: number; text: string }> {
  const headers = { authorization: `Bearer ${bench.token}`, 'content-type': 'application/json', ...more };
  return new Promise((resolve, reject) => {
    const request = httpRequest(bench.url, { method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on('error', reject);
    request.end(JSON.stringify({ jsonrpc: '2.0', ...message }));
  });
}

describe('a question that is offered and allowed', () => {
  it('reaches the agent of the call, and its answer the server, with one row and none of the words', async () => {
    const { bench, peer } = await orders(['elicitation']);
    const { client, questions } = asked({ elicitation: {} });
    await bench.agent(client);
    expect(await call(client, 'ask', { times: 1 })).toBe('{"action":"accept","content":{"yes":true}}');
    expect(questions).toMatchObject([
      { message: 'orders asks: Really?', requestedSchema: { type: 'object' } },
    ]);
    expect(peer.capabilities).toMatchObject({ elicitation: {} });
    expect(bench.records().map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ['call_intent', undefined],
      ['connection', 'noted'],
      ['call_outcome', 'allowed'],
    ]);
    const [intent, question] = bench.records();
    expect(question).toMatchObject({
      what: 'mcp:orders:ask',
      callId: intent?.callId,
      agentId: intent?.agentId,
      detail: 'The server asks the agent in the middle of this call: elicitation.',
    });
    expect(JSON.stringify(question)).not.toContain('Really');
  });

  it('may be declined', async () => {
    const { bench } = await orders(['elicitation']);
    const { client } = asked({ elicitation: { form: {} } }, () => ({ action: 'decline' }));
    await bench.agent(client);
    expect(await call(client, 'ask', { times: 1 })).toBe('{"action":"decline"}');
  });

  it('may be one for a text of a model', async () => {
    const { bench, peer } = await orders(['sampling']);
    const { client, questions } = asked({ sampling: {} }, writes);
    await bench.agent(client);
    expect(JSON.parse(await call(client, 'sample'))).toMatchObject({ model: 'm', content: { text: 'Blue' } });
    expect(questions).toMatchObject([{ maxTokens: 10 }]);
    expect(peer.capabilities).toMatchObject({ sampling: {} });
  });

  it('may be an address to open, where the agent offers that', async () => {
    const { bench } = await orders(['elicitation']);
    const { client, questions } = asked({ elicitation: { form: {}, url: {} } }, () => ({ action: 'accept' }));
    await bench.agent(client);
    expect(await call(client, 'ask-url', { url: 'https://sign.example/in' })).toBe('{"action":"accept"}');
    expect(questions).toMatchObject([{ mode: 'url', url: 'https://sign.example/in' }]);
  });

  it('goes to each agent for its own call, with two at once', async () => {
    const { bench } = await orders(['elicitation']);
    const answering = (who: string) =>
      asked({ elicitation: {} }, () => ({ action: 'accept', content: { who } }));
    const [one, two] = [answering('one'), answering('two')];
    await bench.agent(one.client);
    await bench.agent(two.client, await bench.newToken('Another'));
    expect(
      await Promise.all([call(one.client, 'ask', { times: 1 }), call(two.client, 'ask', { times: 1 })]),
    ).toEqual([expect.stringContaining('one'), expect.stringContaining('two')]);
  });

  it('fails at the server when the agent refuses', async () => {
    const { bench } = await orders(['sampling']);
    const refusing = asked({ sampling: {} }, () => {
      throw new Error('Not today.\nNever.');
    });
    await bench.agent(refusing.client);
    expect(await call(refusing.client, 'sample')).toMatch(/The agent refused: “.*Not today\. Never\.”/);
  });

  it('is passed on twenty times in one call and no more', async () => {
    const { bench } = await orders(['elicitation']);
    const { client, questions } = asked({ elicitation: {} });
    await bench.agent(client);
    expect(await call(client, 'ask', { times: 20 })).toContain('accept');
    expect(await call(client, 'ask', { times: 25 })).toContain('No more than 20 questions');
    expect(questions).toHaveLength(40);
  });
});

describe('a question that is not offered or not allowed', () => {
  const every = { elicitation: { form: {}, url: {} }, sampling: {} };

  it.each([
    ['ask', { times: 1 }],
    ['ask-url', { url: 'https://sign.example/in' }],
    ['sample', {}],
  ])('never reaches an agent when nothing is allowed for the server: %s', async (tool, args) => {
    const { bench, peer } = await orders([]);
    const { client, questions } = asked(every);
    await bench.agent(client);
    expect(await call(client, tool, args)).toMatch(/^refused: /);
    expect(questions).toEqual([]);
    expect(peer.capabilities).toEqual({});
    expect(questionRows(bench)).toEqual([]);
  });

  it.each([
    ['ask', { times: 1 }, {}],
    ['ask', { times: 1 }, { sampling: {} }],
    ['sample', {}, {}],
    ['sample', {}, { elicitation: {} }],
    ['ask-url', { url: 'https://sign.example/in' }, { elicitation: {} }],
    ['ask', { times: 1 }, { elicitation: { url: {} } }],
  ])('never reaches an agent that does not offer it: %s %j %j', async (tool, args, offers) => {
    const { bench } = await orders(['elicitation', 'sampling']);
    const { client, questions } = asked(offers);
    await bench.agent(client);
    expect(await call(client, tool, args)).toMatch(/^refused: /);
    expect(questions).toEqual([]);
  });

  it.each([
    ['sample', {}, ['elicitation']],
    ['ask', { times: 1 }, ['sampling']],
  ] as const)('never passes for another kind than was allowed: %s', async (tool, args, mayAsk) => {
    const { bench } = await orders(mayAsk);
    const { client, questions } = asked(every);
    await bench.agent(client);
    expect(await call(client, tool, { ...args })).toMatch(/^refused: /);
    expect(questions).toEqual([]);
  });

  it.each(['http://sign.example/in', 'javascript:alert(1)', 'file:///etc/passwd', 'sign.example'])(
    'never opens %s',
    async (url) => {
      const { bench } = await orders(['elicitation']);
      const { client, questions } = asked(every);
      await bench.agent(client);
      expect(await call(client, 'ask-url', { url })).toMatch(/starts with https:/);
      expect(questions).toEqual([]);
      expect(questionRows(bench)).toEqual([expect.stringMatching(/^refused: The server wanted to ask/)]);
    },
  );

  it('never reaches an agent whose stream cannot carry it', async () => {
    const { bench } = await orders(['elicitation']);
    const { client, questions } = asked({ elicitation: {} });
    await bench.agent(client);
    const { sessionId = '' } = client.transport as StreamableHTTPClientTransport;
    const params = { name: 'orders__ask', arguments: { times: 1 } };
    const { text } = await post(
      bench,
      { id: 'mine', method: 'tools/call', params },
      { 'mcp-session-id': sessionId },
    );
    expect(text).toContain('refused: ');
    expect(questions).toEqual([]);
  });
});

describe('an answer', () => {
  /** A call that waits for its agent's answer, and what it takes to answer it by hand. */
  async function held() {
    const { bench } = await orders(['elicitation']);
    let release: (answer: object) => void = () => undefined;
    const released = new Promise<object>((resolve) => {
      release = resolve;
    });
    const { client, questions } = asked({ elicitation: {} }, () => released);
    await bench.agent(client);
    const transport = client.transport as StreamableHTTPClientTransport;
    const ids: unknown[] = [];
    const receive = transport.onmessage;
    transport.onmessage = (message) => {
      if ('method' in message && 'id' in message) ids.push(message.id);
      receive?.(message);
    };
    const answer = call(client, 'ask', { times: 1 });
    await vi.waitFor(() => expect(questions).toHaveLength(1));
    const bad = { id: ids[0], result: { action: 'accept', content: { forged: true } } };
    return { bench, client, answer, bad, sessionId: transport.sessionId ?? '', release };
  }
  const good = { action: 'accept', content: { yes: true } };

  it('has an id that nobody can guess', async () => {
    const { bad, answer, release } = await held();
    expect(bad.id).toMatch(/^ask_[0-9a-f]{32}$/);
    release(good);
    await answer;
  });

  it.each([
    ['a foreign id', async () => ({ id: 'ask_00000000000000000000000000000000' }), 400],
    ['a number for an id', async () => ({ id: 1 }), 400],
    [
      'another session of the same agent',
      async (bench: UpstreamBench) => {
        const other = asked({ elicitation: {} }).client;
        await bench.agent(other);
        return { session: (other.transport as StreamableHTTPClientTransport).sessionId };
      },
      400,
    ],
    ['no session', async () => ({ session: undefined }), 400],
    [
      'another agent in its own session',
      async (bench: UpstreamBench) => {
        const token = await bench.newToken('Another');
        const other = asked({ elicitation: {} }).client;
        await bench.agent(other, token);
        return { token, session: (other.transport as StreamableHTTPClientTransport).sessionId };
      },
      400,
    ],
    [
      'another agent in this session',
      async (bench: UpstreamBench) => ({ token: await bench.newToken('Another') }),
      404,
    ],
  ])('with %s changes nothing', async (_what, forge, status) => {
    const { bench, bad, sessionId, answer, release } = await held();
    const forged: { id?: unknown; session?: string | undefined; token?: string } = await forge(bench);
    const session = 'session' in forged ? forged.session : sessionId;
    const said = await post(
      bench,
      { ...bad, ...('id' in forged ? { id: forged.id } : {}) },
      {
        ...(session === undefined ? {} : { 'mcp-session-id': session }),
        ...(forged.token === undefined ? {} : { authorization: `Bearer ${forged.token}` }),
      },
    );
    expect(said.status).toBe(status);
    release(good);
    expect(await answer).toContain('"yes":true');
  });

  it('counts once, and not after the call is over', async () => {
    const { bench, bad, sessionId, answer, release } = await held();
    release(good);
    expect(await answer).toContain('"yes":true');
    const late = await post(bench, bad, { 'mcp-session-id': sessionId });
    expect(late).toMatchObject({ status: 400, text: expect.stringContaining('No question waits') });
  });

  it.each([
    ['no result', {}],
    ['a result that is none', { result: 'yes' }],
    ['another action', { result: { action: 'maybe' } }],
    ['an error without words', { error: 7 }],
  ])('with %s is told to the server as a failure', async (_what, wrong) => {
    const { bench, bad, sessionId, answer } = await held();
    const said = await post(bench, { id: bad.id, ...wrong }, { 'mcp-session-id': sessionId });
    expect(said.status).toBe(202);
    expect(await answer).toMatch(/^refused: .*no answer/);
  });

  it('is not waited for when the server has taken its question back, and the agent hears of it', async () => {
    const { bench, peer } = await orders(['elicitation']);
    const client = new Client({ name: 'peer', version: '1' }, { capabilities: { elicitation: {} } });
    let isTakenBack = false;
    client.setRequestHandler(
      ElicitRequestSchema,
      (_request, { signal }) =>
        new Promise((_resolve, reject) => {
          peer.regret();
          signal.addEventListener('abort', () => {
            isTakenBack = true;
            reject(new Error('taken back'));
          });
        }),
    );
    await bench.agent(client);
    expect(await call(client, 'ask-and-regret')).toMatch(/^refused: .*abort/i);
    await vi.waitFor(() => expect(isTakenBack).toBe(true));
  });

  it('is not waited for when the agent has cancelled the call', async () => {
    const { bench } = await orders(['elicitation']);
    const { client, questions } = asked({ elicitation: {} }, () => new Promise(() => undefined));
    await bench.agent(client);
    const controller = new AbortController();
    const params = { name: 'orders__ask', arguments: { times: 1 } };
    const answer = client.callTool(params, undefined, { signal: controller.signal }).catch(() => 'cancelled');
    await vi.waitFor(() => expect(questions).toHaveLength(1));
    controller.abort();
    expect(await answer).toBe('cancelled');
    await vi.waitFor(() =>
      expect(bench.records().at(-1)).toMatchObject({ kind: 'call_outcome', outcome: 'failed' }),
    );
  });
});
