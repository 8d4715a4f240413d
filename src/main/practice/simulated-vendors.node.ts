/**
 * Vendors for practice and tests: one HTTPS server per app on 127.0.0.1 that behaves as the catalog says, with
 * sample records in memory. Refuses wrong keys as the vendor does and listens on no other address.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import type { App } from '../catalog/app';
import { practiceHost } from '../catalog/practice-address';
import { baseAddress, type FormValues, fill } from '../catalog/request-template';
import { valueAt } from '../catalog/vendor-answer';
import type { Random } from '../ports';
import type { PracticeCertificates } from './certificates.node';
import { fillTemplate } from './fill-template';
import { type Samples, samplesSchema, worldSchema } from './samples';
import type { AuthorizationServer, Failure, SeenRequest, Vendor } from './serve-vendor.node';
import { createVendorDoor } from './vendor-door';
import { createVendorState } from './vendor-state';
import { recordsOf } from './world';

export interface SimulatedVendors {
  readonly caPem: string;
  /** Those that are simulated. */
  readonly apps: ReadonlyMap<string, App>;
  /** `https://127.0.0.1:<port>` */
  origin(appId: string): string;
  /** The names that the sample values use, and the port of this run behind each: for the way out. */
  readonly hosts: ReadonlyMap<string, number>;
  /** What to type into the connect form, samples only. The address stays the same over restarts. */
  sampleValues(appId: string): Record<string, string>;
  requests(): readonly SeenRequest[];
  /** Every further request of this app fails so, until it is called with undefined. */
  fail(appId: string, failure: Failure | undefined): void;
  /** Every token that this vendor has handed out is refused from now on. */
  expireTokens(appId: string, how: 'access only' | 'everything'): void;
  close(): Promise<void>;
}

export interface VendorNeeds {
  readonly apps: ReadonlyMap<string, App>;
  /** Holds `world.json` and a file for each simulated app; an app without one is left out. */
  readonly samplesFolder: string;
  readonly caNowMs: number;
  readonly random: Random;
  /** From certificates.node.ts. */
  readonly makeCertificates: (
    nowMs: number,
    serial: (bytes: number) => Uint8Array,
    address: string,
    hosts: readonly string[],
  ) => Promise<PracticeCertificates>;
  /** From serve-vendor.node.ts. */
  readonly serveVendor: (
    vendor: Vendor,
    onSeen: (seen: SeenRequest) => void,
    request: IncomingMessage,
    response: ServerResponse,
  ) => Promise<void>;
  /** From authorization-server.node.ts. */
  readonly openAuthorizationServer: (
    app: App,
    values: FormValues,
    origin: string,
    needs: { readonly random: Random; readonly file: string | undefined },
  ) => Promise<AuthorizationServer>;
  /** Where authorization servers remember what they granted; in memory only where it is left out. */
  readonly grantsFolder?: string;
  /** Told of every request. */
  readonly onSeen?: (seen: SeenRequest) => void;
}

/** A practice workspace may stay open for days. */
const maxSeen = 10_000;

/** Starts a server for every app that has a file `<app id>.json` in `samplesFolder`. */
export async function startSimulatedVendors(needs: VendorNeeds): Promise<SimulatedVendors> {
  const simulated = [...needs.apps.values()].filter((app) =>
    existsSync(join(needs.samplesFolder, `${app.id}.json`)),
  );
  const certificates = await needs.makeCertificates(
    needs.caNowMs,
    (count) => needs.random.bytes(count),
    '127.0.0.1',
    simulated.map((app) => practiceHost(app.id)),
  );
  const world = worldSchema.parse(readJson(needs.samplesFolder, 'world'));
  const seen: SeenRequest[] = [];
  const onSeen = (one: SeenRequest): void => {
    if (seen.push(one) > maxSeen) seen.splice(0, maxSeen / 2);
    needs.onSeen?.(one);
  };
  const running = new Map<string, { vendor: Vendor; server: Server; origin: string }>();
  for (const app of simulated) {
    const samples = samplesSchema.parse(readJson(needs.samplesFolder, app.id));
    const state = createVendorState(samples, recordsOf(samples, world));
    const vendor = await vendorOf(needs, app, samples, state);
    const server = createServer(
      { cert: certificates.certPem, key: certificates.keyPem },
      (request, response) => {
        needs.serveVendor(vendor, onSeen, request, response).catch((error: Error) => response.destroy(error));
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
    apps: new Map(simulated.map((app) => [app.id, app])),
    origin: (appId) => known(appId).origin,
    hosts: new Map(
      [...running].map(([appId, { origin }]) => [practiceHost(appId), Number(new URL(origin).port)]),
    ),
    sampleValues: (appId) => valuesOf(appId, known(appId).vendor.samples),
    requests: () => [...seen],
    fail: (appId, failure) => {
      known(appId).vendor.failure = failure;
    },
    expireTokens: (appId, how) => {
      const { vendor } = known(appId);
      vendor.door.expireTokens();
      vendor.signIn?.expireTokens(how);
    },
    close: async () => {
      await Promise.all([...running.values()].map(({ server }) => stop(server)));
    },
  };
}

function readJson(folder: string, name: string): unknown {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
}

const originOf = (appId: string): string => `https://${practiceHost(appId)}`;

function valuesOf(appId: string, samples: Samples): Record<string, string> {
  return Object.fromEntries(
    Object.entries(samples.values).map(([name, value]) => [
      name,
      value.replaceAll('{origin}', originOf(appId)),
    ]),
  );
}

async function vendorOf(
  needs: VendorNeeds,
  app: App,
  samples: Samples,
  state: Vendor['state'],
): Promise<Vendor> {
  const values = valuesOf(app.id, samples);
  const file =
    needs.grantsFolder === undefined ? undefined : join(needs.grantsFolder, `practice-${app.id}.json`);
  const signIn =
    app.auth.kind === 'oauth2'
      ? await needs.openAuthorizationServer(app, values, originOf(app.id), { random: needs.random, file })
      : undefined;
  const discovered =
    app.discover === undefined
      ? undefined
      : {
          ...targetOf(fill(app.discover.url, encoded(values))),
          json: fillTemplate(samples.discover ?? {}, () => originOf(app.id)),
        };
  const found = Object.fromEntries(
    Object.entries(app.discover?.values ?? {}).map(([name, place]) => [
      name,
      String(valueAt(discovered?.json, place) ?? '').replace(/\/+$/, ''),
    ]),
  );
  return {
    app,
    samples,
    state,
    signIn,
    door: createVendorDoor(app, values, {
      random: needs.random,
      nowMs: () => Date.now(),
      isGood: async (token) => (await signIn?.isGood(token)) ?? false,
    }),
    root: new URL(baseAddress(app, { ...values, ...found })).pathname.replace(/\/+$/, ''),
    discover: discovered,
    failure: undefined,
  };
}

function targetOf(address: string): { readonly target: string } {
  const url = new URL(address);
  return { target: `${url.pathname}${url.search}` };
}

/** As the connection encodes what it puts into the address. */
function encoded(values: FormValues): FormValues {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      URL.canParse(value) ? value : encodeURIComponent(value),
    ]),
  );
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
