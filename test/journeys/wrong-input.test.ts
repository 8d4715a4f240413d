/**
 * Everything one can type wrong into the form of any app of the catalog, and everything its vendor can answer instead of the
 * right thing. Each ends in a sentence that says what is wrong; nothing is saved, nothing half.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ActivityEntry } from '../../src/main/activity/record';
import type { App } from '../../src/main/catalog/app';
import { checkForm } from '../../src/main/catalog/connect-form';
import { parseCatalog } from '../../src/main/catalog/load.node';
import { createConnections } from '../../src/main/connections/connect';
import { createSignIn } from '../../src/main/connections/sign-in';
import { createHttpOut } from '../../src/main/network/http-out.node';
import type { OutboundRequest } from '../../src/main/ports';
import type { Failure } from '../../src/main/practice/serve-vendor.node';
import type { SimulatedVendors } from '../../src/main/practice/simulated-vendors.node';
import type { Fault } from '../../src/preload/contract/reply';
import { HandClock } from '../fakes/hand-clock';
import { noGrants } from '../fakes/made-up-app';
import { startPractice } from '../fakes/practice';
import { vaultBench } from '../fakes/vault-bench';

const folder = 'resources/catalog';
const apps = parseCatalog(
  readdirSync(folder).map((file) => parse(readFileSync(`${folder}/${file}`, 'utf8'))),
);
const all = [...apps.values()].map((app): [string, App] => [app.id, app]);
let vendors: SimulatedVendors;
let http: ReturnType<typeof createHttpOut>;

beforeAll(async () => {
  vendors = await startPractice(apps);
  http = createHttpOut({ extraCaPem: [vendors.caPem], hosts: vendors.hosts });
});
afterEach(() => {
  for (const id of apps.keys()) vendors.fail(id, undefined);
});
afterAll(async () => {
  await http.close();
  await vendors.close();
});

/** Everything but a window: where a person would sign in, tokens of the simulated vendor's own kind are handed out. */
async function house(timeoutMs = 5_000) {
  const bench = vaultBench();
  await bench.vault.open();
  const log: ActivityEntry[] = [];
  const send = (_key: string, request: OutboundRequest, { signal }: { signal?: AbortSignal | undefined }) =>
    http.send(request, { timeoutMs, maxBytes: 1_000_000, signal });
  const connections = createConnections({
    signIn: createSignIn({ clock: new HandClock(), send, granted: noGrants }),
    authorize: async () => ({
      accessToken: 'not-granted-by-anybody',
      refreshToken: undefined,
      expiresAtMs: undefined,
    }),
    apps,
    appOf: ({ appId }) => apps.get(appId),
    vault: bench.vault,
    send,
    record: async (entry) => log.push(entry),
    clock: new HandClock(),
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    newId: () => `con_${randomBytes(10).toString('hex')}`,
    technician: 'm.weber',
  });
  const nothingIsSaved = () => {
    expect(bench.vault.read().connections).toEqual([]);
    expect(bench.file.read()).not.toContain('con_');
    expect(log).toEqual([]);
  };
  return { connections, nothingIsSaved };
}

const faultOf = (promise: Promise<unknown>): Promise<Fault> =>
  promise.then(
    () => Promise.reject(new Error('It should have been refused.')),
    (error: Fault) => error,
  );
/** It may begin with the name of a host. */
const sentence = /^[A-Z“]?[\w.:-]* .*[.!?”]$/s;

function formFault(app: App, change: Record<string, string>): Fault {
  try {
    checkForm(app, { ...vendors.sampleValues(app.id), ...change });
  } catch (error) {
    return error as Fault;
  }
  throw new Error(`${JSON.stringify(change)} was taken.`);
}

