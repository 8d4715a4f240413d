/**
 * Seals the credentials of one connection, bound to the connection, the key and the protector.
 * Refuses a record that was moved from another connection or sealed by another key.
 */
import { Fault } from '../../preload/contract/reply';
import type { Sealing } from './sealing';
import { associatedData, protectorText, type SealedSecret } from './store-document';
import type { Protector } from './vault';

export interface SecretKey {
  readonly keyId: string;
  readonly master: Uint8Array;
  readonly protector: Protector;
}

export function sealSecret(
  sealing: Sealing,
  { keyId, master, protector }: SecretKey,
  connectionId: string,
  plain: Uint8Array,
): SealedSecret {
  const bound = { keyId, protector: protectorText(protector), subject: connectionId };
  return {
    ...sealing.seal(sealing.subkey(master, 'gatehouse secret'), associatedData('secret', bound), plain),
    keyId,
  };
}

/** @throws Fault `vault_unreadable` */
export function openSecret(
  sealing: Sealing,
  { keyId, master, protector }: SecretKey,
  connectionId: string,
  secret: SealedSecret,
): Uint8Array {
  const bound = { keyId: secret.keyId, protector: protectorText(protector), subject: connectionId };
  const key = sealing.subkey(master, 'gatehouse secret');
  const plain =
    secret.keyId === keyId ? sealing.open(key, associatedData('secret', bound), secret) : undefined;
  if (plain === undefined) {
    throw new Fault(
      'vault_unreadable',
      'The credentials of this connection do not open: they were changed in the file. They were kept; enter them again.',
    );
  }
  return plain;
}
