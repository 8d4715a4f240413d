/** What the protocol makes of answers that no honest server gives. */
import { describe, expect, it } from 'vitest';
import { judgeLanding } from '../../../src/main/oauth/landing';
import { mayShow, originInWords } from '../../../src/main/oauth/popup-rules';
import {
  exchangeCode,
  type OAuthSetup,
  prepareSignIn,
  refreshTokens,
} from '../../../src/main/oauth/protocol';
import type { InboundAnswer, OutboundRequest } from '../../../src/main/ports';

const setup: OAuthSetup = {
  authorizeUrl: 'https://login.vendor.example/authorize?tenant=acme',
  tokenUrl: 'https://login.vendor.example/token',
  clientId: 'client',
  clientSecret: undefined,
  scope: 'read offline_access',
  authorizeParams: { prompt: 'select_account' },
  redirectUri: 'http://127.0.0.1:4711/',
};

async function landed(query: string, change: Partial<OAuthSetup> = {}) {
  const prepared = await prepareSignIn(setup);
  const landing = new URL(`${setup.redirectUri}?${query.replace('STATE', prepared.state)}`);
  return judgeLanding({ ...setup, ...change }, prepared, landing, 'Vendor');
}

function answering(body: unknown, status = 200, type = 'application/json') {
  const sent: OutboundRequest[] = [];
  const send = async (request: OutboundRequest): Promise<InboundAnswer> => {
    sent.push(request);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return { status, headers: { 'content-type': type }, text, tookMs: 1 };
  };
  return { sent, needs: { nowMs: () => 5_000, name: 'Vendor', send } };
}

async function exchanged(body: unknown, status?: number, type?: string) {
  const { needs, sent } = answering(body, status, type);
  const prepared = await prepareSignIn(setup);
  const landing = new URL(`${setup.redirectUri}?code=c0de&state=${prepared.state}`);
  const params = judgeLanding(setup, prepared, landing, 'Vendor');
  return { tokens: await exchangeCode(needs, setup, prepared, params), sent, prepared };
}

describe('the authorization request', () => {
  it('asks for a code with PKCE and keeps what the address held already', async () => {
    const { url, state, verifier } = await prepareSignIn(setup);
    const asked = new URL(url).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      tenant: 'acme',
      prompt: 'select_account',
      response_type: 'code',
      client_id: 'client',
      redirect_uri: 'http://127.0.0.1:4711/',
      scope: 'read offline_access',
      code_challenge_method: 'S256',
      state,
    });
    expect(asked.get('code_challenge')).not.toBe(verifier);
    expect(state.length).toBeGreaterThan(30);
    expect((await prepareSignIn(setup)).state).not.toBe(state);
  });
});

describe('the landing', () => {
  it.each([
    ['another state', 'code=c&state=guessed', 'oauth_state_mismatch'],
    ['no state', 'code=c', 'oauth_state_mismatch'],
    ['two states', 'code=c&state=STATE&state=guessed', 'oauth_failed'],
    ['another issuer', 'code=c&state=STATE&iss=https%3A%2F%2Fevil.example', 'oauth_failed'],
    ['an issuer that is no address', 'code=c&state=STATE&iss=vendor', 'oauth_failed'],
    ['no code', 'state=STATE', 'oauth_failed'],
    ['an error of the vendor', 'error=server_error&state=STATE', 'oauth_failed'],
    ['a denial', 'error=access_denied&state=STATE', 'oauth_denied'],
  ])('with %s is refused', async (_what, query, code) => {
    await expect(landed(query)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/^[A-Z].*\.$/),
    });
  });

  it('is held to the issuer exactly, where it is known', async () => {
    const issuer = 'https://login.vendor.example/acme';
    const iss = (value: string) => `code=c&state=STATE&iss=${encodeURIComponent(value)}`;
    await expect(landed(iss('https://login.vendor.example'), { issuer })).rejects.toMatchObject({
      code: 'oauth_failed',
    });
    expect((await landed(iss(issuer), { issuer })).get('code')).toBe('c');
    expect((await landed(iss('https://login.vendor.example/x'))).get('code')).toBe('c');
  });

  it('tells the words of the vendor as one short line', async () => {
    const words = encodeURIComponent(`No\u0000pe\n\u202Eright${'x'.repeat(900)}`);
    const judged = landed(`error=server_error&error_description=${words}&state=STATE`);
    await expect(judged).rejects.toMatchObject({ message: expect.not.stringMatching(/[\p{Cc}\p{Cf}]/u) });
    await judged.catch((error: Error) => expect(error.message.length).toBeLessThan(400));
  });
});

