/**
 * The requests to one server: each on the quick pipe, with what the server asks for or tells in the middle. Refuses to hand a question
 * or a word to anybody but the agent whose call it belongs to.
 */

import { Fault } from '../../preload/contract/reply';
import { isObject } from '../json-object';
import type { Clock } from '../ports';
import { readAnswer } from './answer';
import { answered, askedInput, askOne, type InputAsked, isOnlyLater, reply } from './asked-by-server';
import { type Continued, callRequest, type Envelope, type WantedRequest } from './call-request';
import { type ParamHeader, paramHeaders } from './param-headers';
import { connectFault, errorAnswer, meaning, protocolError } from './server-faults';
import type { AskedByServer, CallOptions, CallPipe, Notice, ServerAnswer, ServerTool } from './tool-server';

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

/** What is asked of a server: a method and its parameters. */
export type Request = Pick<WantedRequest, 'method' | 'params'>;

export type SdkCall = (
  request: Request,
  options: { readonly signal: AbortSignal; readonly timeout: number },
) => Promise<Readonly<Record<string, unknown>>>;

const callMs = 60_000;
const postMs = 10_000;
const maxAnswerBytes = 20_000_000;
/** How often a server may ask for input, or to come again, before it answers. */
const maxRounds = 8;
/** Before a server that only asked to come again is asked again; each time twice as long. */
const laterMs = 250;
/** Calls at one server at a time; a server that answers slowly must not take every place of the gateway. */
const maxInFlight = 1_024;

export class SessionCalls {
  readonly #name: string;
  readonly #pipe: CallPipe;
  readonly #clock: Clock;
  /** The calls under way, each with the questions that are with its agent, by the ids that the server gave them. */
  readonly #inFlight = new Map<CallOptions, Map<unknown, AbortController>>();
  /** Calls that the SDK makes, by the progress tokens that they have sent. */
  readonly #bySdk = new Map<number, CallOptions>();
  /** Of the few tools that want arguments in headers. */
  #declared: ReadonlyMap<string, readonly ParamHeader[]> = new Map();
  #lastId = 0;

  constructor(name: string, pipe: CallPipe, clock: Clock) {
    this.#name = name;
    this.#pipe = pipe;
    this.#clock = clock;
  }

