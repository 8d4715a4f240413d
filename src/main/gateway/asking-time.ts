/** How long questions to an agent may take: each one, and all of one call together, so that a server cannot keep it open for ever. */
import type { Clock } from '../ports';

const answerMs = 600_000;
const allAnswersMs = 900_000;

export class AskingTime {
  readonly #clock: Clock;
  #firstAskedMs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `tooLate` when the question that begins now has waited for too long; the answer cancels it. */
  begin(tooLate: () => void): () => void {
    const nowMs = this.#clock.nowMs();
    this.#firstAskedMs ??= nowMs;
    const leftMs = this.#firstAskedMs + allAnswersMs - nowMs;
    return this.#clock.after(Math.max(0, Math.min(answerMs, leftMs)), tooLate);
  }
}
