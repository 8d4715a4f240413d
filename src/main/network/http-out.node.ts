/**
 * The only way out over HTTP: pooled connections, TLS always verified, times and sizes bounded.
 * Refuses redirects, plain http, addresses that are not on the internet (before and after names are looked up, and at the
 * moment of dialling), and bodies above the cap, also when a small
 * compressed body grows. No header and no body ever stands in an error.
 */
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Agent, buildConnector, type Dispatcher, EnvHttpProxyAgent, request as send } from 'undici';
import { Fault } from '../../preload/contract/reply';
import type { HttpOut, InboundAnswer, OutboundRequest } from '../ports';
import { guardedConnector, tlsOptions } from './dial.node';
import { EventStream } from './event-stream';
import { networkFault, originOf } from './network-fault';
import { checkAddress, type Reach } from './public-address';

const idleTimeoutMs = 30_000;
/** Most servers end an event stream right behind the answer; then its connection is used again. Far less than dialling takes. */
const lingerMs = 10;
/** Where a proxy is never asked: this computer itself. */
const ownNames = ['127.0.0.1', '[::1]', 'localhost'];

/** What the environment says: `url` is HTTPS_PROXY, `except` NO_PROXY, comma separated, `*` for everything. */
export interface ProxyAddress {
  readonly url: string;
  readonly except: string;
}

/** The proxy of the environment, where there is one. */
export function environmentProxy(env: NodeJS.ProcessEnv): ProxyAddress | undefined {
  const url = env.HTTPS_PROXY ?? env.https_proxy ?? '';
  return url === '' ? undefined : { url, except: env.NO_PROXY ?? env.no_proxy ?? '' };
}

/**
 * @param options `extraCaPem` are trusted besides the public ones, `hosts` are names that lie on a port of 127.0.0.1 instead of
 *   where a name server says; only the simulator hands some in. The certificate is held to the name all the same.
 *   `idleTimeoutMs` ends a silence, 30 seconds where nothing is said. `proxy` is asked for a tunnel only, so that TLS
 *   stays between this computer and the vendor; then the proxy looks names up, and only names and numbers themselves are judged.
 *   `allowLoopback` is for tests and measurements.
 * @throws Fault `bad_input` for a proxy that cannot be used.
 */
export function createHttpOut(options: {
  readonly extraCaPem?: readonly string[];
  readonly hosts?: ReadonlyMap<string, number>;
  readonly allowLoopback?: boolean;
  readonly idleTimeoutMs?: number;
  readonly proxy?: ProxyAddress | undefined;
}): HttpOut & { close(): Promise<void> } {
  const hosts = options.hosts ?? new Map<string, number>();
  const tls = tlsOptions(options.extraCaPem ?? []);
  const toSimulator = buildConnector(tls);
  const settingsFor = (reach: Reach, dial = guardedConnector(tls, reach)): Agent.Options => ({
    connections: 16,
    keepAliveTimeout: 10_000,
    headersTimeout: options.idleTimeoutMs ?? idleTimeoutMs,
    bodyTimeout: options.idleTimeoutMs ?? idleTimeoutMs,
    maxHeaderSize: 32 * 1024,
    connect: (target, done) => {
      const port = hosts.get(target.hostname);
      if (port === undefined) return dial(target, done);
      const servername = target.hostname;
      return toSimulator({ ...target, hostname: '127.0.0.1', port: String(port), servername }, done);
    },
  });
  const { proxy, allowLoopback = false } = options;
  const open = (reach: Reach): Dispatcher =>
    proxy === undefined
      ? new Agent(settingsFor(reach))
      : proxied(proxy, settingsFor(reach), tls, [...hosts.keys()]);
  // Connections of one reach are never used by another.
  const dispatchers = new Map<Reach, Dispatcher>([
    ['public', open(allowLoopback ? 'this computer too' : 'public')],
  ]);
  const wayOf = (request: OutboundRequest): Way => {
    const reach: Reach = allowLoopback ? 'this computer too' : (request.reach ?? 'public');
    const key = allowLoopback ? 'public' : reach;
    const dispatcher = dispatchers.get(key) ?? open(reach);
    dispatchers.set(key, dispatcher);
    return { dispatcher, reach, hosts, isProxied: proxy !== undefined };
  };
  return {
    send: async (request, limits) => exchange(wayOf(request), request, limits),
    close: async () => {
      await Promise.all([...dispatchers.values()].map((dispatcher) => dispatcher.destroy()));
    },
  };
}

interface Way {
  readonly dispatcher: Dispatcher;
  readonly reach: Reach;
  /** Names of the simulator. */
  readonly hosts: ReadonlyMap<string, number>;
  readonly isProxied: boolean;
}

