/** Old days are replaced by signed summaries: provable afterwards, never without one, never when something is wrong. */
import { describe, expect, it } from 'vitest';
import { ActivityLog } from '../../../src/main/activity/activity-log';
import { summaryName } from '../../../src/main/activity/day-summary';
import { Fault } from '../../../src/preload/contract/reply';
import {
  ActivityClock,
  entry,
  FakeActivityDisk,
  memorySignatures,
  seal,
  sha256,
  unseal,
} from '../../fakes/activity-disk';

const dayMs = 86_400_000;
const days = ['2026-11-12.jsonl', '2026-11-13.jsonl', '2026-11-14.jsonl', '2026-11-15.jsonl'] as const;
const rule = 'Keep activity for 2 days';

function bench(disk = new FakeActivityDisk(), signatures = memorySignatures()) {
  const clock = new ActivityClock();
  const open = async (over = {}) => {
    const parts = { files: disk, sha256, clock, seal, open: unseal, signatures, anchor: null };
    const log = await ActivityLog.open({ ...parts, onAnchor: () => undefined, ...over });
    await log.ready();
    return log;
  };
  return { disk, clock, open, signatures };
}

/** Four days of ten records each; the clock stands on the last. */
async function fourDays() {
  const made = bench();
  const log = await made.open();
  for (const [day] of days.entries()) {
    const call = { kind: 'call_outcome', connectionId: 'con_aaaaaaaa', agentId: 'agt_aaaaaaaa' } as const;
    for (let one = 0; one < 8; one += 1) await log.append(entry({ detail: `Day ${day}.` }));
    await log.append(entry({ ...call, callId: `a${day}`, outcome: 'failed', what: `psa:tool-${day}` }));
    await log.append(entry({ ...call, callId: `b${day}`, outcome: 'allowed', what: `psa:tool-${day}` }));
    if (day < days.length - 1) made.clock.atMs += dayMs;
  }
  return { ...made, log };
}

const summaryIn = (disk: FakeActivityDisk, file: string) =>
  JSON.parse(disk.files.get(summaryName(file))?.toString() ?? 'null');

