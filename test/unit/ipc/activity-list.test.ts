/** The list of activity from the bridge to the index: every filter, every page to the very end, today by the local day. */
import { describe, expect, it } from 'vitest';
import { ActivityLog } from '../../../src/main/activity/activity-log';
import { runCall } from '../../../src/main/ipc/call-runner';
import { createHandlers, type HandlerNeeds } from '../../../src/main/ipc/handlers';
import { agentViews } from '../../../src/main/ipc/live-views';
import { localMidnightMs } from '../../../src/main/ipc/local-midnight';
import { type ActivityPageView, activityPageView } from '../../../src/preload/contract/shapes';
import {
  ActivityClock,
  entry,
  FakeActivityDisk,
  seal,
  sha256,
  signatures,
  unseal,
} from '../../fakes/activity-disk';
import { vaultBench } from '../../fakes/vault-bench';

const agent = 'agt_aaaaaaaa';
const connection = 'con_aaaaaaaa';

async function bench(clock = new ActivityClock()) {
  const log = await ActivityLog.open({
    files: new FakeActivityDisk(),
    sha256,
    clock,
    seal,
    open: unseal,
    signatures,
    anchor: null,
    onAnchor: () => undefined,
  });
  const handlers = createHandlers({ activity: () => log } as unknown as HandlerNeeds);
  const list = async (filter: Record<string, unknown>): Promise<ActivityPageView> => {
    const reply = await runCall('activity.list', { limit: 200, ...filter }, handlers, {
      note: () => undefined,
      failure: (_event, error) => String(error),
    });
    if (!reply.ok) throw new Error(reply.fault.message);
    return activityPageView.parse(reply.value);
  };
  return { log, clock, list };
}

const call = (over: Parameters<typeof entry>[0]) =>
  entry({ kind: 'call_outcome', who: { kind: 'agent', name: 'Claude' }, what: 'psa:list-tickets', ...over });

describe('the list of activity', () => {
  it('filters by time, agent, connection, outcome and text, alone and together', async () => {
    const { log, clock, list } = await bench();
    const startMs = clock.nowMs();
    await log.append(call({ agentId: agent, connectionId: connection, outcome: 'allowed', detail: 'one' }));
    clock.advance(1000);
    await log.append(
      call({ agentId: 'agt_bbbbbbbb', connectionId: connection, outcome: 'failed', detail: 'two' }),
    );
    clock.advance(1000);
    await log.append(entry({ detail: 'three' }));
    const found = async (filter: Record<string, unknown>) =>
      (await list(filter)).rows.map((row) => row.detail);
    expect(await found({})).toEqual(['three', 'two', 'one']);
    expect(await found({ fromMs: startMs + 1000 })).toEqual(['three', 'two']);
    expect(await found({ toMs: startMs + 1000 })).toEqual(['one']);
    expect(await found({ agentId: agent })).toEqual(['one']);
    expect(await found({ connectionId: connection })).toEqual(['two', 'one']);
    expect(await found({ outcome: 'failed' })).toEqual(['two']);
    expect(await found({ text: 'THREE' })).toEqual(['three']);
    expect(await found({ text: 'list-tickets', outcome: 'allowed', fromMs: startMs })).toEqual(['one']);
    expect(await found({ agentId: 'agt_cccccccc' })).toEqual([]);
  });

  it('reaches the very first row page by page, each row once, while new ones arrive', async () => {
    const { log, list } = await bench();
    await Promise.all(
      Array.from({ length: 457 }, (_, index) => log.append(entry({ detail: `Number ${index}` }))),
    );
    const seen: number[] = [];
    const sizes: number[] = [];
    let page = await list({});
    for (;;) {
      seen.push(...page.rows.map((row) => row.seq));
      sizes.push(page.rows.length);
      if (!page.more) break;
      await log.append(entry({ detail: 'Came meanwhile' }));
      page = await list({ beforeSeq: seen.at(-1) });
    }
    expect(sizes).toEqual([200, 200, 57]);
    expect(seen).toEqual(Array.from({ length: 457 }, (_, index) => 457 - index));
    expect(await list({ beforeSeq: 1 })).toMatchObject({ rows: [], more: false });
  });

  it('pages through a filter without a hole', async () => {
    const { log, list } = await bench();
    await Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        log.append(entry(index % 2 === 0 ? { detail: 'even' } : { detail: 'odd' })),
      ),
    );
    const first = await list({ text: 'even' });
    const second = await list({ text: 'even', beforeSeq: first.rows.at(-1)?.seq });
    expect([first.rows.length, first.more, second.rows.length, second.more]).toEqual([200, true, 50, false]);
    expect(first.matched).toBe(250);
    const seqs = [...first.rows, ...second.rows].map((row) => row.seq);
    expect(new Set(seqs).size).toBe(250);
    expect(seqs.at(-1)).toBe(1);
  });
});

describe('today', () => {
  const evening = new Date(2026, 10, 11, 23, 50).getTime();
  const night = new Date(2026, 10, 12, 0, 30).getTime();

  it('begins at the midnight of this place', () => {
    const midnight = new Date(2026, 10, 12).getTime();
    expect(localMidnightMs(night)).toBe(midnight);
    expect(localMidnightMs(midnight)).toBe(midnight);
    expect(localMidnightMs(midnight - 1)).toBe(new Date(2026, 10, 11).getTime());
  });

  it('does not count the calls of yesterday evening', async () => {
    const { log, clock } = await bench(new ActivityClock(evening));
    const { vault } = vaultBench();
    await vault.open();
    await vault.update((state) => ({
      ...state,
      agents: [
        {
          agentId: agent,
          name: 'Claude',
          kind: 'other',
          tokenHash: 'ab'.repeat(32),
          createdAtMs: 1,
          lastSeenAtMs: null,
          revokedAtMs: null,
          scope: { connectionIds: null, access: 'all' },
          expiresAtMs: null,
        },
      ],
    }));
    const views = () =>
      agentViews({
        vault,
        gateway: { toolCountFor: () => 0, listBytesFor: () => 0 },
        activity: () => log,
        clock,
      });
    await log.append(call({ agentId: agent, outcome: 'allowed' }));
    expect(views()[0]?.callsToday).toBe(1);
    clock.advance(night - evening);
    expect(views()[0]?.callsToday).toBe(0);
    await log.append(call({ agentId: agent, outcome: 'allowed' }));
    expect(views()[0]?.callsToday).toBe(1);
  });
});
