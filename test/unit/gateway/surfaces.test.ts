import { describe, expect, it } from 'vitest';
import { createGateway } from '../../../src/main/gateway/gateway';
import { createMcpSource, type ListedServer } from '../../../src/main/gateway/mcp-source';
import { composeUpstreams } from '../../../src/main/gateway/sources';
import { readServerTools } from '../../../src/main/mcp/server-tools';
import { noAbilities } from '../../../src/main/mcp/tool-server';
import { seedPolicies } from '../../../src/main/policies/seed';
import { fullScope } from '../../../src/main/store/state-record';
import { Fault } from '../../../src/preload/contract/reply';
import type { Policy } from '../../../src/preload/contract/shapes';
import { HandClock } from '../../fakes/hand-clock';

const agent = { agentId: 'agt_1', name: 'Triage bot', scope: fullScope };
const way = () => ({ signal: new AbortController().signal });
const { tools } = readServerTools(
  [{ name: 'get-order', inputSchema: { type: 'object' } }],
  (text) => text.slice(0, 64),
  { resources: {}, prompts: {} },
);

/** One server with a policy for each row, and a gateway that writes down what happens. */
function bench(...names: readonly string[]) {
  const clock = new HandClock();
  const rows: string[] = [];
  const asked: string[] = [];
  const sets = new Map<string, Record<string, Policy>>();
  const failing = new Set<string>();
  const away = new Set<string>();
  /** What tells that a resource has changed. */
  const watched = new Map<string, () => void>();
  const server = (name: string): ListedServer => {
    const seeded = seedPolicies(
      name,
      tools.map((tool) => ({ ...tool, annotations: tool.hints })),
    );
    const set = sets.get(name) ?? {};
    const policies = Object.fromEntries(
      Object.entries(seeded.tools).map(([row, policy]) => [
        row,
        { ...policy, policy: set[row] ?? policy.policy },
      ]),
    );
    const answer = (what: string) => async () => {
      asked.push(`${name} ${what}`);
      return { json: '{"contents":[]}', isError: false, bytes: 2 };
    };
    return {
      connectionId: `mcp_${name}`,
      label: name,
      alias: name,
      origin: 'https://x.example',
      state: () =>
        away.has(name) ? { kind: 'lost', why: 'It is away.', code: 'vendor_unreachable' } : { kind: 'ready' },
      tools,
      policies: { ...seeded, revision: sets.get(name) === undefined ? 1 : 2, tools: policies },
      mayAsk: [],
      call: (tool) => answer(tool)(),
      request: (method) => answer(method)(),
      list: async (kind) => {
        if (failing.has(name)) throw new Fault('vendor_unreachable', 'It is away.');
        return kind === 'prompts' ? [{ name: 'summary' }] : [{ uri: 'orders:1' }];
      },
      abilities: () => ({ ...noAbilities, logging: name === 'logs' }),
      watch: async (uri, onUpdated) => {
        watched.set(uri, onUpdated);
        return () => watched.delete(uri);
      },
    };
  };
  const source = createMcpSource(() => names.map(server));
  const gateway = createGateway({
    clock,
    random: { bytes: (count) => new Uint8Array(count) },
    activity: { append: async ({ what, outcome, kind }) => void rows.push(`${kind} ${what} ${outcome}`) },
    agents: { byToken: () => agent, byId: () => agent, seen: () => undefined },
    upstreams: composeUpstreams({ catalog: source.upstreams, mcp: source.upstreams }),
    lists: source.lists,
    options: {
      holdMs: 1_000,
      approvalMs: () => 60_000,
      mostListed: () => 60,
      mode: () => 'execute',
      unprefixed: false,
    },
  });
  const told: string[] = [];
  gateway.onListChanged((what) => told.push(what));
  const show = () => gateway.setView(source.view());
  show();
  clock.advance(100);
  told.length = 0;
  const set = (name: string, policies: Record<string, Policy>) => {
    sets.set(name, policies);
    show();
    clock.advance(100);
  };
  const listed = async (kind: 'resources' | 'templates' | 'prompts') =>
    Object.values(JSON.parse(await gateway.surfaces.list(agent, kind)) as object)[0];
  return { clock, rows, asked, gateway, told, set, listed, failing, away, show, watched };
}

