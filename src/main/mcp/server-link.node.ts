/**
 * The link to one custom MCP server: the SDK keeps handshake, session and announcements; calls take the quick pipe.
 * Reconnects by itself. Refuses to send a write twice: only a read is tried again after a lost session.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports
 */
import type { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { Fault } from '../../preload/contract/reply';
import type { Clock } from '../ports';
import { readAnswer } from './answer';
import { connectFault, forgotten, meaning, protocolError, saidError } from './server-faults';
import { type Hash, listBounds, readServerTools } from './server-tools';
import type { CallPipe, ServerAnswer, ServerState, ServerTool, ToolServer } from './tool-server';

export interface LinkNeeds {
  readonly name: string;
  readonly url: string;
  readonly version: string;
  readonly pipe: CallPipe;
  readonly hash: Hash;
  readonly clock: Clock;
  /** Told when state or tools have changed. */
  readonly onChanged: () => void;
}

interface Session {
  readonly client: Client;
  readonly transport: StreamableHTTPClientTransport;
  /** Made once: every call of this session sends the same. */
  readonly headers: Readonly<Record<string, string>>;
  readonly isModern: boolean;
}

type CallOptions = Parameters<ToolServer['call']>[2];

const handshakeMs = 10_000;
const listMs = 60_000;
const callMs = 60_000;
const maxAnswerBytes = 20_000_000;
/** Calls at one server at a time; a server that answers slowly must not take every place of the gateway. */
const maxInFlight = 1_024;
const retryMs = { first: 1_000, most: 60_000 };

const pageSchema = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });
const resultSchema = z.looseObject({ isError: z.boolean().optional() });

export class ServerLink implements ToolServer {
  readonly name: string;
  readonly origin: string;
  readonly #needs: LinkNeeds;
  #state: ServerState = { kind: 'connecting' };
  #tools: readonly ServerTool[] = [];
  #session: Session | undefined;
  #connecting: Promise<void> | undefined;
  #listing: Promise<void> | undefined;
  #stopRetry: (() => void) | undefined;
  #nextRetryMs = retryMs.first;
  #inFlight = 0;
  #lastId = 0;
  #isClosed = false;

  constructor(needs: LinkNeeds) {
    this.name = needs.name;
    this.origin = new URL(needs.url).origin;
    this.#needs = needs;
  }

  state = (): ServerState => this.#state;
  tools = (): readonly ServerTool[] => this.#tools;

