/** The calls that are with an upstream now, so that they can be ended: those of one agent, or all. */
import type { CallWay } from './core-ports';

export const pausedWords =
  'Gatehouse is paused: a technician has stopped all calls. Nothing has run. Try again when it goes on.';

export class RunningCalls {
  readonly #calls = new Set<{ readonly agentId: string; readonly way: CallWay }>();

  get size(): number {
    return this.#calls.size;
  }

  /** @returns To be called when the call is over. */
  enter(agentId: string, way: CallWay): () => void {
    const call = { agentId, way };
    this.#calls.add(call);
    return () => this.#calls.delete(call);
  }

  /** @param agentId Everybody's where it is left out. */
  end(agentId?: string): void {
    for (const call of this.#calls) if (agentId === undefined || call.agentId === agentId) call.way.abort?.();
  }
}