/** @param direct Names that lie on this computer, so that no proxy could find them. */
function proxied(
  proxy: ProxyAddress,
  settings: Agent.Options,
  tls: buildConnector.BuildOptions,
  direct: readonly string[],
): Dispatcher {
  const url = URL.canParse(proxy.url) ? new URL(proxy.url) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new Fault(
      'bad_input',
      'The proxy in HTTPS_PROXY cannot be used. Give an address such as http://proxy.example:8080.',
    );
  }
  const except = proxy.except.trim() === '*' ? '*' : [proxy.except, ...ownNames, ...direct].join(',');
  return new EnvHttpProxyAgent({
    ...settings,
    requestTls: tls,
    proxyTls: tls,
    httpProxy: url.href,
    httpsProxy: url.href,
    noProxy: except,
  });
}

async function exchange(
  way: Way,
  request: OutboundRequest,
  limits: Parameters<HttpOut['send']>[1],
): Promise<InboundAnswer> {
  const url = isSimulated(request.url, way.hosts)
    ? new URL(request.url)
    : checkAddress(request.url, way.reach);
  if (isAborted(limits.signal)) throw cancelled();
  const startedMs = performance.now();
  const total = AbortSignal.timeout(Math.max(1, limits.timeoutMs));
  const signal = limits.signal === undefined ? total : AbortSignal.any([total, limits.signal]);
  try {
    const answer = await send(url, {
      dispatcher: way.dispatcher,
      method: methodOf(request.method),
      headers: { 'Accept-Encoding': 'gzip, deflate, br', ...request.headers },
      body: request.body ?? null,
      signal,
    });
    const headers = flatHeaders(answer.headers);
    const told = (text: string): InboundAnswer => ({
      status: answer.statusCode,
      headers,
      text,
      tookMs: performance.now() - startedMs,
    });
    if (answer.statusCode >= 300 && answer.statusCode < 400 && answer.statusCode !== 304) {
      // Destroying an unread body reports an abort of our own making; the redirect is what is told.
      answer.body.on('error', () => undefined).destroy();
      if (limits.redirects === 'returned') return told('');
      throw redirected(url, headers.location);
    }
    const isEmpty = answer.statusCode === 204 || answer.statusCode === 304;
    const packing = isEmpty ? undefined : headers['content-encoding'];
    const { untilEvent, maxBytes } = limits;
    const isStream = /^text\/event-stream\b/i.test(headers['content-type'] ?? '');
    const read = (body: Readable) =>
      untilEvent !== undefined && isStream ? readEvent(body, maxBytes, untilEvent) : collect(body, maxBytes);
    const text = await readBody(answer.body, packing, read);
    // undici takes a connection back a turn of the loop later: a request that comes before that would dial anew.
    await nextTurn();
    return told(text);
  } catch (error) {
    if (error instanceof Fault) throw error;
    if (isAborted(limits.signal)) throw cancelled();
    if (total.aborted) throw timedOut(url, limits.timeoutMs);
    throw networkFault(url, error, way.isProxied);
  }
}

function isSimulated(text: string, hosts: ReadonlyMap<string, number>): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  return protocol === 'https:' && username === '' && password === '' && hosts.has(hostname);
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

/** Unpacks on the way; whatever is not read to its end is let go. */
async function readBody(
  body: Dispatcher.ResponseData['body'],
  encoding: string | undefined,
  read: (body: Readable) => Promise<string>,
): Promise<string> {
  const unpack = decompressor(encoding);
  if (unpack === undefined) return await read(body);
  body.on('error', (error: Error) => unpack.destroy(error));
  body.pipe(unpack);
  try {
    return await read(unpack);
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

/** The whole text. The stream is destroyed as soon as it passes the cap, packed or not. */
async function collect(stream: AsyncIterable<unknown>, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of pieces(stream, maxBytes)) parts.push(part);
  return new TextDecoder('utf-8').decode(Buffer.concat(parts));
}

/**
 * The data of the first event that is taken. What then is not over at once is let go together with its connection, for a stream
 * may never end by itself.
 */
async function readEvent(
  stream: Readable,
  maxBytes: number,
  takes: (data: string) => boolean,
): Promise<string> {
  const events = new EventStream();
  const decoder = new TextDecoder('utf-8');
  const parts = pieces(stream, maxBytes);
  try {
    for (;;) {
      const part = await parts.next();
      if (part.done === true) return '';
      const found = events.push(decoder.decode(part.value, { stream: true })).find(takes);
      if (found === undefined) continue;
      await Promise.race([toTheEnd(parts), pause(lingerMs)]);
      return found;
    }
  } finally {
    stream.destroy();
  }
}

/** The answer is there: whatever goes wrong behind it is of no interest. */
async function toTheEnd(parts: AsyncGenerator<Uint8Array>): Promise<void> {
  try {
    while ((await parts.next()).done !== true);
  } catch {
    // Destroyed, broken off or too large: the connection is gone, which is what happens to the rest anyhow.
  }
}

async function* pieces(stream: AsyncIterable<unknown>, maxBytes: number): AsyncGenerator<Uint8Array> {
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
    yield part;
  }
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
