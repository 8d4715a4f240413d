/**
 * What a server announces of its own accord: lists that changed, and changes of single resources that somebody watches. Before
 * 2026-07-28 lists are announced unasked and each resource is subscribed to; since then one stream is open for all of it. After a
 * lost stream it asks again, more and more rarely.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/resources#subscriptions
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/utilities/subscriptions (SEP-2575)
 */
import type { Client, McpSubscription } from '@modelcontextprotocol/client';
import { Fault } from '../../preload/contract/reply';
import type { Clock } from '../ports';

const retryMs = { first: 1_000, most: 60_000 };
const requestMs = 10_000;
/** Of one server, for all agents together. */
const maxWatched = 1_000;

export class Announcements {
  readonly #clock: Clock;
  readonly #watchers = new Map<string, Set<() => void>>();
  #client: Client | undefined;
  #stream: McpSubscription | undefined;
  /** One change of the stream at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  #stopRetry: (() => void) | undefined;
  #nextRetryMs = retryMs.first;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A new session is there: everything that is watched is asked for again. */
  begin(client: Client): void {
    this.end();
    this.#client = client;
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
      for (const tell of this.#watchers.get(params.uri) ?? []) tell();
    });
    // A server that refuses announces nothing; its tools work all the same.
    if (this.#isModern) void this.#listen().catch(() => undefined);
    else
      for (const uri of this.#watchers.keys())
        void client.subscribeResource({ uri }, { timeout: requestMs }).catch(() => undefined);
  }

  /** The session is over. */
  end(): void {
    this.#client = undefined;
    this.#stream = undefined;
    this.#stopRetry?.();
    this.#nextRetryMs = retryMs.first;
  }

  /**
   * @returns Ends it.
   * @throws Fault `vendor_busy`, or whatever the SDK throws where the server refuses.
   */
  async watch(uri: string, onUpdated: () => void): Promise<() => void> {
    const known = this.#watchers.get(uri);
    if (known === undefined && this.#watchers.size >= maxWatched)
      throw new Fault('vendor_busy', 'Too many resources of this server are watched.');
    const watchers = known ?? new Set();
    this.#watchers.set(uri, watchers.add(onUpdated));
    const stop = () => this.#unwatch(uri, onUpdated);
    try {
      if (known === undefined) await this.#subscribe(uri);
    } catch (error) {
      stop();
      throw error;
    }
    return stop;
  }

  get #isModern(): boolean {
    return this.#client?.getProtocolEra() === 'modern';
  }

  async #subscribe(uri: string): Promise<void> {
    if (this.#isModern) await this.#listen();
    else await this.#client?.subscribeResource({ uri }, { timeout: requestMs });
  }

  #unwatch(uri: string, onUpdated: () => void): void {
    const watchers = this.#watchers.get(uri);
    watchers?.delete(onUpdated);
    if (watchers === undefined || watchers.size > 0) return;
    this.#watchers.delete(uri);
    const client = this.#client;
    if (client === undefined) return;
    // What comes in spite of it reaches nobody.
    const done = this.#isModern
      ? this.#listen()
      : client.unsubscribeResource({ uri }, { timeout: requestMs });
    void done.catch(() => undefined);
  }

  /** Opens the one stream anew for what is watched now; the one before ends only afterwards, so that nothing is missed. */
  #listen(): Promise<void> {
    const next = this.#turn.then(async () => {
      const client = this.#client;
      if (client === undefined) return;
      const before = this.#stream;
      const filter = this.#filter(client);
      if (Object.keys(filter).length === 0) {
        this.#stream = undefined;
        return await before?.close();
      }
      const stream = await client.listen(filter, { timeout: requestMs });
      if (this.#client !== client) return await stream.close();
      this.#stream = stream;
      this.#nextRetryMs = retryMs.first;
      await before?.close();
      void stream.closed.then((why) => {
        if (why !== 'local' && this.#stream === stream) this.#listenLater();
      });
    });
    this.#turn = next.catch(() => undefined);
    return next;
  }

  #listenLater(): void {
    this.#stopRetry?.();
    this.#stopRetry = this.#clock.after(
      this.#nextRetryMs,
      () => void this.#listen().catch(() => this.#listenLater()),
    );
    this.#nextRetryMs = Math.min(retryMs.most, this.#nextRetryMs * 2);
  }

  #filter(client: Client) {
    const { tools, prompts, resources } = client.getServerCapabilities() ?? {};
    const uris = [...this.#watchers.keys()];
    return {
      ...(tools?.listChanged === true ? { toolsListChanged: true } : {}),
      ...(prompts?.listChanged === true ? { promptsListChanged: true } : {}),
      ...(resources?.listChanged === true ? { resourcesListChanged: true } : {}),
      ...(uris.length > 0 ? { resourceSubscriptions: uris } : {}),
    };
  }
}
