/** How a request is signed in, for every kind of vendor, on a clock that stands still and an HTTP port that answers by script. */
import { describe, expect, it } from 'vitest';
import { type App, appSchema } from '../../../src/main/catalog/app';
import { callVendor } from '../../../src/main/connections/call-vendor';
import { discover } from '../../../src/main/connections/discover';
import { createSignIn } from '../../../src/main/connections/sign-in';
import type { InboundAnswer, OutboundRequest } from '../../../src/main/ports';
import type { Fault } from '../../../src/preload/contract/reply';
import { HandClock } from '../../fakes/hand-clock';
import { noGrants } from '../../fakes/made-up-app';
import { vaultBench } from '../../fakes/vault-bench';

const field = (name: string, secret: boolean) => ({ name, label: name, help: 'Where it is.', secret });

const aTool = {
  name: 'get-thing',
  title: 'Get a thing',
  description: 'Gets a thing that is only there for a test.',
  access: 'read',
  input: { type: 'object', additionalProperties: false },
  request: { method: 'GET', path: '/thing' },
  summary: 'Get a thing',
};

function appWith(auth: Record<string, unknown>, more: Record<string, unknown> = {}): App {
  return appSchema.parse({
    id: 'vendor',
    name: 'Vendor',
    vendor: 'Vendor',
    category: 'RMM',
    summary: 'A vendor',
    website: 'https://vendor.example',
    docs: 'https://vendor.example/docs',
    logo: { initials: 'V', colour: '#000000' },
    alias: 'vendor',
    auth: { fields: [field('user', false), field('secret', true)], ...auth },
    baseUrl: 'https://api.vendor.example',
    account: '{user}',
    test: { path: '/me', expect: ['id'] },
    revoke: { kind: 'byHand', sentence: 'Delete the key by hand.' },
    limits: { concurrency: 2 },
    errors: { message: ['message', 'error_description', 'error'] },
    tools: [aTool],
    ...more,
  });
}

const exchange = {
  kind: 'tokenExchange',
  login: {
    method: 'POST',
    url: 'https://api.vendor.example/login',
    body: { kind: 'json', values: { UserName: '{user}', Password: '{secret}', Code: '{code}' } },
    headers: { ClientId: '{user}' },
  },
  token: 'tokens.access.token',
  expiresInSeconds: 'tokens.access.expirySeconds',
};
const clientCredentials = {
  kind: 'clientCredentials',
  tokenUrl: 'https://api.vendor.example/token',
  clientId: '{user}',
  clientSecret: '{secret}',
  scope: 'read write',
  send: 'form',
};
const values = { open: { user: 'a b' }, secret: { secret: 'p:w&d' } };

function bench(...answers: (Partial<InboundAnswer> & { json?: unknown })[]) {
  const clock = new HandClock();
  const sent: OutboundRequest[] = [];
  const send = async (_key: string, request: OutboundRequest): Promise<InboundAnswer> => {
    const { json, ...rest } = answers[Math.min(sent.length, answers.length - 1)] ?? {};
    sent.push(request);
    const text = json === undefined ? '' : JSON.stringify(json);
    return { status: 200, headers: { 'content-type': 'application/json' }, text, tookMs: 1, ...rest };
  };
  return { clock, sent, send, signIn: createSignIn({ clock, send, granted: noGrants }) };
}

const faultOf = (promise: Promise<unknown>): Promise<Fault> =>
  promise.then(
    () => Promise.reject(new Error('It should have been refused.')),
    (error: Fault) => error,
  );
const token = (text: string, seconds = 3600) => ({
  json: { tokens: { access: { token: text, expirySeconds: seconds } } },
});

describe('a form whose values are put on every request', () => {
  it('needs no question', async () => {
    const app = appWith({
      kind: 'credentials',
      basic: { user: '{user}', password: '{secret}' },
      headers: { 'x-user': '{user}' },
    });
    const { signIn, sent } = bench();
    expect(await signIn.headers('con', app, values)).toEqual({
      'x-user': 'a b',
      Authorization: `Basic ${Buffer.from('a b:p:w&d').toString('base64')}`,
    });
    expect(sent).toEqual([]);
    expect(signIn.renews(app)).toBe(false);
  });
});

