/**
 * Connecting ConnectWise PSA over real TLS to the simulated vendor, with a vault in memory.
 */

import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ActivityEntry } from '../../src/main/activity/record';
import { parseCatalog } from '../../src/main/catalog/load.node';
import { callVendor } from '../../src/main/connections/call-vendor';
import { type Connections, createConnections, findConnection } from '../../src/main/connections/connect';
import { createSignIn } from '../../src/main/connections/sign-in';
import { createHttpOut } from '../../src/main/network/http-out.node';
import { createPolite, type Polite } from '../../src/main/network/polite';
import type { Clock } from '../../src/main/ports';
import type { SimulatedVendors } from '../../src/main/practice/simulated-vendors.node';
import { Fault } from '../../src/preload/contract/reply';
import { nobodySignsIn, noGrants } from '../fakes/made-up-app';
import { startPractice } from '../fakes/practice';
import { pendingDisconnect, type VaultBench, vaultBench } from '../fakes/vault-bench';

const root = resolve(import.meta.dirname, '../..');
const appId = 'connectwise-psa';
const apps = parseCatalog([
  parse(readFileSync(join(root, 'resources/catalog/connectwise-psa.yaml'), 'utf8')),
]);
const clock: Clock = {
  nowMs: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

let vendors: SimulatedVendors;
let http: ReturnType<typeof createHttpOut>;
let polite: Polite;

beforeAll(async () => {
  vendors = await startPractice(apps, join(root, 'resources/practice'));
  http = createHttpOut({
    extraCaPem: [vendors.caPem],
    hosts: vendors.hosts,
  });
  polite = createPolite({ http, clock });
});

afterAll(async () => {
  await http.close();
  await vendors.close();
});

async function house(given?: (real: Send) => Send): Promise<{
  bench: VaultBench;
  connections: Connections;
  log: ActivityEntry[];
  send: Send;
}> {
  const bench = vaultBench();
  await bench.vault.open();
  const log: ActivityEntry[] = [];
  const real: Send = (key, request, { signal, concurrency }) =>
    polite.send(
      key,
      request,
      { timeoutMs: 5000, maxBytes: 1_000_000, signal },
      { retryReads: false, concurrency },
    );
  const send = given?.(real) ?? real;
  const signIn = createSignIn({ clock, send, granted: noGrants });
  const connections = createConnections({
    signIn,
    authorize: nobodySignsIn,
    apps,
    appOf: ({ appId }) => apps.get(appId),
    vault: bench.vault,
    send,
    record: async (entry) => log.push(entry),
    clock,
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    newId: () => `con_${randomBytes(10).toString('hex')}`,
    technician: 'm.weber',
  });
  return { bench, connections, log, send };
}
type Send = Parameters<typeof createConnections>[0]['send'];

const right = () => vendors.sampleValues(appId);
const wrong = () => ({ ...right(), privateKey: 'WrongWrongWrong1' });
const faultOf = (promise: Promise<unknown>): Promise<Fault> =>
  promise.then(
    () => Promise.reject(new Error('It should have been refused.')),
    (error: Fault) => error,
  );

describe('an attempt that is cancelled', () => {
  const nothingIsThere = (bench: VaultBench, log: readonly ActivityEntry[]) => {
    expect(bench.vault.read().connections).toEqual([]);
    expect(bench.file.read()).not.toContain('con_');
    expect(log).toEqual([]);
  };

  it('ends at once while the vendor is silent, and saves nothing', async () => {
    const { bench, connections, log } = await house(() => (_key, _request, { signal }) => {
      setImmediate(() => connections.cancel(appId));
      return new Promise((_done, fail) => {
        signal?.addEventListener('abort', () => fail(new Fault('cancelled', 'Cancelled.')), { once: true });
      });
    });
    expect((await faultOf(connections.connect(appId, 'PSA', right()))).code).toBe('cancelled');
    nothingIsThere(bench, log);
  });

  it('saves nothing even when the answer came first', async () => {
    const { bench, connections, log } = await house((real) => async (key, request, options) => {
      const answer = await real(key, request, options);
      connections.cancel(appId);
      return answer;
    });
    const fault = await faultOf(connections.connect(appId, 'PSA', right()));
    expect(fault.message).toBe('Cancelled. Nothing was saved.');
    nothingIsThere(bench, log);
  });

  it('leaves the way free for the next one, and for no second one before', async () => {
    let answer: () => void = () => undefined;
    const { connections } = await house((real) => async (key, request, options) => {
      await new Promise<void>((done) => {
        answer = done;
      });
      return await real(key, request, options);
    });
    const first = connections.test(appId, right());
    expect((await faultOf(connections.test(appId, right()))).code).toBe('vendor_busy');
    answer();
    expect((await first).account).toBe('samplemsp');
    const next = connections.test(appId, right());
    await new Promise(setImmediate);
    answer();
    await next;
    connections.cancel(appId);
  });
});

describe('a check that is cancelled', () => {
  it('that nobody asked for changes nothing when no answer came, and everything when one did', async () => {
    let isAway = true;
    const { bench, connections } = await house((real) => (key, request, options) => {
      if (bench?.vault.read().connections.length === 1 && isAway)
        return Promise.reject(new Fault('vendor_unreachable', 'Away.', { retryable: true }));
      return real(key, request, options);
    });
    const { connectionId } = await connections.connect(appId, 'PSA', right());
    expect((await faultOf(connections.check(connectionId, 'quietly'))).code).toBe('vendor_unreachable');
    expect(findConnection(bench.vault.read(), connectionId).state).toEqual({ kind: 'connected' });
    expect((await connections.check(connectionId)).state).toMatchObject({ kind: 'error', reason: 'Away.' });
    isAway = false;
    expect((await connections.check(connectionId, 'quietly')).state).toEqual({ kind: 'connected' });
    await bench.vault.putSecret(connectionId, { ...right(), privateKey: 'WrongWrongWrong1' });
    expect((await connections.check(connectionId, 'quietly')).state).toMatchObject({ kind: 'needs_sign_in' });
  });

  it('leaves the connection as it was, and says nothing bad of the vendor', async () => {
    let isSilent = false;
    const { bench, connections } = await house((real) => (key, request, options) => {
      if (!isSilent) return real(key, request, options);
      setImmediate(() => connections.cancel(key));
      return new Promise((_done, fail) => {
        options.signal?.addEventListener('abort', () => fail(new Fault('cancelled', 'Cancelled.')), {
          once: true,
        });
      });
    });
    const { connectionId } = await connections.connect(appId, 'PSA', right());
    const before = findConnection(bench.vault.read(), connectionId);
    isSilent = true;
    expect((await faultOf(connections.check(connectionId))).code).toBe('cancelled');
    expect(findConnection(bench.vault.read(), connectionId)).toEqual(before);
  });
});

describe('renaming', () => {
  it('changes the label, keeps the alias that agents know, and is written down', async () => {
    const { bench, connections, log } = await house();
    const { connectionId } = await connections.connect(appId, 'PSA', right());
    await connections.rename(connectionId, 'PSA of Contoso');
    expect(findConnection(bench.vault.read(), connectionId)).toMatchObject({
      label: 'PSA of Contoso',
      alias: 'cwpsa',
    });
    expect(log.at(-1)).toMatchObject({ outcome: 'changed', detail: 'Renamed from PSA.' });
    await connections.rename(connectionId, 'psa of contoso');
    const other = await connections.connect(appId, 'Second', right());
    expect((await faultOf(connections.rename(other.connectionId, 'PSA OF CONTOSO'))).code).toBe(
      'label_taken',
    );
  });
});

describe('connecting an app', () => {
  it('saves nothing for a wrong key and gives the words of the vendor', async () => {
    const { bench, connections, log } = await house();
    const fault = await faultOf(connections.connect(appId, 'ConnectWise PSA', wrong()));
    expect(fault.code).toBe('vendor_refused');
    expect(fault.message).toMatch(/answered 401.*It says: “/);
    expect(bench.vault.read().connections).toEqual([]);
    expect(bench.file.read()).not.toContain('con_');
    expect(log).toEqual([]);
  });

  it('tests, seals the secret, seeds every tool and writes it down', async () => {
    const { bench, connections, log } = await house();
    const made = await connections.connect(appId, 'ConnectWise PSA', right());
    expect(made).toMatchObject({ state: { kind: 'connected' }, noticeOpen: true, alias: 'cwpsa' });
    const tools = bench.vault.read().policies[made.connectionId]?.tools ?? {};
    expect(Object.keys(tools)).toHaveLength(45);
    expect(tools['list-tickets']?.policy).toBe('auto');
    expect(tools['search-tickets']?.policy).toBe('auto');
    expect(tools['add-ticket-note']?.policy).toBe('approval_needed');
    expect(tools['delete-ticket']).toMatchObject({ policy: 'approval_needed', access: 'destructive' });
    const onDisk = bench.file.read() ?? '';
    for (const secret of [right().privateKey, right().publicKey, right().clientId]) {
      expect(secret).toBeTruthy();
      expect(onDisk).not.toContain(secret);
      expect(JSON.stringify(log)).not.toContain(secret);
    }
    expect(log).toMatchObject([{ kind: 'connection', outcome: 'connected', what: 'ConnectWise PSA' }]);
  });

  it('refuses a label that is taken and gives a second connection its own alias', async () => {
    const { connections } = await house();
    await connections.connect(appId, 'One', right());
    expect((await faultOf(connections.connect(appId, 'one', right()))).code).toBe('label_taken');
    expect((await connections.connect(appId, 'Two', right())).alias).toBe('cwpsa2');
  });

  it('keeps the old credentials and policies when a reconnect fails', async () => {
    const { bench, connections } = await house();
    const { connectionId } = await connections.connect(appId, 'PSA', right());
    const before = bench.vault.read();
    await faultOf(connections.reconnect(connectionId, wrong()));
    expect(bench.vault.read()).toEqual(before);
    expect(await bench.vault.readSecret(connectionId)).toMatchObject({ privateKey: right().privateKey });
  });

  it('says that a connection needs sign-in once its key was withdrawn', async () => {
    const { connections } = await house();
    const { connectionId } = await connections.connect(appId, 'PSA', right());
    vendors.fail(appId, { kind: 'status', status: 401 });
    const checked = await connections.check(connectionId);
    vendors.fail(appId, undefined);
    expect(checked.state.kind).toBe('needs_sign_in');
    expect((await connections.check(connectionId)).state.kind).toBe('connected');
  });

  it.each([
    ['401', { kind: 'status', status: 401 }, 'needs_sign_in'],
    ['403, for a permission is missing', { kind: 'status', status: 403 }, 'needs_authorization'],
    ['500', { kind: 'status', status: 500 }, 'error'],
    ['a page of HTML', { kind: 'html' }, 'error'],
  ] as const)(
    'goes from connected and back again over %s, with the words of the vendor',
    async (_what, failure, kind) => {
      const { connections } = await house();
      const { connectionId } = await connections.connect(appId, 'PSA', right());
      vendors.fail(appId, failure);
      const failed = await connections.check(connectionId, 'quietly');
      expect(failed.state).toMatchObject({ kind, reason: expect.stringMatching(/\S/) });
      vendors.fail(appId, undefined);
      expect((await connections.check(connectionId, 'quietly')).state).toEqual({ kind: 'connected' });
    },
  );

  it('tells a page of HTML from the API', async () => {
    const { connections } = await house();
    vendors.fail(appId, { kind: 'html' });
    const fault = await faultOf(connections.test(appId, right()));
    vendors.fail(appId, undefined);
    expect(fault.code).toBe('vendor_refused');
    expect(fault.message).not.toContain('<');
  });

  it('names each field that is wrong before anything is sent', async () => {
    const { connections } = await house();
    const sent = vendors.requests().length;
    const fault = await faultOf(
      connections.test(appId, { siteUrl: 'http://psa.example.com/x', companyId: ' ', extra: '1' }),
    );
    expect(fault.code).toBe('form_invalid');
    expect(fault.fields.map((field) => field.field).sort()).toEqual(
      ['clientId', 'companyId', 'extra', 'privateKey', 'publicKey', 'siteUrl'].sort(),
    );
    expect(vendors.requests()).toHaveLength(sent);
  });

  it('deletes connection, policies and credentials on disconnect, and finishes one that was cut off', async () => {
    const { bench, connections } = await house();
    const { connectionId } = await connections.connect(appId, 'PSA', right());
    await connections.disconnect(connectionId);
    expect(bench.vault.read()).toMatchObject({ connections: [], policies: {}, pendingDisconnects: [] });
    expect((await faultOf(bench.vault.readSecret(connectionId))).code).toBe('secret_missing');

    await bench.vault.putSecret('con_cutoff0001', { privateKey: 'left behind' });
    await bench.vault.update((state) => ({
      ...state,
      pendingDisconnects: [pendingDisconnect('con_cutoff0001', appId)],
    }));
    await connections.finishDisconnects();
    expect((await faultOf(bench.vault.readSecret('con_cutoff0001'))).code).toBe('secret_missing');
  });
});

describe('a call at the vendor', () => {
  it('adds a note that is there afterwards', async () => {
    const { bench, connections, send } = await house();
    const { connectionId } = await connections.connect(appId, 'PSA', right());
    const connection = findConnection(bench.vault.read(), connectionId);
    const app = apps.get(appId);
    const call = (name: string, args: Record<string, unknown>) => {
      const tool = app?.tools.find((one) => one.name === name);
      if (app === undefined || tool === undefined) throw new Error(`No tool ${name}.`);
      return callVendor(
        { vault: bench.vault, send, signIn: createSignIn({ clock, send, granted: noGrants }) },
        connection,
        app,
        tool,
        args,
        new AbortController().signal,
      );
    };
    const text = 'Checked the VPN concentrator: ü “quoted”';
    expect((await call('add-ticket-note', { id: 48213, text, internalAnalysisFlag: true })).status).toBe(201);
    const notes = await call('list-ticket-notes', { id: 48213, pageSize: 100 });
    expect(JSON.parse(notes.result.content[0].text).map((note: { text: string }) => note.text)).toContain(
      text,
    );
    const missing = await call('get-ticket', { id: 999_999 });
    expect(missing).toMatchObject({ status: 404, result: { isError: true } });
  });
});
