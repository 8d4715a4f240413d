/**
 * An open vault as one value, and the way between it and the sealed document.
 * Pure: writes nothing, asks nobody. Refuses to open a record whose associated data does not fit.
 */
import { z } from 'zod';
import { Fault } from '../../preload/contract/reply';
import { openSecret, sealSecret } from './sealed-secret';
import { bytesToText, keyBytes, newKeyId, type Sealing, stretchCost, textToBytes } from './sealing';
import { emptyState, parseState, type StateRecord, stateVersion, upgradeState } from './state-record';
import { associatedData, protectorText, type SealedSecret, type StoreDocument } from './store-document';
import type { Protector } from './vault';

/** A stretched passphrase with what it was stretched by, so that a rotation need not ask again. */
export interface PassphraseKey {
  readonly key: Uint8Array;
  readonly n: number;
  readonly r: number;
  readonly p: number;
  readonly salt: string;
}

export interface VaultContents {
  readonly protector: Protector;
  readonly keyId: string;
  readonly master: Uint8Array;
  readonly passphraseKey: PassphraseKey | undefined;
  readonly rotatingTo: string | undefined;
  readonly retiring: readonly string[];
  readonly state: StateRecord;
  /** Stay sealed in memory too; each is opened when it is asked for. */
  readonly secrets: Readonly<Record<string, SealedSecret>>;
  readonly bodyKeys: BodyKeys;
}

const bodyKeysSchema = z.object({ current: z.string(), keys: z.record(z.string(), z.string()) });
/** `keys` by id, base64. Old ones stay, so that old bodies stay readable. */
export type BodyKeys = Readonly<z.infer<typeof bodyKeysSchema>>;

export type OpenedDocument =
  | {
      readonly kind: 'opened';
      readonly contents: VaultContents;
      readonly mirrorIntact: boolean;
      readonly upgraded: boolean;
    }
  | { readonly kind: 'broken'; readonly why: string }
  | { readonly kind: 'from_future'; readonly why: string };

/** @throws Fault `passphrase_too_short` */
export async function stretchNew(sealing: Sealing, passphrase: string): Promise<PassphraseKey> {
  if ([...passphrase].length < minPassphraseLength) {
    throw new Fault(
      'passphrase_too_short',
      `A passphrase needs at least ${minPassphraseLength} characters. Four or five words are good.`,
    );
  }
  const settings = { ...stretchCost, salt: sealing.toBase64(sealing.randomBytes(32)) };
  return { ...settings, key: await sealing.stretch(passphrase, settings) };
}

export const minPassphraseLength = 12;

/** An empty vault under a new key. */
export function newContents(
  sealing: Sealing,
  protector: Protector,
  passphraseKey: PassphraseKey | undefined,
): VaultContents {
  return {
    protector,
    keyId: newKeyId(sealing),
    master: sealing.randomBytes(keyBytes),
    passphraseKey,
    rotatingTo: undefined,
    retiring: [],
    state: parseState(emptyState()),
    secrets: {},
    bodyKeys: withNewBodyKey(sealing, {}),
  };
}

/**
 * Everything sealed anew under another key, with the old key in `retiring` where a keychain holds it.
 *
 * @throws Fault `vault_unreadable` when one secret cannot be opened: it is not left behind under a lost key.
 */
export function rekey(
  sealing: Sealing,
  old: VaultContents,
  next: Pick<VaultContents, 'keyId' | 'master' | 'protector' | 'passphraseKey'>,
): VaultContents {
  const unsealed = { ...old, ...next, secrets: {}, rotatingTo: undefined };
  const secrets = Object.entries(old.secrets).map(([connectionId, secret]) => {
    const plain = openSecret(sealing, old, connectionId, secret);
    const sealed = sealSecret(sealing, unsealed, connectionId, plain);
    plain.fill(0);
    return [connectionId, sealed] as const;
  });
  return {
    ...unsealed,
    secrets: Object.fromEntries(secrets),
    retiring: old.protector.kind === 'keychain' ? [...old.retiring, old.keyId] : old.retiring,
    bodyKeys: withNewBodyKey(sealing, old.bodyKeys.keys),
  };
}

