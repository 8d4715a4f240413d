/**
 * Custom MCP servers behind the whole gateway: real peers, real sockets, a real log. What a server answers passes
 * unchanged, and no call gets there without its row.
 */
import { request as httpRequest } from 'node:http';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Policy } from '../../src/preload/contract/shapes';
import {
  echoTool,
  HandMadeUpstream,
  type HandMessage,
  sendJson,
  V1Upstream,
} from '../fakes/custom-upstreams';
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
  diskSays?: Promise<void>,
): Promise<UpstreamBench> {
  const bench = await openUpstreamBench(upstreams, policy, diskSays);
  open.push(bench);
  return bench;
}

interface Answer {
  readonly content: readonly { readonly text?: string }[];
  readonly isError?: boolean;
}
const call = (client: Client, name: string, args: Record<string, unknown> = { text: 'x' }) =>
  client.callTool({ name, arguments: args }) as Promise<Answer>;
const textOf = (answer: Answer) => answer.content[0]?.text;
const rowsOf = (bench: UpstreamBench) =>
  bench.records().map((row) => [row.kind, row.outcome ?? row.decision]);
const isIntent = ({ kind }: { readonly kind: string }) => kind === 'call_intent';
const isCall = (message: HandMessage) => message.method === 'tools/call';

/** One POST without the SDK, as text, so that nothing is read and written again on the way. */
function post(bench: Pick<UpstreamBench, 'url' | 'token'>, message: object): Promise<string> {
  const headers = { authorization: `Bearer ${bench.token}`, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const request = httpRequest(bench.url, { method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () => resolve(text));
    });
    request.on('error', reject);
    request.end(JSON.stringify({ jsonrpc: '2.0', id: 'mine', ...message }));
  });
}
const rawCall = (bench: Pick<UpstreamBench, 'url' | 'token'>, name: string) =>
  post(bench, { method: 'tools/call', params: { name, arguments: { text: 'x' } } });

