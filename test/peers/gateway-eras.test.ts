/**
 * Agents of every era at the one endpoint, in front of servers of every era: real clients of the SDK's v1 and v2 and of 2024-11-05, and
 * messages by hand where a client would never send them.
 */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client as ModernClient } from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { afterEach, describe, expect, it } from 'vitest';
import type { AskKind } from '../../src/main/mcp/asked-by-server';
import type { Policy } from '../../src/preload/contract/shapes';
import { modernUpstream } from '../conformance/modern-upstream';
import { PassingPeer } from '../fakes/passing-peer';
import { openUpstreamBench, type UpstreamBench } from '../fakes/upstream-bench';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function served(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  open.push({
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

const all = ['elicitation', 'sampling', 'roots'] as const;

/** A gateway before two servers: `old` of 2025-11-25, `new` of 2026-07-28. */
async function bench(
  policy: Policy = 'auto',
  more: { readonly mayAsk?: readonly AskKind[]; readonly holdMs?: number } = { mayAsk: all },
): Promise<{ bench: UpstreamBench; peer: PassingPeer }> {
  const peer = await new PassingPeer().open();
  open.push(peer);
  const upstreams = { old: peer.url, new: await served(modernUpstream()) };
  const opened = await openUpstreamBench(upstreams, policy, undefined, more);
  open.push(opened);
  return { bench: opened, peer };
}

const version = { name: 'peer', version: '2' };
const auto = { versionNegotiation: { mode: 'auto' as const } };

/** An agent of 2026-07-28 that answers what it is asked. */
function answering(...offers: readonly ('form' | 'sampling' | 'roots')[]): ModernClient {
  const client = new ModernClient(version, {
    ...auto,
    capabilities: {
      ...(offers.includes('form') ? { elicitation: { form: {} } } : {}),
      ...(offers.includes('sampling') ? { sampling: {} } : {}),
      ...(offers.includes('roots') ? { roots: {} } : {}),
    },
  });
  if (offers.includes('form'))
    client.setRequestHandler('elicitation/create', () => ({
      action: 'accept',
      content: { name: 'Ada', yes: true, ok: true },
    }));
  if (offers.includes('roots'))
    client.setRequestHandler('roots/list', () => ({ roots: [{ uri: 'file:///work', name: 'work' }] }));
  if (offers.includes('sampling'))
    client.setRequestHandler('sampling/createMessage', () => ({
      role: 'assistant',
      model: 'm',
      content: { type: 'text', text: 'Paris' },
    }));
  return client;
}

const textOf = ({ content }: { content: unknown }): string => {
  const [first] = content as { text?: string }[];
  return first?.text ?? '';
};
const outcomes = (one: UpstreamBench) =>
  one
    .records()
    .filter(({ kind }) => kind === 'call_intent' || kind === 'call_outcome')
    .map(({ kind, outcome }) => (kind === 'call_intent' ? 'intent' : outcome));

const meta = (capabilities: object = {}) => ({
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': capabilities,
});

interface Sent {
  readonly status: number;
  readonly body: {
    readonly result?: Record<string, unknown>;
    readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
  };
}

/** One message of 2026-07-28 by hand, with the headers that belong to it unless others are given. */
async function send(
  { url, token }: UpstreamBench,
  method: string,
  params: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<Sent> {
  const name = params.name ?? params.uri;
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { _meta: meta(), ...params } }),
  });
  const text = await response.text();
  const json = text.startsWith('event:') ? (/^data: (.*)$/gm.exec(text)?.[1] ?? '{}') : text;
  return { status: response.status, body: JSON.parse(json) };
}

