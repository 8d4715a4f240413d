/** The rows of the index as columns of numbers, the filter over them, and what one row looks like to a reader. Changes nothing. */
import { type Column, float64, type Texts, uint8, uint32 } from './columns';
import type { Outcome, RecordKind } from './record';
import type { TextSearch } from './text-search';

export type RowKind = 'call' | Exclude<RecordKind, 'call_intent' | 'call_outcome'>;

export interface RowFilter {
  readonly fromMs?: number | undefined;
  /** Exclusive. */
  readonly toMs?: number | undefined;
  readonly agentId?: string | undefined;
  readonly connectionId?: string | undefined;
  /** `<connection alias>:<tool>`, whole. */
  readonly tool?: string | undefined;
  readonly outcome?: Outcome | undefined;
  /** Looked for in who, what and detail; upper and lower case are the same. */
  readonly text?: string | undefined;
  readonly kinds?: readonly RowKind[] | undefined;
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

export const rowKinds: readonly RowKind[] = [
  'call',
  'connection',
  'policies',
  'agent',
  'approval',
  'vault',
  'settings',
  'export',
  'log',
];

export const rowKindOf = (kind: RecordKind): RowKind =>
  kind === 'call_intent' || kind === 'call_outcome' ? 'call' : kind;

export type RowColumns = ReturnType<typeof rowColumns>;

export const rowColumns = () => ({
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
});

/** Whether the filter asks for anything but a time. */
export const isOnlyTime = ({ fromMs: _from, toMs: _to, ...rest }: RowFilter): boolean =>
  Object.values(rest).every((value) => value === undefined);

/** Cheap tests first; the search in texts comes last. */
export function rowTest(
  columns: RowColumns,
  texts: Texts,
  filter: RowFilter,
  search: TextSearch | undefined,
): (row: number) => boolean {
  const tests: ((row: number) => boolean)[] = [];
  const { fromMs, toMs, kinds } = filter;
  const equals = (column: Column, wanted: string | undefined) => {
    if (wanted === undefined) return;
    const number = texts.numberOf(wanted);
    tests.push(number === undefined ? () => false : (row) => column.at(row) === number);
  };
  equals(columns.agent, filter.agentId);
  equals(columns.connection, filter.connectionId);
  equals(columns.outcome, filter.outcome);
  equals(columns.what, filter.tool);
  if (filter.tool !== undefined) tests.push((row) => columns.kind.at(row) === rowKinds.indexOf('call'));
  if (fromMs !== undefined) tests.push((row) => columns.atMs.at(row) >= fromMs);
  if (toMs !== undefined) tests.push((row) => columns.atMs.at(row) < toMs);
  if (kinds !== undefined) {
    const wanted = new Set(kinds.map((kind) => rowKinds.indexOf(kind)));
    tests.push((row) => wanted.has(columns.kind.at(row)));
  }
  if (search !== undefined) {
    tests.push(
      (row) =>
        search.has(columns.what.at(row)) ||
        search.has(columns.who.at(row)) ||
        search.has(columns.detail.at(row)),
    );
  }
  const [only, ...others] = tests;
  if (only === undefined) return () => true;
  return others.length === 0 ? only : (row) => tests.every((test) => test(row));
}

export function rowView(columns: RowColumns, texts: Texts, row: number): ActivityRow {
  const text = (column: Column) => texts.text(column.at(row));
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

export interface NamesInLog {
  readonly tools: readonly string[];
  /** By id: what they are called in the newest row about them. */
  readonly connections: ReadonlyMap<string, string>;
}

/** Each once, newest first. */
export function namesIn(columns: RowColumns, texts: Texts, fromRow: number): NamesInLog {
  const tools = new Set<number>();
  const connections = new Map<number, number>();
  for (let row = columns.seq.length - 1; row >= fromRow; row -= 1) {
    const what = columns.what.at(row);
    if (columns.kind.at(row) === rowKinds.indexOf('call')) tools.add(what);
    const connection = columns.connection.at(row);
    if (connection !== 0 && !connections.has(connection)) connections.set(connection, what);
  }
  const text = (number: number) => texts.text(number) ?? '';
  return {
    tools: [...tools].map(text),
    connections: new Map([...connections].map(([id, what]) => [text(id), text(what).split(':')[0] ?? ''])),
  };
}