describe('the answer of the token endpoint', () => {
  const good = { access_token: 'acc', token_type: 'Bearer' };

  it('is asked with the verifier and without a secret for a public client', async () => {
    const { sent, prepared } = await exchanged({ ...good, expires_in: 60 });
    const body = new URLSearchParams(sent[0]?.body);
    expect(Object.fromEntries(body)).toEqual({
      grant_type: 'authorization_code',
      code: 'c0de',
      redirect_uri: setup.redirectUri,
      code_verifier: prepared.verifier,
      client_id: 'client',
    });
  });

  it.each([
    ['none', {}, undefined],
    ['a number', { expires_in: 60 }, 65_000],
    ['a text', { expires_in: '60' }, 65_000],
    ['nought', { expires_in: 0 }, undefined],
    ['a negative number', { expires_in: -5 }, undefined],
    ['nonsense', { expires_in: 'soon' }, undefined],
  ])('with a lifetime that is %s', async (_what, more, expiresAtMs) => {
    expect((await exchanged({ ...good, ...more })).tokens).toEqual({
      accessToken: 'acc',
      refreshToken: undefined,
      expiresAtMs,
    });
  });

  it('with an ID token that says anything at all is fine: nobody looks at it', async () => {
    expect((await exchanged({ ...good, id_token: 'not.a.jwt' })).tokens.accessToken).toBe('acc');
  });

  it.each([
    ['no token', { token_type: 'Bearer' }],
    ['no kind of token', { access_token: 'acc' }],
    ['another kind of token', { access_token: 'acc', token_type: 'mac' }],
    ['a token bound to a key', { access_token: 'acc', token_type: 'DPoP' }],
    ['a token that is a number', { access_token: 7, token_type: 'Bearer' }],
    ['a list', [good]],
    ['no JSON', 'not json'],
  ])('with %s is refused, and holds nothing of it', async (_what, body) => {
    const refused = exchanged(body);
    await expect(refused).rejects.toMatchObject({ code: 'oauth_failed' });
    await refused.catch((error: Error) => expect(error.message).not.toMatch(/acc\b|c0de/));
  });

  it('keeps the refresh token where no other one comes', async () => {
    const { needs } = answering({ ...good, expires_in: 60 });
    expect(await refreshTokens(needs, setup, 'r1')).toEqual({
      accessToken: 'acc',
      refreshToken: 'r1',
      expiresAtMs: 65_000,
    });
  });

  it.each([
    ['invalid_grant', 400, 'oauth_refused'],
    ['invalid_client', 401, 'oauth_refused'],
  ])('to a refresh that says %s', async (error, status, code) => {
    const { needs } = answering({ error, error_description: 'AADSTS70000: the grant is gone.' }, status);
    await expect(refreshTokens(needs, setup, 'r1')).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`AADSTS70000: the grant is gone (${error}).`),
    });
  });
});

describe('a refresh that meets a vendor with troubles of its own', () => {
  it('is no reason to sign in again', async () => {
    const { needs } = answering({ error: 'temporarily_unavailable' }, 503);
    await expect(refreshTokens(needs, setup, 'r1')).rejects.toMatchObject({
      code: 'oauth_failed',
      retryable: true,
    });
  });
});

describe('the sign-in window', () => {
  const back = 'http://127.0.0.1:4711/callback';
  it.each([
    ['https://login.vendor.example/x', true],
    ['http://127.0.0.1:4711/callback?code=c', true],
    ['http://127.0.0.1:4711/other', false],
    ['http://127.0.0.1:4712/callback', false],
    ['http://localhost:4711/callback', false],
    ['http://login.vendor.example/', false],
    ['https://user:pass@login.vendor.example/', false],
    ['file:///etc/passwd', false],
    ['javascript:alert(1)', false],
    ['data:text/html,x', false],
    ['app://gatehouse/index.html', false],
    ['gatehouse:x', false],
    ['nonsense', false],
  ])('at %s: %s', (url, may) => {
    expect(mayShow(url, back)).toBe(may);
  });

  it('names its origin and nothing of the address behind it', () => {
    expect(originInWords('https://login.vendor.example/x?code=c0de')).toBe('https://login.vendor.example');
  });
});
