import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryFile } from '../../fakes/store-memory-file';
import {
  filledBench,
  passphrase,
  passphraseBench,
  pendingDisconnect,
  plantedSecret,
  samplePolicies,
  vaultBench,
} from '../../fakes/vault-bench';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (value: Uint8Array) => new TextDecoder().decode(value);

describe('a vault that the keychain protects', () => {
  test('is made at the first start and opens by itself at the next', async () => {
    const { vault, restart } = await filledBench();
    expect(vault.state()).toEqual({
      kind: 'unlocked',
      protector: { kind: 'keychain', name: 'Test Keychain' },
    });
    const next = restart();
    expect(await next.vault.open()).toEqual(vault.state());
    expect(next.vault.read()).toEqual(vault.read());
    expect(await next.vault.readSecret('con_00000001')).toEqual({ apiKey: plantedSecret });
    expect(next.vault.notices()).toEqual([]);
  });

  test('gives nothing but the policies while it is locked', async () => {
    const { vault } = await filledBench();
    vault.lock();
    expect(vault.state().kind).toBe('locked');
    expect(() => vault.read()).toThrow(expect.objectContaining({ code: 'vault_locked' }));
    await expect(vault.readSecret('con_00000001')).rejects.toMatchObject({ code: 'vault_locked' });
    await expect(vault.update((state) => state)).rejects.toMatchObject({ code: 'vault_locked' });
    expect(() => vault.sealBody('x', bytes('y'))).toThrow(expect.objectContaining({ code: 'vault_locked' }));
    expect(vault.readPolicies()).toEqual(samplePolicies('auto'));
    await vault.unlock();
    expect(await vault.readSecret('con_00000001')).toEqual({ apiKey: plantedSecret });
  });

  test('stays locked and says why when the keychain does not answer, and unlocks when it does', async () => {
    const { restart, keychain } = await filledBench();
    const { vault } = restart();
    keychain.unavailable = true;
    expect(await vault.open()).toMatchObject({
      kind: 'locked',
      why: expect.stringContaining('not available'),
    });
    expect(vault.readPolicies()).toEqual(samplePolicies('auto'));
    await expect(vault.unlock()).rejects.toMatchObject({ code: 'keychain_unavailable', retryable: true });
    keychain.unavailable = false;
    await vault.unlock();
    expect(vault.state().kind).toBe('unlocked');
  });

  test('tells listeners of every change until they leave', async () => {
    const { vault } = await filledBench();
    let calls = 0;
    const leave = vault.onChanged(() => {
      calls += 1;
    });
    await vault.update((state) => state);
    vault.lock();
    leave();
    await vault.unlock();
    expect(calls).toBe(2);
  });
});

describe('writing', () => {
  test('runs updates one after the other, so that none is lost', async () => {
    const { vault } = await filledBench();
    const add = (id: string) =>
      vault.update((state) => ({
        ...state,
        pendingDisconnects: [...state.pendingDisconnects, pendingDisconnect(id)],
      }));
    await Promise.all([add('a'), add('b'), add('c')]);
    expect(vault.read().pendingDisconnects.map((one) => one.connectionId)).toEqual(['a', 'b', 'c']);
  });

  test('changes nothing in memory or on disk when the disk refuses, and the next one works', async () => {
    const { vault, file } = await filledBench();
    const before = { state: vault.read(), text: file.text };
    file.refusesWrites = true;
    await expect(vault.update((state) => ({ ...state, policies: {} }))).rejects.toMatchObject({
      code: 'store_write_failed',
    });
    await expect(vault.putSecret('con_00000001', { apiKey: 'other' })).rejects.toMatchObject({
      retryable: true,
    });
    expect(vault.read()).toBe(before.state);
    expect(file.text).toBe(before.text);
    expect(await vault.readSecret('con_00000001')).toEqual({ apiKey: plantedSecret });
    file.refusesWrites = false;
    await vault.removeSecret('con_00000001');
    await expect(vault.readSecret('con_00000001')).rejects.toMatchObject({ code: 'secret_missing' });
  });

  test('keeps a write that was under way when somebody locked', async () => {
    const { vault, restart } = await filledBench();
    const pendingDisconnects = [pendingDisconnect('x')];
    const writing = vault.update((state) => ({ ...state, pendingDisconnects }));
    await Promise.resolve();
    vault.lock();
    await writing;
    expect(vault.state().kind).toBe('locked');
    const next = restart();
    await next.vault.open();
    expect(next.vault.read().pendingDisconnects).toEqual(pendingDisconnects);
  });

  test('refuses a record of the wrong shape and ids that objects know', async () => {
    const { vault } = await filledBench();
    const broken = vault.update((state) => ({ ...state, settings: { ...state.settings, gatewayPort: 1 } }));
    await expect(broken).rejects.toMatchObject({ code: 'store_unreadable' });
    await expect(vault.putSecret('__proto__', {})).rejects.toMatchObject({ code: 'bad_input' });
    await expect(vault.readSecret('constructor')).rejects.toMatchObject({ code: 'secret_missing' });
  });

  test('never leaves a secret in the file, whatever it is', async () => {
    const { vault, file } = await filledBench();
    const secrets = fc.string({ minLength: 8, maxLength: 60, unit: 'grapheme-ascii' });
    await fc.assert(
      // The name of a field begins with a letter; __proto__ is none.
      fc.asyncProperty(secrets, secrets, async (end, value) => {
        const name = `f${end}`;
        await vault.putSecret('con_00000002', { [name]: value });
        expect(await vault.readSecret('con_00000002')).toEqual(Object.fromEntries([[name, value]]));
        const planted = [value, JSON.stringify(value).slice(1, -1), Buffer.from(value).toString('base64')];
        for (const form of planted) expect(`${file.text}${file.lastGood}`.includes(form)).toBe(false);
      }),
      { numRuns: 60 },
    );
    expect(file.text).not.toContain(plantedSecret);
  });

  test('uses a fresh nonce for every write', async () => {
    const { vault, file } = await filledBench();
    const nonces = new Set<string>();
    for (let round = 0; round < 20; round += 1) {
      await vault.update((state) => state);
      nonces.add(JSON.parse(file.text ?? '').state.nonce);
    }
    expect(nonces.size).toBe(20);
  });
});

