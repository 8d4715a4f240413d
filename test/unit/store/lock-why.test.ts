/** A locked vault says who or what locked it, and does not mistake that for a broken keychain. */
import { describe, expect, it } from 'vitest';
import { vaultView } from '../../../src/preload/contract/shapes';
import { filledBench } from '../../fakes/vault-bench';

describe('a locked vault', () => {
  it('says why in its state, also to the window, and opens again', async () => {
    const { vault } = await filledBench();
    vault.lock('Locked after 15 minutes without input.');
    expect(vaultView.parse(vault.state())).toMatchObject({
      kind: 'locked',
      why: 'Locked after 15 minutes without input.',
    });
    await expect(vault.update((state) => state)).rejects.toMatchObject({ code: 'vault_locked' });
    await vault.unlock();
    expect(vault.state().kind).toBe('unlocked');
  });

  it('says what the keychain said when that refused', async () => {
    const bench = await filledBench();
    bench.keychain.unavailable = true;
    const { vault } = bench.restart();
    const state = await vault.open();
    expect(state).toMatchObject({ kind: 'locked', why: expect.stringMatching(/\w/) });
    expect(vaultView.parse(state)).toHaveProperty('why');
    expect(() => vault.read()).toThrow(expect.objectContaining({ code: 'keychain_unavailable' }));
  });
});
