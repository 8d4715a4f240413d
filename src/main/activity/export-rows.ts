/**
 * Walks over the rows that match, oldest first, in small batches, with the bodies of their first records where they are wanted.
 * What is added while it walks is not part of it. Refuses to read more of a day than a batch needs.
 */
import { joined } from './lines';
import type { LogFiles } from './log-ports';
import type { ActivityIndex, Place } from './query';
import { type ActivityRecord, decodeRecord } from './record';
import type { ActivityRow, RowFilter } from './row-columns';

export interface ExportedRow extends ActivityRow {
  /** Redacted when it was written. Undefined where the row has none or none is wanted. */
  readonly body?: unknown;
}

export interface ExportBatch {
  readonly rows: readonly ExportedRow[];
  /** Rows looked at so far, whether they match or not, and how many there are to look at. */
  readonly looked: number;
  readonly of: number;
}

export interface ExportNeeds {
  readonly index: ActivityIndex;
  readonly files: LogFiles;
  /** The body of a record in clear; throws `vault_locked`. */
  readonly bodyOf: (record: ActivityRecord) => unknown;
}

const rowsInOneGo = 2_000;
const rowsWithBodiesInOneGo = 200;

export async function* exportRows(
  needs: ExportNeeds,
  filter: RowFilter,
  withBodies: boolean,
): AsyncGenerator<ExportBatch> {
  const { index, files } = needs;
  const of = index.rows;
  const matches = index.rowTest(filter);
  const step = withBodies ? rowsWithBodiesInOneGo : rowsInOneGo;
  for (let from = index.firstRow; from < of; from += step) {
    const looked = Math.min(of, from + step);
    const found: number[] = [];
    for (let row = from; row < looked; row += 1) if (matches(row)) found.push(row);
    const bodies = withBodies ? await bodiesOf(needs, found) : undefined;
    yield {
      rows: found.map((row, at) => ({
        ...index.view(row),
        ...(bodies?.[at] === undefined ? {} : { body: bodies[at] }),
      })),
      looked,
      of,
    };
    await files.pause();
  }
}

/** One read for each day file that the batch touches: rows that follow each other lie beside each other. */
async function bodiesOf({ index, files, bodyOf }: ExportNeeds, rows: readonly number[]): Promise<unknown[]> {
  const places = rows.map((row) => index.placesOfRow(row)[0]);
  const spans = new Map<string, { from: number; to: number; bytes: Uint8Array }>();
  for (const place of places) {
    if (place === undefined) continue;
    const span = spans.get(place.file) ?? { from: place.offset, to: 0, bytes: new Uint8Array(0) };
    span.from = Math.min(span.from, place.offset);
    span.to = Math.max(span.to, place.offset + place.bytes);
    spans.set(place.file, span);
  }
  for (const [file, span] of spans) {
    const parts: Uint8Array[] = [];
    for await (const chunk of files.chunks(file, span.from, span.to)) parts.push(chunk);
    span.bytes = joined(parts);
  }
  return places.map((place) => {
    const record = place === undefined ? null : decodeRecord(lineAt(spans.get(place.file), place));
    return record?.body === undefined ? undefined : bodyOf(record);
  });
}

function lineAt(span: { from: number; bytes: Uint8Array } | undefined, place: Place): Uint8Array {
  const at = place.offset - (span?.from ?? 0);
  return span?.bytes.subarray(at, at + place.bytes) ?? new Uint8Array(0);
}