describe.each(all)('the form of %s', (_id, app) => {
  const { fields } = app.auth;

  it('names every field that is missing or blank', () => {
    for (const { name, label, required } of fields.filter((field) => field.required)) {
      expect(required).toBe(true);
      for (const blank of ['', '   ', '\t']) {
        const fault = formFault(app, { [name]: blank });
        expect(fault).toMatchObject({
          code: 'form_invalid',
          fields: [{ field: name, message: `${label} is missing.` }],
        });
      }
    }
  });

  it('takes spaces around what was pasted, in every field', () => {
    const right = vendors.sampleValues(app.id);
    const padded = Object.fromEntries(Object.entries(right).map(([name, value]) => [name, `  ${value} `]));
    expect(checkForm(app, padded)).toEqual(checkForm(app, right));
  });

  it('refuses line breaks and control characters inside a value', () => {
    for (const { name } of fields) {
      const value = vendors.sampleValues(app.id)[name] ?? 'x';
      const fault = formFault(app, { [name]: `${value.slice(0, 2)}\r\n\u0000${value.slice(2)}` });
      expect(fault.fields.map((one) => one.field)).toEqual([name]);
    }
  });

  it('refuses what does not have the form of the field, in words', () => {
    for (const field of fields.filter((one) => one.pattern !== undefined)) {
      const fault = formFault(app, { [field.name]: '§ '.repeat(500) });
      expect(fault.message).toBe(field.patternMessage ?? `${field.label} does not have the right form.`);
      expect(fault.message).toMatch(sentence);
    }
  });

  it('takes only https addresses of a host, and says which one was meant', () => {
    for (const { name, label } of fields.filter((field) => field.normalize === 'origin')) {
      const wrong: [string, RegExp][] = [
        ['http://vendor.example', /only https:\/\/ addresses are allowed/],
        ['https://vendor.example/some/path', /only the host is needed. Use https:\/\/vendor\.example/],
        ['https://vendor.example/?a=1', /only the host is needed/],
        ['https://user:pass@vendor.example', /leave user name and password out/],
        ['ftp://vendor.example', /only https/],
        ['https://', /not an address/],
        ['https://not a host', /not an address/],
      ];
      for (const [typed, words] of wrong) {
        const { message } = formFault(app, { [name]: typed });
        expect(message, typed).toMatch(words);
        expect(message.startsWith(`${label}: `)).toBe(true);
      }
    }
  });

  it('takes no region that is none of its choices', () => {
    const closed = fields.filter((field) => field.choices !== undefined && field.allowCustomChoice !== true);
    for (const { name, label } of closed)
      expect(formFault(app, { [name]: 'https://evil.example' }).message).toBe(
        `${label} is not one of the choices.`,
      );
  });

  it('knows no field but its own', () => {
    expect(formFault(app, { surprise: '1' }).message).toBe(`${app.name} has no field called surprise.`);
  });
});

const failures: readonly (readonly [string, Failure, RegExp])[] = [
  ['401', { kind: 'status', status: 401 }, /./],
  ['403 with the missing permission', { kind: 'status', status: 403 }, /Failed on demand/],
  ['404 for the address', { kind: 'status', status: 404 }, /./],
  ['500', { kind: 'status', status: 500 }, /./],
  ['HTML instead of JSON', { kind: 'html' }, /./],
  ['an endless answer', { kind: 'endless' }, /./],
  [
    'nothing, because it is down',
    { kind: 'offline' },
    /could not be reached|closed the connection|cannot be reached/i,
  ],
];

describe.each(all)('%s, whose vendor answers', (id, app) => {
  it.each(failures)('%s: a sentence, and nothing is saved', async (_what, failure, words) => {
    const { connections, nothingIsSaved } = await house();
    vendors.fail(id, failure);
    const fault = await faultOf(connections.connect(id, app.name, vendors.sampleValues(id)));
    expect(fault.name).toBe('Fault');
    expect(fault.message).toMatch(sentence);
    expect(fault.message).toMatch(words);
    for (const { name, secret } of app.auth.fields)
      if (secret) expect(fault.message).not.toContain(vendors.sampleValues(id)[name]);
    nothingIsSaved();
  });

  it('too late: a sentence, and nothing is saved', async () => {
    const { connections, nothingIsSaved } = await house(100);
    vendors.fail(id, { kind: 'slow', wait: () => new Promise(() => undefined) });
    const fault = await faultOf(connections.connect(id, app.name, vendors.sampleValues(id)));
    expect(fault).toMatchObject({ code: 'vendor_timeout', message: expect.stringMatching(sentence) });
    nothingIsSaved();
  });

  it('with every wrong secret in turn: its own words, and nothing is saved', async () => {
    const { connections, nothingIsSaved } = await house();
    for (const { name } of app.auth.fields.filter((field) => field.secret && field.required)) {
      const right = vendors.sampleValues(id)[name] ?? '';
      // The last letter, so that length and form stay.
      const wrong = `${right.slice(0, -1)}${right.endsWith('1') ? '2' : '1'}`;
      const fault = await faultOf(
        connections.connect(id, app.name, { ...vendors.sampleValues(id), [name]: wrong }),
      );
      expect(fault.code, name).toBe('vendor_refused');
      expect(fault.message).toMatch(sentence);
      expect(fault.message).not.toContain(wrong);
    }
    nothingIsSaved();
  });
});

