/**
 * The index in memory: one compact entry a record, and one row for all records of a call. Answers filtered
 * pages, newest first, and counts for the chart, without reading a file. Refuses to hold bodies.
 */
import { Bars } from './bars';
import { float64, int32, Texts, uint16, uint32 } from './columns';
import type { IndexedRecord } from './day-index';
import { LastUsed } from './last-used';
import { groupOf, QuarterCounts, quarterMs } from './quarter-counts';
import type { Outcome } from './record';
import {
  type ActivityRow,
  isOnlyTime,
  type NamesInLog,
  namesIn,
  type RowFilter,
  rowColumns,
  rowKindOf,
  rowKinds,
  rowTest,
  rowView,
} from './row-columns';
import { TextSearch } from './text-search';

export interface ActivityFilter extends RowFilter {
  /** Only rows older than this one: the `seq` of the last row of the page before. */
  readonly beforeSeq?: number | undefined;
  /** 1 to 200. */
  readonly limit: number;
}

export interface ActivityPage {
  readonly rows: readonly ActivityRow[];
  /** All rows that match, on every page; as far as was looked. */
  readonly matched: number;
  readonly more: boolean;
  /** How far back a search in texts has looked; null for all of it. The same question again looks further. */
  readonly lookedBackToMs: number | null;
}

/** Where a record lies. */
export interface Place {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
}

export const cutOffDetail = 'Was cut off: it may or may not have reached the vendor; it was not tried again.';

