/** The index of a long log: kept beside closed days, never believed when it does not fit, bounded in what one question costs. */
import { describe, expect, it } from 'vitest';
import { ActivityLog } from '../../../src/main/activity/activity-log';
import { chartEdges } from '../../../src/main/activity/chart';
import { ActivityIndex } from '../../../src/main/activity/query';
import { textsInOneGo } from '../../../src/main/activity/text-search';
import { Fault } from '../../../src/preload/contract/reply';
import {
  ActivityClock,
  entry,
  FakeActivityDisk,
  seal,
  sha256,
  signatures,
  unseal,
} from '../../fakes/activity-disk';

const dayMs = 86_400_000;
const firstDay = '2026-11-12.jsonl';

async function openOn(disk: FakeActivityDisk, clock = new ActivityClock(), over = {}) {
  const parts = {
    files: disk,
    sha256,
    clock,
    seal,
    open: unseal,
    signatures,
    anchor: null,
    onAnchor: () => undefined,
  };
  const log = await ActivityLog.open({ ...parts, ...over });
  await log.ready();
  return log;
}

/** Three days with a call that is answered the day after, a failed call and something else on each. */
async function threeDays(): Promise<FakeActivityDisk> {
  const disk = new FakeActivityDisk();
  const clock = new ActivityClock();
  const log = await openOn(disk, clock);
  const call = {
    who: { kind: 'agent', name: 'Claude' },
    agentId: 'agt_aaaaaaaa',
    connectionId: 'con_aaaaaaaa',
  } as const;
  for (let day = 0; day < 3; day += 1) {
    const calls = { ...call, what: `psa:tool-${day}`, outcome: undefined };
    await log.append(entry({ ...calls, kind: 'call_intent', callId: `night-${day}`, detail: '' }));
    await log.append(
      entry({ ...calls, kind: 'call_outcome', callId: `bad-${day}`, outcome: 'failed', tookMs: 7 }),
    );
    await log.append(entry({ detail: `Note of day ${day}.` }));
    clock.atMs += dayMs;
    await log.append(entry({ ...calls, kind: 'call_outcome', callId: `night-${day}`, outcome: 'allowed' }));
  }
  await log.close();
  return disk;
}

const everything = { limit: 200 };

describe('the index beside a closed day', () => {
  it('answers exactly as the day itself, and is read instead of it', async () => {
    const disk = await threeDays();
    const first = await openOn(disk);
    expect([...disk.files.keys()].filter((name) => name.endsWith('.index'))).toHaveLength(3);
    const slowBytes = disk.readBytes;
    const second = await openOn(disk);
    expect(disk.readBytes - slowBytes).toBeLessThan(slowBytes / 2);
    const page = await second.list(everything);
    expect(page).toEqual(await first.list(everything));
    expect(page.rows.map(({ outcome }) => outcome).filter((one) => one === 'waiting')).toEqual([]);
    expect(await second.show(1)).toEqual(await first.show(1));
    expect(second.lastUsed('con_aaaaaaaa')).toEqual(first.lastUsed('con_aaaaaaaa'));
  });

  it('is not believed when the day, the index or its seal was changed', async () => {
    const truth = await (await openOn(await threeDays())).list(everything);
    const spoil: readonly ((disk: FakeActivityDisk) => void)[] = [
      (disk) => disk.files.set(`${firstDay}.index`, Buffer.from('no index at all')),
      (disk) => disk.files.set(`${firstDay}.index`, Buffer.alloc(0)),
      (disk) => {
        const bytes = Buffer.from(disk.files.get(`${firstDay}.index`) ?? '');
        const at = bytes.indexOf('failed');
        disk.files.set(
          `${firstDay}.index`,
          Buffer.concat([bytes.subarray(0, at), Buffer.from('denied'), bytes.subarray(at + 6)]),
        );
      },
      (disk) =>
        disk.files.set(`${firstDay}.index`, disk.files.get('2026-11-13.jsonl.index') ?? Buffer.alloc(0)),
    ];
    for (const change of spoil) {
      const disk = await threeDays();
      await openOn(disk);
      change(disk);
      expect(await (await openOn(disk)).list(everything)).toEqual(truth);
    }
  });

  it('follows a day of the same size that was changed meanwhile', async () => {
    const disk = await threeDays();
    await openOn(disk);
    disk.setLines(
      firstDay,
      disk.lines(firstDay).map((line) => line.replace('day 0', 'day X')),
    );
    const { rows } = await (await openOn(disk)).list({ ...everything, text: 'day X' });
    expect(rows).toHaveLength(1);
  });

  it('is left out while nothing can be sealed, and nobody is kept from the log', async () => {
    const disk = await threeDays();
    const locked = () => {
      throw new Fault('vault_locked', 'The vault is locked.');
    };
    const log = await openOn(disk, new ActivityClock(), { seal: locked });
    expect((await log.list(everything)).matched).toBe(9);
    expect([...disk.files.keys()].some((name) => name.endsWith('.index'))).toBe(false);
  });
});

