import { describe, expect, it } from 'vitest';
import { ActivityLog } from '../../../src/main/activity/activity-log';
import type { Anchor } from '../../../src/main/activity/chain';
import { cutOffDetail } from '../../../src/main/activity/query';
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

async function logOn(disk: FakeActivityDisk, anchor: Anchor | null = null, clock = new ActivityClock()) {
  const anchored: Anchor[] = [];
  const onAnchor = (one: Anchor) => {
    anchored.push(one);
  };
  const log = await ActivityLog.open({
    files: disk,
    sha256,
    clock,
    seal,
    open: unseal,
    signatures,
    anchor,
    onAnchor,
  });
  return { log, clock, anchored };
}

const call = (callId: string, kind: 'call_intent' | 'call_outcome' | 'approval', over = {}) =>
  entry({
    kind,
    callId,
    who: { kind: 'agent', name: 'Claude', id: 'agt_12345678' },
    what: 'connectwise-psa:list-tickets',
    agentId: 'agt_12345678',
    connectionId: 'con_12345678',
    outcome: undefined,
    detail: '',
    ...over,
  });

describe('how a call ended', () => {
  const ended = (callId: string) => call(callId, 'call_outcome', { outcome: 'allowed' });

  it('is written before anybody hears of it, and synced a moment later', async () => {
    const disk = new FakeActivityDisk();
    const { log, clock, anchored } = await logOn(disk);
    await log.ready();
    await log.append(ended('a'));
    expect([disk.lines(firstDay).length, disk.syncs]).toEqual([1, 0]);
    clock.advance(20);
    await expect.poll(() => disk.syncs).toBe(1);
    clock.advance(1_000);
    await expect.poll(() => anchored.at(-1)?.seq).toBe(1);
  });

  it('is synced with the next intent, and not a second time', async () => {
    const disk = new FakeActivityDisk();
    const { log, clock } = await logOn(disk);
    await log.append(ended('a'));
    await log.append(call('b', 'call_intent'));
    clock.advance(1_000);
    await log.close();
    expect([disk.lines(firstDay).length, disk.syncs]).toEqual([2, 0]);
  });

  it('moves no anchor before it is on the disk', async () => {
    const disk = new FakeActivityDisk();
    const { log, clock, anchored } = await logOn(disk);
    await log.ready();
    await log.append(call('a', 'call_intent'));
    await log.append(ended('a'));
    disk.failNextAppend(0, 'EIO');
    clock.advance(1_000);
    await expect.poll(() => anchored.at(-1)?.seq).toBe(1);
  });

  it('whose sync failed lets nobody else write before that was said', async () => {
    const disk = new FakeActivityDisk();
    const { log, clock } = await logOn(disk);
    await log.append(ended('a'));
    disk.failNextAppend(0, 'EIO');
    clock.advance(20);
    await expect(log.append(call('b', 'call_intent'))).rejects.toMatchObject({
      code: 'activity_write_failed',
    });
    expect((await log.append(call('b', 'call_intent'))).seq).toBe(2);
  });

  it('is synced when the log is closed', async () => {
    const disk = new FakeActivityDisk();
    const { log } = await logOn(disk);
    await log.append(ended('a'));
    await log.close();
    expect(disk.syncs).toBe(1);
  });
});

describe('appending', () => {
  it('keeps 1,000 concurrent records in order, none lost or doubled, in a few writes', async () => {
    const disk = new FakeActivityDisk();
    const { log } = await logOn(disk);
    const wanted = Array.from({ length: 1_000 }, (_, index) =>
      log.append(entry({ detail: `Number ${index}` })),
    );
    const seqs = (await Promise.all(wanted)).map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 1));
    expect(disk.lines(firstDay)).toHaveLength(1_000);
    expect(disk.appends).toBeLessThan(5);
    expect(await log.verify()).toMatchObject({ kind: 'intact', records: 1_000, files: 1 });
  });

  it('tells everyone who waits that the disk is full, and goes on when a retry succeeds', async () => {
    const disk = new FakeActivityDisk();
    const { log } = await logOn(disk);
    await log.append(entry());
    disk.failNextAppend(100, 'ENOSPC');
    const results = await Promise.allSettled([log.append(entry()), log.append(entry()), log.append(entry())]);
    for (const result of results) {
      expect(result.status).toBe('rejected');
      const reason: unknown = result.status === 'rejected' ? result.reason : null;
      expect(reason).toBeInstanceOf(Fault);
      expect(reason).toMatchObject({ code: 'activity_write_failed', retryable: true });
    }
    expect((await log.append(entry())).seq).toBe(2);
    expect(await log.verify()).toMatchObject({ kind: 'intact', records: 2 });
  });

  it('refuses the record when its body cannot be sealed', async () => {
    const disk = new FakeActivityDisk();
    const locked = () => {
      throw new Fault('vault_locked', 'The vault is locked.');
    };
    const log = await ActivityLog.open({
      ...{
        files: disk,
        sha256,
        clock: new ActivityClock(),
        open: unseal,
        signatures,
        seal: locked,
        anchor: null,
      },
      onAnchor: () => undefined,
    });
    await expect(log.append(entry({ body: { a: 1 } }))).rejects.toMatchObject({ code: 'vault_locked' });
    expect(disk.files.size).toBe(0);
  });

  it('goes on over midnight and never back to an older file when the clock jumps back', async () => {
    const disk = new FakeActivityDisk();
    const { log, clock } = await logOn(disk);
    await log.append(entry());
    clock.atMs += dayMs;
    await log.append(entry());
    clock.atMs -= dayMs;
    await log.append(entry());
    expect([...disk.files.keys()]).toEqual([firstDay, '2026-11-13.jsonl']);
    expect(disk.lines('2026-11-13.jsonl')).toHaveLength(2);
    await log.close();
    const again = await logOn(disk);
    expect((await again.log.append(entry())).seq).toBe(4);
    expect(await again.log.verify()).toMatchObject({ kind: 'intact', records: 4, files: 2 });
    expect((await again.log.list({ limit: 10 })).rows.map(({ seq }) => seq)).toEqual([4, 3, 2, 1]);
  });

  it('tells listeners once a batch', async () => {
    const { log } = await logOn(new FakeActivityDisk());
    const told: number[] = [];
    const stop = log.onAppended((lastSeq) => told.push(lastSeq));
    await Promise.all([log.append(entry()), log.append(entry())]);
    stop();
    await log.append(entry());
    expect(told).toEqual([2]);
  });
});

