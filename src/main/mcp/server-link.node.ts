/**
 * The link to one custom MCP server: the SDK keeps handshake, session and announcements; calls take the quick pipe.
 * Reconnects by itself. Refuses to send a write twice: only a read is tried again after a lost session.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports
 */
import type { Client, ClientCapabilities } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { Fault } from '../../preload/contract/reply';
import type { Clock } from '../ports';
import { readAnswer } from './answer';
import { answered, askedInput, type InputAsked, reply } from './asked-by-server';
import { type Continued, callRequest, type WantedCall } from './call-request';
import { listTools } from './list-tools.node';
import { type ParamHeader, paramHeaders } from './param-headers';
import { connectFault, forgotten, meaning, protocolError, saidError } from './server-faults';
import { openSession, type Session } from './server-session.node';
import type { Hash } from './server-tools';
import type {
  AskedByServer,
  CallOptions,
  CallPipe,
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
}

const handshakeMs = 10_000;
const callMs = 60_000;
const maxAnswerBytes = 20_000_000;
/** How often a server may ask for input before it answers. */
const maxRounds = 8;
/** Calls at one server at a time; a server that answers slowly must not take every place of the gateway. */
const maxInFlight = 1_024;
const retryMs = { first: 1_000, most: 60_000 };

const resultSchema = z.looseObject({ isError: z.boolean().optional() });

export class ServerLink implements ToolServer {
  readonly name: string;
  readonly origin: string;
  readonly #needs: LinkNeeds;
  #state: ServerState = { kind: 'connecting' };
  #tools: readonly ServerTool[] = [];
  /** Of the few tools that want arguments in headers. */
  #declared: ReadonlyMap<string, readonly ParamHeader[]> = new Map();
  #session: Session | undefined;
  #connecting: Promise<void> | undefined;
  #listing: Promise<void> | undefined;
  #stopRetry: (() => void) | undefined;
  #nextRetryMs = retryMs.first;
  /** The calls under way. */
  readonly #inFlight = new Set<CallOptions>();
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
    if (this.#inFlight.size >= maxInFlight) {
      throw new Fault('vendor_busy', `${this.name} has too many calls to answer. Try again later.`, {
        retryable: true,
      });
    }
    this.#inFlight.add(options);
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
      this.#inFlight.delete(options);
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
    if (session.era === 'old') return await this.#callBySdk(session, tool, args, options.signal);
    const declared = this.#declared.get(tool);
    const headers = declared === undefined ? {} : paramHeaders(declared, args);
    let continued: Continued | undefined;
    for (let round = 0; round <= maxRounds; round += 1) {
      const wanted = { tool, args, paramHeaders: headers, continued };
      const answer = await this.#exchange(session, wanted, options);
      if (answer === 'session_lost' || answer.asks === undefined) return answer;
      continued = await answered(this.name, answer.asks, options);
    }
    throw new Fault('vendor_answer_invalid', `${this.name} asks again and again for input.`);
  }

  async #exchange(
    session: Session,
    wanted: WantedCall,
    options: CallOptions,
  ): Promise<(ServerAnswer & { readonly asks?: InputAsked | undefined }) | 'session_lost'> {
    this.#lastId += 1;
    const id = this.#lastId;
    const { body, headers } = callRequest(session.envelope, id, wanted);
    try {
      const { status, text } = await this.#needs.pipe.post(body, headers, {
        id,
        timeoutMs: callMs,
        maxBytes: maxAnswerBytes,
        signal: options.signal,
        onOther: (other) => this.#overhear(session, other, options),
      });
      // 404 to a request with a session means that the session is gone and nothing was run.
      if (status === 404 && session.hasId) return 'session_lost';
      return this.#answerOf(status, text, id);
    } catch (error) {
      if (error instanceof Fault) this.#judge(session, error, id);
      throw error;
    }
  }

  #answerOf(status: number, text: string, id: number): ServerAnswer & { asks?: InputAsked | undefined } {
    const answer = readAnswer(text, id);
    if (answer.kind === 'result') {
      const isError = answer.value.isError === true;
      return { json: answer.json, isError, bytes: answer.json.length, asks: askedInput(answer.value) };
    }
    if (answer.kind === 'error') return saidError(this.name, answer.code, answer.message);
    if (status >= 400) {
      throw new Fault('vendor_refused', `${this.name} answered ${status}${meaning(status)}.`, {
        retryable: status >= 500,
      });
    }
    throw new Fault('vendor_answer_invalid', `${this.name} sent something that is no answer of MCP.`);
  }

  /** In the transport of 2024-11-05 answers come on one stream for all, which the SDK reads. */
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

  /** What comes beside the answer: questions to the agent, progress and log messages for it, announcements for the SDK. */
  #overhear(session: Session, text: string, options: CallOptions): void {
    const message: unknown = JSON.parse(text);
    if (!isObject(message) || typeof message.method !== 'string') return;
    if (message.id === undefined) {
      options.onNotice?.(text);
      session.hear(message);
      return;
    }
    const { id, method, params } = message;
    void reply({ method, params }, options).then((said) =>
      this.#post(session, { jsonrpc: '2.0', id, ...said }, options.signal),
    );
  }

  /**
   * A question that came on no call's stream: older servers ask like that. With more than one call under way nobody can say whose
   * it is, and it must not reach another agent.
   */
  async #askTheOnly(asked: AskedByServer): Promise<Readonly<Record<string, unknown>>> {
    const [only, ...others] = this.#inFlight;
    if (only?.onAsked === undefined || others.length > 0)
      throw new Fault('vendor_refused', 'Nobody can answer this now.');
    return await only.onAsked(asked);
  }

  /** Our answer to a question of the server. The call itself tells when it did not get through. */
  async #post(session: Session, message: object, signal: AbortSignal): Promise<void> {
    const limits = { id: -1, timeoutMs: handshakeMs, maxBytes: 100_000, signal, onOther: () => undefined };
    await this.#needs.pipe
      .post(JSON.stringify(message), session.envelope.headers, limits)
      .catch(() => undefined);
  }

  #judge(session: Session, fault: Fault, id: number): void {
    if (fault.code === 'cancelled' || fault.code === 'vendor_timeout') {
      // A closed connection does not mean "cancel" before 2026-07-28, so it is said.
      const params = { requestId: id, reason: fault.code === 'cancelled' ? 'cancelled' : 'timed out' };
      if (session.era === 'sessions')
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
      const session = await openSession(this.#needs, {
        onToolsChanged: (client) => this.#relist(client),
        onAsked: (asked) => this.#askTheOnly(asked),
      });
      if (this.#isClosed) return await this.#end(session, { isKnown: true });
      this.#take(await listTools(session.client, this.#needs.hash));
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

  /** One list at a time; an announcement during it asks once more afterwards. */
  #relist(client: Client): void {
    const before = this.#listing ?? Promise.resolve();
    this.#listing = before
      .then(async () => {
        const tools = await listTools(client, this.#needs.hash);
        if (this.#session?.client !== client) return;
        this.#take(tools);
        this.#needs.onChanged();
      })
      // The old list stays; the next announcement or connecting lists again.
      .catch(() => undefined);
  }

  #take(tools: readonly ServerTool[]): void {
    this.#tools = tools;
    this.#declared = new Map(
      tools.flatMap((tool) => (tool.paramHeaders.length === 0 ? [] : [[tool.name, tool.paramHeaders]])),
    );
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

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
