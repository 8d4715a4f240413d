/** A clock that stands still until the test moves it; what falls due on the way runs in its order. */
import type { Clock } from '../../src/main/ports';

export class HandClock implements Clock {
  #nowMs = 1_000_000;
  #due: { readonly atMs: number; readonly run: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  /** How many wait for a later moment. */
  waiting(): number {
    return this.#due.length;
  }

  after(ms: number, run: () => void): () => void {
    const one = { atMs: this.#nowMs + ms, run };
    this.#due.push(one);
    return () => {
      this.#due = this.#due.filter((other) => other !== one);
    };
  }

  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const [next] = this.#due.filter((one) => one.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.#due = this.#due.filter((one) => one !== next);
      this.#nowMs = next.atMs;
      next.run();
    }
    this.#nowMs = untilMs;
  }
}
