/**
 * What custom servers offer besides tools, through the whole gateway: resources and prompts under the same policies, and everything that
 * a call can carry, unchanged. A server of the SDK's v1 behind it, a client of the SDK's v1 in front.
 */
import { request as httpRequest } from 'node:http';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  LoggingMessageNotificationSchema,
  PromptListChangedNotificationSchema,
  ResourceListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Policy } from '../../src/preload/contract/shapes';
import {
  echoTool,
  HandMadeUpstream,
  type HandMessage,
  sendJson,
  V1Upstream,
} from '../fakes/custom-upstreams';
import { media, PassingPeer } from '../fakes/passing-peer';
import { openUpstreamBench, type UpstreamBench } from '../fakes/upstream-bench';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function upstream<Kind extends { open(): Promise<Kind>; close(): Promise<void> }>(
  one: Kind,
): Promise<Kind> {
  open.push(one);
  return await one.open();
}

async function gatewayTo(
  upstreams: Readonly<Record<string, string>>,
  policy: Policy | undefined = 'auto',
  more: Parameters<typeof openUpstreamBench>[3] = {},
): Promise<UpstreamBench> {
  const bench = await openUpstreamBench(upstreams, policy, undefined, more);
  open.push(bench);
  return bench;
}

async function orders(
  policy: Policy | undefined = 'auto',
  more: Parameters<typeof openUpstreamBench>[3] = {},
) {
  const peer = await upstream(new PassingPeer());
  const bench = await gatewayTo({ orders: peer.url }, policy, more);
  return { peer, bench, client: await bench.agent() };
}

const rowsOf = (bench: UpstreamBench) =>
  bench.records().map((row) => [row.kind, row.what, row.outcome ?? row.decision]);
const failure = (work: Promise<unknown>) =>
  work.then(
    () => 'no failure',
    (error: Error) => error.message,
  );
const waiting = (bench: UpstreamBench) =>
  vi.waitFor(() => {
    const first = bench.gateway.desk.view().waiting[0];
    if (first === undefined) throw new Error('Nothing waits yet.');
    return first;
  });

/** One POST without the SDK, as text. */
function post(
  bench: Pick<UpstreamBench, 'url' | 'token'>,
  message: object,
  more: Readonly<Record<string, string>> = {},
): Promise<{ text: string; type: string }> {
  const headers = { authorization: `Bearer ${bench.token}`, 'content-type': 'application/json', ...more };
  return new Promise((resolve, reject) => {
    const request = httpRequest(bench.url, { method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () => resolve({ text, type: response.headers['content-type'] ?? '' }));
    });
    request.on('error', reject);
    request.end(JSON.stringify({ jsonrpc: '2.0', id: 'mine', ...message }));
  });
}

