/**
 * The shape of one line of the activity log, and how it becomes bytes. A line never holds its own hash: the
 * hash is SHA-256 over the line's exact bytes without the newline, and stands in `prev` of the next line.
 * Refuses to hold a body in clear: arguments and results are sealed before they come here.
 */
import { z } from 'zod';
import { type Outcome, outcomeSchema } from '../../preload/contract/shapes';

export type { Outcome };

export const recordKinds = [
  'call_intent',
  'call_outcome',
  'connection',
  'policies',
  'agent',
  'approval',
  'vault',
  'settings',
  'export',
  'log',
] as const;
export type RecordKind = (typeof recordKinds)[number];

/** Lowercase hex of a SHA-256. */
export type Hash = string;
export type Sha256 = (bytes: Uint8Array) => Hash;

/** What the first line of all holds in `prev`. */
export const genesisHash: Hash = '0'.repeat(64);

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);
const seqSchema = z.number().int().positive();

export const activityRecordSchema = z.object({
  /** Counts from 1 over all days, without gaps. */
  seq: seqSchema,
  atMs: z.number().int().nonnegative(),
  kind: z.enum(recordKinds),
  who: z.object({
    kind: z.enum(['agent', 'technician', 'gatehouse']),
    name: z.string(),
    id: z.string().optional(),
  }),
  /** `<connection alias>:<tool>` for calls, a label for the rest. */
  what: z.string(),
  connectionId: z.string().optional(),
  agentId: z.string().optional(),
  callId: z.string().optional(),
  decision: z.string().optional(),
  outcome: outcomeSchema.optional(),
  /** One short sentence for a person; never a secret. */
  detail: z.string(),
  tookMs: z.number().nonnegative().optional(),
  status: z.number().int().optional(),
  bytes: z.number().int().nonnegative().optional(),
  /** Sealed under the vault's key, base64. */
  body: z.string().optional(),
  prev: hashSchema,
});
export type ActivityRecord = z.infer<typeof activityRecordSchema>;

/** What a caller hands in; the log adds number, time and chain, and seals the body. */
export interface ActivityEntry {
  readonly kind: RecordKind;
  readonly who: {
    readonly kind: 'agent' | 'technician' | 'gatehouse';
    readonly name: string;
    readonly id?: string;
  };
  readonly what: string;
  readonly connectionId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly callId?: string | undefined;
  readonly decision?: string | undefined;
  readonly outcome?: Outcome | undefined;
  readonly detail: string;
  readonly tookMs?: number | undefined;
  readonly status?: number | undefined;
  readonly bytes?: number | undefined;
  /** Any JSON value, already redacted. Sealed before it is written; over `maxBodyChars` only its size is kept. */
  readonly body?: unknown;
}

export const maxBodyChars = 1_000_000;

const chainFieldsSchema = z.object({ seq: seqSchema, prev: hashSchema });
export type ChainFields = z.infer<typeof chainFieldsSchema>;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const cut = (text: string, maxChars: number) =>
  text.length > maxChars ? `${text.slice(0, maxChars - 1)}…` : text;
const wholeOrZero = (value: number) => (Number.isFinite(value) ? Math.max(0, Math.round(value)) : 0);

/** Puts one entry into its place of the chain; names and sentences longer than the view shows are cut. */
export function recordOf(
  entry: ActivityEntry,
  place: {
    readonly seq: number;
    readonly atMs: number;
    readonly prev: Hash;
    readonly sealedBody: string | undefined;
  },
): ActivityRecord {
  const { who } = entry;
  return {
    seq: place.seq,
    atMs: wholeOrZero(place.atMs),
    kind: entry.kind,
    who: {
      kind: who.kind,
      name: cut(who.name, 80),
      ...(who.id === undefined ? {} : { id: cut(who.id, 80) }),
    },
    what: cut(entry.what, 260),
    ...(entry.connectionId === undefined ? {} : { connectionId: cut(entry.connectionId, 80) }),
    ...(entry.agentId === undefined ? {} : { agentId: cut(entry.agentId, 80) }),
    ...(entry.callId === undefined ? {} : { callId: cut(entry.callId, 120) }),
    ...(entry.decision === undefined ? {} : { decision: cut(entry.decision, 300) }),
    ...(entry.outcome === undefined ? {} : { outcome: entry.outcome }),
    detail: cut(entry.detail, 600),
    ...(entry.tookMs === undefined ? {} : { tookMs: wholeOrZero(entry.tookMs) }),
    ...(entry.status === undefined ? {} : { status: Math.trunc(entry.status) }),
    ...(entry.bytes === undefined ? {} : { bytes: wholeOrZero(entry.bytes) }),
    ...(place.sealedBody === undefined ? {} : { body: place.sealedBody }),
    prev: place.prev,
  };
}

/** The text that gets sealed for a body. */
export function bodyText(body: unknown): string {
  const text = JSON.stringify(body) ?? 'null';
  return text.length <= maxBodyChars
    ? text
    : JSON.stringify({ leftOut: `${text.length} characters were too many to keep` });
}

/** The bytes of a line, without the newline. */
export function encodeRecord(record: ActivityRecord): Uint8Array {
  return encoder.encode(JSON.stringify(record));
}

function parse<Shape>(schema: z.ZodType<Shape>, bytes: Uint8Array): Shape | null {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch {
    return null; // The caller decides what an unreadable line means; verification names it.
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** The whole record, or null for a line that is none. */
export const decodeRecord = (bytes: Uint8Array): ActivityRecord | null => parse(activityRecordSchema, bytes);

/** Only what the chain needs; also readable for kinds that a later version adds. */
export const decodeChainFields = (bytes: Uint8Array): ChainFields | null => parse(chainFieldsSchema, bytes);
