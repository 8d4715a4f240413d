/** A clock on which every wait ends at once: time jumps by exactly what was waited for, and each wait is remembered. */
import type { Clock } from '../../src/main/ports';

export class EagerClock implements Clock {
  readonly waits: number[] = [];
  #nowMs = 1_000_000;

  nowMs(): number {
    return this.#nowMs;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }

  after(ms: number, run: () => void): () => void {
    let isWanted = true;
    queueMicrotask(() => {
      if (!isWanted) return;
      this.waits.push(ms);
      this.#nowMs += ms;
      run();
    });
    return () => {
      isWanted = false;
    };
  }
}
