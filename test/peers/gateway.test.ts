/**
 * The whole gateway over a real socket, with the SDK's v1 client as the agent (what most installed clients are made of)
 * and the simulated vendor over real TLS behind it.
 */

import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import type { ActivityEntry } from '../../src/main/activity/record';
import { parseCatalog } from '../../src/main/catalog/load.node';
import { createConnections } from '../../src/main/connections/connect';
import { createSignIn } from '../../src/main/connections/sign-in';
import { createAgents } from '../../src/main/gateway/agents';
import { catalogUpstreams, catalogView } from '../../src/main/gateway/catalog-source';
import { createGateway, type Gateway } from '../../src/main/gateway/gateway';
import { type ServedGateway, serveGateway } from '../../src/main/gateway/server.node';
import { createHttpOut } from '../../src/main/network/http-out.node';
import { createPolite } from '../../src/main/network/polite';
import { applyEdits } from '../../src/main/policies/save';
import type { Clock } from '../../src/main/ports';
import type { SimulatedVendors } from '../../src/main/practice/simulated-vendors.node';
import { Fault } from '../../src/preload/contract/reply';
import type { Policy } from '../../src/preload/contract/shapes';
import { nobodySignsIn, noGrants } from '../fakes/made-up-app';
import { startPractice } from '../fakes/practice';
import { vaultBench } from '../fakes/vault-bench';

