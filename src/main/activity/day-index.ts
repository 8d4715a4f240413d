/**
 * What the index knows of one closed day, as a file beside it, so that a start need not read the day line by line.
 * Its first line is sealed and holds the size and hash of the day file and the hash of all that follows: refuses to
 * say anything when one of them differs, so that it cannot lie about the log.
 *
 *     <sealed {file, bytes, sha256, index}> \n <length of the head> <head: JSON> <columns>
 */
import { z } from 'zod';
import { joined } from './lines';
import { activityRecordSchema, type Sha256 } from './record';

/** What the index keeps of a record, and where it lies in its day file. */
export interface DayEntry {
  readonly record: IndexedRecord;
  readonly offset: number;
  readonly bytes: number;
}

const indexedFields = {
  seq: true,
  atMs: true,
  kind: true,
  what: true,
  connectionId: true,
  agentId: true,
  callId: true,
  outcome: true,
  detail: true,
  tookMs: true,
} as const;
const indexedSchema = activityRecordSchema
  .pick(indexedFields)
  .extend({ who: activityRecordSchema.shape.who.pick({ name: true }) });
export type IndexedRecord = z.infer<typeof indexedSchema>;

/** Of the day that an index belongs to. */
export interface DayFacts {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

export const indexName = (file: string) => `${file}.index`;

const version = 1;
const sealSchema = z.object({ file: z.string(), bytes: z.number(), sha256: z.string(), index: z.string() });
const headSchema = z.object({
  version: z.literal(version),
  records: z.number().int().nonnegative(),
  texts: z.array(z.string()),
});
const numbers = ['seq', 'atMs', 'tookMs', 'offset'] as const;
const texts = ['kind', 'who', 'what', 'detail', 'agentId', 'connectionId', 'callId', 'outcome'] as const;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** @throws What `seal` throws. */
export function encodeDayIndex(
  day: DayFacts,
  entries: readonly DayEntry[],
  seal: (clear: string) => string,
  sha256: Sha256,
): Uint8Array {
  const known = new Map<string, number>();
  const numberOf = (text: string | undefined): number => {
    if (text === undefined) return 0;
    const number = known.get(text) ?? known.size + 1;
    known.set(text, number);
    return number;
  };
  const { length } = entries;
  const wide = numbers.map(() => new Float64Array(length));
  const narrow = texts.map(() => new Uint32Array(length));
  const sizes = new Uint32Array(length);
  for (const [row, { record, offset, bytes }] of entries.entries()) {
    numbers.forEach((name, column) => {
      set(wide[column], row, name === 'offset' ? offset : (record[name] ?? Number.NaN));
    });
    texts.forEach((name, column) => {
      set(narrow[column], row, numberOf(name === 'who' ? record.who.name : record[name]));
    });
    sizes[row] = bytes;
  }
  const head = encoder.encode(JSON.stringify({ version, records: length, texts: [...known.keys()] }));
  const columns = [...wide, ...narrow, sizes].map((column) => new Uint8Array(column.buffer));
  const payload = joined([new Uint8Array(Uint32Array.of(head.length).buffer), head, ...columns]);
  const proof = JSON.stringify({ ...day, index: sha256(payload) });
  return joined([encoder.encode(`${seal(proof)}\n`), payload]);
}

function set(column: Float64Array | Uint32Array | undefined, row: number, value: number): void {
  if (column !== undefined) column[row] = value;
}

/** The facts that the seal vouches for; null for a file that is no index of ours or does not open. */
export function openDayIndex(
  bytes: Uint8Array,
  open: (sealed: string) => string,
  sha256: Sha256,
): { readonly day: DayFacts; readonly entries: Iterable<DayEntry> } | null {
  const end = bytes.indexOf(10);
  if (end === -1) return null;
  let proof: unknown;
  try {
    proof = JSON.parse(open(decoder.decode(bytes.subarray(0, end))));
  } catch {
    return null; // Made by another vault, or changed: the day file itself is read instead.
  }
  const sealed = sealSchema.safeParse(proof).data;
  const payload = new Uint8Array(bytes.subarray(end + 1));
  if (sealed === undefined || sealed.index !== sha256(payload)) return null;
  const [headBytes = 0] = new Uint32Array(payload.slice(0, 4).buffer);
  const head = headSchema.safeParse(JSON.parse(decoder.decode(payload.subarray(4, 4 + headBytes)))).data;
  return head === undefined ? null : { day: sealed, entries: entriesOf(head, payload, 4 + headBytes) };
}

/** One after the other, so that whoever walks over a long day can rest in between. */
function* entriesOf(
  head: z.infer<typeof headSchema>,
  payload: Uint8Array,
  start: number,
): Generator<DayEntry> {
  const { records } = head;
  let at = start;
  const next = (width: number): ArrayBuffer => {
    const column = payload.slice(at, at + width * records).buffer;
    at += width * records;
    return column;
  };
  const wide = numbers.map(() => new Float64Array(next(8)));
  const narrow = texts.map(() => new Uint32Array(next(4)));
  const sizes = new Uint32Array(next(4));
  const [seq, atMs, tookMs, offset] = wide;
  for (let row = 0; row < records; row += 1) {
    const text = (column: number) => head.texts[(narrow[column]?.[row] ?? 0) - 1];
    const took = tookMs?.[row] ?? Number.NaN;
    yield {
      record: {
        seq: seq?.[row] ?? 0,
        atMs: atMs?.[row] ?? 0,
        // Sealed by us a run ago: these are words that the schema let through then.
        kind: text(0) as IndexedRecord['kind'],
        who: { name: text(1) ?? '' },
        what: text(2) ?? '',
        detail: text(3) ?? '',
        agentId: text(4),
        connectionId: text(5),
        callId: text(6),
        outcome: text(7) as IndexedRecord['outcome'],
        tookMs: Number.isNaN(took) ? undefined : took,
      },
      offset: offset?.[row] ?? 0,
      bytes: sizes[row] ?? 0,
    };
  }
}
