/**
 * A connection that a person granted, over its whole life: nothing half-saved, renewed once for everyone who waits, the rotated
 * refresh token kept, Needs sign-in when the vendor has ended it, policies kept over Reconnect, revoked at the end.
 * Real TLS, a real authorization server, a real vault.
 */
import { createHash, randomBytes } from 'node:crypto';
import { get } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ActivityEntry } from '../../src/main/activity/record';
import { callVendor } from '../../src/main/connections/call-vendor';
import { createConnections } from '../../src/main/connections/connect';
import { keepTokens, oauthSetup, signInPlan, storedTokens } from '../../src/main/connections/granted';
import { createSignIn } from '../../src/main/connections/sign-in';
import { openLoopback } from '../../src/main/oauth/loopback.node';
import { refreshTokens } from '../../src/main/oauth/protocol';
import { type PageToShow, signInByOAuth } from '../../src/main/oauth/sign-in';
import type { InboundAnswer, OutboundRequest } from '../../src/main/ports';
import type { Fault } from '../../src/preload/contract/reply';
import { HandClock } from '../fakes/hand-clock';
import { type OAuthVendor, startOAuthVendor } from '../fakes/oauth-vendor';
import { answerSignIn } from '../fakes/person';
import { vaultBench } from '../fakes/vault-bench';

const hourMs = 3_600_000;
let vendor: OAuthVendor;

beforeEach(async () => {
  vendor = await startOAuthVendor('with a secret');
});
afterEach(() => vendor.close());

async function house({ refresh = true } = {}) {
  const bench = vaultBench();
  await bench.vault.open();
  const { vault } = bench;
  const log: ActivityEntry[] = [];
  const asked: string[] = [];
  const clock = new HandClock();
  let button: 'sign in' | 'deny' = 'sign in';
  const send = (_key: string, request: OutboundRequest, { signal }: { signal?: AbortSignal | undefined }) => {
    asked.push(`${request.method} ${new URL(request.url).pathname}`);
    return vendor.send(request, signal);
  };
  const needs = {
    nowMs: () => clock.nowMs(),
    name: 'Vendor',
    send: (request: OutboundRequest, signal?: AbortSignal): Promise<InboundAnswer> =>
      send('sign-in', request, { signal }),
  };
  const show = async (page: PageToShow) => {
    void answerSignIn(vendor.vendors, page.url, button).then((landing) => get(landing).end());
    return { closed: new Promise<void>(() => undefined), close: () => undefined };
  };
  const signIn = createSignIn({
    clock,
    send,
    granted: {
      read: (id) => vault.readSecret(id),
      keep: (id, used, tokens) => keepTokens(vault, id, used, tokens),
      refresh: (app, all, token) => refreshTokens(needs, oauthSetup(app, all), token),
    },
  });
  const connections = createConnections({
    signIn,
    authorize: async (app, all, how, signal) => {
      const plan = signInPlan(app, all);
      const tokens = await signInByOAuth({ ...needs, clock, openLoopback, show }, plan, how, signal);
      return refresh ? tokens : { ...tokens, refreshToken: undefined };
    },
    apps: new Map([[vendor.app.id, vendor.app]]),
    appOf: () => vendor.app,
    vault,
    send,
    record: async (entry) => log.push(entry),
    clock,
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    newId: () => `con_${randomBytes(10).toString('hex')}`,
    technician: 'm.weber',
  });
  return {
    bench,
    vault,
    log,
    asked,
    clock,
    signIn,
    connections,
    press: (which: typeof button) => {
      button = which;
    },
    connect: () => connections.connect(vendor.app.id, 'Vendor', vendor.values),
    call: async (connectionId: string) => {
      const connection = vault.read().connections.find((one) => one.connectionId === connectionId);
      const [tool] = vendor.app.tools;
      if (connection === undefined || tool === undefined) throw new Error('There is no such connection.');
      const signal = new AbortController().signal;
      return await callVendor({ vault, send, signIn }, connection, vendor.app, tool, {}, signal);
    },
    tokens: async (connectionId: string) => storedTokens(await vault.readSecret(connectionId)),
  };
}

const faultOf = (promise: Promise<unknown>): Promise<Fault> =>
  promise.then(
    () => Promise.reject(new Error('It should have been refused.')),
    (error: Fault) => error,
  );
const refreshes = (asked: readonly string[]) => asked.filter((one) => one === 'POST /token').length - 1;

