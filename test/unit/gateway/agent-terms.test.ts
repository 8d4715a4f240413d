/** What an agent may use and until when: given when it is made, changed later, and written down in words. */
import { createHash, randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ActivityEntry } from '../../../src/main/activity/record';
import { createAgents } from '../../../src/main/gateway/agents';
import { type ConnectionRecord, fullScope } from '../../../src/main/store/state-record';
import { HandClock } from '../../fakes/hand-clock';
import { vaultBench } from '../../fakes/vault-bench';

const connection = (connectionId: string, label: string): ConnectionRecord => ({
  connectionId,
  appId: 'ninjaone',
  label,
  alias: 'ninja',
  values: {},
  account: '',
  state: { kind: 'connected' },
  connectedAtMs: 1,
  lastCheckedAtMs: 1,
  lastCheckTookMs: 1,
  noticeOpen: false,
  toolsHash: '',
});

const rows: ActivityEntry[] = [];
const clock = new HandClock();
let agents: ReturnType<typeof createAgents>;
let names: () => readonly string[];

beforeEach(async () => {
  rows.length = 0;
  const { vault } = vaultBench();
  await vault.open();
  await vault.update((state) => ({
    ...state,
    connections: [connection('con_00000001', 'NinjaOne'), connection('con_00000002', 'HaloPSA')],
  }));
  names = () => vault.read().agents.map(({ name }) => name);
  agents = createAgents({
    vault,
    clock,
    random: { bytes: (count) => randomBytes(count) },
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    record: async (entry) => rows.push(entry),
    technician: 'm.weber',
  });
});

const narrow = { connectionIds: ['con_00000001'], access: 'read' } as const;
const scope = { connectionIds: [...narrow.connectionIds], access: narrow.access };
const make = (given = {}) =>
  agents.create({ name: 'Bot', kind: 'Cursor', scope: fullScope, expiresAtMs: null, ...given });

describe('an agent', () => {
  it('is made with a scope and an end, and the row says both', async () => {
    const expiresAtMs = Date.UTC(2030, 0, 15, 12);
    const { agent, token } = await make({ scope, expiresAtMs });
    expect(agent).toMatchObject({ scope, expiresAtMs });
    expect(rows[0]?.detail).toContain('NinjaOne; read only; expires on 15 Jan 2030');
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('is changed and keeps its token; the row says before and after', async () => {
    const { agent, token } = await make();
    await agents.change(agent.agentId, { scope, name: 'Night bot' });
    expect(agents.byToken(token)).toMatchObject({ name: 'Night bot' });
    expect(rows.at(-1)).toMatchObject({ kind: 'agent', what: 'Night bot', outcome: 'changed' });
    expect(rows.at(-1)?.detail).toBe(
      'Before: every connection; read and write; never expires. Now: NinjaOne; read only; never expires. Renamed from Bot.',
    );
  });

  it('keeps what is not given', async () => {
    const expiresAtMs = clock.nowMs() + 1000;
    const { agent } = await make({ scope, expiresAtMs });
    clock.advance(5000);
    expect(await agents.change(agent.agentId, { name: undefined, scope: fullScope })).toMatchObject({
      name: 'Bot',
      expiresAtMs,
      scope: fullScope,
    });
    expect(await agents.change(agent.agentId, { expiresAtMs: null })).toMatchObject({ expiresAtMs: null });
  });

  it.each([
    [{ name: 'OTHER' }, /already an agent called OTHER/],
    [{ scope: { connectionIds: [], access: 'all' as const } }, /at least one connection/],
    [{ scope: { connectionIds: ['con_99999999'], access: 'all' as const } }, /disconnected meanwhile/],
    [{ expiresAtMs: 5 }, /still to come/],
  ])('is not given %j', async (given, sentence) => {
    await agents.createOrRotate('Other', 'Other');
    await expect(make(given)).rejects.toThrow(sentence);
    expect(names()).toEqual(['Other']);
    const { agent } = await make();
    const before = rows.length;
    await expect(agents.change(agent.agentId, given)).rejects.toThrow(sentence);
    expect(rows).toHaveLength(before);
  });

  it('keeps its own name and is not changed after it was revoked', async () => {
    const { agent } = await make();
    await agents.change(agent.agentId, { name: 'bot' });
    await agents.revoke(agent.agentId);
    await expect(agents.change(agent.agentId, { name: 'x' })).rejects.toMatchObject({ code: 'not_found' });
  });
});
