/** Ed25519 signatures. @see RFC 8032 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';

const der = { format: 'der' } as const;

/** PKCS #8, base64. */
export const newSigningKey = (): string =>
  generateKeyPairSync('ed25519')
    .privateKey.export({ ...der, type: 'pkcs8' })
    .toString('base64');

const privateOf = (key: string) =>
  createPrivateKey({ ...der, type: 'pkcs8', key: Buffer.from(key, 'base64') });

/** SubjectPublicKeyInfo, base64. */
export const publicKeyOf = (privateKey: string): string =>
  createPublicKey(privateOf(privateKey))
    .export({ ...der, type: 'spki' })
    .toString('base64');

export const signText = (privateKey: string, text: string): string =>
  sign(null, Buffer.from(text), privateOf(privateKey)).toString('base64');

/** False also for a key that is none. */
export function isGoodSignature(publicKey: string, text: string, signature: string): boolean {
  try {
    const key = createPublicKey({ ...der, type: 'spki', key: Buffer.from(publicKey, 'base64') });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}