export function sealDocument(sealing: Sealing, contents: VaultContents): StoreDocument {
  const { keyId, master, protector, passphraseKey, state } = contents;
  const bound = { keyId, protector: protectorText(protector) };
  const sealJson = (record: 'state' | 'bodyKeys', value: unknown) =>
    sealing.seal(
      sealing.subkey(master, `gatehouse ${record}`),
      associatedData(record, bound),
      textToBytes(JSON.stringify(value)),
    );
  return {
    format: 'gatehouse-store',
    version: 1,
    protector,
    keyId,
    ...(passphraseKey === undefined
      ? {}
      : { scrypt: wrapKey(sealing, contents.master, keyId, passphraseKey) }),
    ...(contents.rotatingTo === undefined ? {} : { rotatingTo: contents.rotatingTo }),
    retiring: [...contents.retiring],
    state: sealJson('state', state),
    bodyKeys: sealJson('bodyKeys', contents.bodyKeys),
    secrets: { ...contents.secrets },
    policies: { clear: state.policies, mac: policiesMac(sealing, master, keyId, state.policies) },
  };
}

/** Opens everything but the secrets, which stay sealed. Says whether the policies in clear are those inside. */
export function openDocument(
  sealing: Sealing,
  document: StoreDocument,
  master: Uint8Array,
  passphraseKey: PassphraseKey | undefined,
): OpenedDocument {
  const { keyId, protector } = document;
  const bound = { keyId, protector: protectorText(protector) };
  const open = (record: 'state' | 'bodyKeys') => {
    const key = sealing.subkey(master, `gatehouse ${record}`);
    const plain = sealing.open(key, associatedData(record, bound), document[record]);
    return plain === undefined ? undefined : (JSON.parse(bytesToText(plain)) as unknown);
  };
  const stored = open('state');
  const bodyKeys = bodyKeysSchema.safeParse(open('bodyKeys'));
  if (stored === undefined || !bodyKeys.success) {
    return {
      kind: 'broken',
      why: 'The store does not open with its key: it was changed, or the key is another one.',
    };
  }
  const judged = judgeState(stored);
  if (judged.kind !== 'state') return judged;
  const storedPolicies = z.looseObject({ policies: z.unknown() }).safeParse(stored);
  const { clear, mac } = document.policies;
  return {
    kind: 'opened',
    contents: {
      protector,
      keyId,
      master,
      passphraseKey,
      rotatingTo: document.rotatingTo,
      retiring: document.retiring,
      state: judged.state,
      secrets: document.secrets,
      bodyKeys: bodyKeys.data,
    },
    mirrorIntact:
      sealing.sameMac(mac, policiesMac(sealing, master, keyId, clear)) &&
      JSON.stringify(clear) === JSON.stringify(storedPolicies.data?.policies),
    upgraded: judged.upgraded,
  };
}

function judgeState(
  stored: unknown,
):
  | { kind: 'state'; state: StateRecord; upgraded: boolean }
  | { kind: 'broken' | 'from_future'; why: string } {
  try {
    const upgraded = upgradeState(stored);
    const before = z.looseObject({ version: z.number() }).parse(stored).version;
    return { kind: 'state', state: parseState(upgraded), upgraded: before !== stateVersion };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { kind: error.code === 'store_from_future' ? 'from_future' : 'broken', why: error.message };
  }
}

function wrapKey(sealing: Sealing, master: Uint8Array, keyId: string, { key, ...settings }: PassphraseKey) {
  return { ...settings, wrapped: sealing.seal(key, wrapBinding(keyId, settings), master) };
}

/** @throws Fault `vault_wrong_passphrase`; a changed file cannot be told from a wrong passphrase. */
export async function unwrapKey(
  sealing: Sealing,
  document: StoreDocument,
  passphrase: string,
): Promise<{ master: Uint8Array; passphraseKey: PassphraseKey }> {
  if (document.scrypt !== undefined) {
    const { wrapped, ...settings } = document.scrypt;
    const key = await sealing.stretch(passphrase, settings);
    const master = sealing.open(key, wrapBinding(document.keyId, settings), wrapped);
    if (master !== undefined) return { master, passphraseKey: { ...settings, key } };
  }
  throw new Fault('vault_wrong_passphrase', 'The vault does not open with this passphrase.', {
    retryable: true,
  });
}

function wrapBinding(keyId: string, { n, r, p, salt }: Omit<PassphraseKey, 'key'>): string {
  return associatedData('wrappedKey', { keyId, protector: 'passphrase', subject: [n, r, p, salt].join(' ') });
}

function policiesMac(sealing: Sealing, master: Uint8Array, keyId: string, clear: unknown): string {
  return sealing.mac(sealing.subkey(master, 'gatehouse policies'), `${keyId} ${JSON.stringify(clear)}`);
}

function withNewBodyKey(sealing: Sealing, keys: Readonly<Record<string, string>>): BodyKeys {
  const current = newKeyId(sealing);
  return { current, keys: { ...keys, [current]: sealing.toBase64(sealing.randomBytes(keyBytes)) } };
}
