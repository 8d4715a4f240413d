import { describe, expect, test } from 'vitest';
import { Fault } from '../../../src/preload/contract/reply';
import { MemoryFile } from '../../fakes/store-memory-file';
import {
  filledBench,
  passphrase,
  passphraseBench,
  plantedSecret,
  samplePolicies,
  vaultBench,
} from '../../fakes/vault-bench';
import { MemoryKeychain } from '../../fakes/vault-memory-keychain';

describe('a store file that is torn or garbage', () => {
  const damages: [string, (text: string) => string][] = [
    ['cut in the middle', (text) => text.slice(0, text.length / 2)],
    ['empty', () => ''],
    ['full of zero bytes', (text) => '\0'.repeat(text.length)],
    ['another JSON', () => '{"theme":"dark"}'],
    ['without its state', (text) => JSON.stringify({ ...JSON.parse(text), state: undefined })],
  ];

  test.each(damages)('when %s is kept, and the last good copy goes on', async (_name, damage) => {
    const { restart } = await filledBench();
    const { vault, file } = restart();
    const damaged = damage(file.text ?? '');
    file.text = damaged;
    expect(await vault.open()).toMatchObject({ kind: 'unlocked' });
    expect(await vault.readSecret('con_00000001')).toEqual({ apiKey: plantedSecret });
    expect([...file.kept.values()]).toEqual([damaged]);
    expect(vault.notices()).toMatchObject([
      { kind: 'recovered', message: expect.stringContaining('kept as') },
    ]);
    expect(file.text).toContain('gatehouse-store');
  });

  test('is reported and left alone when there is no good copy', async () => {
    const { restart } = await filledBench();
    const { vault, file } = restart();
    file.lastGood = undefined;
    file.text = '{"format":"gate';
    expect(await vault.open()).toMatchObject({
      kind: 'unreadable',
      keptAs: expect.stringContaining('kept-1'),
    });
    await expect(vault.createWithPassphrase(passphrase)).rejects.toMatchObject({ code: 'vault_unreadable' });
    await expect(vault.update((state) => state)).rejects.toMatchObject({ code: 'vault_unreadable' });
    expect(file.text).toBe('{"format":"gate');
    expect(file.writes).toBe(0);
  });

  test('of a passphrase vault is recovered when it is unlocked', async () => {
    const { restart } = await passphraseBench();
    const { vault, file } = restart();
    file.text = 'garbage';
    expect(await vault.open()).toMatchObject({ kind: 'locked' });
    expect(vault.readPolicies()).toEqual(samplePolicies('auto'));
    await vault.unlock(passphrase);
    expect(await vault.readSecret('con_00000001')).toEqual({ apiKey: plantedSecret });
    expect(file.text).toBe(file.lastGood);
  });

  test('that vanished is replaced by the last good copy, never by an empty vault', async () => {
    const { restart } = await filledBench();
    const { vault, file } = restart();
    file.text = undefined;
    expect(await vault.open()).toMatchObject({ kind: 'unlocked' });
    expect(vault.notices()).toMatchObject([
      { kind: 'recovered', message: expect.stringContaining('missing') },
    ]);
    expect(await vault.readSecret('con_00000001')).toEqual({ apiKey: plantedSecret });
  });
});

describe('a store file that is whole but does not open', () => {
  test('because it is from the future is refused with a sentence and not touched', async () => {
    const { restart } = await filledBench();
    const { vault, file } = restart();
    file.text = JSON.stringify({ ...JSON.parse(file.text ?? ''), version: 2 });
    const found = file.text;
    expect(await vault.open()).toMatchObject({
      kind: 'unreadable',
      why: expect.stringContaining('newer Gatehouse'),
      keptAs: 'gatehouse.json',
    });
    expect(file.text).toBe(found);
    expect(file.kept.size).toBe(0);
  });

  test('because the keychain has no key or another one is kept and opens once the key is back', async () => {
    const { restart, keychain } = await filledBench();
    const keys = new Map(keychain.keys);
    for (const account of keys.keys()) keychain.keys.set(account, new Uint8Array(32));
    const { vault, file } = restart();
    const found = file.text;
    expect(await vault.open()).toMatchObject({ kind: 'unreadable', keptAs: expect.stringContaining('kept') });
    keychain.keys.clear();
    await expect(vault.unlock()).rejects.toMatchObject({ code: 'vault_unreadable' });
    expect(file.text).toBe(found);
    for (const [account, key] of keys) keychain.keys.set(account, key);
    await vault.unlock();
    expect(await vault.readSecret('con_00000001')).toEqual({ apiKey: plantedSecret });
  });

  test('because one bit, the protector or the key id was changed is refused', async () => {
    const { restart, file } = await filledBench();
    const document = JSON.parse(file.text ?? '');
    const flipped = document.state.ciphertext.startsWith('A') ? 'B' : 'A';
    const changes = [
      { state: { ...document.state, ciphertext: flipped + document.state.ciphertext.slice(1) } },
      { state: { ...document.state, tag: document.state.tag.slice(0, 4) } },
      { state: document.bodyKeys },
      { protector: { kind: 'keychain', name: 'Another Keychain' } },
    ];
    for (const change of changes) {
      const next = restart();
      next.file.text = JSON.stringify({ ...document, ...change });
      expect(await next.vault.open()).toMatchObject({ kind: 'unreadable' });
      expect(next.file.writes).toBe(0);
    }
  });

  test('because the system does not let it be read is left as it is', async () => {
    const file = new MemoryFile('{}');
    file.lastGood = '{}';
    file.readFault = new Fault('store_unreadable', 'The store file cannot be read (EACCES).');
    const { vault } = vaultBench(file, new MemoryKeychain());
    expect(await vault.open()).toEqual({
      kind: 'unreadable',
      why: 'The store file cannot be read (EACCES).',
      keptAs: 'gatehouse.json',
    });
  });
});

