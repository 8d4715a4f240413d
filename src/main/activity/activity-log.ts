/**
 * The activity log: numbers and chains what happened, and says "written" only when it is on the disk.
 * Appends that come together share one write and one sync. Refuses to go on after a failed write until one
 * succeeds: whoever waits is told no, and no call leaves without its row.
 */
import { Fault } from '../../preload/contract/reply';
import { OneAtATime } from '../store/one-at-a-time';
import { AnchorKeeper } from './anchor-keeper';
import type { Anchor } from './chain';
import { ClosedDays } from './closed-days';
import { dayFile } from './day-file';
import { type ExportBatch, exportRows } from './export-rows';
import { LaterSync } from './later-sync';
import { joined } from './lines';
import type { ActivityLogParts, LogFile } from './log-ports';
import { finding, strayed, writeFailed } from './log-sentences';
import { type LogStart, readAll, startLog } from './log-start';
import { type OpenedRecord, openRecord } from './opened-record';
import { type ActivityFilter, ActivityIndex, type ActivityPage, type Place } from './query';
import { readPast } from './read-past';
import {
  type ActivityEntry,
  type ActivityRecord,
  bodyText,
  decodeRecord,
  encodeRecord,
  recordOf,
} from './record';
import type { RowFilter } from './row-columns';
import { type VerifyResult, verifyLog } from './verify-log';

interface Waiting {
  readonly entry: ActivityEntry;
  readonly atMs: number;
  readonly sealedBody: string | undefined;
  readonly resolve: (written: { seq: number }) => void;
  readonly reject: (fault: Fault) => void;
}

interface Written {
  readonly record: ActivityRecord;
  readonly place: Place;
}

const maxBatch = 512;
const newline = new Uint8Array([10]);
export class ActivityLog {
  readonly #parts: ActivityLogParts;
  readonly #index = new ActivityIndex();
  readonly #anchors: AnchorKeeper;
  readonly #later: LaterSync;
  readonly #listeners = new Set<(lastSeq: number) => void>();
  readonly #past: Promise<Fault | null>;
  /** Days that are not kept any longer. */
  readonly closed: ClosedDays;
  /** No day goes while the log is verified. */
  readonly #turns = new OneAtATime();
  #early: Written[] | null = [];
  #anchor: Anchor | null;
  #head: Anchor;
  #file: LogFile | null;
  #queue: Waiting[] = [];
  #writing: Promise<void> | null = null;
  #closed = false;