describe('resources and prompts in the gateway', () => {
  it('are three rows with three policies: one hidden hides no other', async () => {
    const { gateway, set, listed, told, rows, asked } = bench('orders');
    set('orders', { 'resources/read': 'disabled' });
    expect(told).toEqual(['resources']);
    expect(gateway.surfaces.has('resources')).toBe(false);
    expect(gateway.surfaces.has('prompts')).toBe(true);
    expect([await listed('resources'), await listed('templates')]).toEqual([[], []]);
    expect(await listed('prompts')).toEqual([{ name: 'orders__summary' }]);
    expect(new TextDecoder().decode(gateway.toolList(agent))).toContain('orders__get-order');
    expect(await gateway.surfaces.read(agent, 'orders+orders:1', way())).toEqual({ kind: 'unknown_tool' });
    expect(asked).toEqual([]);
    expect(rows).toEqual(['call_outcome mcp:orders:resources/read refused']);
  });

  it('tell of a change only who may still know of the resource', async () => {
    const { gateway, set, rows, watched } = bench('orders');
    let told = 0;
    const tell = () => {
      told += 1;
    };
    expect(await gateway.surfaces.watch(agent, 'orders:1', tell)).toBeUndefined();
    const stop = await gateway.surfaces.watch(agent, 'orders+orders:1', tell);
    expect(rows).toEqual(['connection orders:1 refused', 'connection orders+orders:1 noted']);
    watched.get('orders:1')?.();
    set('orders', { 'resources/read': 'disabled' });
    watched.get('orders:1')?.();
    expect(told).toBe(1);
    stop?.();
    expect(watched.size).toBe(0);
  });

  it('withdraw a question when their row is disabled while it waits', async () => {
    const { gateway, set, asked } = bench('orders');
    set('orders', { 'prompts/get': 'approval_needed' });
    const isAsked = new Promise<void>((resolve) => {
      gateway.desk.onChanged(resolve);
    });
    const answer = gateway.surfaces.get(agent, 'orders__summary', undefined, way());
    await isAsked;
    expect(gateway.desk.view().waiting).toHaveLength(1);
    set('orders', { 'prompts/get': 'disabled' });
    expect(await answer).toMatchObject({ kind: 'said', isError: true });
    expect(asked).toEqual([]);
  });

  it('of a server that fails take no other list with them', async () => {
    const { listed, failing } = bench('orders', 'stocks');
    failing.add('orders');
    expect(await listed('resources')).toEqual([{ uri: 'stocks+orders:1' }]);
  });

  it('are announced once for many announcements of a server, and not at all where they are hidden', () => {
    const { gateway, clock, told, set } = bench('orders');
    for (let count = 0; count < 50; count += 1) {
      gateway.serverListChanged('mcp_orders', 'resources');
      gateway.serverListChanged('mcp_orders', 'prompts');
    }
    expect(told).toEqual([]);
    clock.advance(100);
    expect(told).toEqual(['resources', 'prompts']);
    set('orders', { 'resources/read': 'disabled' });
    told.length = 0;
    gateway.serverListChanged('mcp_orders', 'resources');
    gateway.serverListChanged('mcp_none', 'prompts');
    clock.advance(1_000);
    expect(told).toEqual([]);
  });

  it('are announced when their server goes and comes', async () => {
    const { clock, told, listed, away, show } = bench('orders');
    for (const change of [() => away.add('orders'), () => away.delete('orders')]) {
      change();
      show();
      clock.advance(100);
    }
    expect(told).toEqual(['resources', 'prompts', 'resources', 'prompts']);
    away.add('orders');
    expect(await listed('resources')).toEqual([]);
  });

  it('are declared with log messages only where a visible server has them', () => {
    expect(bench('orders').gateway.surfaces.can('logging')).toBe(false);
    const { gateway, set } = bench('logs');
    expect(gateway.surfaces.can('logging')).toBe(true);
    set('logs', { 'get-order': 'disabled', 'resources/read': 'disabled', 'prompts/get': 'disabled' });
    expect(gateway.surfaces.can('logging')).toBe(false);
  });

  it('are not announced where nothing that agents see has changed', () => {
    const { told, set } = bench('orders');
    set('orders', {});
    set('orders', { 'resources/read': 'approval_needed' });
    expect(told).toEqual([]);
  });
});
