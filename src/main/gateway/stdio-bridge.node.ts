/**
 * The bridge for clients that only start commands: one JSON-RPC message a line on stdin, each sent on to the gateway with the agent's
 * token, and what comes back written as lines on stdout. Knows no policy and keeps nothing; ends with its input.
 */
import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { EventStream } from '../network/event-stream';
import { Agent, request as httpRequest } from '../node-http.node';
import type { Clock } from '../ports';
import { codes, errorText, type Message, type MessageId, parseMessage } from './json-rpc';
import {
  type BridgeSession,
  bridgedError,
  bridgeHeaders,
  modernVersionOf,
  notRunning,
} from './stdio-messages';

export interface BridgeNeeds {
  readonly url: URL;
  readonly token: string;
  readonly input: Readable;
  readonly output: Writable;
  readonly clock: Clock;
}

/** Before the stream of announcements is opened again. */
const retryMs = 1_000;
const lastMs = 2_000;

/** Resolves when the input has ended and everything was given up or answered. */
export async function runBridge(needs: BridgeNeeds): Promise<void> {
  const bridge = new Bridge(needs);
  for await (const line of createInterface({ input: needs.input, crlfDelay: Infinity }))
    if (line.trim() !== '') bridge.take(line);
  await bridge.end();
}

class Bridge {
  readonly #needs: BridgeNeeds;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #ended = new AbortController();
  readonly #passing = new Set<Promise<void>>();
  /** Requests of the client that are under way. */
  readonly #running = new Map<MessageId, AbortController>();
  #session: BridgeSession | undefined;
  /** To begin again where the gateway was started anew. */
  #initialize: string | undefined;
  #beginning: Promise<void> | undefined;

  constructor(needs: BridgeNeeds) {
    this.#needs = needs;
  }

