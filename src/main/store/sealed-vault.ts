/**
 * The vault: opens, locks, and keeps the durable state and the secrets in one sealed document.
 * The only place that holds keys. Refuses to write without a protector, to reset what it cannot open, and to
 * let memory run ahead of the disk.
 */
import { Fault } from '../../preload/contract/reply';
import { finishRotation, forgetRetired, newKeychainKey, type RotationNeeds, rotate } from './key-rotation';
import { OneAtATime } from './one-at-a-time';
import type { PolicyBook } from './policy-book';
import { openBody, sealBody } from './sealed-body';
import { readSecret, withSecrets } from './sealed-secrets';
import { keyBytes, newKeyId, type Sealing } from './sealing';
import { parseState, type StateRecord } from './state-record';
import type { StoreDocument } from './store-document';
import type {
  DocumentFile,
  KeychainPort,
  Protector,
  SecretChanges,
  VaultHandle,
  VaultNotice,
  VaultState,
} from './vault';
import {
  newContents,
  openDocument,
  type PassphraseKey,
  rekey,
  stretchNew,
  unwrapKey,
  type VaultContents,
} from './vault-contents';
import { type FoundDocument, fileName, findDocument, keep } from './vault-opening';
import { refusal } from './vault-refusal';
import { VaultSession } from './vault-session';

export interface VaultNeeds {
  readonly file: DocumentFile;
  readonly keychain: KeychainPort;
  readonly sealing: Sealing;
}

const passphraseProtector: Protector = { kind: 'passphrase' };

export class SealedVault implements VaultHandle {
  readonly #needs: VaultNeeds;
  readonly #rotation: RotationNeeds;
  readonly #session: VaultSession;
  readonly #notices: VaultNotice[] = [];
  #found: FoundDocument | undefined;
  readonly #queue = new OneAtATime();

