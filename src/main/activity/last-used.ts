/** When each tool of each connection last went out to its vendor. */
import type { IndexedRecord } from './day-index';

export class LastUsed {
  readonly #used = new Map<string, Map<string, number>>();

  of(connectionId: string): Map<string, number> {
    return new Map(this.#used.get(connectionId));
  }

  /** @param connectionId Of the row that the record belongs to. */
  remember({ kind, outcome, what, atMs }: IndexedRecord, connectionId: string | undefined): void {
    const wasLetOut = outcome === 'allowed' || outcome === 'approved' || outcome === 'failed';
    if (kind !== 'call_outcome' || !wasLetOut || connectionId === undefined) return;
    const tools = this.#used.get(connectionId) ?? new Map<string, number>();
    const tool = what.slice(what.indexOf(':') + 1);
    tools.set(tool, Math.max(tools.get(tool) ?? 0, atMs));
    this.#used.set(connectionId, tools);
  }
}