  /** Connects, or waits for the connecting that is under way. Never rejects: the state tells how it went. */
  connect(): Promise<void> {
    this.#connecting ??= this.#connectNow().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async call(tool: string, args: unknown, options: CallOptions): Promise<ServerAnswer> {
    if (this.#inFlight >= maxInFlight) {
      throw new Fault('vendor_busy', `${this.name} has too many calls to answer. Try again later.`, {
        retryable: true,
      });
    }
    this.#inFlight += 1;
    try {
      const session = this.#session;
      if (session === undefined) throw this.#notThere();
      const answer = await this.#callOnce(session, tool, args, options);
      if (answer !== 'session_lost') return answer;
      await this.#renew(session);
      const next = this.#session;
      if (next === undefined) throw this.#notThere();
      if (!options.isRead) throw forgotten(this.name);
      const again = await this.#callOnce(next, tool, args, options);
      if (again === 'session_lost') throw forgotten(this.name);
      return again;
    } finally {
      this.#inFlight -= 1;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopRetry?.();
    const session = this.#session;
    this.#session = undefined;
    if (session !== undefined) await this.#end(session, { isKnown: true });
    await this.#needs.pipe.close();
  }

  async #callOnce(
    session: Session,
    tool: string,
    args: unknown,
    options: CallOptions,
  ): Promise<ServerAnswer | 'session_lost'> {
    if (session.isModern) return await this.#callBySdk(session, tool, args, options.signal);
    this.#lastId += 1;
    const id = this.#lastId;
    const body = `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":${JSON.stringify(tool)},"arguments":${JSON.stringify(args) ?? '{}'}}}`;
    try {
      const { status, text } = await this.#needs.pipe.post(body, session.headers, {
        id,
        timeoutMs: callMs,
        maxBytes: maxAnswerBytes,
        signal: options.signal,
        onOther: (other) => this.#overhear(session, other),
      });
      // 404 to a request with a session means that the session is gone and nothing was run.
      if (status === 404 && session.transport.sessionId !== undefined) return 'session_lost';
      return this.#answerOf(status, text, id);
    } catch (error) {
      if (error instanceof Fault) this.#judge(session, error, id);
      throw error;
    }
  }

  #answerOf(status: number, text: string, id: number): ServerAnswer {
    const answer = readAnswer(text, id);
    if (answer.kind === 'result') {
      return { json: answer.json, isError: answer.value.isError === true, bytes: answer.json.length };
    }
    if (answer.kind === 'error') return saidError(this.name, answer.code, answer.message);
    if (status >= 400) {
      throw new Fault('vendor_refused', `${this.name} answered ${status}${meaning(status)}.`, {
        retryable: status >= 500,
      });
    }
    throw new Fault('vendor_answer_invalid', `${this.name} sent something that is no answer of MCP.`);
  }

  /** 2026-07-28 has no session: each request carries what it needs, which the SDK adds. */
  async #callBySdk(
    { client }: Session,
    name: string,
    args: unknown,
    signal: AbortSignal,
  ): Promise<ServerAnswer> {
    try {
      const result = await client.request(
        { method: 'tools/call', params: { name, arguments: isObject(args) ? { ...args } : {} } },
        resultSchema,
        { signal, timeout: callMs },
      );
      const json = JSON.stringify(result);
      return { json, isError: result.isError === true, bytes: json.length };
    } catch (error) {
      if (signal.aborted) throw new Fault('cancelled', 'The request was cancelled.');
      const { code, message } = protocolError(error);
      if (code !== undefined) return saidError(this.name, code, message);
      throw connectFault(this.name, error);
    }
  }

  /** Messages beside the answer go to the SDK: it answers pings and knows the announcements. */
  #overhear(session: Session, text: string): void {
    const message: unknown = JSON.parse(text);
    if (isObject(message)) session.transport.onmessage?.(message as never);
  }

  #judge(session: Session, fault: Fault, id: number): void {
    if (fault.code === 'cancelled' || fault.code === 'vendor_timeout') {
      // A closed connection does not mean "cancel" before 2026-07-28, so it is said.
      const params = { requestId: id, reason: fault.code === 'cancelled' ? 'cancelled' : 'timed out' };
      session.client.notification({ method: 'notifications/cancelled', params }).catch(() => undefined);
    }
    if (fault.code === 'vendor_unreachable' && session === this.#session) void this.#renew(session);
  }

  /** Opens a new session in place of one that is gone; many callers share one attempt. */
  async #renew(gone: Session): Promise<void> {
    if (this.#session === gone) {
      this.#session = undefined;
      void this.#end(gone, { isKnown: false });
    }
    if (this.#session === undefined && !this.#isClosed) await this.connect();
  }

  async #connectNow(): Promise<void> {
    this.#stopRetry?.();
    this.#stopRetry = undefined;
    try {
      const session = await this.#handshake();
      if (this.#isClosed) return await this.#end(session, { isKnown: true });
      this.#tools = await this.#listed(session);
      if (this.#isClosed) return await this.#end(session, { isKnown: true });
      this.#session = session;
      this.#nextRetryMs = retryMs.first;
      this.#become({ kind: 'ready' });
    } catch (error) {
      if (this.#isClosed) return;
      this.#become({ kind: 'lost', why: connectFault(this.name, error).message });
      this.#stopRetry = this.#needs.clock.after(this.#nextRetryMs, () => void this.connect());
      this.#nextRetryMs = Math.min(retryMs.most, this.#nextRetryMs * 2);
    }
  }

  async #handshake(): Promise<Session> {
    // Loaded when the first server is connected, so that a gateway without one starts sooner.
    const sdk = await import('@modelcontextprotocol/client');
    const client = new sdk.Client(
      { name: 'gatehouse', title: 'Gatehouse', version: this.#needs.version },
      { capabilities: {}, versionNegotiation: { mode: 'auto' } },
    );
    const transport = new sdk.StreamableHTTPClientTransport(new URL(this.#needs.url), {
      fetch: this.#needs.pipe.fetch,
    });
    // Failures that matter come back on the request they belong to.
    client.onerror = () => undefined;
    client.setNotificationHandler('notifications/tools/list_changed', () => this.#relist(client));
    await client.connect(transport, { timeout: handshakeMs });
    const { sessionId, protocolVersion } = transport;
    return {
      client,
      transport,
      isModern: client.getProtocolEra() === 'modern',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(sessionId === undefined ? {} : { 'mcp-session-id': sessionId }),
        ...(protocolVersion === undefined ? {} : { 'mcp-protocol-version': protocolVersion }),
      },
    };
  }

  /** The whole list within bounds. @throws Fault `vendor_answer_invalid` for a list that never ends. */
  async #listed({ client }: Pick<Session, 'client'>): Promise<readonly ServerTool[]> {
    if (client.getServerCapabilities()?.tools === undefined) return [];
    const found: unknown[] = [];
    const seen = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = await client.request(
        { method: 'tools/list', params: cursor === undefined ? {} : { cursor } },
        pageSchema,
        { timeout: listMs },
      );
      found.push(...page.tools);
      cursor = page.nextCursor;
      if (cursor === undefined) break;
      if (seen.has(cursor) || seen.size >= listBounds.pages || found.length > listBounds.tools)
        throw new Fault('vendor_answer_invalid', `The list of tools does not end within the bounds.`);
      seen.add(cursor);
    } while (cursor !== undefined);
    return readServerTools(found, this.#needs.hash);
  }

  /** One list at a time; an announcement during it asks once more afterwards. */
  #relist(client: Client): void {
    const before = this.#listing ?? Promise.resolve();
    this.#listing = before
      .then(async () => {
        const tools = await this.#listed({ client });
        if (this.#session?.client !== client) return;
        this.#tools = tools;
        this.#needs.onChanged();
      })
      // The old list stays; the next announcement or connecting lists again.
      .catch(() => undefined);
  }

  #become(state: ServerState): void {
    this.#state = state;
    this.#needs.onChanged();
  }

  async #end({ client, transport }: Session, { isKnown }: { readonly isKnown: boolean }): Promise<void> {
    if (isKnown) {
      let stop: (() => void) | undefined;
      const late = new Promise<void>((resolve) => {
        stop = this.#needs.clock.after(2_000, resolve);
      });
      // A server that cannot end sessions, or is gone, is no reason to stay.
      await Promise.race([transport.terminateSession().catch(() => undefined), late]);
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

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
