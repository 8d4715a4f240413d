/**
 * A store document in memory, held to the same list of tests as the real one. Knobs: it can die after a number
 * of writes (a crash), refuse to write, or fail to leave a last good copy.
 */
import type { DocumentFile } from '../../src/main/store/vault';
import { Fault } from '../../src/preload/contract/reply';

/** What a process sees that dies: nothing. Tests see this. */
export class Crash extends Error {}

export class MemoryFile implements DocumentFile {
  readonly path = '/memory/gatehouse.json';
  /** What lies on the disk; a test may put anything here. */
  text: string | undefined;
  lastGood: string | undefined;
  readonly kept = new Map<string, string>();
  writes = 0;
  /** After so many writes everything fails with `Crash`. */
  diesAfterWrites = Number.POSITIVE_INFINITY;
  refusesWrites = false;
  losesLastGood = false;
  readFault: Fault | undefined;
  #seen: string | undefined;

  constructor(text?: string) {
    this.text = text;
  }

  read(): string | undefined {
    if (this.readFault !== undefined) throw this.readFault;
    this.#seen = this.text;
    return this.text;
  }

  async write(text: string): Promise<void> {
    if (this.writes >= this.diesAfterWrites) throw new Crash();
    if (this.refusesWrites) throw new Fault('store_write_failed', 'The disk is full.', { retryable: true });
    if (this.text !== this.#seen)
      throw new Fault('store_write_failed', 'Another Gatehouse changed the store file.');
    this.writes += 1;
    this.text = text;
    this.#seen = text;
    if (!this.losesLastGood) this.lastGood = text;
  }

  async keepAside(reason: string): Promise<string> {
    if (this.refusesWrites) throw new Fault('store_write_failed', 'The disk is full.', { retryable: true });
    for (const [name, text] of this.kept) if (text === (this.text ?? '')) return name;
    const name = `gatehouse.kept-${this.kept.size + 1}-${reason}.json`;
    this.kept.set(name, this.text ?? '');
    return name;
  }

  readLastGood(): string | undefined {
    return this.lastGood;
  }

  /** What the next process finds on the same disk. */
  afterRestart(): MemoryFile {
    const next = new MemoryFile(this.text);
    next.lastGood = this.lastGood;
    for (const [name, text] of this.kept) next.kept.set(name, text);
    return next;
  }
}