describe('the anchor', () => {
  it('moves at most once a second, and at close', async () => {
    const { log, clock, anchored } = await logOn(new FakeActivityDisk());
    await log.append(entry());
    await log.append(entry());
    expect(anchored).toEqual([]);
    clock.advance(1_000);
    await log.append(entry());
    expect(anchored.map(({ seq }) => seq)).toEqual([2]);
    await log.close();
    expect(anchored.map(({ seq }) => seq)).toEqual([2, 3]);
  });

  it('leaves a lasting gap when the end was cut off between two runs', async () => {
    const disk = new FakeActivityDisk();
    const first = await logOn(disk);
    for (let count = 0; count < 5; count += 1) await first.log.append(entry());
    await first.log.close();
    disk.setLines(firstDay, disk.lines(firstDay).slice(0, 3));
    const second = await logOn(disk, first.anchored.at(-1) ?? null);
    expect((await second.log.list({ limit: 1 })).rows[0]?.detail).toContain(
      'ended at record 3, but 5 had been written',
    );
    expect(await second.log.verify()).toMatchObject({
      kind: 'broken',
      reason: 'removed',
      file: firstDay,
      line: 4,
    });
    await second.log.close();
    const third = await logOn(disk, second.anchored.at(-1) ?? null);
    expect(await third.log.verify()).toMatchObject({ kind: 'broken', line: 4 });
  });

  it('is not moved on when its own line was rewritten, whether it is the newest or not', async () => {
    for (const behind of [0, 2]) {
      const disk = new FakeActivityDisk();
      const first = await logOn(disk);
      for (let count = 0; count < 5; count += 1) await first.log.append(entry());
      const lines = disk.lines(firstDay);
      const anchor = { seq: 5 - behind, hash: 'f'.repeat(64) };
      const second = await logOn(disk, anchor);
      expect(lines).toHaveLength(5);
      await second.log.ready();
      expect(await second.log.verify()).toMatchObject({
        kind: 'broken',
        reason: 'changed',
        line: 5 - behind,
      });
      await second.log.close();
      expect(second.anchored).toEqual([]);
    }
  });

  it('names a cut while the log is open', async () => {
    const disk = new FakeActivityDisk();
    const { log } = await logOn(disk);
    for (let count = 0; count < 4; count += 1) await log.append(entry());
    disk.setLines(firstDay, disk.lines(firstDay).slice(0, 2));
    expect(await log.verify()).toMatchObject({ kind: 'broken', reason: 'cut_off', file: firstDay, line: 2 });
  });
});

describe('after a crash', () => {
  it('moves a torn last line aside, says so, and loses nothing else', async () => {
    for (const torn of ['{"seq":4,"atMs":17', '\0\0\0\0\0\0\0\0', '{"seq":4,\0\0\0"}\n{"seq":5}\n']) {
      const disk = new FakeActivityDisk();
      const first = await logOn(disk);
      for (let count = 0; count < 3; count += 1) await first.log.append(entry());
      disk.files.set(
        firstDay,
        Buffer.concat([disk.files.get(firstDay) ?? Buffer.alloc(0), Buffer.from(torn)]),
      );
      const { log } = await logOn(disk);
      expect(await log.verify()).toMatchObject({ kind: 'intact', records: 4 });
      expect(disk.files.get(`${firstDay}.torn`)?.toString()).toBe(torn);
      expect((await log.list({ limit: 1 })).rows[0]).toMatchObject({ kind: 'log', outcome: 'noted' });
    }
  });

  it('goes on behind a newest line that was made unreadable, and names it', async () => {
    const disk = new FakeActivityDisk();
    const first = await logOn(disk);
    for (let count = 0; count < 3; count += 1) await first.log.append(entry());
    const lines = disk.lines(firstDay);
    disk.setLines(firstDay, lines.with(2, 'nonsense'));
    const { log } = await logOn(disk);
    expect((await log.append(entry())).seq).toBe(4);
    expect(await log.verify()).toMatchObject({ kind: 'broken', reason: 'changed', line: 3 });
  });

  it('shows a call without outcome as unknown, while one of this run is waiting', async () => {
    const disk = new FakeActivityDisk();
    const first = await logOn(disk);
    await first.log.append(call('call-1', 'call_intent'));
    expect((await first.log.list({ limit: 5 })).rows[0]?.outcome).toBe('waiting');
    const { log } = await logOn(disk);
    await log.append(call('call-2', 'call_intent'));
    const { rows } = await log.list({ limit: 5 });
    expect(rows.map(({ outcome }) => outcome)).toEqual(['waiting', 'unknown']);
    expect(rows[1]?.detail).toBe(cutOffDetail);
    expect((await log.list({ outcome: 'unknown', limit: 5 })).matched).toBe(1);
  });
});

