/**
 * The link to one custom MCP server: the SDK keeps handshake, session and announcements; calls take the quick pipe.
 * Reconnects by itself. Refuses to send a write twice: only a read is tried again after a lost session.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports
 */
import type { Client, ClientCapabilities } from '@modelcontextprotocol/client';
import { Fault } from '../../preload/contract/reply';
import type { Clock } from '../ports';
import { Announcements } from './announcements.node';
import { listNow, listTools } from './list-tools.node';
import { connectFault, forgotten } from './server-faults';
import { openSession, type Session } from './server-session.node';
import type { Hash } from './server-tools';
import { type Request, SessionCalls } from './session-calls';
import type {
  CallOptions,
  CallPipe,
  Listing,
  ListKind,
  OtherMethod,
  ServerAbilities,
  ServerAnswer,
  ServerState,
  ServerTool,
  ToolServer,
} from './tool-server';

export interface LinkNeeds {
  readonly name: string;
  readonly url: string;
  readonly version: string;
  /** With the credentials in it. */
  readonly pipe: CallPipe;
  /** `http_sse` is the transport of 2024-11-05. */
  readonly transport?: 'streamable_http' | 'http_sse' | undefined;
  /** What agents behind this link may be asked for, as MCP names it. */
  readonly capabilities?: ClientCapabilities | undefined;
  readonly hash: Hash;
  readonly clock: Clock;
  /** Told when state or tools have changed. */
  readonly onChanged: () => void;
  /** Told when the server says that it has other resources or prompts than before. */
  readonly onListChanged?: ((kind: ListKind) => void) | undefined;
}

const retryMs = { first: 1_000, most: 60_000 };

export class ServerLink implements ToolServer {
  readonly name: string;
  readonly origin: string;
  readonly #needs: LinkNeeds;
  readonly #calls: SessionCalls;
  readonly #announcements: Announcements;
  #state: ServerState = { kind: 'connecting' };
  #listing: Listing = { tools: [], refused: [] };
  #session: Session | undefined;
  #connecting: Promise<void> | undefined;
  #listingAgain: Promise<void> | undefined;
  #stopRetry: (() => void) | undefined;
  #nextRetryMs = retryMs.first;
  #isClosed = false;

  constructor(needs: LinkNeeds) {
    this.name = needs.name;
    this.origin = new URL(needs.url).origin;
    this.#needs = needs;
    this.#calls = new SessionCalls(needs.name, needs.pipe, needs.clock);
    this.#announcements = new Announcements(needs.clock);
  }

  state = (): ServerState => this.#state;
  /** The same object until the server lists something else. */
  listing = (): Listing => this.#listing;
  tools = (): readonly ServerTool[] => this.#listing.tools;

  /** Connects, or waits for the connecting that is under way. Never rejects: the state tells how it went. */
  connect(): Promise<void> {
    this.#connecting ??= this.#connectNow().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  call(tool: string, args: unknown, options: CallOptions): Promise<ServerAnswer> {
    return this.#ask({ method: 'tools/call', params: { name: tool, arguments: args ?? {} } }, options);
  }

  request(
    method: OtherMethod,
    params: Readonly<Record<string, unknown>>,
    options: CallOptions,
  ): Promise<ServerAnswer> {
    return this.#ask({ method, params }, options);
  }

