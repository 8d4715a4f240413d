/**
 * The quick way to one custom server: pooled keep-alive connections of its own, so that a slow or endless server
 * cannot block another. Refuses redirects, packed answers and answers above the cap.
 */
import { StringDecoder } from 'node:string_decoder';
import { Agent, type Dispatcher, Pool, fetch as sendThrough } from 'undici';
import { Fault } from '../../preload/contract/reply';
import { guardedConnector, tlsOptions } from '../network/dial.node';
import { EventStream } from '../network/event-stream';
import { networkFault } from '../network/network-fault';
import { checkAddress, type Reach } from '../network/public-address';
import { readAnswer } from './answer';
import type { CallPipe, PostAnswer } from './tool-server';

type PostOptions = Parameters<CallPipe['post']>[2];

const maxListBytes = 48_000_000;
/** How long a stream may go on after it has brought the answer. */
const afterglowMs = 2_000;
const maxResumes = 20;
const resumeMs = { usual: 1_000, most: 30_000 };

/**
 * @param reach Which addresses the server may lie at; judged before a name is looked up, after it, and when dialling.
 * @param extraCaPem Authorities that are trusted besides the public ones.
 */
export function openCallPipe(address: string, reach: Reach, extraCaPem: readonly string[] = []): CallPipe {
  const url = checkAddress(address, reach);
  const connect = guardedConnector(tlsOptions(extraCaPem), reach);
  const pool = new Pool(url.origin, {
    connections: 64,
    pipelining: 1,
    connect,
    // Each call has its own time-out; a held stream is no fault.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 30_000,
    maxHeaderSize: 32 * 1024,
  });
  const control = new Agent({
    connections: 8,
    connect,
    headersTimeout: 60_000,
    bodyTimeout: 0,
    maxResponseSize: maxListBytes,
    maxHeaderSize: 32 * 1024,
  });
  const path = `${url.pathname}${url.search}`;
  return {
    post: (body, headers, options) =>
      new Promise<PostAnswer>((resolve, reject) => {
        if (options.signal.aborted) return reject(cancelled());
        // Goes on with a stream that the server has ended early; the request itself is never sent again.
        const resume = (lastEventId: string, exchange: Exchange) => {
          const { 'content-type': _none, ...rest } = headers;
          const again = { ...rest, accept: 'text/event-stream', 'last-event-id': lastEventId };
          pool.dispatch({ path, method: 'GET', headers: again }, exchange);
        };
        const exchange = new Exchange(url, options, resolve, reject, resume);
        pool.dispatch({ path, method: 'POST', headers: { ...headers }, body }, exchange);
      }),
    fetch: async (target, init) => {
      if (new URL(target).origin !== url.origin)
        throw new Fault('redirect_refused', `${url.host} pointed to another address, which is refused.`);
      const answer = await sendThrough(new URL(target), {
        // The same interface from two declarations of it: the runtime's and the library's.
        ...(init as Parameters<typeof sendThrough>[1]),
        dispatcher: control,
        redirect: 'manual',
      });
      return answer as unknown as Response;
    },
    close: async () => {
      await Promise.all([pool.destroy(), control.destroy()]);
    },
  };
}

