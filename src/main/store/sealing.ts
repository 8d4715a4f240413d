/**
 * What the vault needs from cryptography, as a plain interface, so that its logic can be read and tested
 * without Node. The real one is sealing.node.ts. Refuses nothing by itself: judgement is the vault's.
 */

/** One sealed record; every part in base64. */
export interface Sealed {
  readonly nonce: string;
  readonly ciphertext: string;
  readonly tag: string;
}

/** How a passphrase is stretched to a key. `n` is the cost, `salt` base64. */
export interface StretchSettings {
  readonly n: number;
  readonly r: number;
  readonly p: number;
  readonly salt: string;
}

export interface Sealing {
  randomBytes(count: number): Uint8Array;
  /** AES-256-GCM with a fresh 96-bit nonce; `associated` is authenticated but not kept. */
  seal(key: Uint8Array, associated: string, plain: Uint8Array): Sealed;
  /** The same for many texts under one key, which is made ready once. */
  sealer(key: Uint8Array): (associated: string, plain: Uint8Array) => Sealed;
  /** Undefined when key, associated data or a single bit differ: the three cannot be told apart. */
  open(key: Uint8Array, associated: string, sealed: Sealed): Uint8Array | undefined;
  /** A 256-bit key for one purpose (HKDF-SHA-256). @see RFC 5869 */
  subkey(key: Uint8Array, purpose: string): Uint8Array;
  /** HMAC-SHA-256 in base64. */
  mac(key: Uint8Array, text: string): string;
  /** Compares two codes in a time that does not depend on where they differ. */
  sameMac(left: string, right: string): boolean;
  /** A 256-bit key out of a passphrase (scrypt), off the main thread. */
  stretch(passphrase: string, settings: StretchSettings): Promise<Uint8Array>;
  toBase64(bytes: Uint8Array): string;
  fromBase64(text: string): Uint8Array;
}

export const keyBytes = 32;

/** Cost of the passphrase vault: about 128 MiB and half a second a guess. */
export const stretchCost = { n: 2 ** 17, r: 8, p: 1 } as const;

/** 32 hex digits; names a key in the keychain and in every record the key sealed. */
export function newKeyId(sealing: Sealing): string {
  return Array.from(sealing.randomBytes(16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export const textToBytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const bytesToText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
