/**
 * The operating system's keychain through keytar, loaded when it is first needed.
 * Refuses to let a missing module, a missing Secret Service or one that never answers stop the start.
 */
import { Fault } from '../../preload/contract/reply';
import type { KeychainPort } from './vault';

/** What of keytar is used. */
export interface KeytarModule {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
}

export interface KeychainNeeds {
  /** Keeps practice, tests and the real vault apart. */
  readonly service: string;
  /** Long enough for a person to answer the keychain's own question. */
  readonly timeoutMs?: number;
  readonly load?: () => Promise<KeytarModule>;
}

export function keytarKeychain({
  service,
  timeoutMs = 60_000,
  load = loadKeytar,
}: KeychainNeeds): KeychainPort {
  const name = keychainName(process.platform);
  let loading: Promise<KeytarModule> | undefined;

  const ask = async <Value>(question: (keytar: KeytarModule) => Promise<Value>): Promise<Value> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('no answer in time')), timeoutMs);
    });
    try {
      loading ??= load();
      return await Promise.race([loading.then(question), late]);
    } catch (error) {
      loading = undefined;
      throw new Fault('keychain_unavailable', `${name} is not available (${reason(error)}).`, {
        retryable: true,
        cause: error,
      });
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    name,
    async read(account) {
      const kept = await ask((keytar) => keytar.getPassword(service, account));
      return kept === null ? undefined : new Uint8Array(Buffer.from(kept, 'base64'));
    },
    write: (account, key) =>
      ask((keytar) => keytar.setPassword(service, account, Buffer.from(key).toString('base64'))),
    async remove(account) {
      await ask((keytar) => keytar.deletePassword(service, account));
    },
  };
}

/** A CommonJS module: where its names are not seen from outside they lie under `default`. */
async function loadKeytar(): Promise<KeytarModule> {
  const loaded: KeytarModule & { readonly default?: KeytarModule } = await import('keytar');
  return loaded.default ?? loaded;
}

function keychainName(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'macOS Keychain';
  return platform === 'win32' ? 'Windows Credential Manager' : 'Secret Service';
}

/** One short line: these messages come from the system and hold no key. */
function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const missing = /keytar native addon|Cannot find (module|package)|shared object|ERR_DLOPEN/i.test(text);
  return missing ? 'its native module could not be loaded' : (text.split('\n')[0] ?? '').slice(0, 160);
}
