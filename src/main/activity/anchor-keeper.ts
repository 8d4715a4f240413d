/**
 * Hands the newest hash to the sealed store, at most once a second and at the end. Refuses to move an anchor
 * that the log did not answer to: then the old one stays, so that Verify log goes on naming the damage.
 */
import type { Clock } from '../ports';
import type { Anchor } from './chain';

const everyMs = 1_000;

export class AnchorKeeper {
  #newest: Anchor | null = null;
  #stopTimer: (() => void) | null = null;
  #sending: Promise<void> = Promise.resolve();
  #failure: unknown = null;
  #state: 'held' | 'moving' | 'refused' = 'held';

  constructor(
    readonly clock: Clock,
    readonly send: (anchor: Anchor) => void | Promise<void>,
  ) {}

  /** The anchor of the start stands in the log as it should. */
  release(): void {
    if (this.#state !== 'held') return;
    this.#state = 'moving';
    this.#arm();
  }

  /** The log does not hold the line that the store remembers. */
  refuse(): void {
    this.#state = 'refused';
  }

  moved(anchor: Anchor): void {
    this.#newest = anchor;
    this.#arm();
  }

  /** @throws What the store threw at the last attempt: the newest hash is then not anchored. */
  async close(): Promise<void> {
    this.#stopTimer?.();
    this.#stopTimer = null;
    await this.#sending;
    await this.#sendNewest();
    if (this.#failure !== null) throw this.#failure;
  }

  #arm(): void {
    if (this.#state !== 'moving' || this.#newest === null || this.#stopTimer !== null) return;
    this.#stopTimer = this.clock.after(everyMs, () => {
      this.#stopTimer = null;
      this.#sending = this.#sending.then(() => this.#sendNewest());
    });
  }

  async #sendNewest(): Promise<void> {
    const anchor = this.#newest;
    if (anchor === null || this.#state !== 'moving') return;
    this.#newest = null;
    try {
      await this.send(anchor);
      this.#failure = null;
    } catch (error) {
      // A locked store is no reason to stop the log: the next record tries again, closing reports it.
      this.#newest ??= anchor;
      this.#failure = error;
    }
  }
}
