/**
 * The table of routes to a disabled tool: every way an agent has to a tool, tried on one that is disabled, in every protocol era. Nothing may
 * reach the server, each attempt leaves a row, and the answer is that of a tool that does not exist.
 */
import { execFile } from 'node:child_process';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { afterEach, describe, expect, it } from 'vitest';
import { headerValue } from '../../src/main/mcp/param-headers';
import type { Policy } from '../../src/preload/contract/shapes';
import { type CountingUpstream, startCountingUpstream } from '../fakes/counting-upstream';
import { openUpstreamBench, type UpstreamBench } from '../fakes/upstream-bench';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

interface Place {
  readonly bench: UpstreamBench;
  readonly server: CountingUpstream;
}

async function place(policy: Policy, more: { holdMs?: number; mostListed?: number } = {}): Promise<Place> {
  const server = await startCountingUpstream(1_000);
  open.push(server);
  const bench = await openUpstreamBench({ orders: server.url }, policy, undefined, more);
  open.push(bench);
  return { bench, server };
}

const args = { text: 'x' };
const hidden = 'orders__write';
const missing = 'orders__wrong';

async function post(
  { url, token }: UpstreamBench,
  message: unknown,
  headers: Record<string, string> = {},
): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify(message),
  });
  return await response.text();
}

const older = (bench: UpstreamBench, name: string, given: unknown = args) =>
  post(bench, { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: given } });

const modern = (bench: UpstreamBench, name: string, more: object = {}) =>
  post(
    bench,
    {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name,
        arguments: args,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientCapabilities': {},
        },
        ...more,
      },
    },
    { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': headerValue(name) },
  );

const byFinding = (bench: UpstreamBench, name: string) =>
  older(bench, 'gatehouse__call_tool', { name, arguments: args });

const overOneStream = async ({ url, token }: UpstreamBench, name: string) => {
  const headers = { Authorization: `Bearer ${token}` };
  const client = new Client({ name: 'old', version: '1' });
  const withToken = (target: string | URL, init?: RequestInit) =>
    fetch(target, { ...init, headers: { ...Object(init?.headers), ...headers } });
  const transport = new SSEClientTransport(new URL(url), {
    requestInit: { headers },
    eventSourceInit: { fetch: withToken as never },
  });
  await client.connect(transport as Parameters<Client['connect']>[0]);
  open.push(client);
  return await client
    .callTool({ name, arguments: args })
    .then(JSON.stringify, (error: Error) => error.message);
};

const inSession = async (bench: UpstreamBench, name: string) =>
  await (await bench.agent())
    .callTool({ name, arguments: args })
    .then(JSON.stringify, (error: Error) => error.message);

const routes = [
  ['2025-11-25, in a session', inSession],
  ['2025-11-25, one message alone', older],
  ['2026-07-28', modern],
  ['2024-11-05, on its one stream', overOneStream],
  ['gatehouse__call_tool', byFinding],
] as const;

