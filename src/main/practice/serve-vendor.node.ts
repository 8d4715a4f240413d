/**
 * Answers one request as a simulated vendor: first the sign-in, then the call, in the vendor's own shapes.
 * Refuses wrong keys as the vendor does and keeps no header's value.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { App } from '../catalog/app';
import type { AskedPage } from './list-records';
import { matchRequest } from './match-request';
import type { Samples } from './samples';
import { type StateAnswer, vendorError } from './vendor-answer';
import type { VendorDoor } from './vendor-door';
import type { VendorState } from './vendor-state';

/** What the server saw of a request: never a header's value. */
export interface SeenRequest {
  readonly appId: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headerNames: readonly string[];
  /** What was sent, for requests that are no sign-in. */
  readonly body: string;
  readonly authenticated: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export type Failure =
  /** `callsOnly`: who signs in is let in. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfter?: string;
      readonly callsOnly?: true;
    }
  /** Every request waits until this is fulfilled. */
  | { readonly kind: 'slow'; readonly wait: () => Promise<void> }
  | { readonly kind: 'html' }
  | { readonly kind: 'endless' }
  | { readonly kind: 'offline' };

/** The authorization server of an app that signs in by OAuth. */
export interface AuthorizationServer {
  /** Whether a path belongs to the sign-in. */
  handles(path: string): boolean;
  handle(request: IncomingMessage, response: ServerResponse): void;
  isGood(token: string): Promise<boolean>;
  /** Access tokens only, or all that was ever granted. */
  expireTokens(how: 'access only' | 'everything'): void;
}

export interface Vendor {
  readonly app: App;
  readonly samples: Samples;
  readonly state: VendorState;
  readonly door: VendorDoor;
  readonly signIn: AuthorizationServer | undefined;
  /** Path of the base address, without a slash at its end. */
  readonly root: string;
  /** Path and query of `discover`, and its answer. */
  readonly discover: { readonly target: string; readonly json: unknown } | undefined;
  failure: Failure | undefined;
}

const maxBodyBytes = 1_000_000;

export async function serveVendor(
  vendor: Vendor,
  onSeen: (seen: SeenRequest) => void,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { dialect } = vendor.samples;
  const url = new URL(request.url ?? '/', 'https://127.0.0.1');
  const method = request.method ?? '';
  if (vendor.signIn?.handles(url.pathname) === true) {
    onSeen({ ...seenOf(vendor, method, url, request), body: '', authenticated: false });
    if (!(await failed(vendor, response, true))) vendor.signIn.handle(request, response);
    return;
  }
  const body = await readBody(request);
  const login = vendor.door.login({
    method,
    target: `${url.pathname}${url.search}`,
    headers: request.headers,
    body,
  });
  const authenticated = login === undefined && (await vendor.door.mayEnter(request.headers));
  onSeen({
    ...seenOf(vendor, method, url, request),
    body: login === undefined ? (body ?? '') : '',
    authenticated,
  });
  if (await failed(vendor, response, login !== undefined)) return;
  if (vendor.discover?.target === `${url.pathname}${url.search}`)
    return send(response, { status: 200, json: vendor.discover.json });
  if (login?.kind === 'in') return send(response, { status: 200, json: login.json });
  if (!authenticated) return send(response, vendorError(dialect, 401, 'The credentials are not valid'));
  if (!speaksOurVersion(vendor.app, request))
    return send(response, vendorError(dialect, 406, 'The Accept header is not supported'));
  const answered = answer(vendor, method, url, body);
  send(response, answered, linksOf(vendor, url, answered));
}

function seenOf(vendor: Vendor, method: string, url: URL, request: IncomingMessage) {
  return {
    appId: vendor.app.id,
    method,
    path: url.pathname,
    query: url.search,
    headerNames: Object.keys(request.headers),
    at: Date.now(),
  };
}

function answer(vendor: Vendor, method: string, url: URL, text: string | undefined): StateAnswer {
  const { app, root, samples, state } = vendor;
  const { dialect } = samples;
  const missing = vendorError(dialect, 404, 'There is nothing at this address');
  if (!url.pathname.startsWith(`${root}/`)) return missing;
  const path = url.pathname.slice(root.length);
  const plain = samples.paths[path];
  if (method === 'GET' && plain !== undefined) return { status: 200, json: plain };
  try {
    const body: unknown = text === undefined || text === '' ? undefined : JSON.parse(text);
    const call = matchRequest(app, { method, path, query: url.searchParams, body });
    return call === undefined ? missing : state.answer(call, body, askedPage(vendor, url, body));
  } catch (error) {
    if (error instanceof SyntaxError) return vendorError(dialect, 400, 'The body is not JSON');
    throw error;
  }
}

function askedPage(vendor: Vendor, url: URL, body: unknown): AskedPage {
  const { pagination } = vendor.app;
  const numberOf = (name: string | undefined): number | undefined => {
    if (name === undefined) return undefined;
    const inBody: unknown =
      typeof body === 'object' && body !== null
        ? Object.entries(body).find(([key]) => key === name)?.[1]
        : undefined;
    const value = Number(url.searchParams.get(name) ?? inBody ?? Number.NaN);
    return Number.isInteger(value) && value >= 0 ? value : undefined;
  };
  return {
    page: numberOf(pagination?.page),
    first: pagination?.first ?? 1,
    size: numberOf(pagination?.size),
    addressOf: (page) => pageAddress(vendor, url, page),
  };
}

function pageAddress(vendor: Vendor, url: URL, page: number): string {
  const target = new URL(url);
  target.searchParams.set(vendor.app.pagination?.page ?? 'page', String(page));
  return `${target.pathname}${target.search}`;
}

/** RFC 8288, while there is a next page. */
function linksOf(vendor: Vendor, url: URL, { pages }: StateAnswer): Record<string, string> {
  if (!vendor.samples.dialect.link || pages?.next === undefined) return {};
  const link = (page: number, relation: string) => `<${pageAddress(vendor, url, page)}>; rel="${relation}"`;
  return { Link: `${link(pages.next, 'next')}, ${link(pages.last, 'last')}` };
}

function speaksOurVersion(app: App, request: IncomingMessage): boolean {
  const accept = request.headers.accept ?? '*/*';
  return accept === '*/*' || accept.includes('application/json') || accept === app.headers.Accept;
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request) {
    if (!(part instanceof Uint8Array)) continue;
    size += part.length;
    if (size > maxBodyBytes) throw new Error('The body is too large.');
    parts.push(part);
  }
  return size === 0 ? undefined : Buffer.concat(parts).toString('utf8');
}

