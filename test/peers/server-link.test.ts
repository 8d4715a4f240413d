/** The link to a custom server against real peers over TLS: every era and transport, what a server asks for, and credentials. */
import { createHash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { clock } from '../../src/main/clock.node';
import { openCallPipe } from '../../src/main/mcp/call-pipe.node';
import { type Refusal, type ServerCredentials, withCredentials } from '../../src/main/mcp/credentials';
import { ServerLink } from '../../src/main/mcp/server-link.node';
import type { Answers, AskedByServer, CallOptions, Questions } from '../../src/main/mcp/tool-server';
import type { Clock } from '../../src/main/ports';
import { HandClock } from '../fakes/hand-clock';
import { everythingPeer, oldPeer, v1Peer, v2Peer } from '../fakes/mcp-peers';
import { PassingPeer } from '../fakes/passing-peer';
import { TlsBench } from '../fakes/tls-server';

const bench = new TlsBench();
afterEach(() => bench.close());

async function linked(
  listener: RequestListener,
  more: {
    transport?: 'http_sse';
    path?: string;
    credentials?: ServerCredentials;
    elicits?: boolean;
    clock?: Clock;
  } = {},
): Promise<ServerLink> {
  const port = await bench.secure(listener);
  const url = `https://127.0.0.1:${port}${more.path ?? '/mcp'}`;
  const { caPem } = await bench.certificates();
  const pipe = openCallPipe(url, 'this computer too', [caPem]);
  const link = new ServerLink({
    name: 'peer',
    url,
    version: '1',
    pipe: more.credentials === undefined ? pipe : withCredentials(pipe, more.credentials),
    transport: more.transport,
    capabilities: more.elicits === true ? { elicitation: { form: {} } } : {},
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    clock: more.clock ?? clock,
    onChanged: () => undefined,
  });
  bench.closeLater(() => link.close());
  await link.connect();
  return link;
}

const options = (more: Partial<CallOptions> = {}): CallOptions => ({
  signal: new AbortController().signal,
  isRead: false,
  ...more,
});

describe('every kind of server', () => {
  it.each([
    ['v1 with sessions, event stream', () => v1Peer({ sessions: true }), {}],
    ['v1 with sessions, JSON', () => v1Peer({ sessions: true, json: true }), {}],
    ['v1 without sessions, event stream', () => v1Peer({}), {}],
    ['v1 without sessions, JSON', () => v1Peer({ json: true }), {}],
    ['v2', () => v2Peer('stateless'), {}],
    ['v2 alone', () => v2Peer('reject'), {}],
    ['the transport of 2024-11-05', () => oldPeer(), { transport: 'http_sse', path: '/sse' } as const],
  ])('%s is connected, listed and called', async (_name, peer, more) => {
    const link = await linked(peer().listener, more);
    expect(link.state()).toEqual({ kind: 'ready' });
    expect(link.tools().map(({ name }) => name)).toContain('echo');
    const answer = await link.call('echo', { text: 'round – trip' }, options());
    expect(JSON.parse(answer.json)).toMatchObject({ content: [{ type: 'text', text: 'round – trip' }] });
  });

  it.each([
    ['v1', () => v1Peer({ sessions: true }), {}],
    ['the transport of 2024-11-05', () => oldPeer(), { transport: 'http_sse', path: '/sse' } as const],
  ])('%s tells its progress where it is asked to, and only then', async (_name, peer, more) => {
    const link = await linked(peer().listener, more);
    const heard: unknown[] = [];
    const onNotice: CallOptions['onNotice'] = ({ method, params: { progress, total } }) =>
      heard.push({ method, progress, total });
    await link.call('echo', { text: 'x' }, options({ onNotice }));
    expect(heard).toEqual([]);
    await link.call('echo', { text: 'x' }, options({ onNotice, wantsProgress: true }));
    expect(heard).toEqual([{ method: 'notifications/progress', progress: 1, total: 2 }]);
  });

  it('the reference server', async () => {
    const peer = await everythingPeer();
    bench.closeLater(peer.close);
    const link = await linked(peer.listener);
    const answer = await link.call('echo', { message: 'hello' }, options());
    expect(answer.json).toContain('hello');
  });
});

describe('resources and prompts', () => {
  it.each([
    ['v1', () => new PassingPeer()],
    ['v2', () => v2Peer('stateless')],
    ['v2 alone', () => v2Peer('reject')],
  ])('are listed and read at a server of %s', async (_name, peer) => {
    const link = await linked(peer().listener);
    expect(link.tools().map(({ surface }) => surface)).toEqual(
      expect.arrayContaining(['tool', 'resources', 'prompts']),
    );
    expect(await link.list('resources')).toContainEqual(expect.objectContaining({ uri: 'orders://1' }));
    expect(await link.list('prompts')).toContainEqual(expect.objectContaining({ name: 'summary' }));
    const resource = await link.request('resources/read', { uri: 'orders://1' }, options());
    expect(resource).toMatchObject({ isError: false, json: expect.stringContaining('Order 1') });
    const wanted = { name: 'summary', arguments: { topic: 'x' } };
    expect((await link.request('prompts/get', wanted, options())).json).toContain('Sum up');
  });

  it('that are not there are the error that the server says, in one line', async () => {
    const link = await linked(new PassingPeer().listener);
    const answer = await link.request('resources/read', { uri: 'orders://none\nx' }, options());
    expect(answer).toMatchObject({ json: '', isError: true, error: { code: -32602 } });
    expect(answer.error?.message).toMatch(/^[^\n]+not found[^\n]*$/);
  });

  it('that are never listed are waited for five seconds', async () => {
    const peer = new PassingPeer();
    let isStuck = false;
    const listener: RequestListener = (request, response) => {
      if (!isStuck) peer.listener(request, response);
    };
    const hand = new HandClock();
    const link = await linked(listener, { clock: hand });
    isStuck = true;
    const list = link.list('resources');
    hand.advance(4_999);
    expect(hand.waiting()).toBe(1);
    hand.advance(1);
    await expect(list).rejects.toMatchObject({ code: expect.stringMatching(/^vendor_/) });
    expect(hand.waiting()).toBe(0);
  });
});

describe('the time of a request', () => {
  it('stands still while somebody is asked, and goes on afterwards', async () => {
    const port = await bench.secure(() => undefined);
    const { caPem } = await bench.certificates();
    const pipe = openCallPipe(`https://127.0.0.1:${port}/mcp`, 'this computer too', [caPem]);
    bench.closeLater(() => pipe.close());
    let looks = 0;
    const isHeld = () => {
      looks += 1;
      return looks < 3;
    };
    const { signal } = new AbortController();
    const limits = { id: 1, timeoutMs: 5, maxBytes: 100, signal, onOther: () => undefined, isHeld };
    await expect(pipe.post('{}', {}, limits)).rejects.toMatchObject({ code: 'vendor_timeout' });
    expect(looks).toBe(3);
  });
});

describe('a server that asks in the middle of a call', () => {
  const accepts = async (): Promise<Answers> => ({
    question: { action: 'accept', content: { yes: true } },
  });

  it.each(['ask', 'ask-here'])('gets the answer of the agent behind the call: %s', async (tool) => {
    const asked: AskedByServer[] = [];
    const link = await linked(v1Peer({ sessions: true }).listener, { elicits: true });
    const onAsked = async (questions: Questions) => {
      asked.push(...Object.values(questions));
      return await accepts();
    };
    const answer = await link.call(tool, { question: 'Really?' }, options({ onAsked }));
    expect(asked).toMatchObject([{ method: 'elicitation/create', params: { message: 'Really?' } }]);
    expect(answer.json).toContain('\\"yes\\":true');
  });

  it('with two calls under way reaches the right one where it asks on the stream of the call', async () => {
    const link = await linked(v1Peer({ sessions: true }).listener, { elicits: true });
    const answering = (name: string) => async () => ({ question: { action: 'accept', content: { name } } });
    const heard: unknown[] = [];
    const [first, second] = await Promise.all([
      link.call('ask-here', { question: '1' }, options({ onAsked: answering('first') })),
      link.call(
        'ask-here',
        { question: '2' },
        options({ onAsked: answering('second'), onNotice: ({ params }) => heard.push(params) }),
      ),
    ]);
    expect([first.json, second.json]).toEqual([
      expect.stringContaining('first'),
      expect.stringContaining('second'),
    ]);
    expect(heard).toEqual([{ level: 'info', data: 'asking' }]);
  });

  it.each(['ask', 'ask-here'])(
    'is told that nobody answers, where the agent does not offer it: %s',
    async (tool) => {
      const link = await linked(v1Peer({ sessions: true }).listener, { elicits: true });
      const answer = await link.call(tool, { question: 'Really?' }, options());
      expect(answer).toMatchObject({ isError: true });
      expect(answer.json).not.toContain('yes');
    },
  );

  it('never reaches another agent: with two calls under way, a question of nobody is refused', async () => {
    const link = await linked(v1Peer({ sessions: true }).listener, { elicits: true });
    let asked = 0;
    const onAsked = async () => {
      asked += 1;
      return await accepts();
    };
    const both = await Promise.all([
      link.call('ask', { question: 'First?' }, options({ onAsked })),
      link.call('ask', { question: 'Second?' }, options({ onAsked })),
    ]);
    expect(both.map(({ isError }) => isError)).toEqual([true, true]);
    expect(asked).toBe(0);
  });
});

describe('credentials', () => {
  /** Lets through only what carries the key that is good at the moment. */
  function guarded(
    key: () => string,
    scope?: () => string | undefined,
  ): { listener: RequestListener; keys: string[] } {
    const peer = v1Peer({ sessions: true, json: true });
    const keys: string[] = [];
    return {
      keys,
      listener: (request, response) => {
        const given = request.headers.authorization ?? '';
        keys.push(given);
        const wider = scope?.();
        if (given !== `Bearer ${key()}`) response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end();
        else if (wider !== undefined && request.headers['mcp-session-id'] !== undefined)
          response
            .writeHead(403, { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${wider}"` })
            .end();
        else peer.listener(request, response);
      },
    };
  }

  function renewing(keys: readonly string[]): ServerCredentials & { refusals: Refusal[] } {
    const refusals: Refusal[] = [];
    return {
      refusals,
      headers: async () => ({ Authorization: `Bearer ${keys[Math.min(refusals.length, keys.length - 1)]}` }),
      refused: async (refusal) => {
        refusals.push(refusal);
        return refusals.length < keys.length;
      },
    };
  }

  it('are on every request, and a refused write is sent once more with new ones', async () => {
    let key = 'first';
    const server = guarded(() => key);
    const credentials = renewing(['first', 'second']);
    const link = await linked(server.listener, { credentials });
    expect(link.state()).toEqual({ kind: 'ready' });
    key = 'second';
    const answer = await link.call('echo', { text: 'hello' }, options());
    expect(answer.json).toContain('hello');
    expect(credentials.refusals).toMatchObject([{ status: 401 }]);
    expect(server.keys.every((given) => given !== '')).toBe(true);
  });

  it('that stay refused end in a sentence, after one more try', async () => {
    const server = guarded(() => 'another');
    const credentials = renewing(['first', 'second', 'third']);
    const link = await linked(server.listener, { credentials });
    expect(link.state()).toMatchObject({ kind: 'lost' });
    // For each of the two greetings (both eras) one more try.
    expect(server.keys.length).toBeLessThanOrEqual(4);
  });

  it('that are not wide enough are told with the scope that is asked for, once for each call', async () => {
    let wider: string | undefined;
    const server = guarded(
      () => 'first',
      () => wider,
    );
    const credentials: ServerCredentials & { refusals: Refusal[] } = {
      ...renewing(['first']),
      refused: async (refusal) => {
        credentials.refusals.push(refusal);
        return true;
      },
    };
    const link = await linked(server.listener, { credentials });
    wider = 'orders.write';
    await expect(link.call('echo', { text: 'hello' }, options())).rejects.toMatchObject({
      code: 'vendor_refused',
    });
    const asked = { status: 403, challenge: { error: 'insufficient_scope', scope: 'orders.write' } };
    expect(credentials.refusals).toMatchObject([
      { ...asked, isFinal: false },
      { ...asked, isFinal: true },
    ]);
  });
});

describe('a stream that the server ends early', () => {
  const hello = (id: unknown) => ({
    jsonrpc: '2.0',
    id,
    result: {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {} },
      serverInfo: { name: 'x', version: '1' },
    },
  });
  const tools = [{ name: 'echo', inputSchema: { type: 'object' } }];

  function ending(resumed: RequestListener, ids = true): { listener: RequestListener; calls: () => number } {
    let calls = 0;
    return {
      calls: () => calls,
      listener: (request, response) => {
        const isResumed = request.headers['last-event-id'] !== undefined;
        if (request.method === 'GET')
          return void (isResumed ? resumed(request, response) : response.writeHead(405).end());
        let body = '';
        request.on('data', (chunk) => {
          body += String(chunk);
        });
        request.on('end', (): unknown => {
          const { id, method } = JSON.parse(body === '' ? '{}' : body);
          const json = (value: unknown) =>
            response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
          if (method === 'initialize') return json(hello(id));
          if (method === 'tools/list') return json({ jsonrpc: '2.0', id, result: { tools } });
          if (method !== 'tools/call')
            return response.writeHead(method === 'server/discover' ? 400 : 202).end();
          calls += 1;
          last = id;
          response.writeHead(200, { 'Content-Type': 'text/event-stream' });
          return response.end(ids ? 'id: e1\nretry: 10\ndata: \n\n' : ': bye\n\n');
        });
      },
    };
  }
  let last: unknown;

  it('is taken up where it ended, and the call is not sent again', async () => {
    const server = ending((request, response) => {
      expect(request.headers['last-event-id']).toBe('e1');
      const result = { content: [{ type: 'text', text: 'late' }] };
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.end(`id: e2\ndata: ${JSON.stringify({ jsonrpc: '2.0', id: last, result })}\n\n`);
    });
    const link = await linked(server.listener);
    expect((await link.call('echo', {}, options())).json).toContain('late');
    expect(server.calls()).toBe(1);
  });

  it.each([
    ['without saying where', false, () => undefined],
    [
      'and is then not known any more',
      true,
      (_: unknown, response: { writeHead(s: number): { end(): unknown } }) =>
        void response.writeHead(404).end(),
    ],
  ] as const)('%s fails, and the call is not sent again', async (_name, ids, resumed) => {
    const server = ending(resumed, ids);
    const link = await linked(server.listener);
    await expect(link.call('echo', {}, options({ isRead: true }))).rejects.toMatchObject({
      code: 'vendor_answer_invalid',
      message: expect.stringContaining('ended its stream without an answer'),
    });
    expect(server.calls()).toBe(1);
  });
});
