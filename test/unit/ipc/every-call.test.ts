/** Every call of the contract against input that no honest window sends. */
import { describe, expect, it } from 'vitest';
import { runCall } from '../../../src/main/ipc/call-runner';
import { isTrustedSender } from '../../../src/main/ipc/trusted-sender';
import { calls, type Handlers } from '../../../src/preload/contract/calls';
import { callNames } from '../../../src/preload/contract/names';

const huge = 'x'.repeat(3_000_000);
const deep = Array.from({ length: 200 }).reduce<unknown>((inner) => ({ inner }), 'end');
const circle: Record<string, unknown> = {};
circle.self = circle;

const id = 'aaaaaaaa';
const values = { siteUrl: 'https://psa.example.com' };
/** Input that each call takes; the garbage is made by spoiling it. */
const honest: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'vault.create': { passphrase: 'correct horse' },
  'settings.save': {
    theme: 'dark',
    gatewayPort: 8417,
    approvalMinutes: 10,
    idleLockMinutes: null,
    signInWith: 'popup',
    retentionDays: null,
    clientDocumentUrl: '',
    mostListedTools: 60,
  },
  'catalog.show': { appId: 'ninjaone' },
  'catalog.openDocs': { appId: 'ninjaone' },
  'connections.test': { appId: 'ninjaone', values },
  'connections.connect': { appId: 'ninjaone', label: 'NinjaOne', values },
  'connections.cancel': { attempt: 'ninjaone' },
  'connections.check': { connectionId: `con_${id}` },
  'connections.form': { connectionId: `con_${id}` },
  'connections.rename': { connectionId: `con_${id}`, label: 'PSA' },
  'connections.reconnect': { connectionId: `con_${id}`, values },
  'connections.dismissNotice': { connectionId: `con_${id}` },
  'connections.previewDisconnect': { connectionId: `con_${id}` },
  'connections.disconnect': { connectionId: `con_${id}` },
  'connections.retryRevoke': { connectionId: `con_${id}` },
  'connections.giveUpRevoke': { connectionId: `con_${id}` },
  'policies.show': { connectionId: `con_${id}` },
  'policies.tool': { connectionId: `con_${id}`, tool: 'list-tickets' },
  'policies.save': {
    connectionId: `con_${id}`,
    baseRevision: 1,
    edits: [{ tool: 'list-tickets', policy: 'auto' }],
  },
  'servers.probe': { url: 'https://mcp.example.com/mcp' },
  'servers.connect': { url: 'https://mcp.example.com/mcp', name: 'Example', choice: { kind: 'none' } },
  'servers.reconnect': { connectionId: `con_${id}`, choice: { kind: 'none' } },
  'servers.allow': { connectionId: `con_${id}`, mayAsk: ['elicitation'] },
  'policies.accept': { connectionId: `con_${id}`, baseRevision: 1, tools: ['list-tickets'] },
  'approvals.decide': { approvalId: `apr_${id}`, decision: { kind: 'approve' } },
  'approvals.endGrant': { grantId: `grt_${id}` },
  'gateway.setMode': { mode: 'plan' },
  'activity.list': { limit: 50 },
  'activity.show': { seq: 1 },
  'activity.previewRetention': { keepDays: 90 },
  'activity.export': { filter: {}, format: 'csv', bodies: 'none' },
  'agents.create': { name: 'Claude', kind: 'other' },
  'agents.change': {
    agentId: `agt_${id}`,
    name: 'Claude',
    scope: { connectionIds: [`con_${id}`], access: 'read' },
    expiresAtMs: 1,
  },
  'agents.rotate': { agentId: `agt_${id}` },
  'practice.show': { appId: 'ninjaone' },
  'practice.set': { appId: 'ninjaone', mood: 'busy' },
  'clients.preview': { fileId: 'cursor-0', agentId: `agt_${id}`, token: 'ghs_1' },
  'clients.write': { fileId: 'cursor-0', agentId: `agt_${id}`, token: 'ghs_1', basis: '' },
  'clients.undo': { undoId: `und_${id}` },
  'clients.import': { fileId: 'cursor-0', name: 'notion' },
  'agents.revoke': { agentId: `agt_${id}` },
};
const honestOf = (name: string) => honest[name] ?? {};

