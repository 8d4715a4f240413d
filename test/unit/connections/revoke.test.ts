/** The one request that ends an access, and which of its answers mean that it has ended. */
import { describe, expect, it } from 'vitest';
import type { App } from '../../../src/main/catalog/app';
import { revokeAtVendor } from '../../../src/main/connections/revoke';
import { createSignIn } from '../../../src/main/connections/sign-in';
import { HandClock } from '../../fakes/hand-clock';
import { byEndpoint, byHand, byToken, madeUpApp, noGrants, oauth } from '../../fakes/made-up-app';
import { ScriptedHttp, type Step } from '../../fakes/scripted-http';

const json = { 'content-type': 'application/json' };

async function revoke(
  app: App,
  step: Step,
  secret: Record<string, string>,
  open: Record<string, string> = {},
) {
  const http = new ScriptedHttp(step);
  const send = (_key: string, request: Parameters<typeof http.send>[0]) => http.send(request);
  const signIn = createSignIn({ clock: new HandClock(), send, granted: noGrants });
  const access = { connectionId: 'con_00000001', open, secret };
  const answer = revokeAtVendor({ send, signIn }, app, access, new AbortController().signal);
  const outcome = await answer.then(
    (revoked) => ({ kind: revoked.kind as string, words: revoked.sentence }),
    (error: Error) => ({ kind: 'refused', words: error.message }),
  );
  return { ...outcome, sent: http.sent };
}

describe('revoking by RFC 7009', () => {
  const app = madeUpApp(byToken, oauth);
  const tokens = { 'oauth.refreshToken': 'r+1', 'oauth.accessToken': 'a1' };

  it('hands in the refresh token and names the client', async () => {
    const { kind, words, sent } = await revoke(
      app,
      { status: 200 },
      { ...tokens, clientSecret: 's&t' },
      { clientId: 'gate' },
    );
    expect(kind).toBe('confirmed');
    expect(words).toBe('Vendor confirmed that the access is revoked.');
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      method: 'POST',
      url: 'https://vendor.example/revoke',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'token=r%2B1&token_type_hint=refresh_token&client_id=gate&client_secret=s%26t',
    });
  });

  it('hands in the access token where there is no other, without a secret for a public client', async () => {
    const { sent } = await revoke(app, { status: 200 }, { 'oauth.accessToken': 'a1' }, { clientId: 'gate' });
    expect(sent[0]?.body).toBe('token=a1&token_type_hint=access_token&client_id=gate');
  });

  it('sends nothing where no token was kept, and does not claim that the vendor said so', async () => {
    const { kind, words, sent } = await revoke(app, { status: 500 }, {});
    expect(kind).toBe('confirmed');
    expect(words).toBe('There was no token of Vendor left to revoke.');
    expect(sent).toEqual([]);
  });

  it.each([
    ['an invalid token as ended', 400, 'invalid_token', 'confirmed'],
    ['a type of token that cannot be revoked as alive', 400, 'unsupported_token_type', 'refused'],
    ['a client that is not known as alive', 401, 'invalid_client', 'refused'],
    ['an invalid token in another answer as alive', 500, 'invalid_token', 'refused'],
    ['a vendor that is down as alive', 503, '', 'refused'],
  ])('takes %s', async (_what, status, error, kind) => {
    const outcome = await revoke(app, { status, headers: json, text: JSON.stringify({ error }) }, tokens);
    expect(outcome.kind).toBe(kind);
    if (kind === 'refused') expect(outcome.words).toContain(`Vendor answered ${status}`);
    expect(outcome.words).not.toMatch(/r\+1|a1/);
  });
});

describe('revoking by an endpoint of the vendor', () => {
  const app = madeUpApp(byEndpoint);

  it('asks below the address of the connection, signed in', async () => {
    const { sent } = await revoke(app, { status: 204 }, { key: 'k1' }, { site: 'a/b' });
    expect(sent).toMatchObject([
      {
        method: 'DELETE',
        url: 'https://api.vendor.example/v1/sites/a%2Fb/access',
        headers: { 'X-Key': 'k1' },
      },
    ]);
  });

  it.each([200, 204, 401, 404, 410])('takes %i as ended', async (status) => {
    expect((await revoke(app, { status }, { key: 'k1' }, { site: 's' })).kind).toBe('confirmed');
  });

  it.each([400, 403, 409, 429, 500])('takes %i as alive, in the words of the vendor', async (status) => {
    const text = JSON.stringify({ message: 'Not now.' });
    const { kind, words } = await revoke(app, { status, headers: json, text }, { key: 'k1' }, { site: 's' });
    expect(kind).toBe('refused');
    expect(words).toContain('Not now.');
  });
});

it('sends nothing to a vendor that has no way, and says where it is done', async () => {
  const { kind, words, sent } = await revoke(madeUpApp(byHand), { status: 500 }, { key: 'k1' });
  expect(kind).toBe('byHand');
  expect(words).toBe('The access at Vendor still has to be revoked by hand. Delete the key under Settings.');
  expect(sent).toEqual([]);
});