describe('an agent of 2026-07-28', () => {
  it('finds its version without a session, and the tools of servers of both eras', async () => {
    const one = (await bench()).bench;
    const client = await one.modernAgent();
    expect(client.getProtocolEra()).toBe('modern');
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['gatehouse__status', 'old__media', 'new__test_simple_text']),
    );
    expect(textOf(await client.callTool({ name: 'new__test_simple_text' }))).toContain('simple text');
    expect(textOf(await client.callTool({ name: 'old__media' }))).toBe('hello');
    expect(outcomes(one)).toEqual(['intent', 'allowed', 'intent', 'allowed']);
  });

  it.each([
    ['old__ask', { times: 2 }, 'accept'],
    ['new__test_input_required_result_elicitation', {}, 'Hello, Ada!'],
    ['new__test_input_required_result_multi_round', {}, 'Done.'],
    ['new__test_input_required_result_multiple_inputs', {}, 'Done.'],
    ['new__test_input_required_result_list_roots', {}, 'file:///work'],
    ['old__sample', {}, 'Paris'],
  ])('is asked in the middle of one call, whatever era its server speaks: %s', async (name, args, said) => {
    const one = (await bench()).bench;
    const client = await one.modernAgent(answering('form', 'sampling', 'roots'));
    expect(textOf(await client.callTool({ name, arguments: args }))).toContain(said);
    expect(outcomes(one)).toEqual(['intent', 'allowed']);
  });

  it('is asked by a prompt too', async () => {
    const one = (await bench()).bench;
    const client = await one.modernAgent(answering('form'));
    const { messages } = await client.getPrompt({ name: 'new__test_input_required_result_prompt' });
    expect(messages).toHaveLength(1);
    expect(outcomes(one)).toEqual(['intent', 'allowed']);
  });

  it('is never asked for what a technician does not allow, or what it does not offer', async () => {
    const one = (await bench('auto', { mayAsk: ['sampling'] })).bench;
    const client = await one.modernAgent(answering('form'));
    const call = (name: string) => client.callTool({ name, arguments: { times: 1 } });
    expect(textOf(await call('old__ask'))).not.toContain('accept');
    await expect(call('new__test_input_required_result_elicitation')).rejects.toThrow(/elicitation/);
    await expect(call('new__test_missing_capability')).rejects.toThrow(/sampling/);
    const asked = await send(one, 'tools/call', { name: 'new__test_missing_capability' });
    expect(asked).toMatchObject({
      status: 400,
      body: { error: { code: -32021, data: { requiredCapabilities: { sampling: {} } } } },
    });
  });

  it('comes again while a technician decides, and the call runs once', async () => {
    const one = (await bench('approval_needed', { holdMs: 50 })).bench;
    const client = await one.modernAgent();
    const answer = client.callTool({ name: 'new__test_simple_text' });
    await expect
      .poll(() => outcomes(one).filter((outcome) => outcome === 'waiting').length)
      .toBeGreaterThan(1);
    const [question, ...others] = one.gateway.desk.view().waiting;
    expect(others).toEqual([]);
    if (question !== undefined) one.gateway.desk.decide(question.approvalId, { kind: 'approve' }, 'm.weber');
    expect(textOf(await answer)).toContain('simple text');
    expect(outcomes(one).filter((outcome) => outcome === 'approved')).toHaveLength(1);
  });

  it('is approved once for a call that goes over several rounds', async () => {
    const one = (await bench('approval_needed', { mayAsk: all })).bench;
    const client = await one.modernAgent(answering('form'));
    const answer = client.callTool({ name: 'new__test_input_required_result_multi_round' });
    await expect.poll(() => one.gateway.desk.view().waiting.length).toBe(1);
    const [question] = one.gateway.desk.view().waiting;
    if (question !== undefined) one.gateway.desk.decide(question.approvalId, { kind: 'approve' }, 'm.weber');
    expect(textOf(await answer)).toBe('Done.');
    expect(outcomes(one)).toEqual(['intent', 'approved']);
    expect(one.gateway.desk.view().decided).toHaveLength(1);
  });

  it('hears of changed tools and of a changed resource, and of nothing it did not ask for', async () => {
    const { bench: one, peer } = await bench();
    const client = await one.modernAgent();
    const heard: string[] = [];
    for (const what of ['tools', 'prompts', 'resources'] as const)
      client.setNotificationHandler(`notifications/${what}/list_changed`, () => void heard.push(what));
    client.setNotificationHandler(
      'notifications/resources/updated',
      ({ params }) => void heard.push(params.uri),
    );
    await client.listen({ toolsListChanged: true, resourceSubscriptions: ['old+orders://1', 'old+none'] });
    peer.update('orders://1');
    await expect.poll(() => heard).toEqual(['old+orders://1']);
    peer.announce('prompts');
    await client.callTool({ name: 'new__test_trigger_tool_change' });
    await expect.poll(() => heard).toEqual(['old+orders://1', 'tools']);
    one.setPolicy('disabled');
    await expect.poll(() => heard).toEqual(['old+orders://1', 'tools', 'tools']);
  });
});

