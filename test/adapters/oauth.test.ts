/** Sign-in by OAuth against a real authorization server over TLS, with a person who needs no window. */
import { request as plainRequest } from 'node:http';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { oauthSetup, signInPlan } from '../../src/main/connections/granted';
import { judgeLanding } from '../../src/main/oauth/landing';
import { openLoopback } from '../../src/main/oauth/loopback.node';
import {
  exchangeCode,
  type OAuthSetup,
  type OAuthTokens,
  prepareSignIn,
  refreshTokens,
} from '../../src/main/oauth/protocol';
import { type PageToShow, signInByOAuth } from '../../src/main/oauth/sign-in';
import { HandClock } from '../fakes/hand-clock';
import { type OAuthVendor, startOAuthVendor } from '../fakes/oauth-vendor';
import { answerSignIn } from '../fakes/person';

const kinds = ['public', 'with a secret'] as const;
const vendors = new Map<string, OAuthVendor>();

beforeAll(async () => {
  for (const kind of kinds) vendors.set(kind, await startOAuthVendor(kind));
});
afterEach(() => {
  for (const { vendors: running, app } of vendors.values()) running.fail(app.id, undefined);
});
afterAll(async () => {
  for (const vendor of vendors.values()) await vendor.close();
});

function vendorOf(kind: (typeof kinds)[number] = 'with a secret'): OAuthVendor {
  const found = vendors.get(kind);
  if (found === undefined) throw new Error(`No vendor ${kind}.`);
  return found;
}

const needsOf = (vendor: OAuthVendor) => ({ nowMs: () => 1_000_000, name: 'Vendor', send: vendor.send });

/** What a person does with the page that is shown. */
type Doing = (page: PageToShow, vendor: OAuthVendor) => Promise<unknown>;
const answers =
  (button: 'sign in' | 'deny'): Doing =>
  async (page, vendor) =>
    await land(await answerSignIn(vendor.vendors, page.url, button));

/** The browser opens the address that leads back. @returns Status and page. */
function land(
  url: URL,
  change: { method?: string; host?: string } = {},
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = plainRequest(
      url,
      { method: change.method ?? 'GET', headers: change.host === undefined ? {} : { Host: change.host } },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      },
    );
    asked.on('error', reject).end();
  });
}

interface Attempt {
  readonly ended: Promise<OAuthTokens>;
  readonly clock: HandClock;
  readonly cancel: () => void;
  readonly closed: () => boolean;
}

function attempt(doing: Doing, vendor = vendorOf(), close?: Promise<void>): Attempt {
  const clock = new HandClock();
  const controller = new AbortController();
  let isClosed = false;
  const show = async (page: PageToShow) => {
    void doing(page, vendor);
    return {
      closed: close ?? new Promise<void>(() => undefined),
      close: () => {
        isClosed = true;
      },
    };
  };
  const ended = signInByOAuth(
    { ...needsOf(vendor), clock, openLoopback, show },
    signInPlan(vendor.app, vendor.values),
    'popup',
    controller.signal,
  );
  return { ended, clock, cancel: () => controller.abort(), closed: () => isClosed };
}

async function callWith(vendor: OAuthVendor, token: string): Promise<number> {
  const headers = { Authorization: `Bearer ${token}`, Accept: 'application/json' };
  return (await vendor.send({ method: 'GET', url: `${vendor.values.site}/v1/me`, headers })).status;
}

describe.each(kinds)('a client %s', (kind) => {
  it('gets tokens that the vendor takes, and a window that is closed', async () => {
    const vendor = vendorOf(kind);
    const { ended, closed } = attempt(answers('sign in'), vendor);
    const tokens = await ended;
    expect(tokens.refreshToken).toBeTypeOf('string');
    expect(tokens.expiresAtMs).toBe(1_000_000 + 3_600_000);
    expect(await callWith(vendor, tokens.accessToken)).toBe(200);
    expect(await callWith(vendor, `${tokens.accessToken}x`)).toBe(401);
    expect(closed()).toBe(true);
  });

  it('renews them, and the refresh token that was used is worth nothing any more', async () => {
    const vendor = vendorOf(kind);
    const { redirect: _, ...setup } = oauthSetup(vendor.app, vendor.values);
    const first = await attempt(answers('sign in'), vendor).ended;
    const second = await refreshTokens(needsOf(vendor), setup, first.refreshToken ?? '');
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(await callWith(vendor, second.accessToken)).toBe(200);
    const again = refreshTokens(needsOf(vendor), setup, first.refreshToken ?? '');
    await expect(again).rejects.toMatchObject({
      code: 'oauth_refused',
      message: expect.stringMatching(
        /^The sign-in has ended\. Vendor refused it: .*Use Reconnect to sign in again\.$/,
      ),
    });
    // Its reuse is taken for theft: what came from it is gone as well (RFC 9700 §4.14).
    expect(await callWith(vendor, second.accessToken)).toBe(401);
  });
});