describe('a call', () => {
  it('carries every kind of content back, with structured content and _meta', async () => {
    const { client } = await orders();
    await client.listTools();
    const answer = await client.callTool({ name: 'orders__media' });
    const [text, image, audio, resource, link] = media;
    expect(answer).toEqual({
      content: [text, image, audio, resource, { ...link, uri: 'orders+orders://1' }],
      structuredContent: { n: 1 },
      _meta: { 'example.com/trace': 'x' },
    });
  });

  it('is changed in the addresses of its links and nowhere else', async () => {
    const result = (uri: string) =>
      `{"content":[{"uri":"${uri}","type":"resource_link","name":"a"},{"type":"text","text":"orders:1"}],"structuredContent":{"big":12345678901234567890,"link":{"type":"resource_link","uri":"orders:1"}},"_meta":{"one":1.0}}`;
    const server = await upstream(
      new HandMadeUpstream((message, response) =>
        message.method === 'tools/call'
          ? sendJson(response, `{"jsonrpc":"2.0","id":${message.id},"result":${result('orders:1')}}`)
          : undefined,
      ),
    );
    const bench = await gatewayTo({ orders: server.url });
    const params = { name: 'orders__echo', arguments: { text: 'x' } };
    expect((await post(bench, { method: 'tools/call', params })).text).toBe(
      `{"jsonrpc":"2.0","id":"mine","result":${result('orders+orders:1')}}`,
    );
  });

  it('tells progress with the token of the agent, and log messages, on its own stream', async () => {
    const { bench, client, peer } = await orders();
    const logs: unknown[] = [];
    client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void logs.push(params));
    const steps: unknown[] = [];
    await client.callTool({ name: 'orders__work' }, undefined, { onprogress: (step) => steps.push(step) });
    expect(steps).toEqual([
      { progress: 1, total: 2, message: 'step 1' },
      { progress: 2, total: 2, message: 'step 2' },
    ]);
    expect(logs).toEqual([
      { level: 'debug', data: 'debug word' },
      { level: 'error', data: 'error word' },
    ]);
    expect(peer.seen).toEqual(['token number']);
    expect(bench.records().map(({ outcome }) => outcome)).toEqual([undefined, 'allowed']);
  });

  it('leaves out log messages below the level that the agent has set', async () => {
    const { client } = await orders();
    const logs: unknown[] = [];
    client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void logs.push(params));
    await client.setLoggingLevel('warning');
    await client.callTool({ name: 'orders__work' });
    expect(logs).toEqual([{ level: 'error', data: 'error word' }]);
    expect(
      await failure(
        client.request({ method: 'logging/setLevel', params: { level: 'loud' as never } }, {} as never),
      ),
    ).toMatch(/no level/);
  });

  it('is answered as plain JSON to an agent that reads no event streams, and no progress is asked for', async () => {
    const { bench, peer } = await orders();
    const params = { name: 'orders__work', arguments: {}, _meta: { progressToken: 'mine' } };
    const { text, type } = await post(bench, { method: 'tools/call', params });
    expect(type).toBe('application/json');
    expect(JSON.parse(text)).toMatchObject({ id: 'mine', result: { content: [{ text: 'done' }] } });
    expect(peer.seen).toEqual(['token undefined']);
  });

  it('keeps its token to itself: progress for another one is not passed on', async () => {
    const server = await upstream(
      new HandMadeUpstream((message, response) => {
        if (message.method !== 'tools/call') return undefined;
        const meta = message.params?._meta as { progressToken: number };
        const told = (progressToken: number, progress: number) =>
          `data: ${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken, progress } })}\n\n`;
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(told(meta.progressToken + 1, 5) + told(meta.progressToken, 1));
        response.end(`data: {"jsonrpc":"2.0","id":${message.id},"result":{"content":[]}}\n\n`);
        return true;
      }),
    );
    const bench = await gatewayTo({ orders: server.url });
    const params = { name: 'orders__echo', arguments: { text: 'x' }, _meta: { progressToken: 'mine' } };
    const accept = { accept: 'application/json, text/event-stream' };
    const { text } = await post(bench, { method: 'tools/call', params }, accept);
    const events = text.match(/data: .*/g)?.map((line) => JSON.parse(line.slice(6)));
    expect(events).toMatchObject([
      { method: 'notifications/progress', params: { progressToken: 'mine', progress: 1 } },
      { id: 'mine', result: { content: [] } },
    ]);
  });
});