describe('a custom server behind the gateway', () => {
  it.each([
    ['answers as an event stream', false],
    ['answers as JSON', true],
  ])('is called by agents, a v1 server that %s', async (_what, json) => {
    const server = await upstream(new V1Upstream({ json }));
    const bench = await gatewayTo({ orders: server.url });
    const client = await bench.agent();
    expect((await client.listTools()).tools.map((tool) => tool.name)).toContain('orders__echo');
    expect(textOf(await call(client, 'orders__echo', { text: 'grüße' }))).toBe('grüße');
    expect(server.calls).toEqual([{ tool: 'echo', args: { text: 'grüße' } }]);
    expect(rowsOf(bench)).toEqual([
      ['call_intent', 'auto'],
      ['call_outcome', 'allowed'],
    ]);
    expect(bench.records()[0]).toMatchObject({ what: 'mcp:orders:echo', connectionId: 'mcp_orders' });
  });

  it('gets no request before the intent is on the disk', async () => {
    const seen: string[][] = [];
    const look: { bench?: UpstreamBench } = {};
    const onCall = () => {
      seen.push((look.bench?.records() ?? []).map((row) => `${row.kind} ${row.what}`));
      return { content: [] };
    };
    const server = await upstream(new V1Upstream({ onCall }));
    look.bench = await gatewayTo({ orders: server.url });
    await call(await look.bench.agent(), 'orders__echo');
    expect(seen).toEqual([['call_intent mcp:orders:echo']]);
  });

  it('gets no request before the disk has said that the intent is there', async () => {
    let say: () => void = () => undefined;
    const said = new Promise<void>((resolve) => {
      say = resolve;
    });
    const server = await upstream(new V1Upstream());
    const bench = await gatewayTo({ orders: server.url }, 'auto', said);
    const client = await bench.agent();
    const answer = call(client, 'orders__echo');
    await vi.waitFor(() => expect(bench.records()).toHaveLength(1));
    await client.listTools();
    expect(server.calls).toEqual([]);
    say();
    expect(textOf(await answer)).toBe('x');
  });

  it('has its result handed on character by character', async () => {
    const result =
      '{"content":[{"type":"image","data":"aGk=","mimeType":"image/png"},{"type":"resource","resource":{"uri":"x:1","text":"\\u00fc"}}],"structuredContent":{"big":12345678901234567890,"one":1.0},"_meta":{"x.example/a":[1]},"extra":true}';
    const server = await upstream(
      new HandMadeUpstream((message, response) =>
        isCall(message)
          ? sendJson(response, `{"result":${result},"jsonrpc":"2.0","id":${message.id}}`)
          : undefined,
      ),
    );
    const bench = await gatewayTo({ orders: server.url });
    expect(await rawCall(bench, 'orders__echo')).toBe(`{"jsonrpc":"2.0","id":"mine","result":${result}}`);
  });

  it('shows all of its pages, with what its definitions hold besides', async () => {
    const tools = Array.from({ length: 25 }, (_, at) => ({ ...echoTool, name: `get-part-${at}` }));
    const rich = { ...echoTool, name: 'get-rich', outputSchema: { type: 'object' }, _meta: { a: 1 } };
    const server = await upstream(new V1Upstream({ tools: [...tools, rich], pageSize: 10 }));
    const bench = await gatewayTo({ orders: server.url });
    const listed = (await (await bench.agent()).listTools()).tools.filter((tool) =>
      tool.name.startsWith('orders__'),
    );
    expect(listed).toHaveLength(26);
    expect(server.pages).toBe(3);
    expect(listed.at(-1)).toMatchObject({ outputSchema: { type: 'object' }, _meta: { a: 1 } });
  });

  it('announces new tools to agents, and they are there', async () => {
    const server = await upstream(new V1Upstream());
    const bench = await gatewayTo({ orders: server.url });
    const client = await bench.agent();
    await server.list(echoTool, { ...echoTool, name: 'get-more' });
    await vi.waitFor(async () =>
      expect((await client.listTools()).tools.map((tool) => tool.name)).toContain('orders__get-more'),
    );
  });

  it('is left alone with arguments that do not fit', async () => {
    const server = await upstream(new V1Upstream());
    const bench = await gatewayTo({ orders: server.url });
    const answer = await call(await bench.agent(), 'orders__echo', {});
    expect(answer.isError).toBe(true);
    expect(textOf(answer)).toMatch(/text is required/);
    expect(server.calls).toEqual([]);
  });

  it('speaks in its own words when it answers with an error', async () => {
    const server = await upstream(
      new HandMadeUpstream((message, response) =>
        isCall(message)
          ? sendJson(
              response,
              `{"jsonrpc":"2.0","id":${message.id},"error":{"code":-32602,"message":"No such\\norder"}}`,
            )
          : undefined,
      ),
    );
    const bench = await gatewayTo({ orders: server.url });
    const answer = await call(await bench.agent(), 'orders__echo');
    expect(answer).toMatchObject({ isError: true });
    expect(textOf(answer)).toBe('orders answered with error -32602: “No such order”.');
    expect(rowsOf(bench)).toEqual([
      ['call_intent', 'auto'],
      ['call_outcome', 'failed'],
    ]);
  });

  it.each([
    [
      'a redirect',
      (r: Parameters<HandMadeUpstream['answer']>[1]) =>
        r.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
      /redirect/,
    ],
    [
      'a fault of its own',
      (r: Parameters<HandMadeUpstream['answer']>[1]) => r.writeHead(500).end('<html>'),
      /answered 500/,
    ],
    [
      'a web page',
      (r: Parameters<HandMadeUpstream['answer']>[1]) =>
        r.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      /no answer of MCP/,
    ],
    [
      'an empty stream',
      (r: Parameters<HandMadeUpstream['answer']>[1]) =>
        r.writeHead(200, { 'content-type': 'text/event-stream' }).end(),
      /without an answer/,
    ],
    [
      'a broken connection',
      (r: Parameters<HandMadeUpstream['answer']>[1]) => r.destroy(),
      /cannot be reached/,
    ],
  ])('fails in a sentence when it answers with %s, once', async (_what, answerWith, words) => {
    const server = await upstream(
      new HandMadeUpstream((message, response) => {
        if (!isCall(message)) return undefined;
        answerWith(response);
        return true;
      }),
    );
    const bench = await gatewayTo({ orders: server.url });
    const answer = await call(await bench.agent(), 'orders__echo');
    expect(answer.isError).toBe(true);
    expect(textOf(answer)).toMatch(words);
    expect(server.calls()).toBe(1);
    expect(rowsOf(bench).at(-1)).toEqual(['call_outcome', 'failed']);
  });

  it('may send other messages before the answer, and leave the stream open behind it', async () => {
    const server = await upstream(
      new HandMadeUpstream((message, response) => {
        if (!isCall(message)) return undefined;
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(
          'data: {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":1}}\n\n',
        );
        response.write(`data: {"jsonrpc":"2.0","id":${message.id},"result":{"content":[],"a":1}}\n\n`);
        return true;
      }),
    );
    const bench = await gatewayTo({ orders: server.url });
    expect(await rawCall(bench, 'orders__echo')).toContain('"result":{"content":[],"a":1}}');
  });

  it('is told when an agent has gone', async () => {
    const server = await upstream(new HandMadeUpstream((message) => isCall(message)));
    const bench = await gatewayTo({ orders: server.url });
    const client = await bench.agent();
    const answer = call(client, 'orders__echo').catch(() => 'gone');
    await vi.waitFor(() => expect(server.calls()).toBe(1));
    await client.close();
    expect(await answer).toBe('gone');
    await vi.waitFor(() =>
      expect(server.messages.map((message) => message.method)).toContain('notifications/cancelled'),
    );
    await vi.waitFor(() => expect(rowsOf(bench).at(-1)).toEqual(['call_outcome', 'failed']));
  });

  it('is spoken to in protocol 2026-07-28 when it offers that', async () => {
    const modern = (message: HandMessage, result: object) =>
      JSON.stringify({ jsonrpc: '2.0', id: message.id, result: { resultType: 'complete', ...result } });
    const cache = { ttlMs: 0, cacheScope: 'private' };
    const results: Readonly<Record<string, object>> = {
      'server/discover': { supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, ...cache },
      'tools/list': { tools: [echoTool], ...cache },
      'tools/call': { content: [{ type: 'text', text: 'new era' }], structuredContent: { a: 1 } },
    };
    const server = await upstream(
      new HandMadeUpstream((message, response) => {
        const result = results[message.method];
        return result === undefined ? undefined : sendJson(response, modern(message, result));
      }),
    );
    const bench = await gatewayTo({ orders: server.url });
    expect(await call(await bench.agent(), 'orders__echo')).toMatchObject({
      content: [{ text: 'new era' }],
      structuredContent: { a: 1 },
    });
    expect(server.messages.map((message) => message.method)).not.toContain('initialize');
    expect(server.headers.at(-1)).toMatchObject({
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
    });
  });
});

