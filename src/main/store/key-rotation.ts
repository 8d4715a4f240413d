/**
 * Moves a vault to a new key in steps that each leave a store that opens:
 * 1. the document says which key comes next, 2. that key is in the keychain, 3. everything is sealed with it in
 * one write, 4. the old key leaves the keychain, 5. the document forgets it.
 * Refuses to remove a key while any copy of the store still needs it.
 */
import { Fault } from '../../preload/contract/reply';
import { keyBytes, newKeyId, type Sealing } from './sealing';
import { sealedUnder } from './store-document';
import type { DocumentFile, KeychainPort } from './vault';
import { rekey, type VaultContents } from './vault-contents';

export interface RotationNeeds {
  readonly sealing: Sealing;
  readonly keychain: KeychainPort;
  readonly file: Pick<DocumentFile, 'readLastGood'>;
  /** Writes and then answers what is now in memory. @throws Fault `vault_locked` when it was locked meanwhile */
  commit(from: VaultContents, next: VaultContents): Promise<VaultContents>;
}

/** A new key under the same protector; a passphrase need not be typed again. */
export async function rotate(needs: RotationNeeds, contents: VaultContents): Promise<VaultContents> {
  if (contents.protector.kind === 'passphrase') {
    const master = needs.sealing.randomBytes(keyBytes);
    const { protector, passphraseKey } = contents;
    const next = { keyId: newKeyId(needs.sealing), master, protector, passphraseKey };
    return needs.commit(contents, rekey(needs.sealing, contents, next));
  }
  const rotatingTo = contents.rotatingTo ?? newKeyId(needs.sealing);
  return finishRotation(needs, await needs.commit(contents, { ...contents, rotatingTo }));
}

/** Steps 2 and 3; does nothing where no rotation was begun. */
export async function finishRotation(needs: RotationNeeds, contents: VaultContents): Promise<VaultContents> {
  const { rotatingTo, protector } = contents;
  if (rotatingTo === undefined) return contents;
  const master = (await needs.keychain.read(rotatingTo)) ?? (await newKeychainKey(needs, rotatingTo));
  const next = { keyId: rotatingTo, master, protector, passphraseKey: undefined };
  return needs.commit(contents, rekey(needs.sealing, contents, next));
}

/** Steps 4 and 5. A key that a copy still needs stays in `retiring`. */
export async function forgetRetired(needs: RotationNeeds, contents: VaultContents): Promise<VaultContents> {
  const copy = needs.file.readLastGood();
  const needed = contents.retiring.filter((keyId) => sealedUnder(copy, keyId));
  const free = contents.retiring.filter((keyId) => !needed.includes(keyId));
  if (free.length === 0) return contents;
  for (const keyId of free) await needs.keychain.remove(keyId);
  return needs.commit(contents, { ...contents, retiring: needed });
}

/**
 * Makes a key and puts it into the keychain, and reads it back before anything depends on it.
 *
 * @throws Fault `keychain_unavailable`
 */
export async function newKeychainKey(
  needs: Pick<RotationNeeds, 'sealing' | 'keychain'>,
  keyId: string,
): Promise<Uint8Array> {
  const key = needs.sealing.randomBytes(keyBytes);
  await needs.keychain.write(keyId, key);
  const kept = await needs.keychain.read(keyId);
  if (kept === undefined || needs.sealing.toBase64(kept) !== needs.sealing.toBase64(key)) {
    throw new Fault(
      'keychain_unavailable',
      `${needs.keychain.name} did not keep the key that was given to it.`,
    );
  }
  return key;
}
