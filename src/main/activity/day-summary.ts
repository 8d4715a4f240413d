/**
 * What takes the place of a day that is not kept any longer: how many records there were, of what, and the two ends of the
 * chain, signed. Refuses to believe a summary that this vault did not sign.
 */
import { z } from 'zod';
import type { ChainProblem } from './chain';
import { type ActivityRecord, activityRecordSchema } from './record';

const hashSchema = activityRecordSchema.shape.prev;
const countsSchema = z.record(z.string(), z.number().int().nonnegative());
const wholeSchema = z.number().int().nonnegative();

const daySummarySchema = z.object({
  format: z.literal('gatehouse-activity-summary'),
  version: z.literal(1),
  /** The day file that was here. */
  file: z.string().regex(/^\d{4}-\d{2}-\d{2}\.jsonl$/),
  bytes: wholeSchema,
  sha256: hashSchema,
  records: wholeSchema,
  firstSeq: wholeSchema,
  lastSeq: wholeSchema,
  /** Hash of the record before the first. */
  prev: hashSchema,
  /** Hash of the last record: the chain goes on from here. */
  lastHash: hashSchema,
  counts: z.object({
    kinds: countsSchema,
    outcomes: countsSchema,
    connections: countsSchema,
    agents: countsSchema,
  }),
  closedAtMs: wholeSchema,
  rule: z.string().max(200),
});
export type DaySummary = z.infer<typeof daySummarySchema>;

const signedSchema = z.object({ summary: daySummarySchema, publicKey: z.string(), signature: z.string() });

/** Ed25519 with a key of this vault. Keys and signatures are base64. */
export interface Signatures {
  /** Null while none was made. */
  publicKey(): string | null;
  /** Makes the key the first time. @throws Fault `vault_locked`, `store_write_failed`. */
  sign(text: string): Promise<{ readonly publicKey: string; readonly signature: string }>;
  isGood(publicKey: string, text: string, signature: string): boolean;
}

export const summaryName = (file: string) => file.replace(/\.jsonl$/, '.summary.json');

/** As it lies on the disk. */
export async function signSummary(summary: DaySummary, signatures: Signatures): Promise<Uint8Array> {
  const text = textOf(summary);
  const { publicKey, signature } = await signatures.sign(text);
  return new TextEncoder().encode(`${JSON.stringify({ summary, publicKey, signature }, null, 2)}\n`);
}

/** @param name Of the file; null bytes are one that is gone. */
export function readSummary(
  name: string,
  bytes: Uint8Array | null,
  signatures: Signatures,
): { readonly summary: DaySummary } | { readonly problem: ChainProblem } {
  const says = (problem: string) => ({
    problem: { reason: 'changed' as const, file: name, line: 0, problem },
  });
  let json: unknown;
  try {
    json = bytes === null ? null : JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    json = null;
  }
  const signed = signedSchema.safeParse(json).data;
  if (signed === undefined || summaryName(signed.summary.file) !== name)
    return says('The summary of this day was changed: it is none of ours.');
  if (signed.publicKey !== signatures.publicKey())
    return says('The summary of this day was signed with a key that this vault does not have.');
  if (!signatures.isGood(signed.publicKey, textOf(signed.summary), signed.signature))
    return says('The summary of this day was changed after it was signed.');
  return { summary: signed.summary };
}

/** Always in the order of the schema, so that what was read back gives the same text. */
const textOf = (summary: DaySummary) => JSON.stringify(daySummarySchema.parse(summary));

/** Counts the records of one day. */
export class DayCounts {
  readonly #counts = { kinds: new Map(), outcomes: new Map(), connections: new Map(), agents: new Map() };

  add({ kind, outcome, connectionId, agentId }: ActivityRecord): void {
    const { kinds, outcomes, connections, agents } = this.#counts;
    const told = [
      [kinds, kind],
      [outcomes, outcome],
      [connections, connectionId],
      [agents, agentId],
    ] as const;
    for (const [counts, key] of told) if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  }

  get counts(): DaySummary['counts'] {
    const { kinds, outcomes, connections, agents } = this.#counts;
    return {
      kinds: Object.fromEntries(kinds),
      outcomes: Object.fromEntries(outcomes),
      connections: Object.fromEntries(connections),
      agents: Object.fromEntries(agents),
    };
  }
}