describe('closing old days', () => {
  it('says beforehand how much goes, and takes exactly that', async () => {
    const { log, disk } = await fourDays();
    expect(await log.closed.preview(1)).toEqual({ days: 2, records: 20 });
    expect(await log.closed.preview(90)).toEqual({ days: 0, records: 0 });
    expect(await log.closed.close(90, rule)).toEqual({ days: 0, records: 0 });
    expect(await log.closed.close(1, rule)).toEqual({ days: 2, records: 20 });
    expect([...disk.files.keys()].filter((name) => name.endsWith('.jsonl'))).toEqual([days[2], days[3]]);
    expect(log.closed.total()).toEqual({ days: 2, records: 20 });
    expect(await log.closed.preview(1)).toEqual({ days: 0, records: 0 });
  });

  it('never takes the newest file, however old it is', async () => {
    const { log, disk, clock } = await fourDays();
    clock.atMs += 1_000 * dayMs;
    expect((await log.closed.close(1, rule)).days).toBe(3);
    expect(disk.files.has(days[3])).toBe(true);
    expect(await log.verify()).toMatchObject({ kind: 'intact' });
  });

  it('writes a summary with both ends of the chain, counts, the file’s hash, the rule and the time', async () => {
    const { log, disk, clock } = await fourDays();
    const first = disk.files.get(days[0]) ?? Buffer.alloc(0);
    await log.closed.close(1, rule);
    const { summary } = summaryIn(disk, days[0]);
    const lines = first.toString().trimEnd().split('\n');
    expect(summary).toMatchObject({
      file: days[0],
      records: 10,
      firstSeq: 1,
      lastSeq: 10,
      prev: '0'.repeat(64),
      lastHash: sha256(Buffer.from(lines[9] ?? '')),
      bytes: first.length,
      sha256: sha256(first),
      closedAtMs: clock.atMs,
      rule,
      counts: {
        kinds: { settings: 8, call_outcome: 2 },
        outcomes: { changed: 8, failed: 1, allowed: 1 },
        connections: { con_aaaaaaaa: 2 },
        agents: { agt_aaaaaaaa: 2 },
      },
    });
    expect(summaryIn(disk, days[1]).summary.prev).toBe(summary.lastHash);
  });

  it('leaves a row for each day, and the rest of the list, the chart and the counts fit', async () => {
    const { log, open } = await fourDays();
    await log.closed.close(1, rule);
    for (const one of [log, await open()]) {
      const { rows, matched } = await one.list({ limit: 200 });
      expect(matched).toBe(22);
      expect(rows.slice(0, 2).map(({ detail }) => detail)).toEqual([
        `${days[1]} was closed by the rule “${rule}”: its 10 records, 11 to 20, are replaced by 2026-11-13.summary.json.`,
        `${days[0]} was closed by the rule “${rule}”: its 10 records, 1 to 10, are replaced by 2026-11-12.summary.json.`,
      ]);
      expect((await one.list({ limit: 5, text: 'Day 0' })).matched).toBe(0);
      const edges = days.map((_, day) => Date.UTC(2026, 10, 12 + day));
      expect((await one.chart({}, () => edges)).map((bar) => bar.join(''))).toEqual([
        '000000',
        '000000',
        '100010',
      ]);
      expect([...(await one.names()).tools].sort()).toEqual(['psa:tool-2', 'psa:tool-3']);
      await expect(one.show(3)).rejects.toMatchObject({ code: 'not_found' });
      expect((await one.show(21)).records).toHaveLength(1);
      expect(one.closed.total()).toEqual({ days: 2, records: 20 });
      const exported: number[] = [];
      for await (const batch of one.exportRows({}, true)) exported.push(...batch.rows.map(({ seq }) => seq));
      expect(exported[0]).toBe(21);
    }
  });

  it('goes on numbering and chaining behind the summaries', async () => {
    const { log, open } = await fourDays();
    await log.closed.close(1, rule);
    await log.close();
    const again = await open();
    expect((await again.append(entry())).seq).toBe(43);
    expect(await again.verify()).toMatchObject({ kind: 'intact', records: 23 });
  });

  it('does nothing while the vault is locked', async () => {
    const made = await fourDays();
    const sign = async () => {
      throw new Fault('vault_locked', 'The vault is locked.');
    };
    const log = await made.open({ signatures: { ...made.signatures, sign } });
    await expect(log.closed.close(1, rule)).rejects.toMatchObject({ code: 'vault_locked' });
    expect([...made.disk.files.keys()].filter((name) => !name.endsWith('.index'))).toEqual([...days]);
  });
});

describe('a day that does not verify', () => {
  const spoil = (disk: FakeActivityDisk, file: string, line: number) =>
    disk.setLines(
      file,
      disk.lines(file).map((text, at) => (at === line - 1 ? text.replace('Technician', 'Nobody') : text)),
    );

  it.each([
    ['in the middle', days[0], 4],
    ['at its end, where only the next day tells', days[0], 10],
    ['in the day after it', days[1], 2],
  ])('is kept and named, and so is all after it: changed %s', async (_where, file, line) => {
    const { log, disk } = await fourDays();
    spoil(disk, file, line);
    await log.closed.close(1, rule);
    expect(disk.files.has(file)).toBe(true);
    expect(disk.files.has(days[1])).toBe(true);
    const row = (await log.list({ limit: 1 })).rows[0];
    expect(row).toMatchObject({ outcome: 'failed', detail: expect.stringContaining(`${file} is kept`) });
    const before = (await log.list({ limit: 1 })).matched;
    await log.closed.close(1, rule);
    expect((await log.list({ limit: 1 })).matched).toBe(before);
    expect(await log.verify()).toMatchObject({ kind: 'broken', file });
  });
});