describe('resources', () => {
  it('are listed with the prefix of their server, and read by it', async () => {
    const { bench, client } = await orders();
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual([
      'orders+orders://1',
      'orders+orders://1/picture',
      'orders+orders://slow',
    ]);
    expect(resources[0]).toMatchObject({ name: 'order', mimeType: 'text/plain', description: 'An order.' });
    expect(await client.readResource({ uri: 'orders+orders://1' })).toEqual({
      contents: [{ uri: 'orders+orders://1', mimeType: 'text/plain', text: 'Order 1 of Orders' }],
    });
    expect(await client.readResource({ uri: 'orders+orders://1/picture' })).toEqual({
      contents: [
        { uri: 'orders+orders://1/picture', mimeType: 'image/png', blob: 'aGk=', _meta: { width: 1 } },
      ],
    });
    expect(rowsOf(bench).slice(0, 2)).toEqual([
      ['call_intent', 'mcp:orders:resources/read', 'auto'],
      ['call_outcome', 'mcp:orders:resources/read', 'allowed'],
    ]);
  });

  it('are where the links of a result lead', async () => {
    const { client } = await orders();
    const { content } = (await client.callTool({ name: 'orders__media' })) as { content: { uri?: string }[] };
    const uri = content.find((item) => item.uri !== undefined)?.uri ?? '';
    expect((await client.readResource({ uri })).contents).toMatchObject([{ text: 'Order 1 of Orders' }]);
  });

  it('come from templates, and their arguments are completed', async () => {
    const { client } = await orders();
    const { resourceTemplates } = await client.listResourceTemplates();
    const uri = 'orders+orders://1/parts/{part}';
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([uri]);
    const ref = { type: 'ref/resource' as const, uri };
    const { completion } = await client.complete({ ref, argument: { name: 'part', value: 'w' } });
    expect(completion.values).toEqual(['wheel', 'window']);
    expect((await client.readResource({ uri: 'orders+orders://1/parts/wheel' })).contents).toMatchObject([
      { uri: 'orders+orders://1/parts/wheel', text: 'Part wheel' },
    ]);
  });

  it('of two servers with the same address are two', async () => {
    const [one, two] = [await upstream(new PassingPeer('One')), await upstream(new PassingPeer('Two'))];
    const bench = await gatewayTo({ one: one.url, '2nd': two.url });
    const client = await bench.agent();
    const uris = (await client.listResources()).resources.map(({ uri }) => uri);
    expect(uris).toContain('one+orders://1');
    expect(uris).toContain('m.2nd+orders://1');
    expect(uris.every((uri) => /^[a-z][a-z0-9+.-]*:/.test(uri))).toBe(true);
    expect((await client.readResource({ uri: 'm.2nd+orders://1' })).contents).toMatchObject([
      { text: 'Order 1 of Two' },
    ]);
    expect([one.seen, two.seen]).toEqual([[], ['resource orders://1']]);
    const get = (name: string) => client.getPrompt({ name, arguments: { topic: 'x' } });
    expect((await get('one__summary')).description).toBe('x of One');
    expect((await get('2nd__summary')).description).toBe('x of Two');
  });

  it.each([
    ['an unknown address', 'orders+orders://none', /not found/i],
    ['an unknown server', 'stocks+orders://1', /Resource not found: stocks/],
    ['no prefix', 'orders://1', /Resource not found/],
    ['a prefix alone', 'orders+', /uri must NOT have fewer/],
    ['a prefix in front of a prefix', 'orders+orders+orders://1', /not found/i],
    ['an address that is too long', `orders+orders://${'x'.repeat(8_200)}`, /do not fit/],
    ['an address that is far too long', `orders+orders://${'x'.repeat(9_000)}`, /needs its uri/],
  ])('are not read by %s', async (_what, uri, words) => {
    const { client, peer } = await orders();
    expect(await failure(client.readResource({ uri }))).toMatch(words);
    expect(peer.seen).toEqual([]);
  });

  it.each([
    ['resources/read', {}],
    ['resources/read', { uri: 7 }],
    ['prompts/get', { name: ['summary'] }],
    ['prompts/get', { name: 'orders__summary', arguments: { topic: 7 } }],
    ['prompts/get', { name: 'orders__summary', arguments: 'topic' }],
    ['resources/list', { cursor: 'mine' }],
    ['completion/complete', { ref: { type: 'ref/resource' }, argument: { name: 'part', value: 'w' } }],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'orders__summary' }, argument: { name: 'topic' } },
    ],
  ])('and prompts are not asked for with wrong parameters: %s %j', async (method, params) => {
    const { bench, peer } = await orders();
    const { text } = await post(bench, { method, params });
    expect(JSON.parse(text)).toMatchObject({ id: 'mine', error: { code: -32602 } });
    expect(peer.seen).toEqual([]);
  });

  it('with a secret in an unknown address leave none in the log', async () => {
    const { bench, client } = await orders();
    await failure(
      client.readResource({ uri: 'stocks+https://anna:planted@x.example/a?key=planted#planted' }),
    );
    expect(rowsOf(bench)).toEqual([['call_outcome', 'stocks+https://x.example/a', 'refused']]);
    expect(JSON.stringify(bench.records())).not.toContain('planted');
  });
});

