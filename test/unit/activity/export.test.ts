/** What leaves the house as a file: exactly what matches, harmless in a spreadsheet, whole or not at all, and written down. */
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { ActivityLog } from '../../../src/main/activity/activity-log';
import { Exporter, type ExporterNeeds } from '../../../src/main/activity/exporter';
import type { ExportWish } from '../../../src/preload/contract/activity-shapes';
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

async function bench(over: Partial<ExporterNeeds> = {}) {
  const clock = new ActivityClock(new Date(2026, 10, 23, 9).getTime());
  const parts = { files: new FakeActivityDisk(), sha256, clock, seal, open: unseal, signatures };
  const log = await ActivityLog.open({ ...parts, anchor: null, onAnchor: () => undefined });
  const file = { text: '', state: 'none' };
  const asked: { name: string; extension: string }[] = [];
  const told: { looked: number; of: number }[] = [];
  const needs: ExporterNeeds = {
    clock,
    rows: (filter, withBodies) => log.exportRows(filter, withBodies),
    append: (one) => log.append(one),
    choose: async (wanted) => {
      asked.push(wanted);
      return `/somewhere/${wanted.name}`;
    },
    openFile: async (path) => {
      Object.assign(file, { text: '', state: 'open' });
      return {
        name: path.split('/').at(-1) ?? '',
        write: async (text) => {
          file.text += text;
        },
        finish: async () => {
          file.state = 'finished';
        },
        abandon: async () => {
          file.state = 'abandoned';
        },
      };
    },
    isUnlocked: () => true,
    onProgress: (progress) => told.push(progress),
    technician: 'Sam',
    ...over,
  };
  const exporter = new Exporter(needs);
  const run = (wish: Partial<ExportWish> = {}) =>
    exporter.run({ filter: {}, format: 'csv', bodies: 'none', ...wish });
  const newest = async () => (await log.list({ limit: 1 })).rows[0];
  return { log, clock, file, asked, told, exporter, run, newest };
}

const call = (callId: string, over = {}) =>
  entry({ kind: 'call_intent', callId, what: 'psa:add-note', outcome: undefined, detail: '', ...over });
const cells = (text: string) => Papa.parse<string[]>(text.slice(1), { skipEmptyLines: true }).data;

describe('an export', () => {
  it('is a CSV that Excel reads as UTF-8, one line a row, oldest first, with a row about itself', async () => {
    const { log, file, run, asked, newest } = await bench();
    await log.append(call('one', { body: { arguments: { text: 'planted-secret' } } }));
    await log.append(
      entry({
        kind: 'call_outcome',
        callId: 'one',
        what: 'psa:add-note',
        outcome: 'allowed',
        tookMs: 31,
        detail: 'Zoë’s note, "quoted"\nand more',
      }),
    );
    await log.append(entry({ detail: 'Second.' }));
    expect(await run()).toEqual({ kind: 'saved', name: 'gatehouse-activity-2026-11-23.csv', rows: 2 });
    expect(asked).toEqual([{ name: 'gatehouse-activity-2026-11-23.csv', extension: 'csv' }]);
    expect(file.state).toBe('finished');
    expect(file.text.charCodeAt(0)).toBe(0xfeff);
    const [head, first, second] = cells(file.text);
    expect(head?.slice(0, 6)).toEqual(['Number', 'Time (UTC)', 'Kind', 'Who', 'What', 'Outcome']);
    expect(first?.slice(2, 8)).toEqual([
      'call',
      'Technician',
      'psa:add-note',
      'allowed',
      'Zoë’s note, "quoted"\nand more',
      '31',
    ]);
    expect(second?.[6]).toBe('Second.');
    expect(file.text).not.toContain('planted-secret');
    expect(await newest()).toMatchObject({
      kind: 'export',
      who: 'Sam',
      outcome: 'created',
      detail: '2 records as CSV, without arguments and results. Filter: none.',
    });
  });

  it('holds what the filters match and says so, also over many batches', async () => {
    const { log, file, run, told, newest } = await bench();
    await Promise.all(
      Array.from({ length: 5_000 }, (_, index) =>
        log.append(entry({ detail: index % 10 === 0 ? 'wanted' : 'other' })),
      ),
    );
    expect(await run({ filter: { text: 'WANTED', outcome: 'changed' } })).toMatchObject({ rows: 500 });
    expect(cells(file.text)).toHaveLength(501);
    expect(told.at(-1)).toEqual({ looked: 5_000, of: 5_000 });
    expect((await newest())?.detail).toContain('Filter: text WANTED, outcome changed.');
  });

  it('is one JSON object a line, with redacted arguments only when they are wanted', async () => {
    const { log, file, run } = await bench();
    for (let index = 0; index < 450; index += 1)
      await log.append(call(`call-${index}`, { body: { arguments: { ticket: index } } }));
    await run({ format: 'json', bodies: 'redacted' });
    const lines = file.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(450);
    expect(lines[449]).toMatchObject({
      seq: 450,
      what: 'psa:add-note',
      body: { arguments: { ticket: 449 } },
    });
    expect(lines[0].at).toMatch(/^2026-11-23T.*Z$/);
    await run({ format: 'json' });
    expect(file.text).not.toContain('ticket');
    await run({ bodies: 'redacted' });
    expect(cells(file.text)[1]?.at(-1)).toBe('{"arguments":{"ticket":0}}');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1+1', '\n=1'])(
    'defuses %j as a formula',
    async (text) => {
      const { log, file, run } = await bench();
      await log.append(entry({ who: { kind: 'technician', name: text }, what: text, detail: text }));
      await run();
      const [, line] = cells(file.text);
      for (const cell of [line?.[3], line?.[4], line?.[6]]) expect(cell).toBe(`'${text}`);
    },
  );

  it('that nobody chose a file for, or that was cancelled, leaves neither file nor row', async () => {
    const nobody = await bench({ choose: async () => undefined });
    expect(await nobody.run()).toEqual({ kind: 'cancelled' });
    expect(nobody.file.state).toBe('none');
    const stopped: { exporter?: Exporter } = {};
    const begun = await bench({ onProgress: () => stopped.exporter?.cancel() });
    stopped.exporter = begun.exporter;
    await Promise.all(Array.from({ length: 9_000 }, () => begun.log.append(entry())));
    expect(await begun.run()).toEqual({ kind: 'cancelled' });
    expect(begun.file.state).toBe('abandoned');
    expect((await begun.newest())?.kind).toBe('settings');
    expect(await begun.run({ filter: { outcome: 'failed' } })).toMatchObject({ kind: 'cancelled' });
  });

  it('is abandoned when the vault is locked, when a write fails, and when its row cannot be written', async () => {
    const locked = await bench({ isUnlocked: () => false });
    await locked.log.append(entry());
    await expect(locked.run()).rejects.toMatchObject({ code: 'vault_locked' });
    expect(locked.file.state).toBe('abandoned');
    const append = async () => {
      throw new Fault('activity_write_failed', 'No room.');
    };
    const unwritten = await bench({ append });
    await unwritten.log.append(entry());
    await expect(unwritten.run()).rejects.toMatchObject({ code: 'activity_write_failed' });
    expect(unwritten.file.state).toBe('abandoned');
  });

  it('runs alone', async () => {
    let choose: (path: string | undefined) => void = () => undefined;
    const { run } = await bench({ choose: () => new Promise((resolve) => (choose = resolve)) });
    const first = run();
    await expect(run()).rejects.toMatchObject({ code: 'export_failed' });
    choose(undefined);
    expect(await first).toEqual({ kind: 'cancelled' });
  });
});
