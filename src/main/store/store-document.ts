/**
 * The one document that lies on disk: who protects it, which key sealed it, the sealed records, and the
 * policies in clear beside them. Judges text that anybody may have changed; refuses to repair it.
 */
import { z } from 'zod';

export const documentVersion = 1;

const keyIdSchema = z.string().regex(/^[0-9a-f]{32}$/);
const sealedSchema = z.object({ nonce: z.string(), ciphertext: z.string(), tag: z.string() });

/** Bounded on both sides: a changed file must neither stall the start nor take the memory of the machine. */
const stretchSchema = z.object({
  n: z
    .number()
    .int()
    .min(2 ** 10)
    .max(2 ** 20)
    .refine((n) => Number.isInteger(Math.log2(n))),
  r: z.number().int().min(1).max(16),
  p: z.number().int().min(1).max(4),
  salt: z.string().min(16).max(128),
});

export const protectorSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('keychain'), name: z.string().max(80) }),
  z.object({ kind: z.literal('passphrase') }),
]);

export const storeDocumentSchema = z
  .object({
    format: z.literal('gatehouse-store'),
    version: z.literal(documentVersion),
    protector: protectorSchema,
    /** Which key sealed this document; the account under which the keychain holds it. */
    keyId: keyIdSchema,
    /** Passphrase only: how the passphrase is stretched, and the key sealed with the outcome. */
    scrypt: stretchSchema.extend({ wrapped: sealedSchema }).optional(),
    /** A rotation was begun; the next key has this id. */
    rotatingTo: keyIdSchema.optional(),
    /** Keys that seal nothing any more and still have to leave the keychain. */
    retiring: z.array(keyIdSchema),
    state: sealedSchema,
    /** Keys for bodies that are kept elsewhere. */
    bodyKeys: sealedSchema,
    secrets: z.record(z.string(), sealedSchema.extend({ keyId: keyIdSchema })),
    /** A mirror: the truth is in `state`. `clear` stays as it was found, for the code is over its exact text. */
    policies: z.object({ clear: z.unknown(), mac: z.string() }),
  })
  .refine((document) => (document.protector.kind === 'passphrase') === (document.scrypt !== undefined));

export type StoreDocument = z.infer<typeof storeDocumentSchema>;
export type SealedSecret = StoreDocument['secrets'][string];

export type DocumentReading =
  | { readonly kind: 'document'; readonly document: StoreDocument }
  | { readonly kind: 'garbage'; readonly why: string }
  | { readonly kind: 'from_future'; readonly why: string };

/** Judges the text of a file without any key. Untrusted. */
export function readStoreDocument(text: string): DocumentReading {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    const why =
      text.trim() === '' ? 'The store file is empty.' : 'The store file is cut off or is no store at all.';
    return { kind: 'garbage', why };
  }
  const head = z.object({ format: z.literal('gatehouse-store'), version: z.number() }).safeParse(json);
  if (!head.success) return { kind: 'garbage', why: 'The store file is JSON, but not one of Gatehouse.' };
  if (head.data.version > documentVersion) {
    return {
      kind: 'from_future',
      why: `A newer Gatehouse wrote the store file (version ${head.data.version}; this one knows ${documentVersion}). It was left as it is. Start the newer Gatehouse.`,
    };
  }
  const parsed = storeDocumentSchema.safeParse(json);
  if (parsed.success) return { kind: 'document', document: parsed.data };
  const places = parsed.error.issues.slice(0, 3).map((issue) => issue.path.join('.') || 'its head');
  return { kind: 'garbage', why: `The store file is damaged at ${places.join(', ')}.` };
}

/**
 * What a sealed record is bound to: a record cannot be moved to another place, connection, key or protector.
 * The order is part of the format.
 */
export function associatedData(
  record: 'state' | 'secret' | 'bodyKeys' | 'wrappedKey' | 'body',
  bound: { keyId: string; protector: string; subject?: string },
): string {
  const { keyId, protector, subject = '' } = bound;
  return JSON.stringify(['gatehouse-store', record, documentVersion, subject, keyId, protector]);
}

/** The protector in one word, for associated data. */
export function protectorText(protector: StoreDocument['protector']): string {
  return protector.kind === 'keychain' ? `keychain:${protector.name}` : 'passphrase';
}

/** True when the text is a document that this key sealed. */
export function sealedUnder(text: string | undefined, keyId: string): boolean {
  const reading = text === undefined ? undefined : readStoreDocument(text);
  return reading?.kind === 'document' && reading.document.keyId === keyId;
}