describe('prompts', () => {
  it('are listed by the rule for tools, got with their arguments, and completed', async () => {
    const { bench, client, peer } = await orders();
    const { prompts } = await client.listPrompts();
    expect(prompts[0]).toMatchObject({
      name: 'orders__summary',
      title: 'Summary',
      arguments: [{ name: 'topic', required: true }],
    });
    expect(await client.getPrompt({ name: 'orders__summary', arguments: { topic: 'bills' } })).toEqual({
      description: 'bills of Orders',
      messages: [
        { role: 'user', content: { type: 'text', text: 'Sum up bills.' } },
        { role: 'user', content: { type: 'resource_link', uri: 'orders+orders://1', name: 'order' } },
      ],
    });
    const ref = { type: 'ref/prompt' as const, name: 'orders__summary' };
    const { completion } = await client.complete({ ref, argument: { name: 'topic', value: 'bi' } });
    expect(completion.values).toEqual(['billing']);
    expect(peer.seen).toEqual(['prompt summary bills']);
    expect(rowsOf(bench)[0]).toEqual(['call_intent', 'mcp:orders:prompts/get', 'auto']);
  });

  it('with names that agents cannot have are got by the cut ones, also before they were listed', async () => {
    const { bench, client } = await orders();
    const name = (await client.listPrompts()).prompts[1]?.name ?? '';
    expect(name).toMatch(/^orders__[A-Za-z0-9_-]{1,52}$/);
    const again = await gatewayTo({ orders: (await upstream(new PassingPeer())).url });
    for (const one of [bench, again])
      expect((await (await one.agent()).getPrompt({ name })).messages).toMatchObject([
        { content: { text: 'the long one' } },
      ]);
  });

  it.each(['summary', 'stocks__summary', '__summary', 'orders_summary', 'ORDERS__summary'])(
    'are never found by another name: %s',
    async (name) => {
      const { client, peer } = await orders();
      expect(await failure(client.getPrompt({ name, arguments: { topic: 'x' } }))).toContain(
        `Unknown prompt: ${name}`,
      );
      expect(peer.seen).toEqual([]);
    },
  );
});

describe('policies on resources and prompts', () => {
  const unknown = (text: string) => text.replaceAll('stocks', 'orders');

  it('that are disabled hide them from every list, and they answer like unknown ones', async () => {
    const { bench, client, peer } = await orders('disabled');
    expect(client.getServerCapabilities()).toEqual({ tools: { listChanged: true } });
    const lists = await Promise.all(
      ['resources/list', 'resources/templates/list', 'prompts/list'].map((method) => post(bench, { method })),
    );
    expect(lists.map(({ text }) => JSON.parse(text).result)).toEqual([
      { resources: [] },
      { resourceTemplates: [] },
      { prompts: [] },
    ]);
    const read = (server: string) =>
      post(bench, { method: 'resources/read', params: { uri: `${server}+orders://1` } });
    expect((await read('orders')).text).toBe(unknown((await read('stocks')).text));
    const get = (server: string) =>
      post(bench, {
        method: 'prompts/get',
        params: { name: `${server}__summary`, arguments: { topic: 'x' } },
      });
    expect((await get('orders')).text).toBe(unknown((await get('stocks')).text));
    const argument = { name: 'topic', value: 'b' };
    const complete = (server: string) =>
      post(bench, {
        method: 'completion/complete',
        params: { ref: { type: 'ref/prompt', name: `${server}__summary` }, argument },
      });
    expect((await complete('orders')).text).toBe((await complete('stocks')).text);
    expect(new Set(bench.records().map(({ outcome }) => outcome))).toEqual(new Set(['refused']));
    expect(bench.records()).toHaveLength(6);
    expect(peer.seen).toEqual([]);
  });

  it('that ask hold a read until a person has decided, and run it once', async () => {
    const { bench, client, peer } = await orders('approval_needed');
    const answer = client.readResource({ uri: 'orders+orders://1' });
    const question = await waiting(bench);
    expect(question).toMatchObject({
      tool: 'mcp:orders:resources/read',
      sentence: 'Read orders://1 of orders.',
      request: expect.stringMatching(/^resources\/read at http/),
    });
    expect(peer.seen).toEqual([]);
    bench.gateway.desk.decide(question.approvalId, { kind: 'approve' }, 'm.weber');
    expect((await answer).contents).toMatchObject([{ text: 'Order 1 of Orders' }]);
    expect(peer.seen).toEqual(['resource orders://1']);
  });

  it('that are denied answer with the reason', async () => {
    const { bench, client, peer } = await orders('approval_needed');
    const answer = failure(client.getPrompt({ name: 'orders__summary', arguments: { topic: 'x' } }));
    const { approvalId, sentence } = await waiting(bench);
    expect(sentence).toBe('Get the prompt summary of orders.');
    bench.gateway.desk.decide(approvalId, { kind: 'deny', reason: 'not now' }, 'm.weber');
    expect(await answer).toContain('Denied by m.weber: not now');
    expect(peer.seen).toEqual([]);
  });

  it('that outlive a request are picked up by the same request, and by nothing else', async () => {
    const { bench, client, peer } = await orders('approval_needed', { holdMs: 20 });
    const read = () => client.readResource({ uri: 'orders+orders://1' });
    expect(await failure(read())).toContain('Pending: a technician has not decided yet');
    const { approvalId } = await waiting(bench);
    bench.gateway.desk.decide(approvalId, { kind: 'approve' }, 'm.weber');
    const wrong = await client.callTool({ name: 'gatehouse__await_approval', arguments: { id: approvalId } });
    expect(wrong).toMatchObject({ isError: true });
    expect(peer.seen).toEqual([]);
    expect((await read()).contents).toHaveLength(1);
    expect(await failure(read())).toContain('Pending');
    expect(peer.seen).toEqual(['resource orders://1']);
  });

  it('that ask suggest nothing while one types, and nothing leaves', async () => {
    const { bench, client } = await orders('approval_needed');
    const ref = { type: 'ref/prompt' as const, name: 'orders__summary' };
    const { completion } = await client.complete({ ref, argument: { name: 'topic', value: 'b' } });
    expect(completion.values).toEqual([]);
    expect(bench.records()).toEqual([]);
  });

  it('are seeded: what only reads is auto', async () => {
    const { bench, client } = await orders(undefined);
    await client.readResource({ uri: 'orders+orders://1' });
    await client.getPrompt({ name: 'orders__summary', arguments: { topic: 'x' } });
    expect(rowsOf(bench).filter(([kind]) => kind === 'call_intent')).toEqual([
      ['call_intent', 'mcp:orders:resources/read', 'auto'],
      ['call_intent', 'mcp:orders:prompts/get', 'auto'],
    ]);
  });

  it('cannot be got around by calling a row as a tool', async () => {
    const { client, peer } = await orders();
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names.some((name) => name.includes('resources') || name.includes('prompts'))).toBe(false);
    for (const name of ['orders__resources/read', 'orders__resources_read', 'resources/read'])
      expect(await failure(client.callTool({ name, arguments: { uri: 'orders://1' } }))).toContain(
        'Unknown tool',
      );
    expect(peer.seen).toEqual([]);
  });
});

