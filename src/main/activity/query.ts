/**
 * The index in memory: one compact entry a record, and one row for all records of a call. Answers filtered
 * pages, newest first, without reading a file. Refuses to hold bodies.
 */
import { type Column, float64, int32, Texts, uint8, uint16, uint32 } from './columns';
import type { ActivityRecord, Outcome, RecordKind } from './record';

export type RowKind = 'call' | Exclude<RecordKind, 'call_intent' | 'call_outcome'>;

export interface ActivityFilter {
  readonly fromMs?: number | undefined;
  /** Exclusive. */
  readonly toMs?: number | undefined;
  readonly agentId?: string | undefined;
  readonly connectionId?: string | undefined;
  readonly outcome?: Outcome | undefined;
  /** Looked for in who, what and detail; upper and lower case are the same. */
  readonly text?: string | undefined;
  readonly kinds?: readonly RowKind[] | undefined;
  /** Only rows older than this one: the `seq` of the last row of the page before. */
  readonly beforeSeq?: number | undefined;
  /** 1 to 200. */
  readonly limit: number;
}

export interface ActivityRow {
  /** Number of the row's first record. */
  readonly seq: number;
  readonly atMs: number;
  readonly kind: RowKind;
  readonly who: string;
  readonly what: string;
  readonly outcome: Outcome;
  readonly detail: string;
  readonly tookMs: number | null;
  readonly connectionId: string | null;
  readonly agentId: string | null;
}

export interface ActivityPage {
  readonly rows: readonly ActivityRow[];
  /** All rows that match, on every page. */
  readonly matched: number;
  readonly more: boolean;
}

/** Where a record lies. */
export interface Place {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
}

export const cutOffDetail = 'Was cut off: it may or may not have reached the vendor; it was not tried again.';

const rowKinds: readonly RowKind[] = [
  'call',
  'connection',
  'policies',
  'agent',
  'approval',
  'vault',
  'settings',
  'log',
];
const none = -1;
const toolOf = (what: string) => what.slice(what.indexOf(':') + 1);
const wasLetOut = (outcome: Outcome) =>
  outcome === 'allowed' || outcome === 'approved' || outcome === 'failed';

