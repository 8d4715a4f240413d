/**
 * The only way out over HTTP: pooled connections, TLS always verified, times and sizes bounded.
 * Refuses redirects, plain http (except to 127.0.0.1 where asked for) and bodies above the cap, also when a small
 * compressed body grows. No header and no body ever stands in an error.
 */
import { rootCertificates } from 'node:tls';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Agent, buildConnector, type Dispatcher, request as send } from 'undici';
import { Fault } from '../../preload/contract/reply';
import type { HttpOut, InboundAnswer, OutboundRequest } from '../ports';
import { networkFault, originOf } from './network-fault';

const connectTimeoutMs = 10_000;
const idleTimeoutMs = 30_000;

/**
 * @param options `extraCaPem` are trusted besides the public ones, `hosts` are names that lie on a port of 127.0.0.1 instead of
 *   where a name server says; only the simulator hands some in. The certificate is held to the name all the same.
 */
export function createHttpOut(options: {
  readonly extraCaPem?: readonly string[];
  readonly hosts?: ReadonlyMap<string, number>;
  readonly allowHttpLoopback: boolean;
}): HttpOut & { close(): Promise<void> } {
  const extra = options.extraCaPem ?? [];
  const hosts = options.hosts ?? new Map<string, number>();
  const connect = buildConnector({
    timeout: connectTimeoutMs,
    rejectUnauthorized: true,
    ...(extra.length === 0 ? {} : { ca: [...rootCertificates, ...extra] }),
  });
  const agent = new Agent({
    connections: 16,
    keepAliveTimeout: 10_000,
    headersTimeout: idleTimeoutMs,
    bodyTimeout: idleTimeoutMs,
    maxHeaderSize: 32 * 1024,
    connect: (target, done) => {
      const port = hosts.get(target.hostname);
      if (port === undefined) return connect(target, done);
      const servername = target.hostname;
      return connect({ ...target, hostname: '127.0.0.1', port: String(port), servername }, done);
    },
  });
  return {
    send: (request, limits) => exchange(agent, request, limits, options.allowHttpLoopback),
    close: () => agent.destroy(),
  };
}

async function exchange(
  agent: Agent,
  request: OutboundRequest,
  limits: Parameters<HttpOut['send']>[1],
  allowHttpLoopback: boolean,
): Promise<InboundAnswer> {
  const url = checkedAddress(request.url, allowHttpLoopback);
  if (isAborted(limits.signal)) throw cancelled();
  const startedMs = performance.now();
  const total = AbortSignal.timeout(Math.max(1, limits.timeoutMs));
  const signal = limits.signal === undefined ? total : AbortSignal.any([total, limits.signal]);
  try {
    const answer = await send(url, {
      dispatcher: agent,
      method: methodOf(request.method),
      headers: { 'Accept-Encoding': 'gzip, deflate, br', ...request.headers },
      body: request.body ?? null,
      signal,
    });
    const headers = flatHeaders(answer.headers);
    if (answer.statusCode >= 300 && answer.statusCode < 400 && answer.statusCode !== 304) {
      // Destroying an unread body reports an abort of our own making; the redirect is what is told.
      answer.body.on('error', () => undefined).destroy();
      throw redirected(url, headers.location);
    }
    const text = await readText(answer.body, headers['content-encoding'], limits.maxBytes);
    return { status: answer.statusCode, headers, text, tookMs: performance.now() - startedMs };
  } catch (error) {
    if (error instanceof Fault) throw error;
    if (isAborted(limits.signal)) throw cancelled();
    if (total.aborted) throw timedOut(url, limits.timeoutMs);
    throw networkFault(url, error);
  }
}

function checkedAddress(text: string, allowHttpLoopback: boolean): URL {
  if (!URL.canParse(text)) throw new Fault('request_invalid', 'The address of this request is not valid.');
  const url = new URL(text);
  const loopback = allowHttpLoopback && url.protocol === 'http:' && url.hostname === '127.0.0.1';
  if (url.protocol !== 'https:' && !loopback) {
    throw new Fault('request_invalid', 'Only https addresses are called, so the request was not sent.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new Fault('request_invalid', 'An address with a user name or a password in it is never called.');
  }
  return url;
}

function methodOf(method: string): Dispatcher.HttpMethod {
  if (
    method === 'GET' ||
    method === 'POST' ||
    method === 'PUT' ||
    method === 'PATCH' ||
    method === 'DELETE'
  ) {
    return method;
  }
  throw new Fault('request_invalid', 'This HTTP method is not used here.');
}

function flatHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

/** Counts bytes before and after decompression; the stream is destroyed as soon as either passes the cap. */
async function readText(
  body: Dispatcher.ResponseData['body'],
  encoding: string | undefined,
  maxBytes: number,
): Promise<string> {
  const unpack = decompressor(encoding);
  if (unpack === undefined) return collect(body, maxBytes);
  body.on('error', (error: Error) => unpack.destroy(error));
  body.pipe(unpack);
  try {
    return await collect(unpack, maxBytes);
  } finally {
    unpack.destroy();
    if (!body.readableEnded) body.destroy();
  }
}

function decompressor(encoding: string | undefined) {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') return undefined;
  if (name === 'gzip' || name === 'x-gzip') return createGunzip();
  if (name === 'deflate') return createInflate();
  if (name === 'br') return createBrotliDecompress();
  throw new Fault('vendor_answer_invalid', 'The vendor packed its answer in a way that cannot be read here.');
}

async function collect(stream: AsyncIterable<unknown>, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream) {
    if (!(part instanceof Uint8Array)) continue;
    size += part.length;
    if (size > maxBytes) {
      throw new Fault(
        'vendor_too_large',
        `The answer is larger than ${maxBytes} bytes. Ask for fewer fields or a smaller page.`,
      );
    }
    parts.push(part);
  }
  return new TextDecoder('utf-8').decode(Buffer.concat(parts));
}

function redirected(from: URL, location: string | undefined): Fault {
  const target = location === undefined ? undefined : originOf(location, from);
  return new Fault(
    'redirect_refused',
    `${from.origin} wants to redirect this request${target === undefined ? '' : ` to ${target}`}, which is refused. Check the site address.`,
  );
}

function timedOut(url: URL, timeoutMs: number): Fault {
  return new Fault(
    'vendor_timeout',
    `${url.host} did not answer within ${Math.ceil(timeoutMs / 1000)} seconds. Try again later.`,
    { retryable: true },
  );
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

function cancelled(): Fault {
  return new Fault('cancelled', 'The request was cancelled.');
}
