/** The chart and the names of Activity from the bridge to the index. */
import { describe, expect, it } from 'vitest';
import { ActivityLog } from '../../../src/main/activity/activity-log';
import { runCall } from '../../../src/main/ipc/call-runner';
import { createHandlers, type HandlerNeeds } from '../../../src/main/ipc/handlers';
import { activityChartView } from '../../../src/preload/contract/activity-shapes';
import {
  ActivityClock,
  entry,
  FakeActivityDisk,
  seal,
  sha256,
  signatures,
  unseal,
} from '../../fakes/activity-disk';

async function bench(clock = new ActivityClock(new Date(2026, 10, 12, 9, 30).getTime())) {
  const parts = { files: new FakeActivityDisk(), sha256, clock, seal, open: unseal, signatures };
  const log = await ActivityLog.open({ ...parts, anchor: null, onAnchor: () => undefined });
  const handlers = createHandlers({ activity: () => log, clock } as unknown as HandlerNeeds);
  const ask = async (name: string, input: unknown) => {
    const reply = await runCall(name, input, handlers, {
      note: () => undefined,
      failure: (_event, error) => String(error),
    });
    if (!reply.ok) throw new Error(reply.fault.message);
    return reply.value;
  };
  const chart = async (filter: Record<string, unknown>) =>
    activityChartView.parse(await ask('activity.chart', filter));
  return { log, clock, ask, chart };
}

const call = (over: Parameters<typeof entry>[0]) =>
  entry({ kind: 'call_outcome', what: 'psa:list-tickets', outcome: 'allowed', ...over });

describe('the chart of activity', () => {
  it('is empty for an empty log', async () => {
    const { chart } = await bench();
    expect((await chart({})).bars.flatMap((bar) => bar.calls).every((calls) => calls === 0)).toBe(true);
  });

  it('draws one bar for each hour of a day, from its midnight, and leaves out what is no call', async () => {
    const { log, clock, chart } = await bench();
    const midnight = new Date(2026, 10, 12).getTime();
    await log.append(call({}));
    await log.append(call({ outcome: 'failed' }));
    await log.append(entry());
    clock.advance(3_600_000);
    await log.append(call({ outcome: 'waiting' }));
    const { unit, bars } = await chart({ fromMs: midnight });
    expect(unit).toBe('hour');
    expect(bars[0]?.fromMs).toBe(midnight);
    expect(bars).toHaveLength(11);
    expect(bars[9]).toMatchObject({ calls: [1, 0, 0, 0, 1, 0] });
    expect(bars[10]).toMatchObject({ calls: [0, 0, 0, 0, 0, 1] });
    const one = bars[9];
    expect((await chart({ fromMs: one?.fromMs, toMs: one?.toMs })).bars).toEqual([one]);
  });

  it('stays small for any time that can be asked for', async () => {
    const { chart } = await bench();
    for (const [fromMs, toMs] of [
      [-1e15, 1e15],
      [5, 5],
      [9, 3],
      [9e15, 9e15],
      [-9e15, 0],
    ])
      expect((await chart({ fromMs, toMs })).bars.length).toBeLessThan(420);
  });
});

describe('what there is to filter by', () => {
  it('names tools in order, and connections that are gone', async () => {
    const { log, ask } = await bench();
    await log.append(call({ what: 'psa:b', connectionId: 'con_aaaaaaaa' }));
    await log.append(call({ what: 'psa:a', connectionId: 'con_aaaaaaaa' }));
    await log.append(entry({ kind: 'connection', what: 'Halo of Fabrikam', connectionId: 'con_bbbbbbbb' }));
    expect(await ask('activity.names', {})).toEqual({
      closed: { days: 0, records: 0 },
      tools: ['psa:a', 'psa:b'],
      connections: [
        { connectionId: 'con_bbbbbbbb', name: 'Halo of Fabrikam' },
        { connectionId: 'con_aaaaaaaa', name: 'psa' },
      ],
    });
  });
});
