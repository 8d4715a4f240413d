/**
 * Vendors for practice and tests: one HTTPS server per app on 127.0.0.1 that behaves as the catalog says, with
 * sample records in memory. Refuses wrong keys as the vendor does and listens on no other address.
 */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import type { App } from '../catalog/app';
import { credentialHeaders } from '../catalog/connect-form';
import { practiceHost } from '../catalog/practice-address';
import type { Random } from '../ports';
import type { PracticeCertificates } from './certificates.node';
import { findRoute } from './router';
import {
  createVendorState,
  type StateAnswer,
  samplesSchema,
  type VendorState,
  vendorError,
} from './vendor-state';

/** What the server saw of a request: never a header's value. */
export interface SeenRequest {
  readonly appId: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headerNames: readonly string[];
  readonly authenticated: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export type Failure =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  | { readonly kind: 'slow'; readonly untilReleased: Promise<void> }
  | { readonly kind: 'html' }
  | { readonly kind: 'endless' };

export interface SimulatedVendors {
  readonly caPem: string;
  /** `https://127.0.0.1:<port>` */
  origin(appId: string): string;
  /** The names that the sample values use, and the port of this run behind each: for the way out. */
  readonly hosts: ReadonlyMap<string, number>;
  /** What to type into the connect form, samples only. The address stays the same over restarts. */
  sampleValues(appId: string): Record<string, string>;
  requests(): readonly SeenRequest[];
  /** Every further request of this app fails so, until it is called with undefined. */
  fail(appId: string, failure: Failure | undefined): void;
  close(): Promise<void>;
}

interface Vendor {
  readonly app: App;
  readonly state: VendorState;
  readonly values: Readonly<Record<string, string>>;
  failure: Failure | undefined;
}

const maxBodyBytes = 1_000_000;

/**
 * Starts a server for every app that has a file `<app id>.json` in `samplesFolder`.
 *
 * @param needs `makeCertificates` comes from certificates.node.ts; `caNowMs` is the clock of its certificates.
 */
export async function startSimulatedVendors(needs: {
  readonly apps: ReadonlyMap<string, App>;
  readonly samplesFolder: string;
  readonly caNowMs: number;
  readonly random: Random;
  readonly makeCertificates: (
    nowMs: number,
    serial: (bytes: number) => Uint8Array,
    address: string,
    hosts: readonly string[],
  ) => Promise<PracticeCertificates>;
}): Promise<SimulatedVendors> {
  const certificates = await needs.makeCertificates(
    needs.caNowMs,
    (count) => needs.random.bytes(count),
    '127.0.0.1',
    [...needs.apps.keys()].map(practiceHost),
  );
  const seen: SeenRequest[] = [];
  const running = new Map<string, { vendor: Vendor; server: Server; origin: string }>();
  for (const app of needs.apps.values()) {
    const samples = samplesSchema.parse(
      JSON.parse(readFileSync(join(needs.samplesFolder, `${app.id}.json`), 'utf8')),
    );
    const vendor: Vendor = {
      app,
      state: createVendorState(samples),
      values: samples.values,
      failure: undefined,
    };
    const server = createServer(
      { cert: certificates.certPem, key: certificates.keyPem },
      (request, response) => {
        serve(vendor, seen, request, response).catch((error: Error) => response.destroy(error));
      },
    );
    running.set(app.id, { vendor, server, origin: await listen(server) });
  }
  const known = (appId: string) => {
    const found = running.get(appId);
    if (found === undefined) throw new Error(`There is no simulated vendor ${appId}.`);
    return found;
  };
  return {
    caPem: certificates.caPem,
    origin: (appId) => known(appId).origin,
    hosts: new Map(
      [...running].map(([appId, { origin }]) => [practiceHost(appId), Number(new URL(origin).port)]),
    ),
    sampleValues: (appId) => ({
      ...known(appId).vendor.values,
      siteUrl: `https://${practiceHost(appId)}`,
    }),
    requests: () => [...seen],
    fail: (appId, failure) => {
      known(appId).vendor.failure = failure;
    },
    close: async () => {
      await Promise.all([...running.values()].map(({ server }) => stop(server)));
    },
  };
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(`https://127.0.0.1:${address.port}`);
      else reject(new Error('The simulated vendor has no port.'));
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function serve(
  vendor: Vendor,
  seen: SeenRequest[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'https://127.0.0.1');
  const authenticated = mayEnter(vendor, request);
  seen.push({
    appId: vendor.app.id,
    method: request.method ?? '',
    path: url.pathname,
    query: url.search,
    headerNames: Object.keys(request.headers),
    authenticated,
    at: Date.now(),
  });
  const body = await readBody(request);
  if (await failed(vendor.failure, response)) return;
  if (!authenticated)
    return send(response, url, vendorError(401, 'Unauthorized', 'The credentials are not valid'));
  if (!speaksOurVersion(vendor.app, request)) {
    return send(response, url, vendorError(406, 'NotAcceptable', 'The Accept header is not supported'));
  }
  send(response, url, answer(vendor, request.method ?? '', url, body));
}

function answer(vendor: Vendor, method: string, url: URL, text: string | undefined): StateAnswer {
  const root = vendor.app.baseUrl.replace(/^\{[^}]+\}/, '');
  const missing = vendorError(404, 'NotFound', 'There is nothing at this address');
  if (!url.pathname.startsWith(`${root}/`)) return missing;
  const route = findRoute(vendor.app, method, url.pathname.slice(root.length));
  if (route === undefined) return missing;
  try {
    const body: unknown = text === undefined || text === '' ? undefined : JSON.parse(text);
    return vendor.state.answer(route, url.searchParams, body);
  } catch (error) {
    if (error instanceof SyntaxError) return vendorError(400, 'InvalidObject', 'The body is not JSON');
    throw error;
  }
}

/** Every header that signing in with the sample values would send must be there with the same value. */
function mayEnter(vendor: Vendor, request: IncomingMessage): boolean {
  const { auth } = vendor.app;
  const wanted = auth.kind === 'credentials' ? credentialHeaders(auth, vendor.values) : {};
  return Object.entries(wanted).every(([name, value]) => request.headers[name.toLowerCase()] === value);
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
async function failed(failure: Failure | undefined, response: ServerResponse): Promise<boolean> {
  if (failure === undefined) return false;
  if (failure.kind === 'slow') {
    await failure.untilReleased;
    return false;
  }
  if (failure.kind === 'status') {
    const retry = failure.retryAfter === undefined ? {} : { 'Retry-After': failure.retryAfter };
    response.writeHead(failure.status, { 'Content-Type': 'application/json', ...retry });
    response.end(JSON.stringify({ code: 'ConnectWiseApi', message: 'Failed on demand', errors: [] }));
    return true;
  }
  response.writeHead(200, { 'Content-Type': failure.kind === 'html' ? 'text/html' : 'application/json' });
  if (failure.kind === 'html') response.end('<!doctype html><title>Maintenance</title><h1>Back soon</h1>');
  else pour(response);
  return true;
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

function send(response: ServerResponse, url: URL, answered: StateAnswer): void {
  const headers: Record<string, string> = { 'Content-Type': 'application/json; charset=utf-8' };
  if (answered.lastPage !== undefined) {
    const next = Number(url.searchParams.get('page') ?? 1) + 1;
    headers.Link = `${pageLink(url, next, 'next')}, ${pageLink(url, answered.lastPage, 'last')}`;
  }
  response.writeHead(answered.status, headers);
  response.end(answered.json === undefined ? undefined : JSON.stringify(answered.json));
}

function pageLink(url: URL, page: number, relation: 'next' | 'last'): string {
  const target = new URL(url);
  target.searchParams.set('page', String(page));
  return `<${target.pathname}${target.search}>; rel="${relation}"`;
}