describe('Verify log over summaries', () => {
  async function closed() {
    const made = await fourDays();
    await made.log.closed.close(1, rule);
    return made;
  }
  const change = (disk: FakeActivityDisk, file: string, to: (text: string) => string) => {
    const text = disk.files.get(summaryName(file))?.toString() ?? '';
    disk.files.set(summaryName(file), Buffer.from(to(text)));
  };

  it('names one that was changed, was signed by somebody else, or is none', async () => {
    const changes: readonly (readonly [(text: string) => string, string])[] = [
      [(text) => text.replace('"records": 10', '"records": 9'), 'changed after it was signed'],
      [(text) => text.replace('"rule": "Keep', '"rule": "Kept'), 'changed after it was signed'],
      [(text) => text.replace(/"lastHash": "./, '"lastHash": "f'), 'changed after it was signed'],
      [() => 'nonsense', 'none of ours'],
      [() => '', 'none of ours'],
    ];
    for (const [to, problem] of changes) {
      const { log, disk } = await closed();
      const before = disk.files.get(summaryName(days[0]))?.toString();
      change(disk, days[0], to);
      if (disk.files.get(summaryName(days[0]))?.toString() === before) continue;
      expect(await log.verify()).toMatchObject({
        kind: 'broken',
        file: '2026-11-12.summary.json',
        problem: expect.stringContaining(problem),
      });
    }
    const { disk } = await closed();
    const stranger = await bench(disk, memorySignatures()).open();
    expect(await stranger.verify()).toMatchObject({
      kind: 'broken',
      problem: expect.stringContaining('a key that this vault does not have'),
    });
  });

  it('names one that is missing, and one that was put in another’s place', async () => {
    const missing = await closed();
    missing.disk.files.delete(summaryName(days[0]));
    expect(await missing.log.verify()).toMatchObject({
      kind: 'broken',
      reason: 'removed',
      file: '2026-11-13.summary.json',
    });
    const last = await closed();
    last.disk.files.delete(summaryName(days[1]));
    expect(await last.log.verify()).toMatchObject({ kind: 'broken', reason: 'removed', file: days[2] });
    const moved = await closed();
    moved.disk.files.set(summaryName(days[1]), moved.disk.files.get(summaryName(days[0])) ?? Buffer.alloc(0));
    expect(await moved.log.verify()).toMatchObject({ kind: 'broken', file: '2026-11-13.summary.json' });
  });

  it('names the first line behind a summary when that was changed, or another day stands there', async () => {
    const { log, disk } = await closed();
    const lines = disk.lines(days[2]);
    disk.setLines(days[2], [(lines[0] ?? '').replace(/"prev":"./, '"prev":"x'), ...lines.slice(1)]);
    expect(await log.verify()).toMatchObject({ kind: 'broken', file: days[2], line: 1 });
  });

  it('goes on behind the last summary when every day file is gone, and says what is missing', async () => {
    const { disk, clock, open } = await closed();
    for (const day of [days[2], days[3]]) disk.files.delete(day);
    clock.atMs += dayMs;
    const log = await open({ anchor: { seq: 42, hash: 'a'.repeat(64) } });
    expect((await log.list({ limit: 1 })).rows[0]?.detail).toContain(
      'ended at record 20, but 42 had been written',
    );
    expect(await log.verify()).toMatchObject({ kind: 'broken', reason: 'removed' });
  });
});

describe('a crash while a day is closed', () => {
  it('is finished at the next start, whatever step it came at', async () => {
    for (const step of ['before its index goes', 'before the day goes', 'after all']) {
      const { disk, log, open } = await fourDays();
      const whole = disk.files.get(days[0]) ?? Buffer.alloc(0);
      await log.closed.close(2, rule);
      if (step !== 'after all') disk.files.set(days[0], whole);
      if (step === 'before its index goes') disk.files.set(`${days[0]}.index`, Buffer.from('left behind'));
      const again = await open();
      expect(disk.files.has(days[0])).toBe(false);
      expect(await again.verify()).toMatchObject({ kind: 'intact' });
      expect(again.closed.total()).toEqual({ days: 1, records: 10 });
      expect((await again.list({ limit: 200, text: 'Day 0' })).matched).toBe(0);
      const finished = (await again.list({ limit: 10, text: 'is closed now' })).matched;
      expect(finished).toBe(step === 'after all' ? 0 : 1);
      expect([...disk.files.keys()].filter((name) => name.startsWith(days[0]))).toEqual([]);
    }
  });

  it('keeps a day that is not the one that was summarised', async () => {
    const { disk, log, open } = await fourDays();
    const whole = disk.files.get(days[0]) ?? Buffer.alloc(0);
    await log.closed.close(2, rule);
    disk.files.set(days[0], Buffer.from(whole.toString().replace('Technician', 'Technicion')));
    const again = await open();
    expect(disk.files.has(days[0])).toBe(true);
    expect(await again.verify()).toMatchObject({ kind: 'broken', file: days[0] });
  });
});
