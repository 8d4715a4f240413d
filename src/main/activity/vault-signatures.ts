/** Signs with a key that this vault makes the first time and keeps among its secrets. Refuses to hold the private half in memory. */
import { Fault } from '../../preload/contract/reply';
import type { VaultHandle } from '../store/vault';
import type { Signatures } from './day-summary';

const secretId = 'activity-signing';

/** Ed25519; comes from signing.node.ts. */
export interface Signing {
  readonly newSigningKey: () => string;
  readonly publicKeyOf: (privateKey: string) => string;
  readonly signText: (privateKey: string, text: string) => string;
  readonly isGoodSignature: (publicKey: string, text: string, signature: string) => boolean;
}

/** @param vault Unlocked. */
export async function vaultSignatures(
  vault: Pick<VaultHandle, 'readSecret' | 'putSecret'>,
  signing: Signing,
): Promise<Signatures> {
  const kept = await privateKeyIn(vault);
  let publicKey = kept === undefined ? null : signing.publicKeyOf(kept);
  return {
    publicKey: () => publicKey,
    async sign(text) {
      let privateKey = await privateKeyIn(vault);
      if (privateKey === undefined) {
        privateKey = signing.newSigningKey();
        await vault.putSecret(secretId, { privateKey });
      }
      publicKey = signing.publicKeyOf(privateKey);
      return { publicKey, signature: signing.signText(privateKey, text) };
    },
    isGood: signing.isGoodSignature,
  };
}

async function privateKeyIn(vault: Pick<VaultHandle, 'readSecret'>): Promise<string | undefined> {
  try {
    return (await vault.readSecret(secretId)).privateKey;
  } catch (error) {
    if (error instanceof Fault && error.code === 'secret_missing') return undefined;
    throw error;
  }
}
