/**
 * Calls by outcome for each quarter of an hour, kept while records come, so that a chart over years reads a few numbers.
 * Quarters, because the clocks of some places are half an hour or three quarters off.
 */
import { outcomeGroups } from '../../preload/contract/outcome-groups';

export const quarterMs = 900_000;

/** Whatever is not decided or not known to have ended counts as open. */
export function groupOf(outcome: string): number {
  const found = (outcomeGroups as readonly string[]).indexOf(outcome);
  return found === -1 ? outcomeGroups.length - 1 : found;
}

export class QuarterCounts {
  readonly #quarters = new Map<number, Uint32Array>();

  /** @param change 1 for one more, -1 for one less. */
  add(atMs: number, group: number, change: 1 | -1): void {
    const quarter = Math.floor(atMs / quarterMs);
    const counts = this.#quarters.get(quarter) ?? new Uint32Array(outcomeGroups.length);
    counts[group] = (counts[group] ?? 0) + change;
    this.#quarters.set(quarter, counts);
  }

  /** Each quarter that has calls, in no order. */
  each(told: (startMs: number, counts: Uint32Array) => void): void {
    for (const [quarter, counts] of this.#quarters) told(quarter * quarterMs, counts);
  }
}