describe('a custom server that is away', () => {
  it('is named in a readable answer, and is there again by itself', async () => {
    const server = await upstream(new V1Upstream());
    const bench = await gatewayTo({ orders: server.url });
    const client = await bench.agent();
    await server.close();
    const away = await call(client, 'orders__echo');
    expect(away.isError).toBe(true);
    expect(textOf(away)).toMatch(/cannot be reached/);
    await vi.waitFor(async () =>
      expect(textOf(await call(client, 'orders__echo'))).toMatch(/^orders is not working/),
    );
    expect(server.calls).toEqual([]);
    await server.open();
    await vi.waitFor(async () => expect(textOf(await call(client, 'orders__echo'))).toBe('x'), {
      timeout: 10_000,
      interval: 100,
    });
    expect(server.calls).toHaveLength(1);
  });

  it('does not keep the others from coming up, and comes up later', async () => {
    const late = await upstream(new V1Upstream());
    const { url } = late;
    await late.close();
    const quick = await upstream(new V1Upstream());
    const bench = await gatewayTo({ late: url, quick: quick.url });
    const client = await bench.agent();
    const names = async () => (await client.listTools()).tools.map((tool) => tool.name);
    expect(await names()).toContain('quick__echo');
    expect(await names()).not.toContain('late__echo');
    await late.open();
    await vi.waitFor(async () => expect(await names()).toContain('late__echo'), {
      timeout: 10_000,
      interval: 100,
    });
  });

  it('lets a call wait that comes while its session is made anew, and leave meanwhile', async () => {
    let letIn: (() => void) | undefined;
    const server = await upstream(
      new HandMadeUpstream(
        (message, response) => {
          if (isCall(message) && message.params?.name === 'dies') return response.destroy() !== undefined;
          if (isCall(message)) {
            const result = { content: [{ type: 'text', text: 'Well.' }] };
            return sendJson(response, JSON.stringify({ jsonrpc: '2.0', id: message.id, result }));
          }
          const isAgain = server.calls() > 0 && message.method === 'initialize';
          if (!isAgain || letIn !== undefined) return undefined;
          const serverInfo = { name: 'hand', version: '1' };
          const result = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo };
          letIn = () => sendJson(response, JSON.stringify({ jsonrpc: '2.0', id: message.id, result }));
          return true;
        },
        [echoTool, { ...echoTool, name: 'dies' }],
      ),
    );
    const bench = await gatewayTo({ orders: server.url });
    const client = await bench.agent();
    expect(textOf(await call(client, 'orders__dies'))).toMatch(/cannot be reached/);
    await vi.waitFor(() => expect(letIn).toBeDefined());
    const waits = call(client, 'orders__echo');
    const leaving = new AbortController();
    const left = client.callTool({ name: 'orders__echo', arguments: { text: 'y' } }, undefined, {
      signal: leaving.signal,
    });
    await vi.waitFor(() => expect(bench.records().filter(isIntent)).toHaveLength(3));
    leaving.abort();
    await expect(left).rejects.toThrow();
    letIn?.();
    expect(textOf(await waits)).toBe('Well.');
    expect(server.calls()).toBe(2);
  });

  it('that forgot our session reads again, once, in a new one', async () => {
    const server = await upstream(new V1Upstream({ tools: [{ ...echoTool, name: 'get-order' }] }));
    const bench = await gatewayTo({ orders: server.url });
    const client = await bench.agent();
    await call(client, 'orders__get-order');
    server.forgetSessions();
    expect(textOf(await call(client, 'orders__get-order', { text: 'again' }))).toBe('again');
    expect(server.calls.map((seen) => seen.args.text)).toEqual(['x', 'again']);
  });

  it('that forgot our session is never written to a second time', async () => {
    const server = await upstream(new V1Upstream({ tools: [{ ...echoTool, name: 'create-order' }] }));
    const bench = await gatewayTo({ orders: server.url });
    const client = await bench.agent();
    server.forgetSessions();
    const answer = await call(client, 'orders__create-order');
    expect(answer.isError).toBe(true);
    expect(textOf(answer)).toMatch(/forgotten our session, so nothing was run/);
    expect(server.calls).toEqual([]);
    expect(textOf(await call(client, 'orders__create-order'))).toBe('x');
    expect(server.calls).toHaveLength(1);
  });

  it('has its sessions ended when the gateway stops', async () => {
    const server = await upstream(new V1Upstream());
    const bench = await openUpstreamBench({ orders: server.url });
    expect(server.openSessions).toBe(1);
    await bench.close();
    expect(server.ended).toBe(1);
    expect(server.openSessions).toBe(0);
  });
});

