/** Calls by outcome between edges in time, counted one moment after the other. What lies outside of them is not counted. */
import { outcomeGroups } from '../../preload/contract/outcome-groups';

export class Bars {
  readonly #edges: readonly number[];
  readonly #bars: number[][];

  /** @param edges Rising; one more than there are bars. */
  constructor(edges: readonly number[]) {
    this.#edges = edges;
    this.#bars = Array.from({ length: Math.max(0, edges.length - 1) }, () => outcomeGroups.map(() => 0));
  }

  /** One list a bar; the order of the numbers is that of `outcomeGroups`. */
  get calls(): readonly (readonly number[])[] {
    return this.#bars;
  }

  count(atMs: number, group: number, calls: number): void {
    const bar = this.#bars[this.#barOf(atMs)];
    if (bar !== undefined) bar[group] = (bar[group] ?? 0) + calls;
  }

  /** The last edge that is not after this moment; -1 before the first. */
  #barOf(atMs: number): number {
    let low = 0;
    let high = this.#edges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#edges[middle] ?? 0) <= atMs) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
