/** The key that signs summaries: made once, sealed, found again by the next start, and of no use to somebody else. */
import { describe, expect, it } from 'vitest';
import * as signing from '../../../src/main/activity/signing.node';
import { vaultSignatures } from '../../../src/main/activity/vault-signatures';
import { filledBench } from '../../fakes/vault-bench';

describe('signatures of a vault', () => {
  it('are good for the text they were made for, also after a restart', async () => {
    const bench = await filledBench();
    const first = await vaultSignatures(bench.vault, signing);
    expect(first.publicKey()).toBeNull();
    const { publicKey, signature } = await first.sign('a day');
    expect((await first.sign('another')).publicKey).toBe(publicKey);
    const { vault } = bench.restart();
    await vault.open();
    const again = await vaultSignatures(vault, signing);
    expect(again.publicKey()).toBe(publicKey);
    expect(again.isGood(publicKey, 'a day', signature)).toBe(true);
    expect(again.isGood(publicKey, 'a dax', signature)).toBe(false);
    expect(again.isGood(publicKey, 'a day', 'nonsense')).toBe(false);
    expect(again.isGood('nonsense', 'a day', signature)).toBe(false);
    const { privateKey } = await vault.readSecret('activity-signing');
    expect(privateKey).toMatch(/^[A-Za-z0-9+/=]{40,}$/);
    expect(bench.file.read()).not.toContain(privateKey);
  });

  it('cannot be made while the vault is locked', async () => {
    const { vault } = await filledBench();
    const own = await vaultSignatures(vault, signing);
    await own.sign('a day');
    vault.lock();
    await expect(own.sign('another day')).rejects.toMatchObject({ code: 'vault_locked' });
  });
});