const byForm = all.filter(([, app]) => app.auth.kind !== 'oauth2');

describe.each(byForm)('a connection of %s', (id, app) => {
  it('goes from state to state with its vendor, and stays as it is while there is no answer', async () => {
    const { connections } = await house();
    const { connectionId } = await connections.connect(id, app.name, vendors.sampleValues(id));
    const stateAfter = async (failure: Failure | undefined) => {
      vendors.fail(id, failure);
      const checked = connections.check(connectionId, 'quietly').catch((error: Fault) => error.code);
      const record = await checked;
      return typeof record === 'string' ? record : record.state;
    };
    const reason = expect.stringMatching(/\S/);
    expect(await stateAfter({ kind: 'status', status: 401 })).toEqual({ kind: 'needs_sign_in', reason });
    expect(await stateAfter({ kind: 'offline' })).toBe('vendor_unreachable');
    expect(await stateAfter({ kind: 'status', status: 403, callsOnly: true })).toEqual({
      kind: 'needs_authorization',
      reason,
    });
    expect(await stateAfter({ kind: 'status', status: 500 })).toEqual({ kind: 'error', reason });
    expect(await stateAfter({ kind: 'status', status: 429 })).toEqual({ kind: 'error', reason });
    expect(await stateAfter(undefined)).toEqual({ kind: 'connected' });
  });
});

describe('a TLS that is broken', () => {
  it('is told as such', async () => {
    const { connections, nothingIsSaved } = await house();
    const strict = createHttpOut({ hosts: vendors.hosts });
    const before = http;
    http = strict;
    const fault = await faultOf(
      connections.connect('connectwise-psa', 'PSA', vendors.sampleValues('connectwise-psa')),
    );
    http = before;
    await strict.close();
    expect(fault).toMatchObject({ code: 'vendor_tls', message: expect.stringMatching(sentence) });
    nothingIsSaved();
  });

  it('and so is a port on which nobody speaks TLS', async () => {
    const plain = createServer((socket) => socket.end('hello\r\n')).listen(0, '127.0.0.1');
    await new Promise((done) => plain.once('listening', done));
    const address = plain.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { connections, nothingIsSaved } = await house();
    const values = { ...vendors.sampleValues('connectwise-psa'), siteUrl: `https://127.0.0.1:${port}` };
    const fault = await faultOf(connections.connect('connectwise-psa', 'PSA', values));
    expect(fault.message).toMatch(sentence);
    plain.close();
    nothingIsSaved();
  });
});

describe('good credentials in the wrong region', () => {
  it('are told with the region that would fit', async () => {
    const bench = vaultBench();
    await bench.vault.open();
    const app = apps.get('connectwise-psa');
    const choices = app?.auth.fields.find((field) => field.name === app.regionField)?.choices ?? [];
    const [first, second] = choices;
    if (first === undefined || second === undefined) throw new Error('There are no two regions.');
    const asked: string[] = [];
    const send = async (_key: string, request: OutboundRequest) => {
      asked.push(new URL(request.url).origin);
      const isRight = request.url.startsWith(second.value);
      return {
        status: isRight ? 200 : 401,
        headers: { 'content-type': 'application/json' },
        text: isRight ? '{"version":"v2025"}' : '{"message":"Not here"}',
        tookMs: 1,
      };
    };
    const connections = createConnections({
      signIn: createSignIn({ clock: new HandClock(), send, granted: noGrants }),
      authorize: () => Promise.reject(new Error('Nobody signs in here.')),
      apps,
      appOf: ({ appId }) => apps.get(appId),
      vault: bench.vault,
      send,
      record: async () => undefined,
      clock: new HandClock(),
      hash: (text) => text,
      newId: () => 'con_0000000000',
      technician: 'm.weber',
    });
    const values = { ...vendors.sampleValues('connectwise-psa'), siteUrl: first.value };
    const fault = await faultOf(connections.connect('connectwise-psa', 'PSA', values));
    expect(fault.message).toMatch(/Not here/);
    expect(fault.message).toContain(`The same credentials work with`);
    expect(fault.message).toContain(second.label);
    expect(choices.map((choice) => choice.value)).toEqual(expect.arrayContaining([...new Set(asked)]));
    expect(bench.vault.read().connections).toEqual([]);
  });
});
