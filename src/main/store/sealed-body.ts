/**
 * Seals texts that are kept outside the store (bodies in the activity log) with keys that the store holds.
 * Each context has its own key. Refuses to open a body in another context.
 */
import { Fault } from '../../preload/contract/reply';
import type { Sealing } from './sealing';
import { associatedData } from './store-document';
import type { BodyKeys } from './vault-contents';

/** `<key id>.<nonce>.<tag>.<ciphertext>`, the last three in base64. */
export function sealBody(sealing: Sealing, keys: BodyKeys, context: string, plain: Uint8Array): string {
  const sealed = sealing.seal(
    bodyKey(sealing, keys, keys.current, context),
    binding(keys.current, context),
    plain,
  );
  return [keys.current, sealed.nonce, sealed.tag, sealed.ciphertext].join('.');
}

/** @throws Fault `vault_unreadable` for a body that was changed, moved or sealed by another vault. */
export function openBody(sealing: Sealing, keys: BodyKeys, context: string, text: string): Uint8Array {
  const [keyId = '', nonce = '', tag = '', ciphertext = ''] = text.split('.');
  const sealed = { nonce, tag, ciphertext };
  const plain = Object.hasOwn(keys.keys, keyId)
    ? sealing.open(bodyKey(sealing, keys, keyId, context), binding(keyId, context), sealed)
    : undefined;
  if (plain === undefined) {
    throw new Fault(
      'vault_unreadable',
      'This record was sealed by another vault, or it was changed afterwards.',
    );
  }
  return plain;
}

/** Derived once for each key and context; forgotten together with the keys they came from. */
const derived = new WeakMap<BodyKeys, Map<string, Uint8Array>>();

function bodyKey(sealing: Sealing, keys: BodyKeys, keyId: string, context: string): Uint8Array {
  const known = derived.get(keys) ?? new Map<string, Uint8Array>();
  derived.set(keys, known);
  const name = `${keyId} ${context}`;
  const key =
    known.get(name) ??
    sealing.subkey(sealing.fromBase64(keys.keys[keyId] ?? ''), `gatehouse body ${context}`);
  known.set(name, key);
  return key;
}

function binding(keyId: string, context: string): string {
  return associatedData('body', { keyId, protector: 'store', subject: context });
}