describe('reading', () => {
  it('merges the records of a call into one row and shows all of them with opened bodies', async () => {
    const disk = new FakeActivityDisk();
    const { log } = await logOn(disk);
    const { seq } = await log.append(call('call-1', 'call_intent', { body: { board: 'Help desk' } }));
    await log.append(entry());
    await log.append(call('call-1', 'approval', { outcome: 'approved', detail: 'Approved by Sam.' }));
    const outcome = { outcome: 'approved', tookMs: 31, detail: 'Done.', body: { tickets: 3 } };
    const last = await log.append(call('call-1', 'call_outcome', outcome));
    const { rows, matched } = await log.list({ kinds: ['call'], limit: 10 });
    expect(matched).toBe(1);
    expect(rows[0]).toMatchObject({ seq, kind: 'call', outcome: 'approved', tookMs: 31, detail: 'Done.' });
    const shown = await log.show(last.seq);
    expect(shown.records.map(({ record }) => record.kind)).toEqual([
      'call_intent',
      'approval',
      'call_outcome',
    ]);
    expect(shown.records.map(({ body }) => body)).toEqual([
      { kind: 'opened', value: { board: 'Help desk' } },
      { kind: 'none' },
      { kind: 'opened', value: { tickets: 3 } },
    ]);
    expect(disk.files.get(firstDay)?.toString()).not.toContain('Help desk');
    await expect(log.show(99)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('answers the same filters from memory and after a new start', async () => {
    const disk = new FakeActivityDisk();
    const { log, clock } = await logOn(disk);
    const startMs = clock.atMs;
    for (let index = 0; index < 30; index += 1) {
      clock.atMs = startMs + index * 1_000;
      const over = { connectionId: index % 2 === 0 ? 'con_even' : 'con_odd', agentId: `agt_${index % 3}` };
      await log.append(call(`call-${index}`, 'call_intent', over));
      const outcome = index % 5 === 0 ? 'failed' : 'allowed';
      await log.append(
        call(`call-${index}`, 'call_outcome', { ...over, outcome, detail: `Ticket ${index}.` }),
      );
    }
    await log.append(entry({ detail: 'Theme set to dark.' }));
    const again = await logOn(disk);
    for (const one of [log, again.log]) {
      await one.ready();
      expect((await one.list({ limit: 200 })).matched).toBe(31);
      expect((await one.list({ connectionId: 'con_even', limit: 5 })).matched).toBe(15);
      expect((await one.list({ agentId: 'agt_1', connectionId: 'con_odd', limit: 5 })).matched).toBe(5);
      expect((await one.list({ outcome: 'failed', limit: 5 })).matched).toBe(6);
      expect((await one.list({ text: ' TICKET 2', limit: 5 })).matched).toBe(11);
      expect((await one.list({ kinds: ['settings'], limit: 5 })).matched).toBe(1);
      expect((await one.list({ fromMs: startMs + 10_000, toMs: startMs + 12_000, limit: 5 })).matched).toBe(
        2,
      );
      expect((await one.list({ agentId: 'agt_nobody', limit: 5 })).matched).toBe(0);
      expect(one.callsSince({ sinceMs: startMs + 20_000 })).toEqual({ calls: 10, failed: 2 });
      expect(one.callsSince({ agentId: 'agt_0', connectionId: 'con_even', sinceMs: 0 })).toEqual({
        calls: 5,
        failed: 1,
      });
      expect(one.lastUsed('con_odd')).toEqual(new Map([['list-tickets', startMs + 29_000]]));
    }
  });

  it('pages from newest to oldest without a row twice', async () => {
    const { log } = await logOn(new FakeActivityDisk());
    for (let index = 0; index < 25; index += 1) await log.append(entry());
    const seen: number[] = [];
    let beforeSeq: number | undefined;
    for (let more = true; more; ) {
      const page = await log.list({ limit: 10, beforeSeq });
      expect(page.matched).toBe(25);
      seen.push(...page.rows.map(({ seq }) => seq));
      beforeSeq = seen.at(-1);
      more = page.more;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => 25 - index));
  });
});