describe('records that were changed from outside', () => {
  test('policies in clear lose against the sealed ones, and the change is kept and reported', async () => {
    const { restart } = await filledBench();
    const { vault, file } = restart();
    const document = JSON.parse(file.text ?? '');
    document.policies.clear.con_00000001.tools['list-tickets'].policy = 'disabled';
    file.text = JSON.stringify(document);
    await vault.open();
    expect(vault.readPolicies()).toEqual(samplePolicies('auto'));
    expect(vault.notices()).toMatchObject([{ kind: 'policies_tampered' }]);
    expect([...file.kept.values()][0]).toContain('disabled');
    expect(JSON.parse(file.text ?? '').policies.clear).toEqual(samplePolicies('auto'));
  });

  test('an older copy of the policies with its own valid code is noticed too', async () => {
    const { vault, file, restart } = await filledBench();
    const older = JSON.parse(file.text ?? '').policies;
    await vault.update((state) => ({ ...state, policies: samplePolicies('disabled') }));
    const next = restart();
    next.file.text = JSON.stringify({ ...JSON.parse(file.text ?? ''), policies: older });
    await next.vault.open();
    expect(next.vault.notices()).toMatchObject([{ kind: 'policies_tampered' }]);
    expect(next.vault.readPolicies()).toEqual(samplePolicies('disabled'));
  });

  test('a secret that was moved to another connection does not open', async () => {
    const { vault, file, restart } = await filledBench();
    await vault.putSecret('con_00000002', { apiKey: 'other' });
    const document = JSON.parse(file.text ?? '');
    document.secrets.con_00000002 = document.secrets.con_00000001;
    const next = restart();
    next.file.text = JSON.stringify(document);
    await next.vault.open();
    await expect(next.vault.readSecret('con_00000002')).rejects.toMatchObject({ code: 'vault_unreadable' });
    expect(await next.vault.readSecret('con_00000001')).toEqual({ apiKey: plantedSecret });
    await expect(next.vault.rotateKey()).rejects.toMatchObject({ code: 'vault_unreadable' });
  });
});

describe('changing the key', () => {
  test('leaves one key in the keychain and none of the old records', async () => {
    const { vault, file, keychain } = await filledBench();
    const before = JSON.parse(file.text ?? '');
    await vault.rotateKey();
    const after = JSON.parse(file.text ?? '');
    expect([...keychain.keys.keys()]).toEqual([after.keyId]);
    expect(after.keyId).not.toBe(before.keyId);
    expect(after.secrets.con_00000001.keyId).toBe(after.keyId);
    expect(after.retiring).toEqual([]);
  });

  test.each([0, 1, 2, 3])('with a crash after %i writes is finished at the next start', async (writes) => {
    const { vault, file, keychain, restart } = await filledBench();
    const oldKeyId = JSON.parse(file.text ?? '').keyId;
    file.diesAfterWrites = file.writes + writes;
    await vault.rotateKey().catch(() => undefined);
    const next = restart();
    expect(await next.vault.open()).toMatchObject({ kind: 'unlocked' });
    expect(await next.vault.readSecret('con_00000001')).toEqual({ apiKey: plantedSecret });
    const { keyId, retiring, rotatingTo } = JSON.parse(next.file.text ?? '');
    expect([...keychain.keys.keys()]).toEqual([keyId]);
    expect(keyId === oldKeyId).toBe(writes === 0);
    expect({ retiring, rotatingTo }).toEqual({ retiring: [], rotatingTo: undefined });
  });

  test('that somebody interrupts by locking is finished when the vault is unlocked', async () => {
    const { vault, keychain, file } = await filledBench();
    const keyId = JSON.parse(file.text ?? '').keyId;
    const leave = vault.onChanged(() => {
      leave();
      vault.lock();
    });
    await expect(vault.rotateKey()).rejects.toMatchObject({ code: 'vault_locked' });
    await vault.unlock();
    expect(JSON.parse(file.text ?? '').keyId).not.toBe(keyId);
    expect(keychain.keys.size).toBe(1);
    expect(vault.notices()).toMatchObject([{ kind: 'rotation_finished' }]);
    expect(await vault.readSecret('con_00000001')).toEqual({ apiKey: plantedSecret });
  });

  test('keeps the old key as long as the last good copy needs it', async () => {
    const { vault, file, keychain, restart } = await filledBench();
    const oldKeyId = JSON.parse(file.text ?? '').keyId;
    file.losesLastGood = true;
    await vault.rotateKey();
    expect(keychain.keys.has(oldKeyId)).toBe(true);
    file.losesLastGood = false;
    await vault.update((state) => state);
    const next = restart();
    await next.vault.open();
    expect(keychain.keys.has(oldKeyId)).toBe(false);
  });

  test('that the keychain interrupts leaves a vault that works and goes on later', async () => {
    const { vault, keychain } = await filledBench();
    keychain.unavailable = true;
    await expect(vault.rotateKey()).rejects.toMatchObject({ code: 'keychain_unavailable' });
    expect(await vault.readSecret('con_00000001')).toEqual({ apiKey: plantedSecret });
    keychain.unavailable = false;
    await vault.rotateKey();
    expect(keychain.keys.size).toBe(1);
  });
});