export class ActivityIndex {
  readonly #texts = new Texts();
  readonly #record = {
    seq: float64(),
    file: uint16(),
    offset: float64(),
    bytes: uint32(),
    row: uint32(),
    next: int32(),
  };
  readonly #row = {
    firstRecord: uint32(),
    lastRecord: uint32(),
    seq: float64(),
    atMs: float64(),
    /** The latest time of this row and all before it: a clock that jumped back must not end a search early. */
    latestMs: float64(),
    kind: uint8(),
    outcome: uint32(),
    who: uint32(),
    what: uint32(),
    detail: uint32(),
    agent: uint32(),
    connection: uint32(),
    tookMs: float64(),
  };
  readonly #files: string[] = [];
  readonly #openCalls = new Map<string, number>();
  readonly #used = new Map<string, Map<string, number>>();

  get records(): number {
    return this.#record.seq.length;
  }

  /** Calls that have an intent and no outcome yet. */
  get openCalls(): number {
    return this.#openCalls.size;
  }

  add(record: ActivityRecord, place: Place): void {
    const index = this.records;
    const known = record.callId === undefined ? undefined : this.#openCalls.get(record.callId);
    const row = known ?? this.#row.seq.length;
    if (known === undefined) this.#newRow(record, index);
    else this.#laterRecord(known, record, index);
    if (this.#files.at(-1) !== place.file) this.#files.push(place.file);
    const columns = this.#record;
    columns.seq.push(record.seq);
    columns.file.push(this.#files.length - 1);
    columns.offset.push(place.offset);
    columns.bytes.push(place.bytes);
    columns.row.push(row);
    columns.next.push(none);
    this.#remember(record, row);
  }

  /** All records of earlier runs are in: calls that have no outcome by now will never get one. */
  endOfPast(): void {
    for (const row of this.#openCalls.values()) {
      this.#row.outcome.set(row, this.#texts.keep('unknown'));
      this.#row.detail.set(row, this.#texts.keep(cutOffDetail));
    }
    this.#openCalls.clear();
  }

  list(filter: ActivityFilter): ActivityPage {
    const matches = this.#matcher(filter);
    const limit = Math.min(200, Math.max(1, Math.trunc(filter.limit)));
    const rows: ActivityRow[] = [];
    let matched = 0;
    let more = false;
    for (let row = this.#row.seq.length - 1; row >= 0; row -= 1) {
      if (filter.fromMs !== undefined && this.#row.latestMs.at(row) < filter.fromMs) break;
      if (!matches(row)) continue;
      matched += 1;
      if (filter.beforeSeq !== undefined && this.#row.seq.at(row) >= filter.beforeSeq) continue;
      if (rows.length < limit) rows.push(this.#view(row));
      else more = true;
    }
    return { rows, matched, more };
  }

  /** All records of the row that holds this record, oldest first; empty when there is none. */
  placesOf(seq: number): Place[] {
    const first = this.#record.seq.at(0);
    let index = seq - first;
    if (this.#record.seq.at(index) !== seq) index = this.#search(seq);
    if (index === none) return [];
    const places: Place[] = [];
    let record = this.#row.firstRecord.at(this.#record.row.at(index));
    while (record !== none) {
      places.push({
        file: this.#files[this.#record.file.at(record)] ?? '',
        offset: this.#record.offset.at(record),
        bytes: this.#record.bytes.at(record),
      });
      record = this.#record.next.at(record);
    }
    return places;
  }

  /** When each tool of a connection last went out to its vendor. */
  lastUsed(connectionId: string): Map<string, number> {
    return new Map(this.#used.get(connectionId));
  }

  callsSince(query: { agentId?: string | undefined; connectionId?: string | undefined; sinceMs: number }): {
    calls: number;
    failed: number;
  } {
    const { agentId, connectionId } = query;
    const matches = this.#matcher({
      fromMs: query.sinceMs,
      agentId,
      connectionId,
      kinds: ['call'],
      limit: 1,
    });
    const failedOutcome = this.#texts.keep('failed');
    let calls = 0;
    let failed = 0;
    for (let row = this.#row.seq.length - 1; row >= 0; row -= 1) {
      if (this.#row.latestMs.at(row) < query.sinceMs) break;
      if (!matches(row)) continue;
      calls += 1;
      if (this.#row.outcome.at(row) === failedOutcome) failed += 1;
    }
    return { calls, failed };
  }

  #newRow(record: ActivityRecord, index: number): void {
    const columns = this.#row;
    const isCall = record.kind === 'call_intent' || record.kind === 'call_outcome';
    const kind: RowKind =
      record.kind === 'call_intent' || record.kind === 'call_outcome' ? 'call' : record.kind;
    const before =
      columns.latestMs.length === 0 ? record.atMs : columns.latestMs.at(columns.latestMs.length - 1);
    columns.firstRecord.push(index);
    columns.lastRecord.push(index);
    columns.seq.push(record.seq);
    columns.atMs.push(record.atMs);
    columns.latestMs.push(Math.max(before, record.atMs));
    columns.kind.push(rowKinds.indexOf(kind));
    columns.outcome.push(this.#texts.keep(record.outcome ?? (isCall ? 'waiting' : 'noted')));
    columns.who.push(this.#texts.keep(record.who.name));
    columns.what.push(this.#texts.keep(record.what));
    columns.detail.push(this.#texts.keep(record.detail));
    columns.agent.push(this.#texts.keep(record.agentId));
    columns.connection.push(this.#texts.keep(record.connectionId));
    columns.tookMs.push(record.tookMs ?? Number.NaN);
    if (record.kind === 'call_intent' && record.callId !== undefined) {
      this.#openCalls.set(record.callId, columns.seq.length - 1);
    }
  }

  #laterRecord(row: number, record: ActivityRecord, index: number): void {
    this.#record.next.set(this.#row.lastRecord.at(row), index);
    this.#row.lastRecord.set(row, index);
    if (record.detail !== '') this.#row.detail.set(row, this.#texts.keep(record.detail));
    if (record.kind !== 'call_outcome') return;
    this.#row.outcome.set(row, this.#texts.keep(record.outcome ?? 'unknown'));
    this.#row.tookMs.set(row, record.tookMs ?? Number.NaN);
    if (record.callId !== undefined) this.#openCalls.delete(record.callId);
  }

  #remember(record: ActivityRecord, row: number): void {
    if (record.kind !== 'call_outcome' || record.outcome === undefined || !wasLetOut(record.outcome)) return;
    const connection = this.#texts.text(this.#row.connection.at(row)) ?? record.connectionId;
    if (connection === undefined) return;
    const tools = this.#used.get(connection) ?? new Map<string, number>();
    const tool = toolOf(record.what);
    tools.set(tool, Math.max(tools.get(tool) ?? 0, record.atMs));
    this.#used.set(connection, tools);
  }

  #matcher(filter: ActivityFilter): (row: number) => boolean {
    const tests: ((row: number) => boolean)[] = [];
    const columns = this.#row;
    const { fromMs, toMs, kinds, text } = filter;
    const equals = (column: Column, wanted: string | undefined) => {
      if (wanted === undefined) return;
      const number = this.#texts.numberOf(wanted);
      tests.push(number === undefined ? () => false : (row) => column.at(row) === number);
    };
    equals(columns.agent, filter.agentId);
    equals(columns.connection, filter.connectionId);
    equals(columns.outcome, filter.outcome);
    if (fromMs !== undefined) tests.push((row) => columns.atMs.at(row) >= fromMs);
    if (toMs !== undefined) tests.push((row) => columns.atMs.at(row) < toMs);
    if (kinds !== undefined) {
      const wanted = new Set(kinds.map((kind) => rowKinds.indexOf(kind)));
      tests.push((row) => wanted.has(columns.kind.at(row)));
    }
    if (text !== undefined && text.trim() !== '') {
      const has = this.#texts.containing(text.trim());
      tests.push(
        (row) => has(columns.what.at(row)) || has(columns.who.at(row)) || has(columns.detail.at(row)),
      );
    }
    return (row) => tests.every((test) => test(row));
  }

  #view(row: number): ActivityRow {
    const columns = this.#row;
    const text = (column: Column) => this.#texts.text(column.at(row));
    const tookMs = columns.tookMs.at(row);
    return {
      seq: columns.seq.at(row),
      atMs: columns.atMs.at(row),
      kind: rowKinds[columns.kind.at(row)] ?? 'log',
      who: text(columns.who) ?? '',
      what: text(columns.what) ?? '',
      outcome: (text(columns.outcome) ?? 'unknown') as Outcome,
      detail: text(columns.detail) ?? '',
      tookMs: Number.isNaN(tookMs) ? null : tookMs,
      connectionId: text(columns.connection),
      agentId: text(columns.agent),
    };
  }

  #search(seq: number): number {
    for (let index = this.records - 1; index >= 0; index -= 1)
      if (this.#record.seq.at(index) === seq) return index;
    return none;
  }
}