describe('filters', () => {
  it('finds one tool by its whole name, in calls only', async () => {
    const log = await openOn(await threeDays());
    const { rows, matched } = await log.list({ ...everything, tool: 'psa:tool-1' });
    expect(matched).toBe(2);
    expect(new Set(rows.map(({ what, kind }) => `${kind} ${what}`))).toEqual(new Set(['call psa:tool-1']));
    expect((await log.list({ ...everything, tool: 'psa:tool' })).matched).toBe(0);
    expect((await log.list({ ...everything, tool: 'Theme' })).matched).toBe(0);
  });

  it('offers the tools and connections that occur, each once', async () => {
    const { tools, connections } = await (await openOn(await threeDays())).names();
    expect([...tools].sort()).toEqual(['psa:tool-0', 'psa:tool-1', 'psa:tool-2']);
    expect([...connections]).toEqual([['con_aaaaaaaa', 'psa']]);
  });
});

describe('a search in texts', () => {
  it('stops after so many new texts, says how far it looked, and goes on when asked again', () => {
    const index = new ActivityIndex();
    const rows = 2 * textsInOneGo;
    for (let seq = 1; seq <= rows; seq += 1) {
      const detail = seq % 1_000 === 0 ? `Needle ${seq}` : `Hay ${seq}`;
      index.add(
        { seq, atMs: seq, kind: 'settings', who: { name: 'Sam' }, what: 'Theme', detail },
        { file: firstDay, offset: seq, bytes: 1 },
      );
    }
    const ask = () => index.list({ text: 'NEEDLE', limit: 200 });
    const first = ask();
    expect(first.matched).toBeGreaterThan(50);
    expect(first.matched).toBeLessThan(rows / 1_000);
    expect(first.lookedBackToMs).toBeGreaterThan(rows / 4);
    expect(first.more).toBe(true);
    const second = ask();
    expect(second.lookedBackToMs ?? 0).toBeLessThan(first.lookedBackToMs ?? 0);
    const last = second.lookedBackToMs === null ? second : ask();
    expect(last).toMatchObject({ matched: rows / 1_000, lookedBackToMs: null });
    expect(index.list({ text: 'hay', limit: 1 }).lookedBackToMs).not.toBeNull();
  });
});

describe('the chart', () => {
  const sum = (bars: readonly (readonly number[])[]) => bars.map((bar) => bar.join(' '));

  it('counts the same calls from its quarters as by looking at every row', async () => {
    const log = await openOn(await threeDays());
    const startMs = Date.UTC(2026, 10, 12);
    const edges = [0, 1, 2, 3, 4].map((day) => startMs + day * dayMs);
    const bars = await log.chart({}, () => edges);
    expect(sum(bars)).toEqual(['1 0 0 0 1 0', '1 0 0 0 1 0', '1 0 0 0 1 0', '0 0 0 0 0 0']);
    expect(await log.chart({ agentId: 'agt_aaaaaaaa' }, () => edges)).toEqual(bars);
    expect(await log.chart({ text: 'claude' }, () => edges)).toEqual(bars);
    expect(sum(await log.chart({ outcome: 'failed' }, () => edges))[0]).toBe('0 0 0 0 1 0');
    expect(sum(await log.chart({ tool: 'psa:tool-2' }, () => edges))[2]).toBe('1 0 0 0 1 0');
    const odd = { fromMs: startMs + 1, toMs: startMs + dayMs };
    expect(sum(await log.chart(odd, () => edges))).toEqual([
      '1 0 0 0 1 0',
      '0 0 0 0 0 0',
      '0 0 0 0 0 0',
      '0 0 0 0 0 0',
    ]);
  });

  it('moves a call from open to its outcome, and one that was cut off stays open', async () => {
    const disk = new FakeActivityDisk();
    const log = await openOn(disk);
    const call = { kind: 'call_intent', callId: 'one', outcome: undefined } as const;
    const edges = () => [Date.UTC(2026, 10, 12), Date.UTC(2026, 10, 13)];
    await log.append(entry(call));
    expect(sum(await log.chart({}, edges))).toEqual(['0 0 0 0 0 1']);
    await log.append(entry({ ...call, kind: 'call_outcome', outcome: 'denied' }));
    expect(sum(await log.chart({}, edges))).toEqual(['0 0 1 0 0 0']);
    await log.append(entry({ ...call, callId: 'two' }));
    await log.close();
    expect(sum(await (await openOn(disk)).chart({}, edges))).toEqual(['0 0 1 0 0 1']);
  });

  it('draws hours, days, weeks or months from local midnight on, never more than it can show', () => {
    const midnight = new Date(2026, 10, 12).getTime();
    expect(chartEdges(midnight + 5, midnight + dayMs)).toMatchObject({ unit: 'hour', edges: { length: 25 } });
    const days = chartEdges(midnight + 5, midnight + 30 * dayMs);
    expect(days).toMatchObject({ unit: 'day', edges: { length: 31 } });
    expect(days.edges[0]).toBe(midnight);
    expect(chartEdges(midnight, midnight + 300 * dayMs).unit).toBe('week');
    const months = chartEdges(0, midnight);
    expect(months.unit).toBe('month');
    expect(chartEdges(-8e15, 8e15).edges.length).toBeLessThan(420);
    expect(chartEdges(Number.NaN, midnight).edges).toHaveLength(1);
  });
});