const spoiled: readonly (readonly [string, (right: Readonly<Record<string, unknown>>) => unknown])[] = [
  ['nothing', () => undefined],
  ['null', () => null],
  ['a number', () => 7],
  ['a text', () => huge],
  ['a list', (right) => [right]],
  ['a map', () => new Map()],
  ['a function', () => () => 1],
  ['an extra key', (right) => ({ ...right, extra: 1 })],
  ['an extra key with a huge text', (right) => ({ ...right, extra: huge })],
  ['a huge key', (right) => ({ ...right, [huge]: 1 })],
  [
    'a __proto__ key',
    (right) => JSON.parse(`{"__proto__":{"admin":true},${JSON.stringify(right).slice(1)}`.replace(',}', '}')),
  ],
  ['a constructor key', (right) => ({ ...right, constructor: { prototype: { admin: true } } })],
  ['a prototype key', (right) => ({ ...right, prototype: {} })],
  ['bottomless nesting', (right) => ({ ...right, extra: deep })],
  ['a circle', () => circle],
];

function table() {
  const ran: string[] = [];
  const handlers: Record<string, () => Promise<unknown>> = {};
  for (const name of callNames) {
    handlers[name] = async () => {
      ran.push(name);
      return {};
    };
  }
  const log = { note: () => undefined, failure: () => 'ref' };
  const run = (name: string, input: unknown) => runCall(name, input, handlers as unknown as Handlers, log);
  return { run, ran };
}

const refusal = { ok: false, fault: { code: 'bad_input', message: expect.stringMatching(/^[A-Z].*\.$/s) } };

describe.each(callNames)('%s', (name) => {
  it('takes the honest input that the garbage is made from', async () => {
    expect(calls[name].input.safeParse(honestOf(name)).success).toBe(true);
    const { run, ran } = table();
    await run(name, honestOf(name));
    expect(ran).toEqual([name]);
  });

  it.each(spoiled)('refuses %s with a sentence and does not run', async (_what, spoil) => {
    const { run, ran } = table();
    const reply = await run(name, spoil(honestOf(name)));
    expect(reply).toMatchObject(refusal);
    expect(JSON.stringify(reply).length).toBeLessThan(20_000);
    expect(ran).toEqual([]);
    expect(Reflect.get({}, 'admin')).toBeUndefined();
  });

  it('refuses a wrong type, a huge text and a prototype in each of its fields', async () => {
    const { run, ran } = table();
    for (const field of Object.keys(honestOf(name))) {
      const wrongs = [Symbol.iterator.toString().repeat(2000), { deep }, [[]], true, huge, -1.5, Number.NaN];
      for (const wrong of [...wrongs, JSON.parse('{"__proto__":{"admin":true}}')]) {
        expect(await run(name, { ...honestOf(name), [field]: wrong })).toMatchObject(refusal);
      }
    }
    expect(ran).toEqual([]);
  });
});

describe('a sender', () => {
  const trusted = { contentsId: 3, origin: 'app://gatehouse' };
  const ours = { contentsId: 3, frame: { url: 'app://gatehouse/index.html', isMain: true } };
  it('is trusted as the main frame of our page in our window', () => {
    expect(isTrustedSender(ours, trusted)).toBe(true);
  });
  it.each([
    ['another window', { ...ours, contentsId: 4 }],
    ['a frame inside the page', { ...ours, frame: { ...ours.frame, isMain: false } }],
    ['a frame that is gone', { ...ours, frame: null }],
    ['another page', { ...ours, frame: { url: 'https://gatehouse/index.html', isMain: true } }],
    ['a page that looks alike', { ...ours, frame: { url: 'app://gatehouse.example/', isMain: true } }],
    ['an empty page', { ...ours, frame: { url: 'about:blank', isMain: true } }],
  ])('is foreign as %s', (_what, sender) => {
    expect(isTrustedSender(sender, trusted)).toBe(false);
  });
});