describe('a sign-in that is not completed', () => {
  it('because the person denies it, ends in the words of the vendor', async () => {
    const { ended, closed } = attempt(answers('deny'));
    await expect(ended).rejects.toMatchObject({
      code: 'oauth_denied',
      message:
        'The access was denied at Vendor: The person denied the request (access_denied). Nothing was saved.',
    });
    expect(closed()).toBe(true);
  });

  it('because the window is closed, says so', async () => {
    const { ended } = attempt(async () => undefined, vendorOf(), Promise.resolve());
    await expect(ended).rejects.toMatchObject({ code: 'oauth_closed' });
  });

  it('because it is cancelled, says so and closes the window', async () => {
    const { ended, cancel, closed } = attempt(async () => cancel());
    await expect(ended).rejects.toMatchObject({ code: 'cancelled' });
    expect(closed()).toBe(true);
  });

  it('within ten minutes, ends by itself', async () => {
    const { ended, clock } = attempt(async () => {
      // The clock is asked for right after the window was shown.
      await new Promise((done) => setImmediate(done));
      clock.advance(600_000);
    });
    await expect(ended).rejects.toMatchObject({ code: 'vendor_timeout' });
  });

  it('closes its listener, however it ended', async () => {
    let redirectUri = '';
    const { ended, cancel } = attempt(async (page) => {
      redirectUri = page.redirectUri;
      cancel();
    });
    await expect(ended).rejects.toMatchObject({ code: 'cancelled' });
    await expect(land(new URL(redirectUri))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('the token endpoint', () => {
  /** Signs in up to the code, so that the exchange can be tried alone. */
  async function withCode(vendor = vendorOf()) {
    const { redirect: _, ...client } = oauthSetup(vendor.app, vendor.values);
    const setup: OAuthSetup = { ...client, redirectUri: 'http://127.0.0.1:9' };
    const prepared = await prepareSignIn(setup);
    const landing = await answerSignIn(vendor.vendors, prepared.url, 'sign in');
    return { vendor, setup, prepared, params: judgeLanding(setup, prepared, landing, 'Vendor') };
  }

  it('takes a code once', async () => {
    const { vendor, setup, prepared, params } = await withCode();
    const first = await exchangeCode(needsOf(vendor), setup, prepared, params);
    await expect(exchangeCode(needsOf(vendor), setup, prepared, params)).rejects.toMatchObject({
      code: 'oauth_failed',
      message: expect.stringContaining('invalid_grant'),
    });
    expect(await callWith(vendor, first.accessToken)).toBe(401);
  });

  it('takes no code from somebody who did not ask for it', async () => {
    const { vendor, setup, prepared, params } = await withCode();
    const thief = { ...prepared, verifier: (await prepareSignIn(setup)).verifier };
    await expect(exchangeCode(needsOf(vendor), setup, thief, params)).rejects.toMatchObject({
      code: 'oauth_failed',
    });
  });

  it('with a wrong client secret says what to look at', async () => {
    const { vendor, setup, prepared, params } = await withCode();
    const wrong = { ...setup, clientSecret: 'something else' };
    await expect(exchangeCode(needsOf(vendor), wrong, prepared, params)).rejects.toMatchObject({
      code: 'oauth_failed',
      message: expect.stringMatching(/client/),
    });
  });

  it.each([
    [
      'a failure of its own',
      { kind: 'status', status: 500 },
      /failed while one signed in \(status 500\)\. Try again later\./,
    ],
    ['a page of HTML', { kind: 'html' }, /not OAuth/],
  ] as const)('that answers with %s ends in a sentence', async (_what, failure, words) => {
    const { vendor, setup, prepared, params } = await withCode();
    vendor.vendors.fail(vendor.app.id, failure);
    const exchange = exchangeCode(needsOf(vendor), setup, prepared, params);
    await expect(exchange).rejects.toMatchObject({
      code: 'oauth_failed',
      message: expect.stringMatching(words),
    });
  });

  it('that cannot be reached is no sign-in that has ended', async () => {
    const vendor = vendorOf();
    const { redirect: _, ...setup } = oauthSetup(vendor.app, vendor.values);
    const { refreshToken = '' } = await attempt(answers('sign in')).ended;
    vendor.vendors.fail(vendor.app.id, { kind: 'offline' });
    const refresh = () => refreshTokens(needsOf(vendor), setup, refreshToken);
    await expect(refresh()).rejects.toMatchObject({ code: 'vendor_unreachable' });
    vendor.vendors.fail(vendor.app.id, undefined);
    expect((await refresh()).refreshToken).not.toBe(refreshToken);
  });
});

describe('the address that the sign-in comes back to', () => {
  it('lets a page of somebody else neither end nor steal an attempt', async () => {
    const seen: number[] = [];
    const { ended } = attempt(async (page, vendor) => {
      const landing = await answerSignIn(vendor.vendors, page.url, 'sign in');
      for (const wrong of ['?code=stolen&state=guessed', '?error=access_denied', '?code=x', ''])
        seen.push((await land(new URL(wrong, page.redirectUri))).status);
      seen.push((await land(new URL(`elsewhere${landing.search}`, page.redirectUri))).status);
      seen.push((await land(landing, { method: 'POST' })).status);
      seen.push((await land(landing, { host: 'evil.example' })).status);
      seen.push((await land(landing)).status);
    });
    expect((await ended).accessToken).toBeTypeOf('string');
    expect(seen).toEqual([400, 400, 400, 400, 404, 405, 404, 200]);
  });

  it('repeats nothing of what it was asked', async () => {
    let shown = '';
    const { ended } = attempt(async (page, vendor) => {
      const landing = await answerSignIn(vendor.vendors, page.url, 'sign in');
      shown = (await land(landing)).text;
    });
    await ended;
    expect(shown).toContain('You can close this page.');
    expect(shown).not.toMatch(/code=|state=|script/);
  });

  it('says which port is taken, and by what sentence to go on', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => other.once('listening', done));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(openLoopback({ host: '127.0.0.1', port, path: '/' }, () => true)).rejects.toMatchObject({
      code: 'port_taken',
      message: expect.stringContaining(`Port ${port}`),
    });
    other.close();
  });
});
