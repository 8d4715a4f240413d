/**
 * The calls of one server: each on the quick pipe, with what the server asks for or tells in the middle. Refuses to hand a question
 * to anybody but the agent whose call it belongs to.
 */
import { Fault } from '../../preload/contract/reply';
import { readAnswer } from './answer';
import { answered, askedInput, type InputAsked, reply } from './asked-by-server';
import { type Continued, callRequest, type Envelope, type WantedCall } from './call-request';
import { type ParamHeader, paramHeaders } from './param-headers';
import { connectFault, meaning, protocolError, saidError } from './server-faults';
import type { AskedByServer, CallOptions, CallPipe, ServerAnswer, ServerTool } from './tool-server';

/** What a call needs to know of the session that it is made in. */
export interface CallSession {
  readonly envelope: Envelope;
  /** Whether the server knows us by an id, which it may forget. */
  readonly hasId: boolean;
  /** In the transport of 2024-11-05 answers come on one stream for all, which the SDK reads. */
  readonly bySdk: SdkCall | undefined;
  /** Hands an announcement on. */
  hear(message: object): void;
  tellCancelled(requestId: number, reason: string): void;
}

export type SdkCall = (
  tool: string,
  args: Record<string, unknown>,
  options: { readonly signal: AbortSignal; readonly timeout: number },
) => Promise<Readonly<Record<string, unknown>>>;

const callMs = 60_000;
const postMs = 10_000;
const maxAnswerBytes = 20_000_000;
/** How often a server may ask for input before it answers. */
const maxRounds = 8;
/** Calls at one server at a time; a server that answers slowly must not take every place of the gateway. */
const maxInFlight = 1_024;

export class SessionCalls {
  readonly #name: string;
  readonly #pipe: CallPipe;
  /** The calls under way. */
  readonly #inFlight = new Set<CallOptions>();
  /** Of the few tools that want arguments in headers. */
  #declared: ReadonlyMap<string, readonly ParamHeader[]> = new Map();
  #lastId = 0;

  constructor(name: string, pipe: CallPipe) {
    this.#name = name;
    this.#pipe = pipe;
  }

  know(tools: readonly ServerTool[]): void {
    this.#declared = new Map(
      tools.flatMap((tool) => (tool.paramHeaders.length === 0 ? [] : [[tool.name, tool.paramHeaders]])),
    );
  }

  /** @returns `session_lost` when the server has forgotten the session, so that nothing was run. */
  async call(
    session: CallSession,
    tool: string,
    args: unknown,
    options: CallOptions,
  ): Promise<ServerAnswer | 'session_lost'> {
    if (this.#inFlight.size >= maxInFlight) {
      throw new Fault('vendor_busy', `${this.#name} has too many calls to answer. Try again later.`, {
        retryable: true,
      });
    }
    this.#inFlight.add(options);
    try {
      return session.bySdk === undefined
        ? await this.#rounds(session, tool, args, options)
        : await bySdk(this.#name, session.bySdk, tool, args, options.signal);
    } finally {
      this.#inFlight.delete(options);
    }
  }

  async #rounds(
    session: CallSession,
    tool: string,
    args: unknown,
    options: CallOptions,
  ): Promise<ServerAnswer | 'session_lost'> {
    const declared = this.#declared.get(tool);
    const headers = declared === undefined ? {} : paramHeaders(declared, args);
    let continued: Continued | undefined;
    for (let round = 0; round <= maxRounds; round += 1) {
      const wanted = { tool, args, paramHeaders: headers, continued };
      const answer = await this.#exchange(session, wanted, options);
      if (answer === 'session_lost' || answer.asks === undefined) return answer;
      continued = await answered(this.#name, answer.asks, options);
    }
    throw new Fault('vendor_answer_invalid', `${this.#name} asks again and again for input.`);
  }

  async #exchange(
    session: CallSession,
    wanted: WantedCall,
    options: CallOptions,
  ): Promise<(ServerAnswer & { readonly asks?: InputAsked | undefined }) | 'session_lost'> {
    this.#lastId += 1;
    const id = this.#lastId;
    const { body, headers } = callRequest(session.envelope, id, wanted);
    try {
      const { status, text } = await this.#pipe.post(body, headers, {
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
      if (error instanceof Fault) this.#tellEnd(session, error, id);
      throw error;
    }
  }

  #answerOf(status: number, text: string, id: number): ServerAnswer & { asks?: InputAsked | undefined } {
    const answer = readAnswer(text, id);
    if (answer.kind === 'result') {
      const isError = answer.value.isError === true;
      return { json: answer.json, isError, bytes: answer.json.length, asks: askedInput(answer.value) };
    }
    if (answer.kind === 'error') return saidError(this.#name, answer.code, answer.message);
    if (status >= 400) {
      throw new Fault('vendor_refused', `${this.#name} answered ${status}${meaning(status)}.`, {
        retryable: status >= 500,
      });
    }
    throw new Fault('vendor_answer_invalid', `${this.#name} sent something that is no answer of MCP.`);
  }

  /** What comes beside the answer: questions to the agent, progress and log messages for it, announcements for the SDK. */
  #overhear(session: CallSession, text: string, options: CallOptions): void {
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
  async askTheOnly(asked: AskedByServer): Promise<Readonly<Record<string, unknown>>> {
    const [only, ...others] = this.#inFlight;
    if (only?.onAsked === undefined || others.length > 0)
      throw new Fault('vendor_refused', 'Nobody can answer this now.');
    return await only.onAsked(asked);
  }

  /** Our answer to a question of the server. The call itself tells when it did not get through. */
  async #post(session: CallSession, message: object, signal: AbortSignal): Promise<void> {
    const limits = { id: -1, timeoutMs: postMs, maxBytes: 100_000, signal, onOther: () => undefined };
    await this.#pipe.post(JSON.stringify(message), session.envelope.headers, limits).catch(() => undefined);
  }

  /** A closed connection does not mean "cancel" before 2026-07-28, so it is said. */
  #tellEnd(session: CallSession, fault: Fault, id: number): void {
    if (fault.code !== 'cancelled' && fault.code !== 'vendor_timeout') return;
    session.tellCancelled(id, fault.code === 'cancelled' ? 'cancelled' : 'timed out');
  }
}

async function bySdk(
  server: string,
  call: SdkCall,
  tool: string,
  args: unknown,
  signal: AbortSignal,
): Promise<ServerAnswer> {
  try {
    const result = await call(tool, isObject(args) ? { ...args } : {}, { signal, timeout: callMs });
    const json = JSON.stringify(result);
    return { json, isError: result.isError === true, bytes: json.length };
  } catch (error) {
    if (signal.aborted) throw new Fault('cancelled', 'The request was cancelled.');
    const { code, message } = protocolError(error);
    if (code !== undefined) return saidError(server, code, message);
    throw connectFault(server, error);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
