/** What every KeychainPort does, the fake and the real one alike. */
import { expect, test } from 'vitest';
import type { KeychainPort } from '../../src/main/store/vault';

export function keychainContract(make: () => KeychainPort): void {
  test('keeps, replaces and removes a key', async () => {
    const keychain = make();
    const key = Uint8Array.from({ length: 32 }, (_value, index) => 255 - index);
    expect(await keychain.read('key-1')).toBeUndefined();
    await keychain.write('key-1', key);
    expect(await keychain.read('key-1')).toEqual(key);
    await keychain.write('key-1', new Uint8Array(32));
    expect(await keychain.read('key-1')).toEqual(new Uint8Array(32));
    await keychain.remove('key-1');
    expect(await keychain.read('key-1')).toBeUndefined();
  });

  test('removes what is not there without complaint', async () => {
    await expect(make().remove('key-2')).resolves.toBeUndefined();
  });
}
