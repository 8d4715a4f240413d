/**
 * Days that are not kept any longer. Each is replaced by its signed summary, oldest first, with a row in the log; a crash between
 * two steps is finished at the next start. Refuses to delete a day without its summary, and stops at the first day that does
 * not verify: that one and all after it stay.
 */
import { Fault } from '../../preload/contract/reply';
import type { OneAtATime } from '../store/one-at-a-time';
import { ChainWalk } from './chain';
import { summariseDay } from './close-day';
import { dayFile } from './day-file';
import { indexName } from './day-index';
import { type DaySummary, readSummary, summaryName } from './day-summary';
import type { ActivityLogParts, LogFile } from './log-ports';
import { finding } from './log-sentences';
import type { ActivityIndex } from './query';
import type { ActivityEntry } from './record';
import { pushSummaries } from './verify-log';

const dayMs = 86_400_000;

/** How many days, and how many records in them. */
export interface DaysAndRecords {
  readonly days: number;
  readonly records: number;
}

export interface ClosedDaysNeeds extends Pick<ActivityLogParts, 'files' | 'sha256' | 'clock' | 'signatures'> {
  readonly index: ActivityIndex;
  readonly turns: OneAtATime;
  readonly append: (entry: ActivityEntry) => Promise<unknown>;
  readonly isStopped: () => boolean;
}

export class ClosedDays {
  readonly #needs: ClosedDaysNeeds;
  readonly #known = new Map<string, number>();
  #running: Promise<DaysAndRecords> | null = null;
  /** Said once a run of the program, not each time it is tried again. */
  #said = '';

  constructor(needs: ClosedDaysNeeds) {
    this.#needs = needs;
  }

  /** All that were ever closed. */
  total(): DaysAndRecords {
    return { days: this.#known.size, records: [...this.#known.values()].reduce((sum, one) => sum + one, 0) };
  }

  /** What `close` would take away. The index must hold the past. */
  async preview(keepDays: number): Promise<DaysAndRecords> {
    const counts = this.#needs.index.recordsByFile();
    const days = await this.#due(keepDays);
    return {
      days: days.length,
      records: days.reduce((sum, { name }) => sum + (counts.get(name) ?? 0), 0),
    };
  }

  /** One run at a time; whoever asks meanwhile gets the answer of the run that goes on. */
  close(keepDays: number, rule: string): Promise<DaysAndRecords> {
    this.#running ??= this.#needs.turns
      .run(() => this.#close(keepDays, rule))
      .finally(() => {
        this.#running = null;
      });
    return this.#running;
  }

  /**
   * Learns of the summaries that are there, and finishes what a crash left half done.
   *
   * @returns The days that are left to read.
   */
  settle(days: readonly LogFile[]): Promise<readonly LogFile[]> {
    return this.#needs.turns.run(() => this.#settle(days));
  }

  async #settle(days: readonly LogFile[]): Promise<readonly LogFile[]> {
    const { files, signatures } = this.#needs;
    const left = new Map(days.map((day) => [day.name, day]));
    for (const name of await files.summaries()) {
      const read = readSummary(name, await files.readBeside(name), signatures);
      if ('problem' in read) continue; // Verify log names it; the day, where it is still there, stays.
      const { summary } = read;
      const day = left.get(summary.file);
      if (day !== undefined) {
        const isSame =
          day.bytes === summary.bytes && (await files.digest(day.name, day.bytes)) === summary.sha256;
        if (!isSame || day === days.at(-1)) continue;
        if (!(await this.#finish(summary))) continue;
        left.delete(day.name);
      }
      this.#known.set(name, summary.records);
    }
    return days.filter((day) => left.has(day.name));
  }

  async #close(keepDays: number, rule: string): Promise<DaysAndRecords> {
    const { files, sha256, signatures } = this.#needs;
    const due = await this.#due(keepDays);
    let records = 0;
    let closed = 0;
    if (due.length === 0) return { days: 0, records };
    const all = await files.list();
    const walk = new ChainWalk(sha256, []);
    const unproven = await pushSummaries(files, signatures, walk, due[0]?.name ?? '');
    if (unproven !== null) return await this.#kept(due[0]?.name ?? '', unproven.problem);
    for (const day of due) {
      const next = all[all.findIndex(({ name }) => name === day.name) + 1];
      if (this.#needs.isStopped() || next === undefined) break;
      const done = await summariseDay(this.#needs, walk, day, next, rule);
      if ('problem' in done) {
        await this.#kept(day.name, `line ${done.problem.line}: ${done.problem.problem}`);
        break;
      }
      await this.#remove(done.summary, `was closed by the rule “${rule}”`);
      this.#known.set(summaryName(day.name), done.summary.records);
      closed += 1;
      records += done.summary.records;
      await files.pause();
    }
    return { days: closed, records };
  }

  /** False on a disk that takes no row or lets nothing go: the day stays until the next start. */
  async #finish(summary: DaySummary): Promise<boolean> {
    try {
      await this.#remove(summary, 'was being closed when Gatehouse ended, and is closed now');
      return true;
    } catch {
      return false;
    }
  }

  /** The row first: the day goes only when its going is written down. */
  async #remove(summary: DaySummary, how: string): Promise<void> {
    const { files, index, append } = this.#needs;
    const { file, records, firstSeq, lastSeq } = summary;
    await append({
      ...finding(
        `${file} ${how}: its ${records} records, ${firstSeq} to ${lastSeq}, are replaced by ${summaryName(file)}.`,
      ),
      outcome: 'changed',
    });
    index.hide(file);
    // The day last: as long as it is there, the next start takes all of it away.
    for (const name of [indexName(file), `${file}.torn`, file]) await files.remove(name);
  }

  async #kept(file: string, why: string): Promise<DaysAndRecords> {
    const detail = `${file} is kept although it is old enough to be closed, and so are the days after it: ${why}`;
    if (this.#said !== detail) await this.#needs.append({ ...finding(detail), outcome: 'failed' });
    this.#said = detail;
    return { days: 0, records: 0 };
  }

  /** Never the newest file, whatever its day. */
  async #due(keepDays: number): Promise<readonly LogFile[]> {
    if (!(keepDays >= 1)) throw new Fault('bad_input', 'Activity is kept for at least one day.');
    const { files, clock } = this.#needs;
    const first = dayFile(clock.nowMs() - keepDays * dayMs);
    return (await files.list()).slice(0, -1).filter(({ name }) => name < first);
  }
}