describe('a message of 2026-07-28 by hand', () => {
  it.each([
    ['a header that names another version', { 'mcp-protocol-version': '2025-11-25' }, -32020],
    ['no header for its method', { 'mcp-method': '' }, -32020],
    ['a header for another method', { 'mcp-method': 'tools/list' }, -32020],
    ['a header for another tool', { 'mcp-name': 'old__media' }, -32020],
    ['a name in broken base64', { 'mcp-name': '=?base64?!!?=' }, -32020],
  ])('is refused with %s, and nothing runs', async (_what, headers, code) => {
    const one = (await bench()).bench;
    const sent = await send(one, 'tools/call', { name: 'new__test_simple_text' }, headers);
    expect(sent).toMatchObject({ status: 400, body: { error: { code } } });
    expect(outcomes(one)).toEqual([]);
  });

  it.each([
    ['null', null],
    ['a list', []],
    ['a text', 'yes'],
  ])('with %s for answers is refused', async (_what, inputResponses) => {
    const one = (await bench()).bench;
    const sent = await send(one, 'tools/call', { name: 'new__test_simple_text', inputResponses });
    expect(sent.body.error?.code).toBe(-32602);
    expect(outcomes(one)).toEqual([]);
  });

  it('cannot go on with a call that is not its own: changed, used before, of another request or agent', async () => {
    const one = (await bench()).bench;
    const name = 'new__test_input_required_result_elicitation';
    const _meta = meta({ elicitation: { form: {} } });
    const first = await send(one, 'tools/call', { name, _meta });
    const { requestState, inputRequests } = first.body.result ?? {};
    expect(inputRequests).toMatchObject({ user_name: { method: 'elicitation/create' } });
    const inputResponses = { user_name: { action: 'accept', content: { name: 'Eve' } } };
    const retry = (more: object, who = one) =>
      send(who, 'tools/call', { name, _meta, inputResponses, requestState, ...more });
    const other = { ...one, token: await one.newToken('Other') };
    for (const refused of [
      await retry({ requestState: `${String(requestState)}x` }),
      await retry({ requestState: 7 }),
      await retry({ arguments: { more: true } }),
      await retry({ name: 'new__test_input_required_result_multi_round' }),
      await retry({}, other),
    ])
      expect(refused.body.error).toMatchObject({
        code: -32602,
        message: expect.stringContaining('requestState'),
      });
    expect((await retry({})).body.result).toMatchObject({ content: [{ text: 'Hello, Eve!' }] });
    expect((await retry({})).body.error?.code).toBe(-32602);
    expect(outcomes(one)).toEqual(['intent', 'allowed']);
  });

  it('is asked again for what is missing or no answer', async () => {
    const one = (await bench()).bench;
    const name = 'new__test_input_required_result_elicitation';
    const _meta = meta({ elicitation: { form: {} } });
    let { requestState } = (await send(one, 'tools/call', { name, _meta })).body.result ?? {};
    for (const inputResponses of [{}, { user_name: 12 }, { user_name: { action: 'shout' } }, { other: {} }]) {
      const next = await send(one, 'tools/call', { name, _meta, inputResponses, requestState });
      expect(next.body.result).toMatchObject({ resultType: 'input_required' });
      expect(next.body.result?.requestState).not.toBe(requestState);
      requestState = next.body.result?.requestState;
    }
    expect(outcomes(one)).toEqual(['intent']);
  });

  it.each(['initialize', 'ping', 'logging/setLevel', 'resources/subscribe', 'tools/forget'])(
    'finds no method of another era: %s',
    async (method) => {
      const sent = await send((await bench()).bench, method, {});
      expect(sent).toMatchObject({ status: 404, body: { error: { code: -32601 } } });
    },
  );
});

describe('an agent of 2025-11-25', () => {
  it('is asked by a server of 2026-07-28 on the stream of its call', async () => {
    const one = (await bench()).bench;
    const { ElicitRequestSchema } = await import('@modelcontextprotocol/sdk/types.js');
    const client = new Client(version, { capabilities: { elicitation: {} } });
    client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { name: 'Ada' } }));
    await one.agent(client);
    const answer = await client.callTool({ name: 'new__test_input_required_result_elicitation' });
    expect(textOf(answer as { content: unknown })).toBe('Hello, Ada!');
    expect(outcomes(one)).toEqual(['intent', 'allowed']);
  });

  it('watches a resource until it says otherwise', async () => {
    const { bench: one, peer } = await bench();
    const client = await one.agent();
    const heard: string[] = [];
    const { ResourceUpdatedNotificationSchema } = await import('@modelcontextprotocol/sdk/types.js');
    client.setNotificationHandler(
      ResourceUpdatedNotificationSchema,
      ({ params }) => void heard.push(params.uri),
    );
    await client.subscribeResource({ uri: 'old+orders://1' });
    await expect(client.subscribeResource({ uri: 'none+orders://1' })).rejects.toThrow(/not found/);
    peer.update('orders://1');
    await expect.poll(() => heard).toEqual(['old+orders://1']);
    await client.unsubscribeResource({ uri: 'old+orders://1' });
    await expect.poll(() => peer.seen).toContain('unsubscribed orders://1');
    peer.update('orders://1');
    await client.ping();
    expect(heard).toHaveLength(1);
  });
});

