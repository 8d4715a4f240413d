/**
 * Compact memory for many rows: numbers in typed arrays that grow by doubling, texts kept once each.
 * Refuses to shrink: a log only grows.
 */
type Numbers = Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;

export class Column {
  #data: Numbers;
  #length = 0;

  /** @param make For example `(size) => new Uint32Array(size)`; decides what a number may be. */
  constructor(readonly make: (size: number) => Numbers) {
    this.#data = make(256);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#data.length) {
      const larger = this.make(this.#length * 2);
      larger.set(this.#data);
      this.#data = larger;
    }
    this.#data[this.#length] = value;
    this.#length += 1;
  }

  /** NaN outside of what was pushed. */
  at(index: number): number {
    return index < this.#length ? (this.#data[index] ?? Number.NaN) : Number.NaN;
  }

  set(index: number, value: number): void {
    if (index < this.#length) this.#data[index] = value;
  }
}

export const float64 = () => new Column((size) => new Float64Array(size));
export const int32 = () => new Column((size) => new Int32Array(size));
export const uint32 = () => new Column((size) => new Uint32Array(size));
export const uint16 = () => new Column((size) => new Uint16Array(size));
export const uint8 = () => new Column((size) => new Uint8Array(size));

/** Texts by number. 0 is "none". */
export class Texts {
  readonly #numbers = new Map<string, number>();
  readonly #texts: (string | null)[] = [null];

  keep(text: string | undefined): number {
    if (text === undefined) return 0;
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#texts.push(text);
    this.#numbers.set(text, this.#texts.length - 1);
    return this.#texts.length - 1;
  }

  /** One more than the highest number. */
  get count(): number {
    return this.#texts.length;
  }

  /** Undefined when no row ever held this text. */
  numberOf(text: string): number | undefined {
    return this.#numbers.get(text);
  }

  text(number: number): string | null {
    return this.#texts[number] ?? null;
  }
}