describe('a vault that a passphrase protects', () => {
  test('is asked for when there is no keychain, and holds nothing until then', async () => {
    const { vault, file, keychain } = vaultBench();
    keychain.unavailable = true;
    expect(await vault.open()).toMatchObject({ kind: 'needs_passphrase' });
    await expect(vault.putSecret('con_00000001', { apiKey: 'x' })).rejects.toMatchObject({
      code: 'vault_needs_passphrase',
    });
    await expect(vault.createWithPassphrase('short')).rejects.toMatchObject({ code: 'passphrase_too_short' });
    expect(file.text).toBeUndefined();
  });

  test('opens with its passphrase and with no other', async () => {
    const { restart } = await passphraseBench();
    const { vault } = restart();
    expect(await vault.open()).toEqual({ kind: 'locked', protector: { kind: 'passphrase' } });
    expect(vault.readPolicies()).toEqual(samplePolicies('auto'));
    await expect(vault.unlock()).rejects.toMatchObject({ code: 'vault_needs_passphrase' });
    await expect(vault.unlock(`${passphrase}!`)).rejects.toMatchObject({ code: 'vault_wrong_passphrase' });
    await vault.unlock(passphrase);
    expect(await vault.readSecret('con_00000001')).toEqual({ apiKey: plantedSecret });
  });

  test('changes its passphrase only for who knows the old one', async () => {
    const { vault, file, restart } = await passphraseBench();
    const keyId = JSON.parse(file.text ?? '').keyId;
    await expect(vault.changePassphrase('not the old one', 'a new long passphrase')).rejects.toMatchObject({
      code: 'vault_wrong_passphrase',
    });
    await vault.changePassphrase(passphrase, 'a new long passphrase');
    expect(JSON.parse(file.text ?? '').keyId).not.toBe(keyId);
    expect(JSON.parse(file.lastGood ?? '').keyId).not.toBe(keyId);
    const next = restart();
    await expect(next.vault.unlock(passphrase)).rejects.toMatchObject({ code: 'vault_wrong_passphrase' });
    await next.vault.unlock('a new long passphrase');
    expect(await next.vault.readSecret('con_00000001')).toEqual({ apiKey: plantedSecret });
  });

  test('rotates its key without asking for the passphrase again', async () => {
    const { vault, file, restart } = await passphraseBench();
    const before = JSON.parse(file.text ?? '');
    await vault.rotateKey();
    expect(JSON.parse(file.text ?? '').keyId).not.toBe(before.keyId);
    const next = restart();
    await next.vault.unlock(passphrase);
    expect(await next.vault.readSecret('con_00000001')).toEqual({ apiKey: plantedSecret });
  });

  test('can take over from the keychain, which then holds no key', async () => {
    const { vault, keychain, restart } = await filledBench();
    await vault.createWithPassphrase(passphrase);
    expect(vault.state()).toEqual({ kind: 'unlocked', protector: { kind: 'passphrase' } });
    expect(keychain.keys.size).toBe(0);
    const next = restart();
    await next.vault.unlock(passphrase);
    expect(await next.vault.readSecret('con_00000001')).toEqual({ apiKey: plantedSecret });
  });

  test('is not moved by a file that asks for an endless stretch', async () => {
    const { file } = await passphraseBench();
    const document = JSON.parse(file.text ?? '');
    const { vault } = vaultBench(
      new MemoryFile(JSON.stringify({ ...document, scrypt: { ...document.scrypt, n: 2 ** 40 } })),
    );
    expect(await vault.open()).toMatchObject({
      kind: 'unreadable',
      why: expect.stringContaining('scrypt.n'),
    });
  });
});

describe('bodies that are kept elsewhere', () => {
  test('open again, in their own context only, also after a rotation and a restart', async () => {
    const { vault, restart } = await filledBench();
    const sealed = vault.sealBody('activity 7', bytes('the answer of a vendor'));
    expect(sealed).not.toContain('vendor');
    await vault.rotateKey();
    const next = restart();
    await next.vault.open();
    expect(text(next.vault.openBody('activity 7', sealed))).toBe('the answer of a vendor');
    expect(() => next.vault.openBody('activity 8', sealed)).toThrow(
      expect.objectContaining({ code: 'vault_unreadable' }),
    );
    expect(() => next.vault.openBody('activity 7', `${sealed.slice(0, -4)}AAA=`)).toThrow(/changed/);
    expect(() => next.vault.openBody('activity 7', 'constructor.a.b.c')).toThrow(/another vault/);
  });
});
