/**
 * What of the vault is in memory and how it follows the disk: state, open contents, the document they came from.
 * Refuses to take contents into memory that were not written durably first.
 */
import { type PolicyBook, policyBookSchema } from './policy-book';
import type { Sealing } from './sealing';
import type { StoreDocument } from './store-document';
import type { DocumentFile, VaultState } from './vault';
import { sealDocument, type VaultContents } from './vault-contents';
import { fileName, keep } from './vault-opening';
import { lockedFault, refusal } from './vault-refusal';

export class VaultSession {
  readonly #file: DocumentFile;
  readonly #sealing: Sealing;
  readonly #listeners = new Set<() => void>();
  state: VaultState;
  /** What was last read or written; stays while locked, for the policies in clear are in it. */
  document: StoreDocument | undefined;
  /** Undefined while locked. */
  contents: VaultContents | undefined;

  constructor(file: DocumentFile, sealing: Sealing, state: VaultState) {
    this.#file = file;
    this.#sealing = sealing;
    this.state = state;
  }

  onChanged(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  become(state: VaultState): void {
    this.state = state;
    for (const changed of this.#listeners) changed();
  }

  /** For a file that is whole and does not open: a copy of it is kept, and it stays. */
  async becomeUnreadable(why: string): Promise<void> {
    const kept = await keep(this.#file, 'unreadable');
    if (kept.kind === 'kept') this.become({ kind: 'unreadable', why, keptAs: kept.name });
    else this.become({ kind: 'unreadable', why: `${why} ${kept.why}`, keptAs: fileName(this.#file.path) });
  }

  /** While locked: not yet checked. A wrong shape gives an empty book, and what has no policy asks. */
  policies(): PolicyBook {
    if (this.contents !== undefined) return this.contents.state.policies;
    const mirror = policyBookSchema.safeParse(this.document?.policies.clear);
    return mirror.success ? mirror.data : {};
  }

  /** @throws Fault with the code of the present state */
  unlocked(): VaultContents {
    if (this.contents === undefined) throw refusal(this.state);
    return this.contents;
  }

  /**
   * Writes, and only then lets `next` count, and only while nobody locked.
   *
   * @throws Fault `vault_locked` when `from` is no longer what is open, `store_write_failed`
   */
  async commit(from: VaultContents | undefined, next: VaultContents): Promise<VaultContents> {
    if (this.contents !== from) throw lockedFault();
    const document = sealDocument(this.#sealing, next);
    await this.#file.write(JSON.stringify(document));
    this.document = document;
    if (this.contents !== from) return next;
    this.contents = next;
    this.become({ kind: 'unlocked', protector: next.protector });
    return next;
  }
}
