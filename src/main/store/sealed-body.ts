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
  const sealed = bodyKey(sealing, keys, keys.current, context).seal(binding(keys.current, context), plain);
  return `${keys.current}.${sealed.nonce}.${sealed.tag}.${sealed.ciphertext}`;
}

/** @throws Fault `vault_unreadable` for a body that was changed, moved or sealed by another vault. */
export function openBody(sealing: Sealing, keys: BodyKeys, context: string, text: string): Uint8Array {
  const [keyId = '', nonce = '', tag = '', ciphertext = ''] = text.split('.');
  const sealed = { nonce, tag, ciphertext };
  const plain = Object.hasOwn(keys.keys, keyId)
    ? sealing.open(bodyKey(sealing, keys, keyId, context).key, binding(keyId, context), sealed)
    : undefined;
  if (plain === undefined) {
    throw new Fault(
      'vault_unreadable',
      'This record was sealed by another vault, or it was changed afterwards.',
    );
  }
  return plain;
}

interface BodyKey {
  readonly key: Uint8Array;
  readonly seal: ReturnType<Sealing['sealer']>;
}

/** Derived once for each key and context; forgotten together with the keys they came from. */
const derived = new WeakMap<BodyKeys, Map<string, BodyKey>>();

function bodyKey(sealing: Sealing, keys: BodyKeys, keyId: string, context: string): BodyKey {
  const known = derived.get(keys) ?? new Map<string, BodyKey>();
  derived.set(keys, known);
  const name = `${keyId} ${context}`;
  const found = known.get(name);
  if (found !== undefined) return found;
  const key = sealing.subkey(sealing.fromBase64(keys.keys[keyId] ?? ''), `gatehouse body ${context}`);
  const made = { key, seal: sealing.sealer(key) };
  known.set(name, made);
  return made;
}

function binding(keyId: string, context: string): string {
  return associatedData('body', { keyId, protector: 'store', subject: context });
}