describe('what is declared', () => {
  it('is what the servers have', async () => {
    const { client } = await orders();
    expect(client.getServerCapabilities()).toEqual({
      tools: { listChanged: true },
      resources: { listChanged: true, subscribe: true },
      prompts: { listChanged: true },
      logging: {},
      completions: {},
    });
    const plain = await upstream(new V1Upstream());
    const bench = await gatewayTo({ plain: plain.url });
    expect((await bench.agent()).getServerCapabilities()).toEqual({ tools: { listChanged: true } });
  });

  it('tells agents of other resources and prompts', async () => {
    const { peer, client } = await orders();
    const told: string[] = [];
    client.setNotificationHandler(ResourceListChangedNotificationSchema, () => void told.push('resources'));
    client.setNotificationHandler(PromptListChangedNotificationSchema, () => void told.push('prompts'));
    // The agent's own stream is opened after its handshake.
    await vi.waitFor(() => {
      peer.announce('resources');
      expect(told).toContain('resources');
    });
    await vi.waitFor(() => {
      peer.announce('prompts');
      expect(told).toContain('prompts');
    });
  });
});

describe('a server that lists badly', () => {
  const hello = (message: HandMessage) => ({
    jsonrpc: '2.0',
    id: message.id,
    result: {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {}, resources: {}, prompts: {} },
      serverInfo: { name: 'bad', version: '1' },
    },
  });
  const listing = (list: (message: HandMessage) => object | undefined) =>
    new HandMadeUpstream((message, response) => {
      if (message.method === 'initialize') return sendJson(response, JSON.stringify(hello(message)));
      if (!/^(resources|prompts)\//.test(message.method)) return undefined;
      const result = list(message);
      if (result !== undefined)
        return sendJson(response, JSON.stringify({ jsonrpc: '2.0', id: message.id, result }));
      response.writeHead(500).end();
      return true;
    });

  it.each([
    ['fails', () => undefined],
    ['lists without an end', () => ({ resources: [], prompts: [], nextCursor: `${Math.random()}` })],
    ['repeats its cursor', () => ({ resources: [], prompts: [], nextCursor: 'again' })],
    ['lists something else', () => ({ resources: 'none', prompts: {} })],
    [
      'lists what cannot be shown',
      () => ({
        resources: [1, null, {}, { uri: 7 }, { uri: 'a b' }, { uri: 'a\u202eb' }, { uri: 'x'.repeat(9_000) }],
        prompts: [{ name: '' }, { title: 'x' }, []],
      }),
    ],
  ])('and %s takes no other with it', async (_what, list) => {
    const bad = await upstream(listing(list));
    const good = await upstream(new PassingPeer());
    const bench = await gatewayTo({ bad: bad.url, good: good.url });
    const client = await bench.agent();
    expect((await client.listResources()).resources.map(({ uri }) => uri.split('+')[0])).toEqual([
      'good',
      'good',
      'good',
    ]);
    expect((await client.listPrompts()).prompts).toHaveLength(3);
  });

  it('follows all of its pages', async () => {
    const pages = await upstream(
      listing(({ params }) => {
        const page = Number(params?.cursor ?? 0);
        return {
          resources: [{ uri: `orders:${page}`, name: 'x' }],
          ...(page < 4 ? { nextCursor: `${page + 1}` } : {}),
        };
      }),
    );
    const bench = await gatewayTo({ pages: pages.url });
    const { resources } = await (await bench.agent()).listResources();
    expect(resources.map(({ uri }) => uri)).toEqual([0, 1, 2, 3, 4].map((page) => `pages+orders:${page}`));
  });

  it('is asked once by many agents at once', async () => {
    let lists = 0;
    const slow = await upstream(
      listing(() => {
        lists += 1;
        return { resources: [{ uri: 'orders:1', name: 'x' }] };
      }),
    );
    const bench = await gatewayTo({ slow: slow.url });
    const client = await bench.agent();
    const found = await Promise.all(Array.from({ length: 50 }, () => client.listResources()));
    expect(found.every(({ resources }) => resources.length === 1)).toBe(true);
    expect(lists).toBeLessThan(50);
  });

  it('may not call a tool like its resources', async () => {
    const tool = { ...echoTool, name: 'resources/read' };
    const server = await upstream(new V1Upstream({ tools: [tool, echoTool] }));
    const bench = await gatewayTo({ orders: server.url });
    const client = await bench.agent();
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual([
      'gatehouse__status',
      'gatehouse__await_approval',
      'orders__echo',
    ]);
    expect(client.getServerCapabilities()?.resources).toBeUndefined();
  });
});

