/**
 * Streams on which agents of 2026-07-28 hear of changes (`subscriptions/listen`), bounded in number. Refuses to tell what was not asked
 * for; each message says which subscription it belongs to.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/utilities/subscriptions (SEP-2575)
 */
import { metaKeys } from './era';
import type { Changed } from './gateway';
import { type Answer, codes, failure, type MessageId, modernResult } from './json-rpc';
import type { capabilitiesOf } from './self-description';

export interface Listener {
  readonly agentId: string;
  readonly id: MessageId;
  readonly wanted: ReadonlySet<Changed>;
  readonly send: (text: string) => void;
  /** Ends the stream. */
  readonly end: (text: string) => void;
}

const maxListeners = 500;
const maxListenersOfOne = 20;

/** What each list is called in a filter. */
const filterNames = {
  tools: 'toolsListChanged',
  resources: 'resourcesListChanged',
  prompts: 'promptsListChanged',
} as const satisfies Record<Changed, string>;

export class Listening {
  readonly #listeners = new Set<Listener>();

  /** Undefined where the stream was opened: then the acknowledgement was sent on it. @param filter Untrusted. */
  open(
    who: Pick<Listener, 'agentId' | 'id' | 'send' | 'end'>,
    filter: unknown,
    capabilities: ReturnType<typeof capabilitiesOf>,
  ): { readonly close: () => void } | Answer {
    if (!isFilter(filter)) return failure(codes.params, 'Invalid params: notifications is required.');
    const ofAgent = [...this.#listeners].filter(({ agentId }) => agentId === who.agentId);
    if (this.#listeners.size >= maxListeners || ofAgent.length >= maxListenersOfOne)
      return failure(codes.internal, 'Too many subscriptions are open.');
    const wanted = (['tools', 'resources', 'prompts'] as const).filter(
      (what) => filter[filterNames[what]] === true && capabilities[what]?.listChanged === true,
    );
    const listener: Listener = { ...who, wanted: new Set(wanted) };
    this.#listeners.add(listener);
    const honoured = Object.fromEntries(wanted.map((what) => [filterNames[what], true]));
    who.send(note(listener, 'notifications/subscriptions/acknowledged', { notifications: honoured }));
    return { close: () => this.#listeners.delete(listener) };
  }

  tell(what: Changed, mayHear: (agentId: string) => boolean): void {
    for (const listener of this.#listeners)
      if (listener.wanted.has(what) && mayHear(listener.agentId))
        listener.send(note(listener, `notifications/${what}/list_changed`, {}));
  }

  /** Ends the streams of one agent, or of all, in order. */
  end(agentId?: string): void {
    for (const listener of this.#listeners) {
      if (agentId !== undefined && listener.agentId !== agentId) continue;
      const json = JSON.stringify({ _meta: { [metaKeys.subscriptionId]: listener.id } });
      listener.end(modernResult(listener.id, json));
      this.#listeners.delete(listener);
    }
  }
}

function note({ id }: Listener, method: string, params: object): string {
  const whole = { ...params, _meta: { [metaKeys.subscriptionId]: id } };
  return JSON.stringify({ jsonrpc: '2.0', method, params: whole });
}

function isFilter(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
