/**
 * A search that looks at each distinct text once, however many rows hold it, and remembers what it saw: asked again, it goes on
 * where it stopped. Refuses to look at more new texts in one go than a page may take.
 */
import type { Texts } from './columns';

/** About 50 milliseconds on a slow machine. */
export const textsInOneGo = 100_000;

export class TextSearch {
  readonly #texts: Texts;
  readonly #wanted: string;
  #verdicts = new Uint8Array(0);
  #left = 0;

  constructor(texts: Texts, wanted: string) {
    this.#texts = texts;
    this.#wanted = wanted;
  }

  /** One more go; an export looks at everything, for it stops between its rows anyway. */
  begin(bound: 'one go' | 'everything' = 'one go'): this {
    if (this.#verdicts.length < this.#texts.count) {
      const larger = new Uint8Array(Math.ceil(this.#texts.count * 1.25));
      larger.set(this.#verdicts);
      this.#verdicts = larger;
    }
    this.#left = bound === 'everything' ? Number.POSITIVE_INFINITY : textsInOneGo;
    return this;
  }

  /** No row may be judged any more in this go. */
  get isSpent(): boolean {
    return this.#left <= 0;
  }

  has(number: number): boolean {
    const known = this.#verdicts[number];
    if (known !== 0 && known !== undefined) return known === 1;
    this.#left -= 1;
    const isThere = this.#texts.text(number)?.toLowerCase().includes(this.#wanted) === true;
    this.#verdicts[number] = isThere ? 1 : 2;
    return isThere;
  }
}
