/**
 * Cryptography of the vault with node:crypto: AES-256-GCM, HKDF, HMAC, scrypt.
 * Refuses shortened tags and keys of another length.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  scrypt,
  timingSafeEqual,
} from 'node:crypto';
import type { Sealing } from './sealing';

const nonceBytes = 12;
const tagBytes = 16;

const noncesDrawn = 256;
let drawn = Buffer.alloc(0);

/** Each is used once; drawn many at a time, because every call of an agent needs one. */
function freshNonce(): Buffer {
  if (drawn.length === 0) drawn = randomBytes(noncesDrawn * nonceBytes);
  const nonce = drawn.subarray(0, nonceBytes);
  drawn = drawn.subarray(nonceBytes);
  return nonce;
}

export const nodeSealing: Sealing = {
  randomBytes: (count) => new Uint8Array(randomBytes(count)),

  seal: (key, associated, plain) => nodeSealing.sealer(key)(associated, plain),

  sealer(key) {
    const prepared = createSecretKey(key);
    return (associated, plain) => {
      const nonce = freshNonce();
      const cipher = createCipheriv('aes-256-gcm', prepared, nonce, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(associated, 'utf8'));
      const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
      return {
        nonce: nonce.toString('base64'),
        ciphertext: ciphertext.toString('base64'),
        tag: cipher.getAuthTag().toString('base64'),
      };
    };
  },

  open(key, associated, sealed) {
    const nonce = Buffer.from(sealed.nonce, 'base64');
    const tag = Buffer.from(sealed.tag, 'base64');
    if (nonce.length !== nonceBytes || tag.length !== tagBytes) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(associated, 'utf8'));
    decipher.setAuthTag(tag);
    const start = decipher.update(Buffer.from(sealed.ciphertext, 'base64'));
    try {
      return new Uint8Array(Buffer.concat([start, decipher.final()]));
    } catch {
      // `final` throws for one reason only: the tag does not fit. The caller says what that means.
      start.fill(0);
      return undefined;
    }
  },

  subkey: (key, purpose) => new Uint8Array(hkdfSync('sha256', key, '', purpose, 32)),

  mac: (key, text) => createHmac('sha256', key).update(text, 'utf8').digest('base64'),

  sameMac(left, right) {
    const leftBytes = Buffer.from(left, 'base64');
    const rightBytes = Buffer.from(right, 'base64');
    return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
  },

  stretch(passphrase, { n, r, p, salt }) {
    // Twice what scrypt needs (128 * n * r bytes): Node's own limit of 32 MiB is far below it.
    const options = { N: n, r, p, maxmem: 256 * n * r };
    // The same passphrase typed on another system may be composed of other code points.
    const typed = Buffer.from(passphrase.normalize('NFKC'), 'utf8');
    return new Promise((resolve, reject) => {
      scrypt(typed, Buffer.from(salt, 'base64'), 32, options, (error, key) => {
        typed.fill(0);
        if (error === null) resolve(new Uint8Array(key));
        else reject(error);
      });
    });
  },

  toBase64: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
  fromBase64: (text) => new Uint8Array(Buffer.from(text, 'base64')),
};