  constructor(needs: VaultNeeds) {
    this.#needs = needs;
    this.#session = new VaultSession(needs.file, needs.sealing, {
      kind: 'locked',
      protector: this.#keychainProtector(),
    });
    this.#rotation = { ...needs, commit: (from, next) => this.#session.commit(from, next) };
  }

  state = (): VaultState => this.#session.state;
  readPolicies = (): PolicyBook => this.#session.policies();
  onChanged = (changed: () => void): (() => void) => this.#session.onChanged(changed);
  notices = (): readonly VaultNotice[] => [...this.#notices];
  read = (): StateRecord => this.#session.unlocked().state;

  open(): Promise<VaultState> {
    return this.#queue.run(() => this.#open());
  }

  createWithPassphrase(passphrase: string): Promise<void> {
    return this.#queue.run(async () => {
      const { sealing } = this.#needs;
      const contents = this.#session.contents;
      if (this.#session.state.kind !== 'needs_passphrase' && contents === undefined)
        throw refusal(this.#session.state);
      const passphraseKey = await stretchNew(sealing, passphrase);
      if (contents === undefined) {
        await this.#session.commit(undefined, newContents(sealing, passphraseProtector, passphraseKey));
      } else {
        await this.#putUnder(contents, passphraseKey);
      }
    });
  }

  unlock(passphrase?: string): Promise<void> {
    return this.#queue.run(async () => {
      if (this.#session.contents !== undefined) return;
      if (this.#found === undefined) await this.#open();
      else if (this.#session.document?.protector.kind === 'keychain')
        await this.#openWithKeychain(this.#session.document);
      if (this.#session.contents !== undefined) return;
      if (this.#session.document?.protector.kind !== 'passphrase' || this.#session.state.kind !== 'locked')
        throw refusal(this.#session.state);
      if (passphrase === undefined)
        throw new Fault('vault_needs_passphrase', 'Type the passphrase of the vault.');
      const { master, passphraseKey } = await unwrapKey(
        this.#needs.sealing,
        this.#session.document,
        passphrase,
      );
      await this.#openWith(this.#session.document, master, passphraseKey);
      if (this.#session.contents === undefined) throw refusal(this.#session.state);
    });
  }

  lock(why?: string): void {
    const contents = this.#session.contents;
    if (contents === undefined) return;
    this.#session.contents = undefined;
    const { protector } = contents;
    this.#session.become({ kind: 'locked', protector, ...(why === undefined ? {} : { why }) });
    // A write that is under way may still seal with these keys; they are wiped right after it.
    void this.#queue.run(async () => {
      contents.master.fill(0);
      contents.passphraseKey?.key.fill(0);
    });
  }

  changePassphrase(oldPassphrase: string, newPassphrase: string): Promise<void> {
    return this.#queue.run(async () => {
      const contents = this.#session.unlocked();
      if (this.#session.document?.protector.kind !== 'passphrase') {
        throw new Fault(
          'vault_needs_passphrase',
          `This vault is protected by ${this.#needs.keychain.name}, not by a passphrase.`,
        );
      }
      await unwrapKey(this.#needs.sealing, this.#session.document, oldPassphrase);
      await this.#putUnder(contents, await stretchNew(this.#needs.sealing, newPassphrase));
    });
  }

  rotateKey(): Promise<void> {
    return this.#queue.run(async () => {
      const rotated = await rotate(this.#rotation, this.#session.unlocked());
      await this.#forgetRetired(rotated);
    });
  }

  update(change: (state: StateRecord) => StateRecord, secrets: SecretChanges = {}): Promise<StateRecord> {
    return this.#queue.run(async () => {
      const contents = this.#session.unlocked();
      const state = parseState(change(contents.state));
      await this.#session.commit(contents, { ...withSecrets(this.#needs.sealing, contents, secrets), state });
      return state;
    });
  }

  async putSecret(connectionId: string, values: Readonly<Record<string, string>>): Promise<void> {
    await this.update((state) => state, { [connectionId]: values });
  }

  async readSecret(connectionId: string): Promise<Record<string, string>> {
    return readSecret(this.#needs.sealing, this.#session.unlocked(), connectionId);
  }

  async removeSecret(connectionId: string): Promise<void> {
    await this.update((state) => state, { [connectionId]: null });
  }

  sealBody(context: string, plain: Uint8Array): string {
    return sealBody(this.#needs.sealing, this.#session.unlocked().bodyKeys, context, plain);
  }

  openBody(context: string, sealed: string): Uint8Array {
    return openBody(this.#needs.sealing, this.#session.unlocked().bodyKeys, context, sealed);
  }

  async #open(): Promise<VaultState> {
    if (this.#session.contents !== undefined) return this.#session.state;
    const found = await findDocument(this.#needs.file);
    this.#found = found;
    switch (found.kind) {
      case 'nothing':
        await this.#createWithKeychain();
        break;
      case 'unreadable':
        this.#session.become({ kind: 'unreadable', why: found.why, keptAs: found.keptAs });
        break;
      case 'document':
        this.#session.document = found.document;
        if (found.recovered !== undefined) this.#note('recovered', found.recovered);
        if (found.document.protector.kind === 'keychain') await this.#openWithKeychain(found.document);
        else this.#session.become({ kind: 'locked', protector: passphraseProtector });
    }
    return this.#session.state;
  }

  async #createWithKeychain(): Promise<void> {
    const { sealing, keychain } = this.#needs;
    const keyId = newKeyId(sealing);
    try {
      const master = await newKeychainKey(this.#needs, keyId);
      const contents = newContents(sealing, this.#keychainProtector(), undefined);
      await this.#session.commit(undefined, { ...contents, keyId, master });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      if (error.code !== 'keychain_unavailable') {
        await keychain.remove(keyId);
        throw error;
      }
      this.#session.become({ kind: 'needs_passphrase', why: error.message });
    }
  }

  async #openWithKeychain(document: StoreDocument): Promise<void> {
    const { keychain } = this.#needs;
    let master: Uint8Array | undefined;
    try {
      master = await keychain.read(document.keyId);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const { protector } = document;
      this.#session.become({ kind: 'locked', protector, why: error.message, keychainFailed: true });
      return;
    }
    if (master?.length === keyBytes) await this.#openWith(document, master, undefined);
    else await this.#session.becomeUnreadable(`${keychain.name} does not have the key of this store.`);
  }

  async #openWith(
    document: StoreDocument,
    master: Uint8Array,
    key: PassphraseKey | undefined,
  ): Promise<void> {
    const opened = openDocument(this.#needs.sealing, document, master, key);
    if (opened.kind === 'broken') return this.#session.becomeUnreadable(opened.why);
    if (opened.kind === 'from_future') {
      this.#session.become({ kind: 'unreadable', why: opened.why, keptAs: fileName(this.#needs.file.path) });
      return;
    }
    this.#session.contents = opened.contents;
    await this.#repair(opened.contents, opened.mirrorIntact, opened.upgraded);
    if (this.#session.contents !== undefined)
      this.#session.become({ kind: 'unlocked', protector: this.#session.contents.protector });
  }

  /** Writes what opening showed to be due. A folder that cannot be written does not stop the start. */
  async #repair(opened: VaultContents, mirrorIntact: boolean, upgraded: boolean): Promise<void> {
    let contents = opened;
    const recovered = this.#found?.kind === 'document' && this.#found.recovered !== undefined;
    try {
      if (!mirrorIntact) {
        const kept = await keep(this.#needs.file, 'policies-changed');
        const where = kept.kind === 'kept' ? `The changed file was kept as ${kept.name}.` : kept.why;
        this.#note(
          'policies_tampered',
          `The policies in the store file were changed outside Gatehouse. The sealed ones apply. ${where}`,
        );
      }
      if (recovered || upgraded || !mirrorIntact) contents = await this.#session.commit(contents, contents);
      this.#found = { kind: 'nothing' };
      if (contents.rotatingTo !== undefined) {
        contents = await finishRotation(this.#rotation, contents);
        this.#note('rotation_finished', 'A change of the vault key that had been interrupted was finished.');
      }
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#note('repair_unwritten', error.message);
      return;
    }
    await this.#forgetRetired(contents);
  }

  async #forgetRetired(contents: VaultContents): Promise<void> {
    try {
      await forgetRetired(this.#rotation, contents);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#note(
        'rotation_unfinished',
        `The old vault key is still in the keychain and goes at the next start. ${error.message}`,
      );
    }
  }

  async #putUnder(contents: VaultContents, passphraseKey: PassphraseKey): Promise<void> {
    const { sealing } = this.#needs;
    const next = {
      keyId: newKeyId(sealing),
      master: sealing.randomBytes(keyBytes),
      protector: passphraseProtector,
    };
    await this.#forgetRetired(
      await this.#session.commit(contents, rekey(sealing, contents, { ...next, passphraseKey })),
    );
  }

  #keychainProtector(): Protector {
    return { kind: 'keychain', name: this.#needs.keychain.name };
  }

  #note(kind: VaultNotice['kind'], message: string): void {
    this.#notices.push({ kind, message });
  }
}