const root = resolve(import.meta.dirname, '../..');
const appId = 'connectwise-psa';
const apps = parseCatalog([
  parse(readFileSync(join(root, 'resources/catalog/connectwise-psa.yaml'), 'utf8')),
]);
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const random = { bytes: (count: number) => randomBytes(count) };
const clock: Clock = {
  nowMs: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

interface Bench {
  readonly gateway: Gateway;
  readonly served: ServedGateway;
  readonly vendors: SimulatedVendors;
  readonly rows: ActivityEntry[];
  readonly token: string;
  readonly agentId: string;
  readonly agents: ReturnType<typeof createAgents>;
  breakLog(): void;
  setPolicy(tool: string, policy: Policy): Promise<void>;
  close(): Promise<void>;
}

let bench: Bench;
const clients: Client[] = [];

beforeEach(async () => {
  bench = await open();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await bench.close();
});

async function open(holdMs = 30_000): Promise<Bench> {
  const vendors = await startPractice(apps, join(root, 'resources/practice'));
  const http = createHttpOut({
    extraCaPem: [vendors.caPem],
    hosts: vendors.hosts,
  });
  const polite = createPolite({ http, clock });
  const { vault } = vaultBench();
  await vault.open();
  const rows: ActivityEntry[] = [];
  let isLogBroken = false;
  const record = async (entry: ActivityEntry) => {
    if (isLogBroken)
      throw new Fault('activity_write_failed', 'The activity log cannot be written, so nothing may run.');
    rows.push(entry);
  };
  const send: Parameters<typeof createConnections>[0]['send'] = (key, request, { signal, concurrency }) =>
    polite.send(
      key,
      request,
      { timeoutMs: 5000, maxBytes: 1_000_000, signal },
      { retryReads: false, concurrency },
    );
  const technician = 'm.weber';
  const signIn = createSignIn({ clock, send, granted: noGrants });
  const connections = createConnections({
    signIn,
    authorize: nobodySignsIn,
    apps,
    appOf: ({ appId }) => apps.get(appId),
    vault,
    send,
    record,
    clock,
    hash,
    technician,
    newId: () => `con_${randomBytes(10).toString('hex')}`,
  });
  const { connectionId } = await connections.connect(appId, 'ConnectWise PSA', vendors.sampleValues(appId));
  const agents = createAgents({ vault, clock, random, hash, record, technician });
  const { agent, token } = await agents.createOrRotate('Triage bot', 'other');
  const gateway = createGateway({
    clock,
    random,
    activity: { append: record },
    agents,
    upstreams: catalogUpstreams({ apps, vault, send, signIn, hash }),
    options: {
      holdMs,
      approvalMs: () => 600_000,
      mostListed: () => 60,
      mode: () => 'execute',
      unprefixed: false,
    },
  });
  const refresh = () => gateway.setView(catalogView({ apps, hash }, vault.read()));
  refresh();
  const served = await serveGateway({ gateway, port: 0, onFault: () => 'ref' });
  rows.length = 0;
  return {
    gateway,
    served,
    vendors,
    rows,
    token,
    agents,
    agentId: agent.agentId,
    breakLog: () => {
      isLogBroken = true;
    },
    setPolicy: async (tool, policy) => {
      await vault.update((state) => {
        const before = state.policies[connectionId];
        if (before === undefined) throw new Error('No policies.');
        const { after } = applyEdits(before, before.revision, [{ tool, policy }], technician, 1);
        return { ...state, policies: { ...state.policies, [connectionId]: after } };
      });
      refresh();
    },
    close: async () => {
      await served.close();
      await http.close();
      await vendors.close();
    },
  };
}

async function agent(token = bench.token): Promise<Client> {
  const client = new Client({ name: 'peer', version: '1' });
  const transport = new StreamableHTTPClientTransport(new URL(bench.served.url), {
    requestInit: { headers: { Authorization: `Bearer ${token}` } },
  });
  await client.connect(transport);
  clients.push(client);
  return client;
}
const call = (client: Client, name: string, args: Record<string, unknown>) =>
  client.callTool({ name, arguments: args }) as Promise<{ content: { text: string }[]; isError?: boolean }>;
const note = { id: 48213, text: 'Checked the VPN concentrator.', internalAnalysisFlag: true };
const waiting = () =>
  vi.waitFor(() => {
    const first = bench.gateway.desk.view().waiting[0];
    if (first === undefined) throw new Error('Nothing waits yet.');
    return first;
  });
const vendorWrites = () => bench.vendors.requests().filter((seen) => seen.method !== 'GET');

/** A request without the SDK; answers status and body. */
function raw(body: string, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      bench.served.url,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${bench.token}`, 'content-type': 'application/json', ...headers },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
const list = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });

describe('an agent at the gateway', () => {
  it('sees the tools it may see, and the truth about them', async () => {
    await bench.setPolicy('delete-ticket', 'disabled');
    const { tools } = await (await agent()).listTools();
    const names = tools.map((tool) => tool.name);
    expect(names).toContain('cwpsa__list-tickets');
    expect(names).not.toContain('cwpsa__delete-ticket');
    expect(tools.find((tool) => tool.name === 'cwpsa__merge-tickets')?.annotations).toMatchObject({
      destructiveHint: true,
    });
  });

  it('reads at once, with an intent row before and an outcome row after', async () => {
    const answer = await call(await agent(), 'cwpsa__get-ticket', { id: 48213 });
    expect(answer.content[0]?.text).toContain('VPN drops every hour');
    expect(bench.rows.map((row) => [row.kind, row.outcome])).toEqual([
      ['call_intent', undefined],
      ['call_outcome', 'allowed'],
    ]);
    // As the agent got it, for the person who reads Activity.
    expect(JSON.stringify(bench.rows[1]?.body)).toContain('VPN drops every hour');
  });

  it('waits for a person before it writes, and the note is there afterwards', async () => {
    const client = await agent();
    const answer = call(client, 'cwpsa__add-ticket-note', note);
    const question = await waiting();
    expect(question).toMatchObject({
      agentName: 'Triage bot',
      sentence: 'Add a note to ticket 48213: Checked the VPN concentrator.',
    });
    expect(vendorWrites()).toEqual([]);
    bench.gateway.desk.decide(question.approvalId, { kind: 'approve' }, 'm.weber');
    expect((await answer).isError).not.toBe(true);
    expect(vendorWrites()).toHaveLength(1);
    expect((await call(client, 'cwpsa__list-ticket-notes', { id: 48213 })).content[0]?.text).toContain(
      note.text,
    );
  });

  it('lets the agent read why a call was denied', async () => {
    const answer = call(await agent(), 'cwpsa__add-ticket-note', note);
    const question = await waiting();
    bench.gateway.desk.decide(
      question.approvalId,
      { kind: 'deny', reason: 'not for this ticket' },
      'm.weber',
    );
    expect(await answer).toMatchObject({
      isError: true,
      content: [{ text: 'Denied by m.weber: not for this ticket' }],
    });
    expect(vendorWrites()).toEqual([]);
  });

  it('refuses a second decision on the same question', async () => {
    const answer = call(await agent(), 'cwpsa__add-ticket-note', note);
    const { approvalId } = await waiting();
    bench.gateway.desk.decide(approvalId, { kind: 'approve' }, 'm.weber');
    await answer;
    expect(() => bench.gateway.desk.decide(approvalId, { kind: 'approve' }, 'm.weber')).toThrow(
      /no longer open/,
    );
    expect(vendorWrites()).toHaveLength(1);
  });

  it('answers a disabled tool exactly like one that does not exist, and writes both down', async () => {
    await bench.setPolicy('get-ticket', 'disabled');
    const client = await agent();
    const hidden = await call(client, 'cwpsa__get-ticket', { id: 1 }).catch((error: Error) => error.message);
    const unknown = await call(client, 'cwpsa__no-such-tool', { id: 1 }).catch(
      (error: Error) => error.message,
    );
    expect(hidden).toBe(String(unknown).replace('cwpsa__no-such-tool', 'cwpsa__get-ticket'));
    expect(bench.rows.map((row) => row.outcome)).toEqual(['refused', 'refused']);
  });

  it('withdraws a waiting question when its tool is disabled', async () => {
    const answer = call(await agent(), 'cwpsa__add-ticket-note', note);
    await waiting();
    await bench.setPolicy('add-ticket-note', 'disabled');
    expect((await answer).isError).toBe(true);
    expect(vendorWrites()).toEqual([]);
  });

  it('runs nothing for an agent that was revoked while it waited', async () => {
    const answer = call(await agent(), 'cwpsa__add-ticket-note', note);
    await waiting();
    await bench.agents.revoke(bench.agentId);
    bench.gateway.agentEnded(bench.agentId, 'the agent was revoked.');
    expect((await answer).isError).toBe(true);
    expect(vendorWrites()).toEqual([]);
    expect((await raw(list)).status).toBe(401);
  });

  it('withdraws the question of an agent that goes away', async () => {
    const client = await agent();
    const answer = call(client, 'cwpsa__add-ticket-note', note).catch(() => 'gone');
    await waiting();
    await client.close();
    expect(await answer).toBe('gone');
    await vi.waitFor(() => expect(bench.gateway.desk.view().waiting).toEqual([]));
    expect(vendorWrites()).toEqual([]);
  });

  it('lets nothing out when the intent cannot be written', async () => {
    const before = bench.vendors.requests().length;
    const client = await agent();
    bench.breakLog();
    await expect(call(client, 'cwpsa__get-ticket', { id: 48213 })).rejects.toThrow(/cannot be written/);
    expect(bench.vendors.requests()).toHaveLength(before);
  });

  it('tells the model how to correct wrong arguments, without a call', async () => {
    const before = bench.vendors.requests().length;
    const answer = await call(await agent(), 'cwpsa__get-ticket', { id: 'x', extra: 1 });
    expect(answer.isError).toBe(true);
    expect(answer.content[0]?.text).toMatch(/extra is not known/);
    expect(bench.vendors.requests()).toHaveLength(before);
  });

  it('loses and doubles nothing with 300 calls at once', async () => {
    const client = await agent();
    await Promise.all(Array.from({ length: 300 }, () => call(client, 'cwpsa__get-ticket', { id: 48213 })));
    const ids = (kind: string) => bench.rows.filter((row) => row.kind === kind).map((row) => row.callId);
    expect(new Set(ids('call_intent')).size).toBe(300);
    expect(ids('call_outcome').sort()).toEqual(ids('call_intent').sort());
  });
});

describe('a question that outlives its call', () => {
  it('is answered "pending", picked up by the same call, and runs once', async () => {
    await bench.close();
    bench = await open(50);
    const client = await agent();
    const first = await call(client, 'cwpsa__add-ticket-note', note);
    expect(first.content[0]?.text).toMatch(/^Pending/);
    const [question] = bench.gateway.desk.view().waiting;
    if (question === undefined) throw new Error('The question is gone.');
    bench.gateway.desk.decide(question.approvalId, { kind: 'approve' }, 'm.weber');
    expect((await call(client, 'gatehouse__await_approval', { id: question.approvalId })).isError).not.toBe(
      true,
    );
    expect((await call(client, 'gatehouse__await_approval', { id: question.approvalId })).isError).toBe(true);
    expect(vendorWrites()).toHaveLength(1);
  });
});

describe('the door', () => {
  it.each([
    ['no token', { authorization: '' }, 401],
    ['a wrong token', { authorization: 'Bearer ghs_wrong' }, 401],
    ['a foreign Host', { host: 'evil.example' }, 403],
    ['a foreign Origin', { origin: 'https://evil.example' }, 403],
    ['another content type', { 'content-type': 'text/plain' }, 415],
    ['an unknown session', { 'mcp-session-id': 'nope' }, 404],
  ])('refuses %s', async (_what, headers, status) => {
    const answer = await raw(list, headers);
    expect(answer.status).toBe(status);
    expect(answer.text).not.toContain('cwpsa__');
  });

  it.each([
    ['broken JSON', '{"jsonrpc"'],
    ['a batch', `[${list}]`],
    ['a message of another protocol', '{"hello":1}'],
  ])('refuses %s', async (_what, body) => {
    expect((await raw(body)).status).toBe(400);
  });

  it('refuses a message that is too large', async () => {
    expect(
      (
        await raw(
          JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping', params: { a: 'x'.repeat(5_000_000) } }),
        )
      ).status,
    ).toBe(413);
  });

  it('keeps a session of one agent away from another', async () => {
    const client = await agent();
    const sessionId = (client.transport as StreamableHTTPClientTransport).sessionId ?? '';
    const other = await bench.agents.createOrRotate('Other', 'other');
    const answer = await raw(list, { authorization: `Bearer ${other.token}`, 'mcp-session-id': sessionId });
    expect(answer.status).toBe(404);
  });
});
