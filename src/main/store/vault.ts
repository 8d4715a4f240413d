/**
 * The vault as the rest of the house sees it: states, what it needs from disk and keychain, what it offers.
 * Types only. Nothing here hands out a key.
 */
import type { PolicyBook } from './policy-book';
import type { StateRecord } from './state-record';

/** A text document on disk, replaced as a whole and durably, or not at all. */
export interface DocumentFile {
  readonly path: string;
  /**
   * The raw text of the file; undefined when there is none.
   *
   * @throws Fault `store_unreadable` when there is a file that cannot be read at all.
   */
  read(): string | undefined;
  /**
   * Replaces the file and then the last good copy.
   *
   * @throws Fault `store_write_failed`: the file is as it was before. Also when somebody else changed the file
   *   since it was last read or written here.
   */
  write(text: string): Promise<void>;
  /**
   * Copies the present file to a sibling with a date in its name, and answers that name. The same content is
   * kept once, however often it is found.
   *
   * @throws Fault `store_write_failed`
   */
  keepAside(reason: string): Promise<string>;
  /** The copy that the last successful write left; undefined when there is none or it cannot be read. */
  readLastGood(): string | undefined;
}

/** Keys in the operating system's keychain. Every function throws Fault `keychain_unavailable`. */
export interface KeychainPort {
  /** What a person calls it, for example `Secret Service`. */
  readonly name: string;
  read(account: string): Promise<Uint8Array | undefined>;
  write(account: string, key: Uint8Array): Promise<void>;
  /** Removing what is not there is fine. */
  remove(account: string): Promise<void>;
}

export type Protector =
  | { readonly kind: 'keychain'; readonly name: string }
  | { readonly kind: 'passphrase' };

export type VaultState =
  | { readonly kind: 'unlocked'; readonly protector: Protector }
  /** `why` is for a person. With `keychainFailed` the keychain did not answer; `unlock` tries again. */
  | {
      readonly kind: 'locked';
      readonly protector: Protector;
      readonly why?: string;
      readonly keychainFailed?: true;
    }
  /** There is no keychain and no vault yet. */
  | { readonly kind: 'needs_passphrase'; readonly why: string }
  /** `keptAs` is the name of the file that was kept, beside the store or the store itself. */
  | { readonly kind: 'unreadable'; readonly why: string; readonly keptAs: string };

/** Something that was put right or could not be, for a person to read. Never holds a secret. */
export interface VaultNotice {
  readonly kind:
    | 'recovered'
    | 'policies_tampered'
    | 'rotation_finished'
    | 'rotation_unfinished'
    | 'repair_unwritten';
  readonly message: string;
}

/** By connection: all of its secrets anew, or null where they go. */
export type SecretChanges = Readonly<Record<string, Readonly<Record<string, string>> | null>>;

export interface VaultHandle {
  state(): VaultState;
  /** Opens or, where there is a keychain and no vault, makes the vault. Answers the state instead of throwing
   * for everything that lies in the file or the keychain. @throws Fault `store_write_failed` for a new vault. */
  open(): Promise<VaultState>;
  /** Makes the vault, or puts an unlocked one under a passphrase instead of the keychain.
   * @throws Fault `passphrase_too_short`, `vault_locked`, `vault_unreadable`, `store_write_failed` */
  createWithPassphrase(passphrase: string): Promise<void>;
  /** @throws Fault `vault_wrong_passphrase`, `vault_needs_passphrase`, `keychain_unavailable`, `vault_unreadable` */
  unlock(passphrase?: string): Promise<void>;
  /** Forgets every key at once. What is being written is still written. `why` is a sentence for a person. */
  lock(why?: string): void;
  /** @throws Fault `vault_wrong_passphrase`, `passphrase_too_short`, `vault_locked`, `vault_needs_passphrase` when
   * the keychain protects this vault. */
  changePassphrase(oldPassphrase: string, newPassphrase: string): Promise<void>;
  /** Seals everything with a new key and forgets the old one. A crash in the middle is finished by `open`. */
  rotateKey(): Promise<void>;
  /** Called after every change of state or content. `changed` must not throw. */
  onChanged(changed: () => void): () => void;
  /** What happened since the start that a person should know. */
  notices(): readonly VaultNotice[];
  /** The durable state, frozen. @throws Fault `vault_locked` */
  read(): StateRecord;
  /** One at a time; memory follows only after the durable write, so a failed one changes nothing. Secrets that
   * change with the state are in the same write: after a crash both are as before, or both are new.
   * @throws Fault `vault_locked`, `store_write_failed`, `store_unreadable` for a record of the wrong shape. */
  update(change: (state: StateRecord) => StateRecord, secrets?: SecretChanges): Promise<StateRecord>;
  /** Replaces all secrets of one connection. */
  putSecret(connectionId: string, values: Readonly<Record<string, string>>): Promise<void>;
  /** @throws Fault `secret_missing`, `vault_locked`, `vault_unreadable` */
  readSecret(connectionId: string): Promise<Record<string, string>>;
  /** Removing what is not there is fine. */
  removeSecret(connectionId: string): Promise<void>;
  /** Seals something that is kept elsewhere (a body in the activity log). `context` must be given again to open
   * it. The answer is text without spaces and stays readable after the key was rotated. */
  sealBody(context: string, plain: Uint8Array): string;
  /** @throws Fault `vault_locked`, `vault_unreadable` */
  openBody(context: string, sealed: string): Uint8Array;
  /** Readable while locked; then it is the copy in clear, checked when the vault is unlocked. */
  readPolicies(): PolicyBook;
}