describe('a disabled tool', () => {
  it.each(routes)('is not reached by %s, and answers like one that does not exist', async (_what, route) => {
    const { bench, server } = await place('disabled');
    const answer = await route(bench, hidden);
    expect(answer).toContain(`Unknown tool: ${hidden}`);
    expect(answer).toBe((await route(bench, missing)).replaceAll(missing, hidden));
    expect(server.arrived()).toEqual([]);
    expect(bench.records().map(({ kind, outcome, detail }) => [kind, outcome, detail])).toEqual([
      ['call_outcome', 'refused', 'Policy: disabled.'],
      ['call_outcome', 'refused', 'No such tool.'],
    ]);
  });

  it.each([
    'write',
    'ORDERS__WRITE',
    'orders__write ',
    'orders__Write',
    'orders_write',
    'mcp:orders:write',
    'orders:write',
    'gatehouse__orders__write',
    '__proto__',
    'constructor',
  ])('is not reached by another name: %s', async (name) => {
    const { bench, server } = await place('disabled');
    for (const route of [older, modern, byFinding])
      expect(await route(bench, name)).toContain('Unknown tool');
    expect(server.arrived()).toEqual([]);
  });

  it('is in no list and is found by no search', async () => {
    const { bench } = await place('disabled', { mostListed: 1 });
    const whole = await place('disabled');
    for (const { bench: one } of [{ bench }, whole]) {
      const client = await one.modernAgent();
      expect((await (await one.agent()).listTools()).tools.map(({ name }) => name)).not.toContain(hidden);
      expect((await client.listTools()).tools.map(({ name }) => name)).not.toContain(hidden);
      for (const query of ['write', 'orders', hidden, ''])
        expect(await older(one, 'gatehouse__find_tools', { query })).not.toContain('write');
    }
  });

  it('is not reached in a session that has listed it before', async () => {
    const { bench, server } = await place('auto');
    const client = await bench.agent();
    const later = await bench.modernAgent();
    for (const one of [client, later])
      expect((await one.listTools()).tools.map(({ name }) => name)).toContain(hidden);
    bench.setPolicy('disabled');
    for (const one of [client, later])
      await expect(one.callTool({ name: hidden, arguments: args })).rejects.toThrow(/Unknown tool/);
    expect(server.arrived()).toEqual([]);
  });

  it('is not reached by a question that waits, in any era', async () => {
    const { bench, server } = await place('approval_needed');
    const answers = [older(bench, hidden), modern(bench, hidden, { arguments: { text: 'y' } })];
    await expect.poll(() => bench.gateway.desk.view().waiting.length).toBe(2);
    bench.setPolicy('disabled');
    for (const answer of await Promise.all(answers)) expect(answer).toContain('Not run');
    for (const { approvalId } of bench.gateway.desk.view().decided)
      expect(() => bench.gateway.desk.decide(approvalId, { kind: 'approve' }, 'm.weber')).toThrow();
    expect(server.arrived()).toEqual([]);
  });

  it('is not reached by an approval that was given before and never used', async () => {
    const { bench, server } = await place('approval_needed', { holdMs: 1 });
    expect(await older(bench, hidden)).toContain('Pending');
    const [question] = bench.gateway.desk.view().waiting;
    const id = question?.approvalId ?? '';
    if (question !== undefined)
      bench.gateway.desk.decide(question.approvalId, { kind: 'approve' }, 'm.weber');
    bench.setPolicy('disabled');
    await older(bench, 'gatehouse__await_approval', { id });
    await modern(bench, hidden, { requestState: id });
    await older(bench, hidden);
    expect(server.arrived()).toEqual([]);
    // What was given before is not there any more either when the tool is.
    bench.setPolicy('approval_needed');
    expect(await older(bench, hidden)).toContain('Pending');
    expect(server.arrived()).toEqual([]);
  });

  it('is not reached by several messages at once, or by one under the name of another', async () => {
    const { bench, server } = await place('disabled');
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: hidden, arguments: args } };
    expect(await post(bench, [call, call])).toContain('batches are not supported');
    expect(await post(bench, call, { 'mcp-name': 'gatehouse__status' })).toContain('Unknown tool');
    expect(
      await post(bench, { ...call, method: 'resources/read', params: { uri: `orders+${hidden}` } }),
    ).toContain('not found');
    expect(await post(bench, { ...call, method: 'prompts/get', params: { name: hidden } })).toContain(
      'Unknown prompt',
    );
    expect(await post(bench, { ...call, method: 'tools/call', params: { name: [hidden] } })).toContain(
      'name of a tool',
    );
    expect(server.arrived()).toEqual([]);
  });

  it('is reached by nobody else’s answer to a question: ids of other agents lead nowhere', async () => {
    const { bench, server } = await place('approval_needed', { holdMs: 1 });
    await older(bench, hidden);
    const [question] = bench.gateway.desk.view().waiting;
    if (question !== undefined)
      bench.gateway.desk.decide(question.approvalId, { kind: 'approve' }, 'm.weber');
    const other = { ...bench, token: await bench.newToken('Other') };
    const id = question?.approvalId ?? '';
    expect(await older(other, 'gatehouse__await_approval', { id })).toContain('no open question');
    expect(await modern(other, hidden, { requestState: id })).toContain('not known');
    expect(await older(other, hidden)).toContain('Pending');
    expect(server.arrived()).toEqual([]);
  });
});

/** Keeps the table complete: the gateway has no other methods than those that are tried here. */
it('knows no other methods than those of the table', async () => {
  const source = await new Promise<string>((resolve) =>
    execFile('grep', ['-rhoE', "case '[a-z]+/[a-zA-Z/]+'", 'src/main/gateway'], (_error, out) =>
      resolve(out),
    ),
  );
  expect([...new Set(source.trim().split('\n'))].sort()).toEqual(
    [
      'completion/complete',
      'logging/setLevel',
      'prompts/get',
      'prompts/list',
      'resources/list',
      'resources/read',
      'resources/subscribe',
      'resources/templates/list',
      'resources/unsubscribe',
      'tools/call',
      'tools/list',
    ].map((method) => `case '${method}'`),
  );
});
