/**
 * Exported rows as text. CSV for spreadsheets: a mark of UTF-8 in front so that Excel reads it, and no cell that a spreadsheet
 * would take for a formula. JSON as one object a line: a reader need not hold a million rows at once, and a file that was
 * cut off on its way is still good up to its last whole line.
 */
import Papa from 'papaparse';
import type { ExportFormat } from '../../preload/contract/activity-shapes';
import type { ExportedRow } from './export-rows';

export interface ExportText {
  /** What the file begins with. */
  readonly head: string;
  readonly rows: (rows: readonly ExportedRow[]) => string;
}

export function exportText(format: ExportFormat, withBodies: boolean): ExportText {
  return format === 'json' ? jsonLines : csv(withBodies);
}

const jsonLines: ExportText = {
  head: '',
  rows: (rows) =>
    rows
      .map(({ atMs, ...row }) => `${JSON.stringify({ ...row, at: new Date(atMs).toISOString() })}\n`)
      .join(''),
};

const columns = [
  'Number',
  'Time (UTC)',
  'Kind',
  'Who',
  'What',
  'Outcome',
  'Detail',
  'Took (ms)',
  'Agent ID',
  'Connection ID',
];
const byteOrderMark = '\uFEFF';
/** Also the wide forms that a spreadsheet reads alike. */
const formula = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;

function csv(withBodies: boolean): ExportText {
  const lines = (cells: readonly (readonly unknown[])[]) =>
    `${Papa.unparse(
      cells.map((line) => [...line]),
      { escapeFormulae: formula, newline: '\r\n' },
    )}\r\n`;
  return {
    head: `${byteOrderMark}${lines([withBodies ? [...columns, 'Arguments or changes'] : columns])}`,
    rows: (rows) => (rows.length === 0 ? '' : lines(rows.map((row) => cellsOf(row, withBodies)))),
  };
}

function cellsOf(row: ExportedRow, withBodies: boolean): readonly unknown[] {
  const cells = [
    row.seq,
    new Date(row.atMs).toISOString(),
    row.kind,
    row.who,
    row.what,
    row.outcome,
    row.detail,
    row.tookMs ?? '',
    row.agentId ?? '',
    row.connectionId ?? '',
  ];
  return withBodies ? [...cells, row.body === undefined ? '' : JSON.stringify(row.body)] : cells;
}