  know(tools: readonly ServerTool[]): void {
    this.#declared = new Map(
      tools.flatMap((tool) => (tool.paramHeaders.length === 0 ? [] : [[tool.name, tool.paramHeaders]])),
    );
  }

  /** @returns `session_lost` when the server has forgotten the session, so that nothing was run. */
  async call(
    session: CallSession,
    request: Request,
    options: CallOptions,
  ): Promise<ServerAnswer | 'session_lost'> {
    if (this.#inFlight.size >= maxInFlight) {
      throw new Fault('vendor_busy', `${this.#name} has too many calls to answer. Try again later.`, {
        retryable: true,
      });
    }
    this.#inFlight.set(options, new Map());
    try {
      return session.bySdk === undefined
        ? await this.#rounds(session, request, options)
        : await this.#throughSdk(session.bySdk, request, options);
    } finally {
      this.#inFlight.delete(options);
    }
  }

  async #rounds(
    session: CallSession,
    { method, params }: Request,
    options: CallOptions,
  ): Promise<ServerAnswer | 'session_lost'> {
    const declared = method === 'tools/call' ? this.#declared.get(String(params.name)) : undefined;
    const headers = declared === undefined ? {} : paramHeaders(declared, params.arguments);
    let continued: Continued | undefined;
    for (let round = 0; round <= maxRounds; round += 1) {
      const wanted = { method, params, paramHeaders: headers, continued };
      const answer = await this.#exchange(session, wanted, options);
      if (answer === 'session_lost' || answer.asks === undefined) return answer;
      if (isOnlyLater(answer.asks)) {
        await pause(this.#clock, laterMs * 2 ** round, options.signal);
        continued = { inputResponses: undefined, requestState: answer.asks.requestState };
      } else continued = await answered(this.#name, answer.asks, options);
    }
    throw new Fault('vendor_answer_invalid', `${this.#name} asks again and again for input.`);
  }

  async #exchange(
    session: CallSession,
    wanted: Omit<WantedRequest, keyof ReturnType<typeof saidOf>>,
    options: CallOptions,
  ): Promise<(ServerAnswer & { readonly asks?: InputAsked | undefined }) | 'session_lost'> {
    this.#lastId += 1;
    const id = this.#lastId;
    const { body, headers } = callRequest(session.envelope, id, { ...wanted, ...saidOf(options) });
    try {
      const { status, text } = await this.#pipe.post(body, headers, {
        id,
        timeoutMs: callMs,
        maxBytes: maxAnswerBytes,
        signal: options.signal,
        isHeld: () => (this.#inFlight.get(options)?.size ?? 0) > 0,
        onOther: (other) => this.#overhear(session, other, id, options),
      });
      // 404 to a request with a session means that the session is gone and nothing was run.
      if (status === 404 && session.hasId) return 'session_lost';
      return this.#answerOf(status, text, id, wanted.method);
    } catch (error) {
      if (error instanceof Fault) this.#tellEnd(session, error, id);
      throw error;
    }
  }

  async #throughSdk(call: SdkCall, { method, params }: Request, options: CallOptions): Promise<ServerAnswer> {
    if (options.wantsProgress !== true) return await bySdk(this.#name, call, { method, params }, options);
    this.#lastId += 1;
    const progressToken = this.#lastId;
    this.#bySdk.set(progressToken, options);
    const request = { method, params: { ...params, _meta: { progressToken } } };
    try {
      return await bySdk(this.#name, call, request, options);
    } finally {
      this.#bySdk.delete(progressToken);
    }
  }

  /** Progress on a stream for all: its token says whose it is. */
  hearProgress(params: Readonly<Record<string, unknown>>): void {
    const { progressToken } = params;
    const options = typeof progressToken === 'number' ? this.#bySdk.get(progressToken) : undefined;
    options?.onNotice?.({ method: 'notifications/progress', params });
  }

  #answerOf(
    status: number,
    text: string,
    id: number,
    method: Request['method'],
  ): ServerAnswer & { asks?: InputAsked | undefined } {
    const answer = readAnswer(text, id);
    if (answer.kind === 'result') {
      const isError = method === 'tools/call' && answer.value.isError === true;
      return { json: answer.json, isError, bytes: answer.json.length, asks: askedInput(answer.value) };
    }
    if (answer.kind === 'error') return errorAnswer(this.#name, method, answer);
    if (status >= 400) {
      throw new Fault('vendor_refused', `${this.#name} answered ${status}${meaning(status)}.`, {
        retryable: status >= 500,
      });
    }
    throw new Fault('vendor_answer_invalid', `${this.#name} sent something that is no answer of MCP.`);
  }

  /** What comes beside the answer: questions to the agent, progress and log messages for it, announcements for the SDK. */
  #overhear(session: CallSession, text: string, requestId: number, options: CallOptions): void {
    const message: unknown = JSON.parse(text);
    if (!isObject(message) || typeof message.method !== 'string') return;
    const { id, method, params } = message;
    if (id === undefined) {
      if (method === 'notifications/cancelled' && isObject(params))
        this.#inFlight.get(options)?.get(params.requestId)?.abort();
      const notice = noticeOf(method, params, requestId);
      if (notice === undefined) session.hear(message);
      else options.onNotice?.(notice);
      return;
    }
    const controller = new AbortController();
    const answer = reply({ method, params, signal: controller.signal }, options);
    void this.#held(options, id, controller, answer).then((said) =>
      this.#post(session, { jsonrpc: '2.0', id, ...said }, options.signal),
    );
  }

  /** While a question is with the agent, the time of the call stands still. */
  async #held<Value>(
    options: CallOptions,
    id: unknown,
    controller: AbortController,
    answer: Promise<Value>,
  ): Promise<Value> {
    const questions = this.#inFlight.get(options);
    questions?.set(id, controller);
    try {
      return await answer;
    } finally {
      questions?.delete(id);
    }
  }

  /**
   * A question that came on no call's stream: older servers ask like that. With more than one call under way nobody can say whose
   * it is, and it must not reach another agent.
   */
  async askTheOnly(asked: AskedByServer): Promise<Readonly<Record<string, unknown>>> {
    const [only, ...others] = this.#inFlight.keys();
    if (only?.onAsked === undefined || others.length > 0)
      throw new Fault('vendor_refused', 'Nobody can answer this now.');
    const controller = new AbortController();
    return await this.#held(only, controller, controller, askOne(only.onAsked, asked));
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

async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = clock.after(ms, go);
    function go() {
      stop();
      signal.removeEventListener('abort', go);
      resolve();
    }
    signal.addEventListener('abort', go, { once: true });
  });
  if (signal.aborted) throw new Fault('cancelled', 'The request was cancelled.');
}

const saidOf = ({ capabilities, logLevel, wantsProgress }: CallOptions) => ({
  capabilities,
  logLevel,
  wantsProgress: wantsProgress === true,
});

/** Progress of another request is nobody's here. */
function noticeOf(method: string, params: unknown, requestId: number): Notice | undefined {
  if (!isObject(params)) return undefined;
  if (method === 'notifications/message') return { method, params };
  return method === 'notifications/progress' && params.progressToken === requestId
    ? { method, params }
    : undefined;
}

async function bySdk(
  server: string,
  call: SdkCall,
  request: Request,
  { signal }: CallOptions,
): Promise<ServerAnswer> {
  const isCall = request.method === 'tools/call';
  try {
    const result = await call(request, { signal, timeout: callMs });
    const json = JSON.stringify(result);
    return { json, isError: isCall && result.isError === true, bytes: json.length };
  } catch (error) {
    if (signal.aborted) throw new Fault('cancelled', 'The request was cancelled.');
    const { code, message } = protocolError(error);
    if (code !== undefined) return errorAnswer(server, request.method, { code, message });
    throw connectFault(server, error);
  }
}
