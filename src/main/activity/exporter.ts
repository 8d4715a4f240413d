/**
 * One export at a time: a file that a technician chose, filled with the rows that match, and a row about it. Refuses to leave a
 * file that is not whole, and one that Activity knows nothing of.
 */
import type { ExportWish } from '../../preload/contract/activity-shapes';
import { Fault } from '../../preload/contract/reply';
import type { Clock } from '../ports';
import type { ExportBatch } from './export-rows';
import { exportText } from './export-text';
import type { ActivityEntry } from './record';
import type { RowFilter } from './row-columns';

/** A file that appears under its name only when it is whole. Each function throws Fault `export_failed`. */
export interface ExportFile {
  /** Without its folder. */
  readonly name: string;
  write(text: string): Promise<void>;
  /** Durable, and under its name. */
  finish(): Promise<void>;
  /** Leaves nothing behind. */
  abandon(): Promise<void>;
}

export interface ExporterNeeds {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly rows: (filter: RowFilter, withBodies: boolean) => AsyncIterable<ExportBatch>;
  readonly append: (entry: ActivityEntry) => Promise<unknown>;
  /** Where to; undefined when the technician thought better of it. */
  readonly choose: (wanted: { name: string; extension: 'csv' | 'jsonl' }) => Promise<string | undefined>;
  readonly openFile: (path: string) => Promise<ExportFile>;
  readonly isUnlocked: () => boolean;
  readonly onProgress: (progress: { looked: number; of: number }) => void;
  readonly technician: string;
}

export type Exported = { kind: 'saved'; name: string; rows: number } | { kind: 'cancelled' };

export class Exporter {
  readonly #needs: ExporterNeeds;
  #running: { isCancelled: boolean } | null = null;

  constructor(needs: ExporterNeeds) {
    this.#needs = needs;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  cancel(): void {
    if (this.#running !== null) this.#running.isCancelled = true;
  }

  /** @throws Fault `export_failed`, `activity_unreadable`, `activity_write_failed`, `vault_locked`. */
  async run(wish: ExportWish): Promise<Exported> {
    if (this.#running !== null)
      throw new Fault('export_failed', 'Another export is still running. Wait for it or cancel it.');
    const running = { isCancelled: false };
    this.#running = running;
    try {
      const extension = wish.format === 'csv' ? 'csv' : 'jsonl';
      const name = `gatehouse-activity-${localDay(this.#needs.clock.nowMs())}.${extension}`;
      const path = await this.#needs.choose({ name, extension });
      if (path === undefined) return { kind: 'cancelled' };
      return await this.#fill(await this.#needs.openFile(path), wish, running);
    } finally {
      this.#running = null;
    }
  }

  async #fill(file: ExportFile, wish: ExportWish, running: { isCancelled: boolean }): Promise<Exported> {
    const needs = this.#needs;
    const withBodies = wish.bodies === 'redacted';
    const text = exportText(wish.format, withBodies);
    let rows = 0;
    let isWrittenDown = false;
    let toldMs = Number.NEGATIVE_INFINITY;
    try {
      await file.write(text.head);
      for await (const batch of needs.rows(wish.filter, withBodies)) {
        if (!needs.isUnlocked())
          throw new Fault('vault_locked', 'The vault was locked meanwhile, so nothing was exported.');
        if (running.isCancelled) {
          await file.abandon();
          return { kind: 'cancelled' };
        }
        rows += batch.rows.length;
        await file.write(text.rows(batch.rows));
        if (needs.clock.nowMs() - toldMs < 100 && batch.looked < batch.of) continue;
        toldMs = needs.clock.nowMs();
        needs.onProgress({ looked: batch.looked, of: batch.of });
      }
      // Before the file has its name: there is no exported file without its row.
      await needs.append(rowOf(wish, rows, file.name, needs.technician));
      isWrittenDown = true;
      await file.finish();
    } catch (error) {
      if (isWrittenDown) await needs.append(failedRow(file.name, needs.technician));
      await file.abandon();
      throw error;
    }
    return { kind: 'saved', name: file.name, rows };
  }
}

function rowOf(wish: ExportWish, rows: number, name: string, technician: string): ActivityEntry {
  const { filter, format, bodies } = wish;
  const told = Object.entries(filter).map(([key, value]) =>
    key === 'fromMs' || key === 'toMs'
      ? `${key === 'fromMs' ? 'from' : 'before'} ${new Date(Number(value)).toISOString()}`
      : `${key} ${value}`,
  );
  return {
    kind: 'export',
    who: { kind: 'technician', name: technician },
    what: 'Activity',
    outcome: 'created',
    detail: `${rows} records as ${format === 'csv' ? 'CSV' : 'JSON'}, ${bodies === 'redacted' ? 'with' : 'without'} arguments and results. Filter: ${told.length === 0 ? 'none' : told.join(', ')}.`,
    body: { filter, format, bodies, rows, name },
  };
}

function failedRow(name: string, technician: string): ActivityEntry {
  return {
    kind: 'export',
    who: { kind: 'technician', name: technician },
    what: 'Activity',
    outcome: 'failed',
    detail: `The file ${name} could not be finished, so nothing was exported.`,
  };
}

function localDay(atMs: number): string {
  const at = new Date(atMs);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