describe('a connection that a person granted', () => {
  it('is connected and called; no token and no client secret lies in the file', async () => {
    const { connect, call, tokens, bench, vault, log } = await house();
    const { connectionId, account } = await connect();
    expect(account).toBe('acme');
    expect((await call(connectionId)).result.content[0].text).toContain('A thing');
    const { accessToken = '', refreshToken = '' } = await tokens(connectionId);
    for (const secret of [accessToken, refreshToken, 'sample-client-secret']) {
      expect(secret.length).toBeGreaterThan(10);
      expect(bench.file.read()).not.toContain(secret);
      expect(JSON.stringify([vault.read(), log])).not.toContain(secret);
    }
  });

  it('is not there at all when the person denied it', async () => {
    const { connect, press, vault, log, bench } = await house();
    press('deny');
    expect((await faultOf(connect())).code).toBe('oauth_denied');
    expect(vault.read().connections).toEqual([]);
    expect(bench.file.read()).not.toContain('con_');
    expect(log).toEqual([]);
  });

  it('is not there either when the API refuses what was granted', async () => {
    vendor = { ...vendor, app: { ...vendor.app, test: { path: '/gone', expect: ['id'] } } };
    const { connect, vault } = await house();
    expect((await faultOf(connect())).code).toBe('vendor_refused');
    expect(vault.read().connections).toEqual([]);
  });

  it('is renewed before it ends, once for all who wait, and the rotated token is kept', async () => {
    const { connect, call, tokens, clock, asked, signIn } = await house();
    const { connectionId } = await connect();
    expect(signIn.end(connectionId)).toEqual({ atMs: clock.nowMs() + hourMs, renews: true });
    const before = await tokens(connectionId);
    clock.advance(hourMs - 60_000);
    await Promise.all(Array.from({ length: 20 }, () => call(connectionId)));
    expect(refreshes(asked)).toBe(1);
    const after = await tokens(connectionId);
    expect(after.refreshToken).not.toBe(before.refreshToken);
    expect(after.expiresAtMs).toBe(clock.nowMs() + hourMs);
  });

  it('survives a restart with what is in the vault alone', async () => {
    const { connect, call, clock, asked, signIn } = await house();
    const { connectionId } = await connect();
    await call(connectionId);
    signIn.forgetAll();
    await call(connectionId);
    expect(refreshes(asked)).toBe(0);
    signIn.forgetAll();
    clock.advance(hourMs);
    expect((await call(connectionId)).result.isError).toBeUndefined();
    expect(refreshes(asked)).toBe(1);
  });

  it('gets a new token when the vendor has ended the old one early, and the call is made', async () => {
    const { connect, call, asked } = await house();
    const { connectionId } = await connect();
    await call(connectionId);
    vendor.vendors.expireTokens(vendor.app.id, 'access only');
    expect((await call(connectionId)).result.isError).toBeUndefined();
    expect(refreshes(asked)).toBe(1);
  });

  it('needs a sign-in when the vendor has ended it, keeps its policies, and works after Reconnect', async () => {
    const { connect, call, connections, vault } = await house();
    const { connectionId } = await connect();
    const policies = vault.readPolicies()[connectionId];
    vendor.vendors.expireTokens(vendor.app.id, 'everything');
    expect((await faultOf(call(connectionId))).code).toBe('oauth_refused');
    const { state } = await connections.check(connectionId, 'quietly');
    expect(state).toMatchObject({ kind: 'needs_sign_in', reason: expect.stringContaining('Use Reconnect') });
    // The client secret was left empty, so the stored one is used.
    const again = await connections.reconnect(connectionId, { ...vendor.values, clientSecret: '' });
    expect(again.state).toEqual({ kind: 'connected' });
    expect((await call(connectionId)).result.isError).toBeUndefined();
    expect(vault.readPolicies()[connectionId]).toEqual(policies);
  });

  it('stays as it was when Reconnect is denied', async () => {
    const { connect, call, connections, press, tokens } = await house();
    const { connectionId } = await connect();
    const before = await tokens(connectionId);
    press('deny');
    expect((await faultOf(connections.reconnect(connectionId, vendor.values))).code).toBe('oauth_denied');
    expect(await tokens(connectionId)).toEqual(before);
    expect((await call(connectionId)).result.isError).toBeUndefined();
  });

  it('without a refresh token says when it ends, is used to its end, and needs a sign-in then', async () => {
    const { connect, call, connections, vault, clock } = await house({ refresh: false });
    const { connectionId } = await connect();
    const [record] = vault.read().connections;
    expect(record?.signInEndsAtMs).toBe(clock.nowMs() + hourMs);
    clock.advance(hourMs - 1_000);
    expect((await call(connectionId)).result.isError).toBeUndefined();
    clock.advance(1_000);
    expect((await faultOf(call(connectionId))).code).toBe('oauth_refused');
    expect((await connections.check(connectionId, 'quietly')).state).toMatchObject({ kind: 'needs_sign_in' });
  });

  it('does not mind a clock of this computer that is wrong by an hour', async () => {
    const { connect, call, clock, asked } = await house();
    clock.advance(2 * hourMs);
    clock.advance(-hourMs);
    const { connectionId } = await connect();
    await call(connectionId);
    // Put right again: the token looks older than it is, and is renewed once.
    clock.advance(hourMs);
    await call(connectionId);
    await call(connectionId);
    expect(refreshes(asked)).toBe(1);
  });

  it('is revoked at the vendor on disconnect, and what it had is worth nothing', async () => {
    const { connect, connections, tokens, asked } = await house();
    const { connectionId } = await connect();
    const { accessToken = '', refreshToken = '' } = await tokens(connectionId);
    const { revocation } = await connections.disconnect(connectionId);
    expect(revocation.kind).toBe('confirmed');
    expect(asked.at(-1)).toBe('POST /revoke');
    const url = `${vendor.values.site}/v1/me`;
    const headers = { Authorization: `Bearer ${accessToken}`, Accept: 'application/json' };
    expect((await vendor.send({ method: 'GET', url, headers })).status).toBe(401);
    const needs = { nowMs: Date.now, name: 'Vendor', send: vendor.send };
    const refresh = refreshTokens(needs, oauthSetup(vendor.app, vendor.values), refreshToken);
    expect((await faultOf(refresh)).code).toBe('oauth_refused');
  });

  it('that could not be revoked offline is kept, and revoked when one tries again', async () => {
    const { connect, connections, vault } = await house();
    const { connectionId } = await connect();
    vendor.vendors.fail(vendor.app.id, { kind: 'offline' });
    const { revocation } = await connections.disconnect(connectionId);
    expect(revocation.kind).toBe('failed');
    expect(vault.read().connections).toEqual([]);
    vendor.vendors.fail(vendor.app.id, undefined);
    expect((await connections.retryRevoke(connectionId)).revocation.kind).toBe('confirmed');
    expect((await faultOf(vault.readSecret(connectionId))).code).toBe('secret_missing');
  });
});