describe('a vendor that hands out tokens', () => {
  it('is asked once, and again shortly before the token ends', async () => {
    const { signIn, sent, clock } = bench(token('one'), token('two'));
    const app = appWith(exchange);
    expect(await signIn.headers('con', app, values)).toEqual({ Authorization: 'Bearer one' });
    clock.advance(54 * 60_000);
    expect(await signIn.headers('con', app, values)).toEqual({ Authorization: 'Bearer one' });
    expect(sent).toHaveLength(1);
    clock.advance(60_000);
    expect(await signIn.headers('con', app, values)).toEqual({ Authorization: 'Bearer two' });
  });

  it('is asked in its own words, without what was left empty', async () => {
    const { signIn, sent } = bench(token('one'));
    await signIn.headers('con', appWith(exchange), values);
    expect(sent[0]).toMatchObject({ method: 'POST', url: 'https://api.vendor.example/login' });
    expect(sent[0]?.headers).toMatchObject({ ClientId: 'a b', 'Content-Type': 'application/json' });
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual({ UserName: 'a b', Password: 'p:w&d' });
  });

  it('hears one question from everyone who waits', async () => {
    const { signIn, sent } = bench(token('one'));
    const app = appWith(exchange);
    const all = await Promise.all(Array.from({ length: 20 }, () => signIn.headers('con', app, values)));
    expect(new Set(all.map((one) => one.Authorization))).toEqual(new Set(['Bearer one']));
    expect(sent).toHaveLength(1);
  });

  it('is asked anew for a test, for another connection, and after a token was forgotten', async () => {
    const { signIn, sent } = bench(token('one'));
    const app = appWith(exchange);
    await signIn.headers('con', app, values);
    await signIn.headers(undefined, app, values);
    await signIn.headers('other', app, values);
    expect(sent).toHaveLength(3);
    signIn.forget('con');
    await signIn.headers('con', app, values);
    await signIn.headers('other', app, values);
    expect(sent).toHaveLength(4);
    signIn.forgetAll();
    await signIn.headers('other', app, values);
    expect(sent).toHaveLength(5);
  });

  it('whose answer comes after the token was forgotten is not kept', async () => {
    const { signIn, sent } = bench(token('one'));
    const app = appWith(exchange);
    const first = signIn.headers('con', app, values);
    signIn.forget('con');
    await first;
    await signIn.headers('con', app, values);
    expect(sent).toHaveLength(2);
  });

  it('is asked again after it failed, and its words are said', async () => {
    const { signIn, sent } = bench({ status: 401, json: { message: 'Bad password' } }, token('one'));
    const app = appWith(exchange);
    const fault = await faultOf(signIn.headers('con', app, values));
    expect(fault.code).toBe('vendor_refused');
    expect(fault.message).toContain('Bad password');
    expect(fault.message).not.toContain('p:w&d');
    expect(await signIn.headers('con', app, values)).toEqual({ Authorization: 'Bearer one' });
    expect(sent).toHaveLength(2);
  });

  it.each([
    ['no token', {}],
    ['an empty one', { tokens: { access: { token: '' } } }],
    ['a token with a line break', { tokens: { access: { token: 'a\r\nX-Evil: 1' } } }],
    ['a number', { tokens: { access: { token: 7 } } }],
    ['a list', []],
  ])('and answers with %s is refused in the catalog’s words', async (_what, json) => {
    const { signIn } = bench({ json });
    const app = appWith({
      ...exchange,
      noToken: 'A second factor is asked for. Use an account without one.',
    });
    const fault = await faultOf(signIn.headers('con', app, values));
    expect(fault.message).toBe('A second factor is asked for. Use an account without one.');
  });

  it('is believed in the end of its token only as far as that makes sense', async () => {
    const app = appWith({
      ...exchange,
      token: 'token',
      expiresInSeconds: undefined,
      expiresAt: 'ends',
      lifetimeSeconds: 3600,
    });
    const at = (ms: number) => new Date(1_000_000 + ms).toISOString();
    for (const [ends, goodMs] of [
      [at(1_800_000), 1_800_000 - 180_000],
      [at(-3_600_000), 3_600_000 - 300_000],
      [at(999_999_999), 3_600_000 - 300_000],
      ['soon', 3_600_000 - 300_000],
    ] as const) {
      const { signIn, sent, clock } = bench({ json: { token: 'one', ends } });
      await signIn.headers('con', app, values);
      clock.advance(goodMs - 1);
      await signIn.headers('con', app, values);
      expect(sent).toHaveLength(1);
      clock.advance(1);
      await signIn.headers('con', app, values);
      expect(sent).toHaveLength(2);
    }
  });
});

describe('client credentials', () => {
  const answer = { json: { access_token: 'one', expires_in: 3600 } };

  it.each([
    [
      'form',
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      'grant_type=client_credentials&scope=read+write&client_id=a+b&client_secret=p%3Aw%26d',
    ],
    [
      'basic',
      { Authorization: `Basic ${Buffer.from('a%20b:p%3Aw%26d').toString('base64')}` },
      'grant_type=client_credentials&scope=read+write',
    ],
  ])('are sent as %s', async (send, headers, body) => {
    const { signIn, sent } = bench(answer);
    await signIn.headers('con', appWith({ ...clientCredentials, send }), values);
    expect(sent[0]?.headers).toMatchObject(headers);
    expect(sent[0]?.body).toBe(body);
  });

  it('are sent as JSON where a vendor wants that', async () => {
    const { signIn, sent } = bench(answer);
    await signIn.headers('con', appWith({ ...clientCredentials, send: 'json' }), values);
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual({
      grant_type: 'client_credentials',
      scope: 'read write',
      client_id: 'a b',
      client_secret: 'p:w&d',
    });
  });
});

