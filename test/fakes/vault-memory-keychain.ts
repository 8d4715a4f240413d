/** A keychain in memory that can be out of reach, or forget to keep what it was given. */
import type { KeychainPort } from '../../src/main/store/vault';
import { Fault } from '../../src/preload/contract/reply';

export class MemoryKeychain implements KeychainPort {
  readonly name = 'Test Keychain';
  readonly keys = new Map<string, Uint8Array>();
  unavailable = false;

  async read(account: string): Promise<Uint8Array | undefined> {
    this.#answer();
    return this.keys.get(account)?.slice();
  }

  async write(account: string, key: Uint8Array): Promise<void> {
    this.#answer();
    this.keys.set(account, key.slice());
  }

  async remove(account: string): Promise<void> {
    this.#answer();
    this.keys.delete(account);
  }

  #answer(): void {
    if (this.unavailable)
      throw new Fault('keychain_unavailable', 'Test Keychain is not available.', { retryable: true });
  }
}
