import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type KeytarModule, keytarKeychain } from '../../src/main/store/keychain-keytar.node';
import { keychainContract } from '../fakes/vault-keychain-contract';
import { MemoryKeychain } from '../fakes/vault-memory-keychain';

describe('the keychain in memory', () => {
  keychainContract(() => new MemoryKeychain());
});

describe('the keychain of the system', () => {
  const silent: KeytarModule = {
    getPassword: () => new Promise(() => {}),
    setPassword: () => Promise.reject(new Error('Cannot autolaunch D-Bus without X11 $DISPLAY')),
    deletePassword: () => Promise.resolve(true),
  };

  test('whose native module is missing is a sentence, not a crash', async () => {
    const load = () => Promise.reject(new Error('Failed to load keytar native addon, checked "/somewhere"'));
    await expect(keytarKeychain({ service: 'test', load }).read('a')).rejects.toMatchObject({
      code: 'keychain_unavailable',
      message: expect.stringContaining('its native module could not be loaded'),
    });
  });

  test('that never answers or has no service behind it is a sentence too', async () => {
    const keychain = keytarKeychain({ service: 'test', timeoutMs: 5, load: async () => silent });
    await expect(keychain.read('a')).rejects.toMatchObject({ code: 'keychain_unavailable', retryable: true });
    await expect(keychain.write('a', new Uint8Array(32))).rejects.toThrow(/D-Bus/);
  });

  test('is loaded again after a failure', async () => {
    let loads = 0;
    const load = async () => {
      loads += 1;
      if (loads === 1) throw new Error('Cannot find module');
      return silent;
    };
    const keychain = keytarKeychain({ service: 'test', load });
    await expect(keychain.remove('a')).rejects.toMatchObject({ code: 'keychain_unavailable' });
    await expect(keychain.remove('a')).resolves.toBeUndefined();
  });
});

const insideKeyring = process.env.GATEHOUSE_TEST_KEYRING_INSIDE === '1';

describe.runIf(insideKeyring)('a real Secret Service', () => {
  keychainContract(() => keytarKeychain({ service: 'Gatehouse test', timeoutMs: 10_000 }));
});

test.skipIf(insideKeyring)('a real gnome-keyring holds the keys', { timeout: 60_000 }, (context) => {
  if (process.env.GATEHOUSE_TEST_KEYRING !== '1') {
    return context.skip('set GATEHOUSE_TEST_KEYRING=1 (needs dbus, gnome-keyring and libsecret)');
  }
  const home = mkdtempSync(join(tmpdir(), 'gatehouse-keyring-'));
  const start = 'printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null';
  const again = `"${process.execPath}" node_modules/vitest/vitest.mjs run test/adapters/store-keychain.test.ts`;
  try {
    const output = execFileSync('dbus-run-session', ['--', 'sh', '-c', `${start}; ${again}`], {
      encoding: 'utf8',
      env: {
        ...process.env,
        HOME: home,
        XDG_RUNTIME_DIR: home,
        GATEHOUSE_TEST_KEYRING_INSIDE: '1',
        NO_COLOR: '1',
      },
    });
    expect(output).toMatch(/Tests\s+7 passed/);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