describe('one server beside another', () => {
  it('answers while the other never does', async () => {
    const endless = await upstream(new HandMadeUpstream((message) => isCall(message)));
    const quick = await upstream(new V1Upstream());
    const bench = await gatewayTo({ endless: endless.url, quick: quick.url });
    const client = await bench.agent();
    const stuck = Array.from({ length: 200 }, () => call(client, 'endless__echo').catch(() => 'gone'));
    await vi.waitFor(() => expect(endless.calls()).toBeGreaterThan(0));
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(client, 'quick__echo')));
    expect(answers.map(textOf)).toEqual(Array.from({ length: 20 }, () => 'x'));
    await client.close();
    expect(new Set(await Promise.all(stuck))).toEqual(new Set(['gone']));
  });

  it('is not shown a tool of the same name of the other', async () => {
    const [one, two] = [await upstream(new V1Upstream()), await upstream(new V1Upstream())];
    const bench = await gatewayTo({ one: one.url, two: two.url });
    await call(await bench.agent(), 'two__echo');
    expect([one.calls.length, two.calls.length]).toEqual([0, 1]);
  });
});

describe('policies on custom tools', () => {
  it('keep a disabled tool from its server by every route', async () => {
    const server = await upstream(new V1Upstream());
    const bench = await gatewayTo({ orders: server.url }, 'disabled');
    const client = await bench.agent();
    expect((await client.listTools()).tools.map((tool) => tool.name)).not.toContain('orders__echo');
    const told = (name: string) => call(client, name).catch((error: Error) => error.message);
    expect(await told('orders__echo')).toBe(String(await told('orders__none')).replace('none', 'echo'));
    for (const name of ['echo', 'mcp:orders:echo', 'ORDERS__ECHO', 'orders__echo ']) await told(name);
    expect(await rawCall(bench, 'orders__echo')).toContain('Unknown tool');
    await call(client, 'gatehouse__await_approval', { id: 'apr_00000000000000000000' });
    expect(server.calls).toEqual([]);
    expect(new Set(bench.records().map((row) => row.outcome))).toEqual(new Set(['refused']));
  });

  it('hold a call until a person has decided, and run it once', async () => {
    const server = await upstream(new V1Upstream());
    const bench = await gatewayTo({ orders: server.url }, 'approval_needed');
    const answer = call(await bench.agent(), 'orders__echo');
    const question = await vi.waitFor(() => {
      const first = bench.gateway.desk.view().waiting[0];
      if (first === undefined) throw new Error('Nothing waits yet.');
      return first;
    });
    expect(question).toMatchObject({ tool: 'mcp:orders:echo', connectionLabel: 'orders' });
    expect(server.calls).toEqual([]);
    bench.gateway.desk.decide(question.approvalId, { kind: 'approve' }, 'm.weber');
    expect(textOf(await answer)).toBe('x');
    expect(server.calls).toHaveLength(1);
  });

  it('withdraw a question when the server changes the definition meanwhile', async () => {
    const server = await upstream(new V1Upstream());
    const bench = await gatewayTo({ orders: server.url }, 'approval_needed');
    const answer = call(await bench.agent(), 'orders__echo');
    await vi.waitFor(() => expect(bench.gateway.desk.view().waiting).toHaveLength(1));
    await server.list({ ...echoTool, description: 'Sends the text to everyone.' });
    expect((await answer).isError).toBe(true);
    expect(server.calls).toEqual([]);
  });
});

describe('a thousand calls at once', () => {
  it('leave one intent and one outcome each, reach the server once each, and verify', async () => {
    const server = await upstream(new V1Upstream({ json: true }));
    const bench = await gatewayTo({ orders: server.url });
    const clients = await Promise.all(Array.from({ length: 4 }, () => bench.agent()));
    const texts = Array.from({ length: 1_000 }, (_, at) => `call ${at}`);
    const answers = await Promise.all(
      texts.map(async (text, at) => {
        const client = clients[at % clients.length];
        return client === undefined ? undefined : textOf(await call(client, 'orders__echo', { text }));
      }),
    );
    expect(answers).toEqual(texts);
    expect(server.calls.map((seen) => String(seen.args.text)).sort()).toEqual([...texts].sort());
    const ids = (kind: string) => bench.records().flatMap((row) => (row.kind === kind ? [row.callId] : []));
    expect(ids('call_intent')).toHaveLength(1_000);
    expect(new Set(ids('call_intent')).size).toBe(1_000);
    expect(ids('call_outcome').sort()).toEqual(ids('call_intent').sort());
    expect(await bench.log.verify()).toMatchObject({ kind: 'intact', records: 2_000 });
  });
});