const none = -1;

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
  readonly #row = rowColumns();
  readonly #files: string[] = [];
  readonly #openCalls = new Map<string, number>();
  readonly #used = new LastUsed();
  readonly #quarters = new QuarterCounts();
  /** Rows before this one belong to days that were closed. */
  #from = 0;
  #search: { readonly wanted: string; readonly search: TextSearch } | undefined;

  get records(): number {
    return this.#record.seq.length;
  }

  get firstRow(): number {
    return this.#from;
  }

  get rows(): number {
    return this.#row.seq.length;
  }

  /** Calls that have an intent and no outcome yet. */
  get openCalls(): number {
    return this.#openCalls.size;
  }

  add(record: IndexedRecord, place: Place): void {
    const index = this.records;
    const known = record.callId === undefined ? undefined : this.#openCalls.get(record.callId);
    const row = known ?? this.rows;
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
    const connection = this.#texts.text(this.#row.connection.at(row)) ?? record.connectionId;
    this.#used.remember(record, connection);
  }

  /** All records of earlier runs are in: calls that have no outcome by now will never get one. */
  endOfPast(): void {
    for (const row of this.#openCalls.values()) {
      this.#setOutcome(row, 'unknown');
      this.#row.detail.set(row, this.#texts.keep(cutOffDetail));
    }
    this.#openCalls.clear();
  }

  /** Takes a day out that was closed; days go oldest first. */
  hide(file: string): void {
    const { firstRecord, atMs, outcome, kind } = this.#row;
    const isIn = (row: number) => this.#files[this.#record.file.at(firstRecord.at(row))] === file;
    for (; this.#from < this.rows && isIn(this.#from); this.#from += 1) {
      const group = groupOf(this.#texts.text(outcome.at(this.#from)) ?? '');
      if (kind.at(this.#from) === rowKinds.indexOf('call'))
        this.#quarters.add(atMs.at(this.#from), group, -1);
    }
  }

  /** By day file. */
  recordsByFile(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (let record = 0; record < this.records; record += 1) {
      const file = this.#files[this.#record.file.at(record)] ?? '';
      counts.set(file, (counts.get(file) ?? 0) + 1);
    }
    return counts;
  }

  list(filter: ActivityFilter): ActivityPage {
    const search = this.#searchFor(filter);
    const matches = rowTest(this.#row, this.#texts, filter, search);
    const limit = Math.min(200, Math.max(1, Math.trunc(filter.limit)));
    const rows: ActivityRow[] = [];
    let matched = 0;
    let more = false;
    let lookedBackToMs: number | null = null;
    for (let row = this.rows - 1; row >= this.#from; row -= 1) {
      if (filter.fromMs !== undefined && this.#row.latestMs.at(row) < filter.fromMs) break;
      if (search?.isSpent === true) {
        lookedBackToMs = this.#row.atMs.at(row);
        break;
      }
      if (!matches(row)) continue;
      matched += 1;
      if (filter.beforeSeq !== undefined && this.#row.seq.at(row) >= filter.beforeSeq) continue;
      if (rows.length < limit) rows.push(this.view(row));
      else more = true;
    }
    return { rows, matched, more: more || lookedBackToMs !== null, lookedBackToMs };
  }

  /**
   * Calls by outcome between each two edges; the order of the numbers is that of `outcomeGroups`.
   *
   * @param edges Rising.
   */
  chart(filter: RowFilter, edges: readonly number[]): readonly (readonly number[])[] {
    const bars = new Bars(edges);
    const { fromMs, toMs } = filter;
    const whole = [...edges, fromMs ?? 0, toMs ?? 0].every((edge) => edge % quarterMs === 0);
    if (whole && isOnlyTime(filter)) {
      this.#quarters.each((startMs, counts) => {
        if (startMs < (fromMs ?? startMs) || startMs >= (toMs ?? Number.POSITIVE_INFINITY)) return;
        for (const [group, calls] of counts.entries()) if (calls > 0) bars.count(startMs, group, calls);
      });
      return bars.calls;
    }
    const search = this.#searchFor(filter);
    const matches = rowTest(this.#row, this.#texts, { ...filter, kinds: ['call'] }, search);
    const groups = new Map<number, number>();
    for (let row = this.rows - 1; row >= this.#from && search?.isSpent !== true; row -= 1) {
      if (this.#row.latestMs.at(row) < (fromMs ?? edges[0] ?? 0)) break;
      if (!matches(row)) continue;
      const outcome = this.#row.outcome.at(row);
      const group = groups.get(outcome) ?? groupOf(this.#texts.text(outcome) ?? '');
      groups.set(outcome, group);
      bars.count(this.#row.atMs.at(row), group, 1);
    }
    return bars.calls;
  }

  /** For someone who walks over all rows by their position, `firstRow` to `rows` - 1, oldest first. */
  rowTest(filter: RowFilter): (row: number) => boolean {
    return rowTest(this.#row, this.#texts, filter, this.#searchFor(filter, 'everything'));
  }

  view(row: number): ActivityRow {
    return rowView(this.#row, this.#texts, row);
  }

  /** When the first row was written; undefined for an empty log. */
  firstAtMs(): number | undefined {
    return this.#from >= this.rows ? undefined : this.#row.atMs.at(this.#from);
  }

  /** What calls went to, and connections by id with what they are called there. Each once, newest first. */
  names(): NamesInLog {
    return namesIn(this.#row, this.#texts, this.#from);
  }

  /** All records of the row that holds this record, oldest first; empty when there is none. */
  placesOf(seq: number): Place[] {
    const first = this.#record.seq.at(0);
    let index = seq - first;
    if (this.#record.seq.at(index) !== seq) index = this.#find(seq);
    const row = index === none ? none : this.#record.row.at(index);
    return row < this.#from ? [] : this.placesOfRow(row);
  }

  placesOfRow(row: number): Place[] {
    const places: Place[] = [];
    let record = this.#row.firstRecord.at(row);
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
    return this.#used.of(connectionId);
  }

  callsSince(query: { agentId?: string | undefined; connectionId?: string | undefined; sinceMs: number }): {
    calls: number;
    failed: number;
  } {
    const { agentId, connectionId, sinceMs } = query;
    const filter = { fromMs: sinceMs, agentId, connectionId, kinds: ['call'] as const };
    const matches = rowTest(this.#row, this.#texts, filter, undefined);
    const failedOutcome = this.#texts.keep('failed');
    let calls = 0;
    let failed = 0;
    for (let row = this.rows - 1; row >= this.#from; row -= 1) {
      if (this.#row.latestMs.at(row) < sinceMs) break;
      if (!matches(row)) continue;
      calls += 1;
      if (this.#row.outcome.at(row) === failedOutcome) failed += 1;
    }
    return { calls, failed };
  }

  #newRow(record: IndexedRecord, index: number): void {
    const columns = this.#row;
    const kind = rowKindOf(record.kind);
    const outcome = record.outcome ?? (kind === 'call' ? 'waiting' : 'noted');
    const before = columns.latestMs.length === 0 ? record.atMs : columns.latestMs.at(this.rows - 1);
    columns.firstRecord.push(index);
    columns.lastRecord.push(index);
    columns.seq.push(record.seq);
    columns.atMs.push(record.atMs);
    columns.latestMs.push(Math.max(before, record.atMs));
    columns.kind.push(rowKinds.indexOf(kind));
    columns.outcome.push(this.#texts.keep(outcome));
    columns.who.push(this.#texts.keep(record.who.name));
    columns.what.push(this.#texts.keep(record.what));
    columns.detail.push(this.#texts.keep(record.detail));
    columns.agent.push(this.#texts.keep(record.agentId));
    columns.connection.push(this.#texts.keep(record.connectionId));
    columns.tookMs.push(record.tookMs ?? Number.NaN);
    if (kind === 'call') this.#quarters.add(record.atMs, groupOf(outcome), 1);
    if (record.kind === 'call_intent' && record.callId !== undefined) {
      this.#openCalls.set(record.callId, this.rows - 1);
    }
  }

  #laterRecord(row: number, record: IndexedRecord, index: number): void {
    this.#record.next.set(this.#row.lastRecord.at(row), index);
    this.#row.lastRecord.set(row, index);
    if (record.detail !== '') this.#row.detail.set(row, this.#texts.keep(record.detail));
    if (record.kind !== 'call_outcome') return;
    this.#setOutcome(row, record.outcome ?? 'unknown');
    this.#row.tookMs.set(row, record.tookMs ?? Number.NaN);
    if (record.callId !== undefined) this.#openCalls.delete(record.callId);
  }

  #setOutcome(row: number, outcome: Outcome): void {
    const before = groupOf(this.#texts.text(this.#row.outcome.at(row)) ?? '');
    const atMs = this.#row.atMs.at(row);
    this.#quarters.add(atMs, before, -1);
    this.#quarters.add(atMs, groupOf(outcome), 1);
    this.#row.outcome.set(row, this.#texts.keep(outcome));
  }

  /** The search of the question before goes on when it is the same. */
  #searchFor({ text }: RowFilter, bound: 'one go' | 'everything' = 'one go'): TextSearch | undefined {
    const wanted = text?.trim().toLowerCase() ?? '';
    if (wanted === '') return undefined;
    if (this.#search?.wanted !== wanted)
      this.#search = { wanted, search: new TextSearch(this.#texts, wanted) };
    return this.#search.search.begin(bound);
  }

  #find(seq: number): number {
    for (let index = this.records - 1; index >= 0; index -= 1)
      if (this.#record.seq.at(index) === seq) return index;
    return none;
  }
}