/** True when the request was answered (or broken) by the failure. */
async function failed(
  { failure, samples }: Vendor,
  response: ServerResponse,
  isSignIn: boolean,
): Promise<boolean> {
  switch (failure?.kind) {
    case undefined:
      return false;
    case 'slow':
      await failure.wait();
      return false;
    case 'offline':
      response.destroy();
      return true;
    case 'status': {
      if (isSignIn && failure.callsOnly === true) return false;
      const retry = failure.retryAfter === undefined ? {} : { 'Retry-After': failure.retryAfter };
      send(response, vendorError(samples.dialect, failure.status, 'Failed on demand'), retry);
      return true;
    }
    case 'html':
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.end('<!doctype html><title>Maintenance</title><h1>Back soon</h1>');
      return true;
    case 'endless':
      response.writeHead(200, { 'Content-Type': 'application/json' });
      pour(response);
      return true;
  }
}

/** Sends without an end, as fast as the other side reads. */
function pour(response: ServerResponse): void {
  const part = Buffer.alloc(64 * 1024, 0x20);
  const more = () => {
    while (!response.destroyed && response.write(part));
  };
  response.on('drain', more);
  more();
}

function send(
  response: ServerResponse,
  answered: StateAnswer,
  more: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(answered.status, { 'Content-Type': 'application/json; charset=utf-8', ...more });
  response.end(answered.json === undefined ? undefined : JSON.stringify(answered.json));
}