  take(line: string): void {
    const parsed = parseMessage(line);
    if (parsed.kind === 'wrong') {
      this.#write(errorText(null, parsed.code, parsed.text));
      return;
    }
    const { message } = parsed;
    const passed = this.#pass(message, line).catch((error: unknown) => {
      if (message.id !== undefined && message.method !== undefined && !this.#ended.signal.aborted)
        this.#write(
          isAbort(error) ? errorText(message.id, codes.internal, 'Cancelled.') : notRunning(message.id),
        );
    });
    this.#passing.add(passed);
    void passed.finally(() => this.#passing.delete(passed));
  }

  /** What is under way gets a moment: somebody may have piped a few messages in and closed. */
  async end(): Promise<void> {
    await this.#settled();
    const session = this.#session;
    this.#ended.abort();
    for (const running of this.#running.values()) running.abort();
    if (session !== undefined)
      await this.#exchange('DELETE', '', { 'mcp-session-id': session.id }).then(drain, () => undefined);
    this.#agent.destroy();
    await new Promise<void>((done) => this.#needs.output.write('', () => done()));
  }

  async #settled(): Promise<void> {
    let stop: (() => void) | undefined;
    const late = new Promise<void>((done) => {
      stop = this.#needs.clock.after(lastMs, done);
    });
    await Promise.race([Promise.all(this.#passing), late]);
    stop?.();
  }

  async #pass(message: Message, line: string): Promise<void> {
    const { id, method, params } = message;
    if (method === 'notifications/cancelled' && this.#cancel(params?.requestId)) return;
    if (method === 'initialize') this.#initialize = line;
    const controller = new AbortController();
    const isRequest = id !== undefined && method !== undefined;
    if (isRequest) this.#running.set(id, controller);
    try {
      const isLost = await this.#post(message, line, controller.signal);
      if (isLost && this.#initialize !== undefined && method !== 'initialize') {
        await this.#beginAgain();
        await this.#post(message, line, controller.signal);
      }
    } finally {
      if (isRequest) this.#running.delete(id);
    }
  }

  /** Since 2026-07-28 closing the connection is how a request is cancelled; before, the gateway has to be told. */
  #cancel(requestId: unknown): boolean {
    if (this.#session !== undefined) return false;
    const running =
      typeof requestId === 'string' || typeof requestId === 'number'
        ? this.#running.get(requestId)
        : undefined;
    running?.abort();
    return true;
  }

  /** @returns Whether the gateway does not know the session any more, so that nothing has run. */
  async #post(message: Message, line: string, signal: AbortSignal): Promise<boolean> {
    const session = this.#session;
    const answer = await this.#exchange('POST', line, bridgeHeaders(message, session), signal);
    const status = answer.statusCode ?? 0;
    const type = answer.headers['content-type'] ?? '';
    if (type.startsWith('text/event-stream')) {
      for await (const data of eventData(answer)) this.#write(data);
      return false;
    }
    const body = await textOf(answer);
    if (status === 404 && session !== undefined && modernVersionOf(message) === undefined) {
      this.#session = undefined;
      return true;
    }
    if (message.method === 'initialize') this.#begin(answer.headers['mcp-session-id'], body);
    if (message.id === undefined || message.method === undefined || body === '') return false;
    this.#write(status === 200 || hasId(body, message.id) ? body : bridgedError(message.id, status, body));
    return false;
  }

  #begin(sessionId: string | string[] | undefined, body: string): void {
    const version: unknown = Object(Object(JSON.parse(body)).result).protocolVersion;
    if (typeof sessionId !== 'string' || typeof version !== 'string') return;
    this.#session = { id: sessionId, version };
    void this.#listen(this.#session);
  }

  /** The same handshake once more, unheard by the client; many requests wait for one. */
  #beginAgain(): Promise<void> {
    this.#beginning ??= (async () => {
      const line = this.#initialize ?? '';
      const answer = await this.#exchange('POST', line, bridgeHeaders({ method: 'initialize' }, undefined));
      this.#begin(answer.headers['mcp-session-id'], await textOf(answer));
      const done = { jsonrpc: '2.0', method: 'notifications/initialized' };
      await drain(await this.#exchange('POST', JSON.stringify(done), bridgeHeaders(done, this.#session)));
    })().finally(() => {
      this.#beginning = undefined;
    });
    return this.#beginning;
  }

  /** What the gateway announces, as long as this session lasts. */
  async #listen(session: BridgeSession): Promise<void> {
    while (this.#session === session && !this.#ended.signal.aborted) {
      try {
        const headers = { accept: 'text/event-stream', 'mcp-session-id': session.id };
        const stream = await this.#exchange('GET', '', headers, this.#ended.signal);
        if (stream.statusCode !== 200) return await drain(stream);
        for await (const data of eventData(stream)) this.#write(data);
      } catch (error) {
        if (this.#ended.signal.aborted) return;
        if (!(error instanceof Error)) throw error;
      }
      await new Promise<void>((done) => void this.#needs.clock.after(retryMs, done));
    }
  }

  #exchange(
    method: 'POST' | 'GET' | 'DELETE',
    body: string,
    headers: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = httpRequest(this.#needs.url, {
        method,
        agent: this.#agent,
        headers: { ...headers, authorization: `Bearer ${this.#needs.token}` },
        ...(signal === undefined ? {} : { signal }),
      });
      request.once('response', resolve);
      request.once('error', reject);
      request.end(body);
    });
  }

  #write(text: string): void {
    this.#needs.output.write(`${text}\n`);
  }
}

async function* eventData(answer: IncomingMessage): AsyncGenerator<string> {
  const stream = new EventStream();
  for await (const piece of answer.setEncoding('utf8')) yield* stream.push(String(piece));
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function drain(answer: IncomingMessage): Promise<void> {
  await textOf(answer);
}

const isAbort = (error: unknown) => error instanceof Error && error.name === 'AbortError';
const hasId = (body: string, id: MessageId) => body.includes(`"id":${JSON.stringify(id)}`);
