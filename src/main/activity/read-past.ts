/**
 * Fills the index with what earlier runs wrote: closed days from the small file beside them where that fits the day, line by
 * line otherwise, and then that small file is written. Refuses to hold the thread for longer than a few thousand records.
 */
import type { Anchor } from './chain';
import { type DayEntry, encodeDayIndex, indexName, openDayIndex } from './day-index';
import { LineCutter } from './lines';
import type { ActivityLogParts, LogFile } from './log-ports';
import { readAll } from './log-start';
import type { ActivityIndex } from './query';
import { decodeRecord } from './record';

export interface PastNeeds extends Pick<ActivityLogParts, 'files' | 'sha256' | 'seal' | 'open' | 'anchor'> {
  readonly index: ActivityIndex;
  readonly isStopped: () => boolean;
}

/** Between two turns of everybody else. */
const recordsInOneGo = 1_000;

/** @returns Whether the anchor's record stands there as it was written. */
export async function readPast(needs: PastNeeds, days: readonly LogFile[]): Promise<boolean> {
  let isAnchorFound = false;
  for (const day of days) {
    if (needs.isStopped()) break;
    const filling = new Filling(needs, day, day === days.at(-1));
    if (!(await filling.fromBeside())) await filling.fromLines();
    isAnchorFound ||= await filling.holds(needs.anchor);
  }
  return isAnchorFound;
}

class Filling {
  readonly #entries: DayEntry[] = [];
  #anchored: DayEntry | undefined;

  constructor(
    readonly needs: PastNeeds,
    readonly day: LogFile,
    /** Grows while it is read, so nothing is kept beside it. */
    readonly isNewest: boolean,
  ) {}

  /** False when there is no index of this day, or not of the day as it lies there now. */
  async fromBeside(): Promise<boolean> {
    const { needs, day, isNewest } = this;
    const bytes = isNewest ? null : await needs.files.readBeside(indexName(day.name));
    const kept = bytes === null ? null : openDayIndex(bytes, needs.open, needs.sha256);
    if (kept === null || kept.day.file !== day.name || kept.day.bytes !== day.bytes) return false;
    if ((await needs.files.digest(day.name, day.bytes)) !== kept.day.sha256) return false;
    let added = 0;
    for (const entry of kept.entries) {
      if (added % recordsInOneGo === 0) await needs.files.pause();
      this.#add(entry);
      added += 1;
    }
    return true;
  }

  async fromLines(): Promise<void> {
    const { needs, day, isNewest } = this;
    const cutter = new LineCutter();
    for await (const chunk of needs.files.chunks(day.name, 0, day.bytes)) {
      if (needs.isStopped()) return;
      for (const { offset, bytes } of cutter.push(chunk)) {
        const record = decodeRecord(bytes);
        if (record === null) continue; // Verify log names it; a list cannot show what it cannot read.
        const entry = { record, offset, bytes: bytes.length };
        this.#add(entry);
        if (!isNewest) this.#entries.push(entry);
      }
    }
    if (!isNewest) await this.#keepBeside();
  }

  async holds(anchor: Anchor | null): Promise<boolean> {
    if (this.#anchored === undefined || anchor === null) return false;
    const { offset, bytes } = this.#anchored;
    const line = await readAll(this.needs.files, this.day.name, offset, offset + bytes);
    return this.needs.sha256(line) === anchor.hash;
  }

  #add(entry: DayEntry): void {
    const { record, offset, bytes } = entry;
    this.needs.index.add(record, { file: this.day.name, offset, bytes });
    if (record.seq === this.needs.anchor?.seq) this.#anchored = entry;
  }

  async #keepBeside(): Promise<void> {
    const { needs, day } = this;
    try {
      const sha256 = await needs.files.digest(day.name, day.bytes);
      await needs.files.pause();
      const facts = { file: day.name, bytes: day.bytes, sha256 };
      const bytes = encodeDayIndex(facts, this.#entries, needs.seal, needs.sha256);
      await needs.files.writeBeside(indexName(day.name), bytes);
    } catch {
      // A locked vault or a full disk: only the next start is slower.
    }
  }
}
