import { describe, expect, it } from 'vitest';
import { listUpstreams } from '../../../src/main/gateway/custom-servers';
import { createMcpSource } from '../../../src/main/gateway/mcp-source';
import { composeViews } from '../../../src/main/gateway/sources';
import { readServerTools } from '../../../src/main/mcp/server-tools';
import { noAbilities, type ServerState, type ToolServer } from '../../../src/main/mcp/tool-server';
import type { Policy } from '../../../src/preload/contract/shapes';

interface Listed {
  readonly name: string;
  readonly description?: string;
  readonly annotations?: object;
}

class FakeToolServer implements ToolServer {
  readonly origin = 'https://orders.example';
  present: ServerState = { kind: 'ready' };
  #tools: ReturnType<ToolServer['tools']> = [];

  constructor(
    readonly name: string,
    ...tools: readonly Listed[]
  ) {
    this.lists(...tools);
  }

  lists(...tools: readonly Listed[]): void {
    this.#tools = readServerTools(
      tools.map((tool) => ({ inputSchema: { type: 'object' }, ...tool })),
      (text) => text,
    ).tools;
  }

  state = () => this.present;
  tools = () => this.#tools;
  call = async () => ({ json: '{}', isError: false, bytes: 2 });
  request = this.call;
  list = async () => [];
  abilities = () => noAbilities;
  watch = async () => () => undefined;
}

const policiesOf = (server: FakeToolServer, policy?: Policy) => {
  const source = createMcpSource(listUpstreams([server], policy));
  return () =>
    Object.fromEntries(
      source
        .view()
        .tools()
        .map((tool) => [tool.tool, tool.policy]),
    );
};

describe('the tools of custom servers', () => {
  it('are judged by the rules; what a server says of itself never loosens', () => {
    const server = new FakeToolServer(
      'orders',
      { name: 'get-order' },
      { name: 'get-lock', annotations: { destructiveHint: true } },
      { name: 'delete-order', annotations: { readOnlyHint: true, destructiveHint: false } },
      { name: 'frobnicate', annotations: { readOnlyHint: true } },
    );
    const tools = createMcpSource(listUpstreams([server], undefined))
      .view()
      .tools();
    expect(tools.map(({ shown, policy, access }) => [shown, policy, access])).toEqual([
      ['mcp:orders:get-order', 'auto', 'read'],
      ['mcp:orders:get-lock', 'approval_needed', 'destructive'],
      ['mcp:orders:delete-order', 'approval_needed', 'destructive'],
      ['mcp:orders:frobnicate', 'approval_needed', 'write'],
    ]);
    expect(tools[2]?.annotations).toMatchObject({ readOnlyHint: false, destructiveHint: true });
  });

  it('take the one policy that was set for all of them', () => {
    const server = new FakeToolServer('orders', { name: 'get-order' }, { name: 'delete-order' });
    expect(policiesOf(server, 'disabled')()).toEqual({ 'get-order': 'disabled', 'delete-order': 'disabled' });
    expect(policiesOf(server, 'auto')()).toEqual({ 'get-order': 'auto', 'delete-order': 'auto' });
  });

  it('ask when they are new or changed later, and keep the rest', () => {
    const server = new FakeToolServer('orders', { name: 'get-order' }, { name: 'list-orders' });
    const now = policiesOf(server);
    expect(now()).toEqual({ 'get-order': 'auto', 'list-orders': 'auto' });
    server.lists({ name: 'get-order' }, { name: 'list-orders', description: 'x' }, { name: 'get-part' });
    expect(now()).toEqual({
      'get-order': 'auto',
      'list-orders': 'approval_needed',
      'get-part': 'approval_needed',
    });
  });

  it('stay the same objects while nothing changes, and get another revision when something does', () => {
    const server = new FakeToolServer('orders', { name: 'get-order' }, { name: 'get-part' });
    const source = createMcpSource(listUpstreams([server], undefined));
    const before = source.view();
    expect(source.view().tools()[0]).toBe(before.tools()[0]);
    expect(source.view().revision('mcp_orders')).toBe(1);
    server.lists({ name: 'get-order' });
    expect(source.view().tools()).toEqual([before.tools()[0]]);
    expect(source.view().tools()[0]).toBe(before.tools()[0]);
    expect(source.view().revision('mcp_orders')).toBe(2);
  });

  it('say why they cannot be called while their server is away', () => {
    const server = new FakeToolServer('orders', { name: 'get-order' });
    const view = composeViews([createMcpSource(listUpstreams([server], undefined)).view()]);
    expect(view.healthy('mcp_orders')).toEqual({ ok: true });
    server.present = { kind: 'lost', why: 'the connection was refused.', code: 'vendor_unreachable' };
    expect(view.healthy('mcp_orders')).toMatchObject({ ok: false, why: expect.stringContaining('orders') });
    expect(view.healthy('con_unknown')).toMatchObject({ ok: false });
  });
});