describe('an agent of 2024-11-05', () => {
  it('opens one stream, and is answered and asked on it', async () => {
    const one = (await bench()).bench;
    const { ElicitRequestSchema } = await import('@modelcontextprotocol/sdk/types.js');
    const client = new Client(version, { capabilities: { elicitation: {} } });
    client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { yes: true } }));
    const headers = { Authorization: `Bearer ${one.token}` };
    const transport = new SSEClientTransport(new URL(one.url), {
      requestInit: { headers },
      eventSourceInit: {
        fetch: (url, init) => fetch(url, { ...init, headers: { ...init?.headers, ...headers } }),
      },
    });
    await client.connect(transport as Parameters<Client['connect']>[0]);
    open.push(client);
    expect((await client.listTools()).tools.length).toBeGreaterThan(10);
    expect(textOf((await client.callTool({ name: 'old__media' })) as { content: unknown })).toBe('hello');
    const asked = await client.callTool({ name: 'old__ask', arguments: { times: 1 } });
    expect(textOf(asked as { content: unknown })).toContain('accept');
  });

  it.each([
    ['no token', {}, 401],
    ['another agent’s token', 'other', 404],
  ])('is not reached with %s', async (_what, who, status) => {
    const one = (await bench()).bench;
    const stream = await fetch(one.url, { headers: { authorization: `Bearer ${one.token}` } });
    const reader = stream.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    const endpoint = /data: (\S+)/.exec(new TextDecoder().decode(value))?.[1] ?? '';
    const token = who === 'other' ? await one.newToken('Other') : undefined;
    const posted = await fetch(new URL(endpoint, one.url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    });
    expect(posted.status).toBe(status);
    await reader?.cancel();
  });
});

describe('the scope of an agent', () => {
  const scope = (connectionIds: string[] | null, access: 'read' | 'all') => ({
    scope: { connectionIds, access },
  });

  it('hides what lies outside, from lists and from calls, like what does not exist', async () => {
    const one = (await bench()).bench;
    const token = await one.newToken('Only new', scope(['mcp_new'], 'all'));
    const client = await one.modernAgent(undefined, token);
    const { tools } = await client.listTools();
    expect(tools.filter(({ name }) => name.startsWith('old__'))).toEqual([]);
    expect(tools.some(({ name }) => name.startsWith('new__'))).toBe(true);
    expect((await client.listResources()).resources.every(({ uri }) => uri.startsWith('new+'))).toBe(true);
    expect((await client.listPrompts()).prompts.every(({ name }) => name.startsWith('new__'))).toBe(true);
    const hidden = await client.callTool({ name: 'old__media' }).catch((error: Error) => error.message);
    const none = await client.callTool({ name: 'old__mediaX' }).catch((error: Error) => error.message);
    expect(String(none).replace('mediaX', 'media')).toBe(hidden);
    await expect(client.readResource({ uri: 'old+orders://1' })).rejects.toThrow(/not found/);
    await expect(client.getPrompt({ name: 'old__summary', arguments: { topic: 'x' } })).rejects.toThrow(
      /Unknown/,
    );
    expect(outcomes(one)).toEqual(['refused', 'refused', 'refused', 'refused']);
  });

  it('can be reading only', async () => {
    const one = (await bench()).bench;
    const client = await one.agent(undefined, await one.newToken('Reader', scope(null, 'read')));
    const { tools } = await client.listTools();
    expect(
      tools.filter(({ annotations }) => annotations?.readOnlyHint !== true).map(({ name }) => name),
    ).toEqual(['gatehouse__await_approval']);
    await expect(client.callTool({ name: 'new__test_trigger_tool_change' })).rejects.toThrow(/Unknown tool/);
    expect((await client.listResources()).resources.length).toBeGreaterThan(0);
  });

  it('ends with the time of the token', async () => {
    const one = (await bench()).bench;
    const gone = { ...one, token: await one.newToken('Gone', { expiresAtMs: Date.now() - 1 }) };
    expect((await send(gone, 'tools/list', {})).status).toBe(401);
    const later = { ...one, token: await one.newToken('Later', { expiresAtMs: Date.now() + 600_000 }) };
    expect((await send(later, 'tools/list', {})).status).toBe(200);
  });
});
