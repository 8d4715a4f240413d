/**
 * The sync of rows that need not be waited for: how a call ended is written before its agent hears it, so that a process that dies loses
 * nothing, and is on the disk a moment later or with the next intent, whichever comes first. Refuses to hide a sync that failed: whoever
 * writes next is told no.
 */
import type { Clock } from '../ports';
import type { Anchor } from './chain';

const soonMs = 20;

export interface LaterSyncNeeds {
  readonly clock: Clock;
  readonly sync: () => Promise<void>;
  /** Told what is on the disk for certain. */
  readonly onSynced: (head: Anchor) => void;
  /** Told when it is time; `settle` has to follow in the writer's own turn. */
  readonly onDue: () => void;
}

export class LaterSync {
  readonly #needs: LaterSyncNeeds;
  #owed: Anchor | null = null;
  #fault: unknown = null;
  #stopTimer: (() => void) | null = null;
  #isDue = false;

  constructor(needs: LaterSyncNeeds) {
    this.#needs = needs;
  }

  get isDue(): boolean {
    return this.#isDue;
  }

  /** Written, and not synced. */
  owe(head: Anchor): void {
    this.#owed = head;
    this.#stopTimer ??= this.#needs.clock.after(soonMs, () => {
      this.#stopTimer = null;
      this.#isDue = true;
      this.#needs.onDue();
    });
  }

  /** A sync that came anyway covered everything up to here. */
  covered(head: Anchor): void {
    this.#forget();
    this.#needs.onSynced(head);
  }

  /** Syncs what is owed. Never rejects: the next one who writes hears it. */
  async settle(): Promise<void> {
    const head = this.#owed;
    this.#isDue = false;
    if (head === null) return;
    try {
      await this.#needs.sync();
      this.covered(head);
    } catch (error) {
      this.#forget();
      this.#fault = error;
    }
  }

  /** @throws What the last sync met, once. */
  check(): void {
    const fault = this.#fault;
    this.#fault = null;
    if (fault !== null) throw fault;
  }

  #forget(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
    this.#isDue = false;
    this.#owed = null;
  }
}
