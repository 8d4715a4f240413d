/**
 * Wires everything that lies outside: the one way out, the vendors' sign-in pages, and in the practice workspace the simulated
 * vendors. Wiring only; no rule is here.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Fault } from '../preload/contract/reply';
import type { SignInWay } from '../preload/contract/shapes';
import type { App } from './catalog/app';
import { reachOf } from './catalog/reach';
import type { FormValues } from './catalog/request-template';
import { clock } from './clock.node';
import { oauthSetup, signInPlan } from './connections/granted';
import type { TestNeeds } from './connections/test-request';
import type { HouseOptions } from './house-options';
import type { FoundServer } from './mcp/probe/found';
import { probe } from './mcp/probe/probe';
import { type SignedIn, type SignInChoices, signInToServer } from './mcp/sign-in-to-server';
import { createHttpOut, environmentProxy } from './network/http-out.node';
import { createPolite } from './network/polite';
import { checkAddress } from './network/public-address';
import { openLoopback } from './oauth/loopback.node';
import type { PopupReach } from './oauth/popup.electron';
import { type OAuthNeeds, refreshTokens } from './oauth/protocol';
import { type PageToShow, type ShownPage, signInByOAuth } from './oauth/sign-in';
import type { Random } from './ports';
import { openAuthorizationServer } from './practice/authorization-server.node';
import { makeCertificates } from './practice/certificates.node';
import { type ConnectProxy, openConnectProxy } from './practice/connect-proxy.node';
import { noteRequests } from './practice/request-notes.node';
import { serveVendor } from './practice/serve-vendor.node';
import { startSimulatedVendors } from './practice/simulated-vendors.node';
import { trustsOnly } from './practice/trust.node';

const random: Random = { bytes: (count) => randomBytes(count) };

export type Outside = Awaited<ReturnType<typeof openOutside>>;

export async function openOutside(options: HouseOptions, catalog: ReadonlyMap<string, App>) {
  const vendors = options.practice
    ? await startSimulatedVendors({
        apps: catalog,
        samplesFolder: options.samplesFolder,
        caNowMs: clock.nowMs(),
        random,
        makeCertificates,
        serveVendor,
        openAuthorizationServer,
        grantsFolder: options.dataFolder,
        onSeen: noteRequests(join(options.dataFolder, 'practice-requests.jsonl')),
      })
    : undefined;
  const extraCaPem = vendors === undefined ? [] : [vendors.caPem];
  const http = createHttpOut({
    ...(vendors === undefined
      ? { proxy: environmentProxy(process.env) }
      : { extraCaPem, hosts: vendors.hosts }),
    allowLoopback: options.allowLoopback ?? false,
  });
  const polite = createPolite({ http, clock });
  let proxy: ConnectProxy | undefined;
  /** The sign-in window finds the simulated vendors through a proxy of this run; real ones it finds by itself. */
  const reachVendors = async (): Promise<PopupReach | undefined> => {
    if (vendors === undefined) return undefined;
    proxy ??= await openConnectProxy(vendors.hosts);
    return {
      proxyRules: `https=http://127.0.0.1:${proxy.port}`,
      trusts: trustsOnly(vendors.caPem, vendors.hosts),
    };
  };
  const send: TestNeeds['send'] = (key, request, { signal, concurrency }) =>
    polite.send(
      key,
      request,
      { timeoutMs: 30_000, maxBytes: 10_000_000, signal },
      { retryReads: true, concurrency },
    );
  const needsOf = (app: App, all: FormValues): OAuthNeeds => ({
    nowMs: clock.nowMs,
    name: app.name,
    send: (request, signal) =>
      send(
        `sign-in ${app.id}`,
        { ...request, ...reachOf(app, all) },
        {
          signal,
          concurrency: app.limits.concurrency,
        },
      ),
  });
  const show = async (page: PageToShow): Promise<ShownPage> => {
    if (options.showSignIn === undefined)
      throw new Fault('bad_input', 'Nobody can sign in here. Connect this app in the Gatehouse window.');
    return await options.showSignIn({ ...page, reach: await reachVendors() });
  };
  const authorize: TestNeeds['authorize'] = (app, all, how, signal) =>
    signInByOAuth({ ...needsOf(app, all), clock, openLoopback, show }, signInPlan(app, all), how, signal);

  const reach = options.allowLoopback === true ? 'this computer too' : 'public';
  const goodbyes = new Set<Promise<void>>();
  const probeServer = async (address: string, takenNames: readonly string[], signal: AbortSignal) => {
    if (vendors !== undefined)
      throw new Fault(
        'bad_input',
        'The practice workspace reaches nothing outside. Add MCP servers in your own workspace.',
      );
    return await probe(
      address,
      {
        http,
        nowMs: () => performance.now(),
        version: options.version,
        checkAddress: (text) => checkAddress(text, reach),
        takenNames,
        afterwards: (work) => {
          goodbyes.add(work);
          void work.finally(() => goodbyes.delete(work));
        },
      },
      signal,
    );
  };
  const authorizeServer = (
    { url, auth }: FoundServer,
    choices: SignInChoices,
    how: SignInWay,
    signal: AbortSignal,
  ): Promise<SignedIn> => {
    if (auth.kind !== 'oauth') throw new Error('This server does not sign in by OAuth.');
    const name = new URL(url).host;
    const ask: OAuthNeeds['send'] = (request, within) =>
      send(`sign-in ${name}`, request, { signal: within, concurrency: 4 });
    const oauth = { nowMs: clock.nowMs, name, send: ask, clock, openLoopback, show };
    return signInToServer(oauth, auth.found, choices, how, signal);
  };

  return {
    /** Authorities that are trusted besides the public ones: the simulator's own. */
    extraCaPem,
    probe: probeServer,
    authorizeServer,
    /** From the practice workspace no vendor can be reached but the simulated ones. */
    apps: vendors?.apps ?? catalog,
    vendors,
    send,
    authorize,
    refresh: (app: App, all: FormValues, refreshToken: string) =>
      refreshTokens(needsOf(app, all), oauthSetup(app, all), refreshToken),
    close: async (): Promise<void> => {
      await Promise.all(goodbyes);
      await http.close();
      await proxy?.close();
      await vendors?.close();
    },
  };
}
