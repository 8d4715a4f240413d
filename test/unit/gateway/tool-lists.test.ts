import { describe, expect, it } from 'vitest';
import type { GatewayTool } from '../../../src/main/gateway/core-ports';
import { ToolLists } from '../../../src/main/gateway/tool-lists';
import { type AgentScope, fullScope } from '../../../src/main/store/state-record';

const tool = (name: string, more: Partial<GatewayTool> = {}): readonly [string, GatewayTool] => [
  `psa__${name}`,
  {
    source: 'catalog',
    connectionId: 'con_psa',
    connectionLabel: 'PSA',
    alias: 'psa',
    tool: name,
    shown: `psa:${name}`,
    title: name.replaceAll('-', ' '),
    description: `Does ${name}.`,
    access: 'read',
    policy: 'auto',
    definitionHash: 'x',
    inputSchema: { type: 'object' },
    request: 'GET /',
    annotations: {},
    ...more,
  },
];

const tools = new Map([
  tool('list-tickets'),
  tool('add-ticket-note', { access: 'write' }),
  tool('delete-company', { access: 'destructive', policy: 'disabled' }),
  tool('list-devices', { connectionId: 'con_rmm', connectionLabel: 'RMM' }),
]);

function lists(most: number) {
  const made = new ToolLists(() => most);
  made.replace(tools);
  return made;
}

const whole = { scope: fullScope };
const scoped = (scope: Partial<AgentScope>) => ({ scope: { ...fullScope, ...scope } });
const names = (bytes: Uint8Array): string[] =>
  JSON.parse(`{${new TextDecoder().decode(bytes)}}`).tools.map(({ name }: { name: string }) => name);
const found = (json: string | undefined): string[] =>
  JSON.parse(json ?? '{"tools":[]}').tools.map(({ name }: { name: string }) => name);

describe('the list of tools', () => {
  it('holds what an agent may see, up to the number that is set', () => {
    expect(names(lists(3).bytesFor(whole))).toEqual([
      'gatehouse__status',
      'gatehouse__await_approval',
      'psa__list-tickets',
      'psa__add-ticket-note',
      'psa__list-devices',
    ]);
    expect(names(lists(2).bytesFor(whole))).toEqual([
      'gatehouse__status',
      'gatehouse__await_approval',
      'gatehouse__find_tools',
      'gatehouse__call_tool',
    ]);
  });

  it('is counted for each agent by itself: a narrow scope has a whole list', () => {
    const made = lists(2);
    expect(names(made.bytesFor(scoped({ connectionIds: ['con_rmm'] })))).toContain('psa__list-devices');
    expect(names(made.bytesFor(scoped({ access: 'read' })))).not.toContain('psa__add-ticket-note');
    expect(made.countFor(scoped({ access: 'read' }))).toBe(2);
  });

  it('follows the setting at once', () => {
    let most = 2;
    const made = new ToolLists(() => most);
    made.replace(tools);
    expect(names(made.bytesFor(whole))).toContain('gatehouse__find_tools');
    most = 60;
    expect(names(made.bytesFor(whole))).toContain('psa__list-tickets');
  });

  it('says whether agents see something else than before', () => {
    const made = lists(60);
    expect(made.replace(new Map(tools))).toBe(false);
    expect(made.replace(new Map([tool('list-tickets', { policy: 'approval_needed' })]))).toBe(true);
    expect(made.replace(new Map([tool('list-tickets', { policy: 'auto' })]))).toBe(false);
  });
});

describe('the search in place of the list', () => {
  it.each([
    ['tickets', 'psa__list-tickets'],
    ['tikets', 'psa__list-tickets'],
    ['add note', 'psa__add-ticket-note'],
    ['rmm devices', 'psa__list-devices'],
  ])('finds by words, their beginnings and with typing errors: %s', (query, name) => {
    expect(found(lists(1).find(whole, { query }))[0]).toBe(name);
  });

  it('never finds what is disabled or outside the scope', () => {
    const made = lists(1);
    expect(found(made.find(whole, { query: 'delete company' }))).toEqual([]);
    expect(found(made.find(scoped({ access: 'read' }), { query: 'add note' }))).not.toContain(
      'psa__add-ticket-note',
    );
    expect(found(made.find(scoped({ connectionIds: [] }), { query: 'tickets' }))).toEqual([]);
  });

  it('says without a query what there is', () => {
    expect(JSON.parse(lists(1).find(scoped({ access: 'read' }), {}) ?? '')).toEqual({
      tools: 2,
      connections: [
        { name: 'PSA', tools: 1 },
        { name: 'RMM', tools: 1 },
      ],
    });
  });

  it.each([
    { query: 7 },
    { query: 'x'.repeat(501) },
    { limit: 0 },
    { limit: 51 },
    { limit: 1.5 },
    { limit: '3' },
  ])('refuses what does not fit: %j', (args) => {
    expect(lists(1).find(whole, args)).toBeUndefined();
  });

  it('answers no more than was wanted, and how many there were', () => {
    const answer = JSON.parse(lists(1).find(whole, { query: 'list', limit: 1 }) ?? '');
    expect([answer.found, answer.of, answer.tools.length]).toEqual([2, 3, 1]);
  });
});