describe('a call whose token is refused', () => {
  async function called(auth: Record<string, unknown>, statuses: readonly number[], said?: string) {
    const app = appWith(auth, { tools: [{ ...aTool, reveals: ['password'] }] });
    const [tool] = app.tools;
    const { vault } = vaultBench();
    await vault.open();
    await vault.putSecret('con_0123456789', { secret: 's' });
    const seen: string[] = [];
    const clock = new HandClock();
    const send = async (_key: string, request: OutboundRequest): Promise<InboundAnswer> => {
      const isLogin = request.url.endsWith('/token');
      seen.push(isLogin ? 'login' : (request.headers.Authorization ?? ''));
      const calls = seen.filter((one) => one !== 'login').length;
      const logins = seen.length - calls;
      const json = isLogin ? { access_token: `t${logins}` } : { message: 'Token is no good' };
      const status = isLogin ? 200 : (statuses[Math.min(calls, statuses.length) - 1] ?? 200);
      return {
        status,
        headers: { 'content-type': 'application/json' },
        text: (isLogin ? undefined : said) ?? JSON.stringify(json),
        tookMs: 1,
      };
    };
    const connection = {
      connectionId: 'con_0123456789',
      appId: 'vendor',
      label: 'Vendor',
      alias: 'vendor',
      values: { user: 'a' },
      account: 'a',
      state: { kind: 'connected' },
      connectedAtMs: 1,
      lastCheckedAtMs: 1,
      lastCheckTookMs: 1,
      noticeOpen: false,
      toolsHash: 'x',
    } as const;
    if (tool === undefined) throw new Error('The app has no tool.');
    const needs = { vault, send, signIn: createSignIn({ clock, send, granted: noGrants }) };
    const answer = await callVendor(needs, connection, app, tool, {}, new AbortController().signal);
    return { seen, answer };
  }

  it('is made once more with a new one', async () => {
    const { seen, answer } = await called(clientCredentials, [401, 200]);
    expect(seen).toEqual(['login', 'Bearer t1', 'login', 'Bearer t2']);
    expect(answer.status).toBe(200);
  });

  it('is not made a third time', async () => {
    const { seen, answer } = await called(clientCredentials, [401]);
    expect(seen).toHaveLength(4);
    expect(answer.result.content[0].text).toContain('Token is no good');
  });

  it('hands on no answer that holds secrets and cannot be read', async () => {
    const basic = { kind: 'credentials', basic: { user: '{user}', password: '{secret}' } };
    const textOf = async (said: string) => (await called(basic, [200], said)).answer.result.content[0].text;
    expect(await textOf('{"password":"hunter2","name":"x"}')).toBe('{"password":"[masked]","name":"x"}');
    for (const said of ['password=hunter2', '{"password":"hunter2"', '<p>hunter2</p>'])
      expect(await textOf(said)).toContain('withheld');
  });

  it('is made once where the form itself signs in, or something else went wrong', async () => {
    const basic = { kind: 'credentials', basic: { user: '{user}', password: '{secret}' } };
    expect((await called(basic, [401])).seen).toHaveLength(1);
    expect((await called(clientCredentials, [500])).seen).toEqual(['login', 'Bearer t1']);
  });
});

describe('an address that is discovered', () => {
  const app = appWith(
    { kind: 'credentials' },
    {
      discover: {
        url: 'https://www.vendor.example/zone?user={user}',
        values: { zoneUrl: 'url' },
        hosts: ['vendor.example'],
      },
    },
  );

  it('is asked for without credentials and loses its slash', async () => {
    const { send, sent } = bench({ json: { url: 'https://zone5.vendor.example/rest/' } });
    expect(await discover({ send }, app, { user: 'a&b' })).toEqual({
      zoneUrl: 'https://zone5.vendor.example/rest',
    });
    expect(sent[0]).toMatchObject({
      url: 'https://www.vendor.example/zone?user=a%26b',
      headers: { Accept: 'application/json' },
    });
  });

  it.each([
    'https://evil.example/',
    'https://vendor.example.evil.example/',
    'https://notvendor.example/',
    'http://zone.vendor.example/',
    'https://user@zone.vendor.example/',
    'not an address',
    7,
    null,
  ])('is not believed when it is %s', async (url) => {
    const { send } = bench({ json: { url } });
    expect((await faultOf(discover({ send }, app, { user: 'a' }))).code).toBe('vendor_answer_invalid');
  });
});