  async list(kind: ListKind): Promise<readonly unknown[]> {
    const session = this.#session;
    if (session === undefined) throw this.#notThere();
    try {
      return await listNow(session.client, kind, this.#needs.clock);
    } catch (error) {
      throw connectFault(this.name, error);
    }
  }

  abilities(): ServerAbilities {
    const declared = this.#session?.client.getServerCapabilities();
    return {
      logging: declared?.logging !== undefined,
      completions: declared?.completions !== undefined,
      subscriptions: declared?.resources?.subscribe === true,
    };
  }

  async watch(uri: string, onUpdated: () => void): Promise<() => void> {
    if (this.#session === undefined) throw this.#notThere();
    try {
      return await this.#announcements.watch(uri, onUpdated);
    } catch (error) {
      throw connectFault(this.name, error);
    }
  }

  async #ask(request: Request, options: CallOptions): Promise<ServerAnswer> {
    const session = this.#session ?? (await this.#connected(options.signal));
    if (session === undefined) throw this.#notThere();
    const answer = await this.#callOnce(session, request, options);
    if (answer !== 'session_lost') return answer;
    await this.#renew(session);
    const next = this.#session;
    if (next === undefined) throw this.#notThere();
    if (!options.isRead) throw forgotten(this.name);
    const again = await this.#callOnce(next, request, options);
    if (again === 'session_lost') throw forgotten(this.name);
    return again;
  }

  /** The session that is being made, for calls that come meanwhile; undefined where none is, or it failed, or the caller has left. */
  async #connected(signal: AbortSignal): Promise<Session | undefined> {
    if (this.#connecting === undefined) return undefined;
    await untilAborted(this.#connecting, signal);
    return signal.aborted ? undefined : this.#session;
  }

  /** Lists the tools again. @throws Fault */
  async refresh(): Promise<void> {
    const session = this.#session;
    if (session === undefined) throw this.#notThere();
    try {
      this.#take(await listTools(session.client, this.#needs.hash));
    } catch (error) {
      throw connectFault(this.name, error);
    }
    this.#needs.onChanged();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopRetry?.();
    const session = this.#session;
    this.#session = undefined;
    this.#announcements.end();
    if (session !== undefined) await this.#end(session, { isKnown: true });
    await this.#needs.pipe.close();
  }

  async #callOnce(
    session: Session,
    request: Request,
    options: CallOptions,
  ): Promise<ServerAnswer | 'session_lost'> {
    try {
      return await this.#calls.call(session, request, options);
    } catch (error) {
      const isGone = error instanceof Fault && error.code === 'vendor_unreachable';
      if (isGone && session === this.#session) void this.#renew(session);
      throw error;
    }
  }

  /** Opens a new session in place of one that is gone; many callers share one attempt. */
  async #renew(gone: Session): Promise<void> {
    if (this.#session === gone) {
      this.#session = undefined;
      this.#announcements.end();
      void this.#end(gone, { isKnown: false });
    }
    if (this.#session === undefined && !this.#isClosed) await this.connect();
  }

  async #connectNow(): Promise<void> {
    this.#stopRetry?.();
    this.#stopRetry = undefined;
    try {
      const session = await openSession(this.#needs, {
        onToolsChanged: (client) => this.#relist(client),
        onListChanged: (kind) => this.#needs.onListChanged?.(kind),
        onProgress: (params) => this.#calls.hearProgress(params),
        onAsked: (asked) => this.#calls.askTheOnly(asked),
      });
      if (this.#isClosed) return await this.#end(session, { isKnown: true });
      this.#take(await listTools(session.client, this.#needs.hash));
      if (this.#isClosed) return await this.#end(session, { isKnown: true });
      this.#session = session;
      this.#announcements.begin(session.client);
      this.#nextRetryMs = retryMs.first;
      this.#become({ kind: 'ready' });
    } catch (error) {
      if (this.#isClosed) return;
      const { code, message } = connectFault(this.name, error);
      this.#become({ kind: 'lost', why: message, code });
      // Refused credentials are not tried again and again: somebody has to look at them first.
      if (code === 'oauth_refused' || code === 'vendor_refused') return;
      this.#stopRetry = this.#needs.clock.after(this.#nextRetryMs, () => void this.connect());
      this.#nextRetryMs = Math.min(retryMs.most, this.#nextRetryMs * 2);
    }
  }

  /** One list at a time; an announcement during it asks once more afterwards. */
  #relist(client: Client): void {
    const before = this.#listingAgain ?? Promise.resolve();
    this.#listingAgain = before
      .then(async () => {
        const listing = await listTools(client, this.#needs.hash);
        if (this.#session?.client !== client) return;
        this.#take(listing);
        this.#needs.onChanged();
      })
      // The old list stays; the next announcement or connecting lists again.
      .catch(() => undefined);
  }

  #take(listing: Listing): void {
    this.#listing = listing;
    this.#calls.know(listing.tools);
  }

  #become(state: ServerState): void {
    this.#state = state;
    this.#needs.onChanged();
  }

  async #end({ client, terminate }: Session, { isKnown }: { readonly isKnown: boolean }): Promise<void> {
    if (isKnown) {
      let stop: (() => void) | undefined;
      const late = new Promise<void>((resolve) => {
        stop = this.#needs.clock.after(2_000, resolve);
      });
      // A server that cannot end sessions, or is gone, is no reason to stay.
      await Promise.race([terminate().catch(() => undefined), late]);
      stop?.();
    }
    await client.close().catch(() => undefined);
  }

  #notThere(): Fault {
    const state = this.#state;
    return new Fault(
      'vendor_unreachable',
      state.kind === 'lost' ? state.why : `${this.name} is being connected. Try again in a moment.`,
      { retryable: true },
    );
  }
}

/** Ends with the work, or before when the signal is aborted; leaves no listener behind. */
async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  let leave = (): void => undefined;
  const left = new Promise<void>((resolve) => {
    leave = () => resolve();
    signal.addEventListener('abort', leave, { once: true });
  });
  await Promise.race([work, left]);
  signal.removeEventListener('abort', leave);
}