/** One request and what comes back. Settles once; whatever arrives later is dropped. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #url: URL;
  readonly #options: PostOptions;
  readonly #resolve: (answer: PostAnswer) => void;
  readonly #reject: (fault: Fault) => void;
  readonly #resume: (lastEventId: string, exchange: Exchange) => void;
  #resumes = 0;
  #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #challenge: string | undefined;
  #bytes = 0;
  #chunks: Buffer[] = [];
  #stream: { readonly events: EventStream; readonly decoder: StringDecoder } | undefined;
  #isSettled = false;

  constructor(
    url: URL,
    options: PostOptions,
    resolve: (answer: PostAnswer) => void,
    reject: (fault: Fault) => void,
    resume: (lastEventId: string, exchange: Exchange) => void,
  ) {
    this.#url = url;
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#resume = resume;
    this.#timer = setTimeout(this.#late, options.timeoutMs);
    options.signal.addEventListener('abort', this.#gone, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isSettled) controller.abort(cancelled());
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status < 200) return;
    this.#status = status;
    this.#challenge = headers['www-authenticate']?.toString();
    const encoding = headers['content-encoding'] ?? 'identity';
    this.#stream = undefined;
    if (status >= 300 && status < 400) {
      const what = `${this.#url.host} wants to redirect this request, which is refused.`;
      this.#fail(new Fault('redirect_refused', what));
    } else if (encoding !== 'identity') {
      this.#fail(invalid(this.#url, 'packed its answer although it was not asked to'));
    } else if (String(headers['content-type'] ?? '').startsWith('text/event-stream')) {
      this.#stream = { events: new EventStream(), decoder: new StringDecoder('utf8') };
    } else if (this.#resumes > 0) {
      // The request was taken and may have run: this answer is none to it.
      this.#fail(invalid(this.#url, 'ended its stream without an answer'));
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isSettled) return;
    this.#bytes += chunk.length;
    if (this.#bytes > this.#options.maxBytes) this.#fail(tooLarge(this.#url, this.#options.maxBytes));
    else if (this.#stream === undefined) this.#chunks.push(chunk);
    else for (const data of this.#stream.events.push(this.#stream.decoder.write(chunk))) this.#event(data);
  }

  onResponseEnd(): void {
    if (!this.#isSettled && this.#stream !== undefined) {
      if (this.#goesOn(this.#stream.events)) return;
      this.#fail(invalid(this.#url, 'ended its stream without an answer'));
    } else if (!this.#isSettled) {
      const [only] = this.#chunks;
      const body = this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks);
      this.#settle();
      this.#resolve({ status: this.#status, text: body.toString('utf8'), challenge: this.#challenge });
    }
    clearTimeout(this.#timer);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    clearTimeout(this.#timer);
    this.#fail(error instanceof Fault ? error : networkFault(this.#url, error));
  }

  /** @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#resumability-and-redelivery */
  #goesOn({ lastId, retryMs }: EventStream): boolean {
    if (!/^[\x21-\x7e]{1,500}$/.test(lastId) || this.#resumes >= maxResumes) return false;
    this.#resumes += 1;
    const waitMs = Math.min(resumeMs.most, retryMs ?? resumeMs.usual);
    setTimeout(() => {
      if (!this.#isSettled) this.#resume(lastId, this);
    }, waitMs);
    return true;
  }

  #event(data: string): void {
    if (this.#isSettled) return;
    // A stream may carry progress and log messages before the answer.
    if (readAnswer(data, this.#options.id).kind === 'other') {
      this.#options.onOther(data);
      return;
    }
    this.#settle();
    this.#timer = setTimeout(() => this.#controller?.abort(cancelled()), afterglowMs);
    this.#timer.unref();
    this.#resolve({ status: this.#status, text: data, challenge: undefined });
  }

  #fail(fault: Fault): void {
    if (this.#isSettled) return;
    this.#settle();
    this.#reject(fault);
    this.#controller?.abort(fault);
  }

  #settle(): void {
    this.#isSettled = true;
    clearTimeout(this.#timer);
    this.#options.signal.removeEventListener('abort', this.#gone);
  }

  readonly #gone = (): void => this.#fail(cancelled());

  readonly #late = (): void => {
    if (this.#options.isHeld?.() === true) {
      this.#timer = setTimeout(this.#late, this.#options.timeoutMs);
      return;
    }
    const seconds = Math.ceil(this.#options.timeoutMs / 1000);
    this.#fail(
      new Fault('vendor_timeout', `${this.#url.host} did not answer within ${seconds} seconds.`, {
        retryable: true,
      }),
    );
  };
}

const cancelled = () => new Fault('cancelled', 'The request was cancelled.');

const invalid = (url: URL, what: string) => new Fault('vendor_answer_invalid', `${url.host} ${what}.`);

const tooLarge = (url: URL, maxBytes: number) =>
  new Fault(
    'vendor_too_large',
    `${url.host} sent more than ${maxBytes} bytes. Ask for less at once, for example a smaller page.`,
  );
