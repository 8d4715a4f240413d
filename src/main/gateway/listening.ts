/**
 * Streams on which agents of 2026-07-28 hear of changes (`subscriptions/listen`), bounded in number. Refuses to tell what was not asked
 * for; each message says which subscription it belongs to.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/utilities/subscriptions (SEP-2575)
 */

import { Fault } from '../../preload/contract/reply';
import { isObject } from '../json-object';
import type { KnownAgent } from './core-ports';
import { metaKeys } from './era';
import type { Changed, Gateway } from './gateway';
import { type Answer, codes, failure, type MessageId, modernResult } from './json-rpc';
import { capabilitiesOf } from './self-description';
import { maxAgentUriChars } from './surface-names';

/** One stream, as long as it is open. */
export interface Listener {
  readonly agent: KnownAgent;
  readonly id: MessageId;
  readonly send: (text: string) => void;
  /** Ends the stream with its answer. */
  readonly end: (text: string) => void;
}

interface Open extends Listener {
  readonly wanted: ReadonlySet<Changed>;
  /** Ends what is watched. */
  readonly stops: readonly (() => void)[];
}

const maxListeners = 500;
const maxListenersOfOne = 20;
const maxWatched = 100;

/** What each list is called in a filter. */
const filterNames = {
  tools: 'toolsListChanged',
  resources: 'resourcesListChanged',
  prompts: 'promptsListChanged',
} as const satisfies Record<Changed, string>;

export class Listening {
  readonly #open = new Set<Open>();

  /**
   * Acknowledges on the stream what will be told of what was wanted.
   *
   * @param filter Untrusted.
   * @returns How it is closed, or the refusal.
   */
  async open(
    listener: Listener,
    filter: unknown,
    gateway: Gateway,
  ): Promise<{ readonly close: () => void } | Answer> {
    if (!isObject(filter)) return failure(codes.params, 'Invalid params: notifications is required.');
    const { agent } = listener;
    const ofAgent = [...this.#open].filter((one) => one.agent.agentId === agent.agentId);
    if (this.#open.size >= maxListeners || ofAgent.length >= maxListenersOfOne)
      return failure(codes.internal, 'Too many subscriptions are open.');
    const capabilities = capabilitiesOf(gateway.surfaces);
    const wanted = (['tools', 'resources', 'prompts'] as const).filter(
      (what) => filter[filterNames[what]] === true && capabilities[what]?.listChanged === true,
    );
    const watched = await watchAll(gateway, listener, filter.resourceSubscriptions);
    const one: Open = { ...listener, wanted: new Set(wanted), stops: watched.map(({ stop }) => stop) };
    this.#open.add(one);
    const uris = watched.map(({ uri }) => uri);
    const notifications = {
      ...Object.fromEntries(wanted.map((what) => [filterNames[what], true])),
      ...(uris.length === 0 ? {} : { resourceSubscriptions: uris }),
    };
    listener.send(note(listener, 'notifications/subscriptions/acknowledged', { notifications }));
    return { close: () => this.#close(one) };
  }

  tell(what: Changed, mayHear: (agentId: string) => boolean): void {
    for (const one of this.#open)
      if (one.wanted.has(what) && mayHear(one.agent.agentId))
        one.send(note(one, `notifications/${what}/list_changed`, {}));
  }

  /** Ends the streams of one agent, or of all, in order. */
  end(agentId?: string): void {
    for (const one of this.#open) {
      if (agentId !== undefined && one.agent.agentId !== agentId) continue;
      const json = JSON.stringify({ _meta: { [metaKeys.subscriptionId]: one.id } });
      one.end(modernResult(one.id, json));
      this.#close(one);
    }
  }

  #close(one: Open): void {
    if (this.#open.delete(one)) for (const stop of one.stops) stop();
  }
}

/** What cannot be watched is left out: the acknowledgement says what is. @param uris Untrusted. */
async function watchAll(
  { surfaces }: Gateway,
  listener: Listener,
  uris: unknown,
): Promise<readonly { readonly uri: string; readonly stop: () => void }[]> {
  const asked = Array.isArray(uris) ? [...new Set(uris)].slice(0, maxWatched) : [];
  const watched = await Promise.all(
    asked.map(async (uri: unknown) => {
      if (typeof uri !== 'string' || uri.length > maxAgentUriChars) return [];
      const updated = () => listener.send(note(listener, 'notifications/resources/updated', { uri }));
      const stop = await surfaces.watch(listener.agent, uri, updated).catch((error: unknown) => {
        if (error instanceof Fault) return undefined;
        throw error;
      });
      return stop === undefined ? [] : [{ uri, stop }];
    }),
  );
  return watched.flat();
}

function note({ id }: Listener, method: string, params: object): string {
  const whole = { ...params, _meta: { [metaKeys.subscriptionId]: id } };
  return JSON.stringify({ jsonrpc: '2.0', method, params: whole });
}