describe('an agent that cancels', () => {
  const requests = [
    [
      'hang',
      (client: Client, signal: AbortSignal) =>
        client.callTool({ name: 'orders__hang' }, undefined, { signal }),
    ],
    [
      'slow resource',
      (client: Client, signal: AbortSignal) =>
        client.readResource({ uri: 'orders+orders://slow' }, { signal }),
    ],
    [
      'slow prompt',
      (client: Client, signal: AbortSignal) => client.getPrompt({ name: 'orders__slow' }, { signal }),
    ],
  ] as const;

  it.each(requests)('ends the request at the server: %s', async (what, ask) => {
    const { bench, client, peer } = await orders();
    const controller = new AbortController();
    const answer = failure(ask(client, controller.signal));
    await vi.waitFor(() => expect(peer.seen).toEqual([`began ${what}`]));
    controller.abort();
    expect(await answer).not.toBe('no failure');
    await vi.waitFor(() => expect(peer.seen).toContain(`cancelled ${what}`));
    await vi.waitFor(() => expect(rowsOf(bench).at(-1)?.[2]).toBe('failed'));
  });

  it.each(requests)('by going away ends it too: %s', async (what, ask) => {
    const { client, peer } = await orders();
    const answer = failure(ask(client, new AbortController().signal));
    await vi.waitFor(() => expect(peer.seen).toEqual([`began ${what}`]));
    await client.close();
    expect(await answer).not.toBe('no failure');
    await vi.waitFor(() => expect(peer.seen).toContain(`cancelled ${what}`));
  });
});