  private constructor(parts: ActivityLogParts, start: LogStart) {
    this.#parts = parts;
    this.#anchor = parts.anchor;
    this.#head = start.head;
    this.#file = start.files.at(-1) ?? null;
    this.#anchors = new AnchorKeeper(parts.clock, (anchor) => {
      this.#anchor = anchor;
      return parts.onAnchor(anchor);
    });
    this.#later = new LaterSync({
      clock: parts.clock,
      sync: () => parts.files.sync(),
      onSynced: (head) => this.#anchors.moved(head),
      onDue: () => {
        this.#writing ??= this.#writeAll();
      },
    });
    this.closed = new ClosedDays({
      ...parts,
      index: this.#index,
      turns: this.#turns,
      append: (entry) => this.append(entry),
      isStopped: () => this.#closed,
    });
    if (start.anchor === 'good') this.#anchors.release();
    if (start.anchor === 'bad') this.#anchors.refuse();
    this.#past = this.#readPast(start).then(
      () => null,
      (error: unknown) =>
        new Fault('activity_unreadable', 'The activity log could not be read.', {
          retryable: true,
          cause: error,
        }),
    );
  }

  /**
   * Reads the end of the newest file, heals a torn line, and goes on in the background with the index.
   *
   * @throws Fault `activity_unreadable` (no retry), `activity_write_failed` (a retry may help).
   */
  static async open(parts: ActivityLogParts): Promise<ActivityLog> {
    const start = await startLog(parts);
    const log = new ActivityLog(parts, start);
    const findings = [...start.findings, ...(start.anchor === 'bad' ? [strayed] : [])];
    await Promise.all(findings.map((detail) => log.append(finding(detail))));
    return log;
  }

  /**
   * Answers when the record is on the disk; how a call ended, when it is written: its sync follows.
   *
   * @throws Fault `activity_write_failed` (a retry may help), and what `seal` throws.
   */
  append(entry: ActivityEntry): Promise<{ seq: number }> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new Fault('activity_write_failed', 'The activity log is closed.');
      const sealedBody = entry.body === undefined ? undefined : this.#parts.seal(bodyText(entry.body));
      this.#queue.push({ entry, atMs: this.#parts.clock.nowMs(), sealedBody, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  /** @throws Fault `activity_unreadable` when the index could not be built. */
  async list(filter: ActivityFilter): Promise<ActivityPage> {
    await this.ready();
    return this.#index.list(filter);
  }

  /**
   * The first ten records of the row that holds this one (a call has two, and one for each approval).
   *
   * @throws Fault `not_found`, `activity_unreadable`.
   */
  async show(seq: number): Promise<{ seq: number; records: OpenedRecord[] }> {
    await this.ready();
    const places = this.#index.placesOf(seq).slice(0, 10);
    if (places.length === 0) throw new Fault('not_found', `The log has no record ${seq}.`);
    const records: OpenedRecord[] = [];
    for (const { file, offset, bytes } of places) {
      const record = decodeRecord(await readAll(this.#parts.files, file, offset, offset + bytes));
      if (record === null) {
        throw new Fault(
          'activity_unreadable',
          `A record in ${file} can no longer be read. Verify log tells which.`,
        );
      }
      records.push(openRecord(record, this.#parts.open));
    }
    return { seq, records };
  }

  /** Walks the whole chain as it stands now; needs no key, and appends go on meanwhile. */
  verify(): Promise<VerifyResult> {
    const isWriting = () => this.#writing !== null;
    return this.#turns.run(() =>
      verifyLog(this.#parts, [this.#anchor, this.#head], {
        file: this.#file,
        isYounger: (file) => isWriting() || this.#file !== file,
      }),
    );
  }

  /** Told once for every batch that is on the disk. The answer takes the listener away again. */
  onAppended(listener: (lastSeq: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Calls by outcome between each two edges. @throws Fault `activity_unreadable`.
   *
   * @param edges Made when the log is ready, from the time of its first row.
   */
  async chart(
    filter: RowFilter,
    edges: (firstAtMs: number | undefined) => readonly number[],
  ): Promise<readonly (readonly number[])[]> {
    await this.ready();
    return this.#index.chart(filter, edges(this.#index.firstAtMs()));
  }

  /**
   * Everything that matches and is there now, oldest first. @throws Fault `activity_unreadable`, `vault_locked`.
   *
   * @param withBodies Opened, redacted as they were written.
   */
  async *exportRows(filter: RowFilter, withBodies: boolean): AsyncGenerator<ExportBatch> {
    await this.ready();
    const bodyOf = (record: ActivityRecord): unknown => {
      const { body } = openRecord(record, this.#parts.open);
      if (body.kind === 'none') return undefined;
      return body.kind === 'opened' ? body.value : body.why;
    };
    yield* exportRows({ index: this.#index, files: this.#parts.files, bodyOf }, filter, withBodies);
  }

  /** What there is to filter by. @throws Fault `activity_unreadable`. */
  async names(): Promise<ReturnType<ActivityIndex['names']>> {
    await this.ready();
    return this.#index.names();
  }

  /** When each tool last went out. Before `ready`, only what has been read so far. */
  lastUsed(connectionId: string): Map<string, number> {
    return this.#index.lastUsed(connectionId);
  }

  /** Calls, and how many of them failed. Before `ready`, only what has been read so far. */
  callsSince(query: { agentId?: string | undefined; connectionId?: string | undefined; sinceMs: number }): {
    calls: number;
    failed: number;
  } {
    return this.#index.callsSince(query);
  }

  /** The index holds everything. @throws Fault `activity_unreadable`. */
  async ready(): Promise<void> {
    const fault = await this.#past;
    if (fault !== null) throw fault;
  }

  /** Writes what waits, anchors the newest hash and lets the files go. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#writing;
    await this.#past;
    try {
      await this.#later.settle();
      this.#later.check();
      await this.#anchors.close();
    } finally {
      await this.#parts.files.close();
    }
  }

  async #writeAll(): Promise<void> {
    await settled();
    while (this.#queue.length > 0 || this.#later.isDue) {
      if (this.#queue.length === 0) {
        await this.#later.settle();
        continue;
      }
      const batch = this.#queue.splice(0, maxBatch);
      try {
        const written = await this.#write(batch);
        batch.forEach((one, index) => {
          one.resolve({ seq: written[index]?.record.seq ?? this.#head.seq });
        });
        this.#tell();
      } catch (error) {
        const fault = writeFailed(error);
        for (const one of [...batch, ...this.#queue.splice(0)]) one.reject(fault);
      }
      await settled();
    }
    this.#writing = null;
  }

  async #write(batch: readonly Waiting[]): Promise<Written[]> {
    const { sha256, clock, files } = this.#parts;
    this.#later.check();
    const today = dayFile(clock.nowMs());
    // A clock that jumps back stays in the newest file: the order of the files is the order of the chain.
    const file = this.#file !== null && this.#file.name >= today ? this.#file : { name: today, bytes: 0 };
    let head = this.#head;
    let offset = file.bytes;
    const parts: Uint8Array[] = [];
    const written = batch.map(({ entry, atMs, sealedBody }): Written => {
      const record = recordOf(entry, { seq: head.seq + 1, atMs, prev: head.hash, sealedBody });
      const bytes = encodeRecord(record);
      const place = { file: file.name, offset, bytes: bytes.length };
      parts.push(bytes, newline);
      head = { seq: record.seq, hash: sha256(bytes) };
      offset += bytes.length + 1;
      return { record, place };
    });
    const isLater = batch.every(({ entry }) => entry.kind === 'call_outcome');
    const together = batch.length === 1 && this.#index.openCalls <= 1 ? 'alone' : 'shared';
    await files.append(file.name, joined(parts), file.bytes, isLater ? 'later' : together);
    this.#head = head;
    this.#file = { name: file.name, bytes: offset };
    if (isLater) this.#later.owe(head);
    else this.#later.covered(head);
    if (this.#early !== null) this.#early.push(...written);
    else for (const { record, place } of written) this.#index.add(record, place);
    return written;
  }

  /** A listener's failure is not the log's: the record is written whatever the listener does. */
  #tell(): void {
    for (const listener of this.#listeners) queueMicrotask(() => listener(this.#head.seq));
  }

  async #readPast(start: LogStart): Promise<void> {
    const isStopped = () => this.#closed;
    const days = await this.closed.settle(start.files);
    const isFound = await readPast({ ...this.#parts, index: this.#index, isStopped }, days);
    if (this.#closed) return;
    this.#index.endOfPast();
    for (const { record, place } of this.#early ?? []) this.#index.add(record, place);
    this.#early = null;
    if (start.anchor !== 'further_back') return;
    if (isFound) return this.#anchors.release();
    this.#anchors.refuse();
    await this.append(finding(strayed));
  }
}

/** Lets everyone who was just answered hand in their next record, so that they share the next sync. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) await null;
}
