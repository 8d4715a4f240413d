/** A vault on a memory disk and a memory keychain, and what a restart makes of them. */
import { SealedVault } from '../../src/main/store/sealed-vault';
import type { Sealing } from '../../src/main/store/sealing';
import { MemoryFile } from './store-memory-file';
import { quickSealing } from './store-quick-sealing';
import { MemoryKeychain } from './vault-memory-keychain';

export interface VaultBench {
  readonly vault: SealedVault;
  readonly file: MemoryFile;
  readonly keychain: MemoryKeychain;
  /** The next process: same disk, same keychain. */
  restart(): VaultBench;
}

export function vaultBench(
  file = new MemoryFile(),
  keychain = new MemoryKeychain(),
  sealing: Sealing = quickSealing,
): VaultBench {
  const vault = new SealedVault({ file, keychain, sealing });
  return { vault, file, keychain, restart: () => vaultBench(file.afterRestart(), keychain, sealing) };
}

/** One with a connection's secret in it, protected by the keychain. */
export async function filledBench(): Promise<VaultBench> {
  const bench = vaultBench();
  await bench.vault.open();
  await bench.vault.update((state) => ({ ...state, policies: samplePolicies('auto') }));
  await bench.vault.putSecret('con_00000001', { apiKey: plantedSecret });
  return bench;
}

/** One without a keychain, protected by `passphrase`. */
export async function passphraseBench(): Promise<VaultBench> {
  const keychain = new MemoryKeychain();
  keychain.unavailable = true;
  const bench = vaultBench(new MemoryFile(), keychain);
  await bench.vault.open();
  await bench.vault.createWithPassphrase(passphrase);
  await bench.vault.update((state) => ({ ...state, policies: samplePolicies('auto') }));
  await bench.vault.putSecret('con_00000001', { apiKey: plantedSecret });
  return bench;
}

export const passphrase = 'correct horse battery staple';
export const plantedSecret = 'sk-planted-7f3a9b2c1d';

export function samplePolicies(policy: 'auto' | 'disabled') {
  return {
    con_00000001: {
      revision: 1,
      label: 'Halo',
      tools: {
        'list-tickets': {
          policy,
          origin: { kind: 'seeded' as const, rule: 'verb', why: 'It only reads.' },
          defaultPolicy: 'auto' as const,
          access: 'read' as const,
          definitionHash: 'h1',
        },
      },
    },
  };
}

/** A disconnect that began and whose credentials still have to go. */
export function pendingDisconnect(connectionId: string, appId = 'vendor') {
  const gone = { connectionId, appId, label: 'Vendor', account: 'acme', values: {} };
  return { ...gone, startedAtMs: 1_000_000, revocation: 'due' as const };
}
