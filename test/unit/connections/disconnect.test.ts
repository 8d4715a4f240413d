/** Disconnecting to its end: confirmed, by hand, refused, silent, crashed, given up; on a clock that stands still. */
import { describe, expect, it } from 'vitest';
import type { ActivityEntry } from '../../../src/main/activity/record';
import type { App } from '../../../src/main/catalog/app';
import { createConnections } from '../../../src/main/connections/connect';
import { createSignIn } from '../../../src/main/connections/sign-in';
import type { InboundAnswer, OutboundRequest } from '../../../src/main/ports';
import type { StateRecord } from '../../../src/main/store/state-record';
import { readStoreDocument } from '../../../src/main/store/store-document';
import { openDocument, sealDocument } from '../../../src/main/store/vault-contents';
import { Fault } from '../../../src/preload/contract/reply';
import { HandClock } from '../../fakes/hand-clock';
import { byEndpoint, byHand, madeUpApp, nobodySignsIn, noGrants } from '../../fakes/made-up-app';
import { quickSealing } from '../../fakes/store-quick-sealing';
import { filledBench, pendingDisconnect, type VaultBench, vaultBench } from '../../fakes/vault-bench';

type Vendor = (request: OutboundRequest, signal?: AbortSignal) => Promise<Partial<InboundAnswer>>;

const secretKey = 'k-planted-31c9';
const form = (site = 'one', key = secretKey) => ({ site, key });
/** Signs everybody in; only the end of an access is answered as the test says. */
const answers =
  (revoking: Vendor): Vendor =>
  (request, signal) =>
    request.method === 'DELETE'
      ? revoking(request, signal)
      : Promise.resolve({ status: 200, text: '{"id":1}' });
const confirming: Vendor = async () => ({ status: 204 });
const away: Vendor = async () => {
  throw new Fault('vendor_unreachable', 'api.vendor.example cannot be reached.', { retryable: true });
};
const silent: Vendor = () => new Promise(() => undefined);

function houseOn(vaults: VaultBench, app: App, revoking: Vendor) {
  const clock = new HandClock();
  let made = vaults.file.writes;
  const log: ActivityEntry[] = [];
  const sent: OutboundRequest[] = [];
  const vendor = { revoking };
  const send = async (
    _key: string,
    request: OutboundRequest,
    options: { readonly signal?: AbortSignal | undefined },
  ): Promise<InboundAnswer> => {
    sent.push(request);
    const answer = await answers(vendor.revoking)(request, options.signal);
    return { status: 200, headers: { 'content-type': 'application/json' }, text: '', tookMs: 1, ...answer };
  };
  const connections = createConnections({
    signIn: createSignIn({ clock, send, granted: noGrants }),
    authorize: nobodySignsIn,
    apps: new Map([[app.id, app]]),
    appOf: (one) => (one.appId === app.id ? app : undefined),
    vault: vaults.vault,
    send,
    record: async (entry) => log.push(entry),
    clock,
    hash: (text) => text,
    newId: () => {
      made += 1;
      return `con_${String(made).padStart(10, '0')}`;
    },
    technician: 'm.weber',
  });
  const outcomes = () => log.map((entry) => entry.outcome);
  return { ...vaults, connections, clock, log, outcomes, sent, vendor };
}

async function house(revoke: App['revoke'], revoking: Vendor) {
  const vaults = vaultBench();
  await vaults.vault.open();
  const built = houseOn(vaults, madeUpApp(revoke), revoking);
  const { connectionId } = await built.connections.connect('vendor', 'Vendor', form());
  built.log.length = 0;
  built.sent.length = 0;
  return { ...built, connectionId };
}

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'fine',
    (error: Fault) => error.code,
  );
/** Until everything that needs no timer has come as far as it can. */
const settled = () => new Promise(setImmediate);

describe('a disconnect', () => {
  it('deletes everything once the vendor has confirmed, and writes both down', async () => {
    const { vault, connections, connectionId, log, outcomes, sent } = await house(byEndpoint, confirming);
    const done = await connections.disconnect(connectionId);
    expect(done).toEqual({
      label: 'Vendor',
      revocation: { kind: 'confirmed', sentence: 'Vendor confirmed that the access is revoked.' },
    });
    expect(vault.read()).toMatchObject({
      connections: [],
      policies: {},
      pendingDisconnects: [],
      unrevoked: [],
    });
    expect(await codeOf(vault.readSecret(connectionId))).toBe('secret_missing');
    expect(sent).toMatchObject([{ url: 'https://api.vendor.example/v1/sites/one/access' }]);
    expect(outcomes()).toEqual(['disconnected', 'revoked']);
    expect(log[0]?.detail).toBe('2 tool policies were deleted.');
    expect(JSON.stringify(log)).not.toContain(secretKey);
  });

  it('says where the key is deleted by hand when the vendor has no way, and sends nothing', async () => {
    const { vault, connections, connectionId, outcomes, sent } = await house(byHand, confirming);
    const { revocation } = await connections.disconnect(connectionId);
    expect(revocation.kind).toBe('by_hand');
    expect(revocation.sentence).toContain('Delete the key under Settings.');
    expect(sent).toEqual([]);
    expect(await codeOf(vault.readSecret(connectionId))).toBe('secret_missing');
    expect(outcomes()).toEqual(['disconnected', 'noted']);
  });

  it('takes the connection away before the vendor has answered, and waits ten seconds for it', async () => {
    let isLetGo = false;
    const { vault, connections, connectionId, clock } = await house(byEndpoint, (request, signal) => {
      signal?.addEventListener('abort', () => {
        isLetGo = true;
      });
      return silent(request);
    });
    const disconnecting = connections.disconnect(connectionId);
    await settled();
    expect(vault.read()).toMatchObject({
      connections: [],
      policies: {},
      pendingDisconnects: [{ connectionId }],
    });
    expect(await codeOf(vault.readSecret(connectionId))).toBe('fine');
    clock.advance(9999);
    await settled();
    expect(vault.read().unrevoked).toEqual([]);
    clock.advance(1);
    const { revocation } = await disconnecting;
    expect(revocation.kind).toBe('failed');
    expect(revocation.sentence).toContain('Vendor did not answer within 10 seconds.');
    expect(vault.read()).toMatchObject({ pendingDisconnects: [], unrevoked: [{ connectionId }] });
    expect(isLetGo).toBe(true);
    expect(clock.waiting()).toBe(0);
  });

  it('ends a reconnect that still runs, which leaves no credentials behind', async () => {
    const { vault, connections, connectionId, vendor, file } = await house(byEndpoint, confirming);
    const reconnecting = codeOf(connections.reconnect(connectionId, form('two', 'k-second')));
    await connections.disconnect(connectionId);
    expect(await reconnecting).not.toBe('fine');
    expect(vendor.revoking).toBe(confirming);
    expect(await codeOf(vault.readSecret(connectionId))).toBe('secret_missing');
    expect(file.read()).not.toContain(connectionId);
  });
});

describe('an access that could not be revoked', () => {
  it('keeps its credentials sealed, says why, and goes once a later try has worked', async () => {
    const { vault, connections, connectionId, clock, log, outcomes, vendor } = await house(byEndpoint, away);
    const { revocation } = await connections.disconnect(connectionId);
    expect(revocation.sentence).toContain(
      'Its access at Vendor was not revoked: api.vendor.example cannot be reached.',
    );
    const kept = { connectionId, label: 'Vendor', account: 'acme', values: { site: 'one' } };
    expect(vault.read().unrevoked).toMatchObject([
      { ...kept, reason: 'api.vendor.example cannot be reached.', triedAtMs: clock.nowMs() },
    ]);
    expect(await vault.readSecret(connectionId)).toEqual({ key: secretKey });

    clock.advance(60_000);
    vendor.revoking = async () => ({ status: 503, text: '{"message":"Maintenance until 6."}' });
    expect((await connections.retryRevoke(connectionId)).revocation.kind).toBe('failed');
    expect(vault.read().unrevoked).toMatchObject([
      { reason: expect.stringContaining('Maintenance until 6.'), triedAtMs: clock.nowMs() },
    ]);

    vendor.revoking = confirming;
    expect((await connections.retryRevoke(connectionId)).revocation.kind).toBe('confirmed');
    expect(vault.read().unrevoked).toEqual([]);
    expect(await codeOf(vault.readSecret(connectionId))).toBe('secret_missing');
    expect(await codeOf(connections.retryRevoke(connectionId))).toBe('not_found');
    expect(outcomes()).toEqual(['disconnected', 'failed', 'failed', 'revoked']);
    expect(JSON.stringify(log)).not.toContain(secretKey);
  });

  it('is asked for once, however often the button is pressed', async () => {
    const { connections, connectionId, vendor, sent } = await house(byEndpoint, away);
    await connections.disconnect(connectionId);
    vendor.revoking = confirming;
    await Promise.all([connections.retryRevoke(connectionId), connections.retryRevoke(connectionId)]);
    expect(sent).toHaveLength(2);
  });

  it('is given up only with the note that it may live on', async () => {
    const { vault, connections, connectionId, log } = await house(byEndpoint, away);
    await connections.disconnect(connectionId);
    await connections.giveUpRevoke(connectionId);
    expect(vault.read().unrevoked).toEqual([]);
    expect(await codeOf(vault.readSecret(connectionId))).toBe('secret_missing');
    expect(log.at(-1)).toMatchObject({
      outcome: 'noted',
      detail: 'The credentials were deleted without revoking. The access at Vendor as acme may live on.',
    });
    expect(await codeOf(connections.giveUpRevoke(connectionId))).toBe('not_found');
  });

  it('stays given up when a try that was under way fails after that', async () => {
    const { vault, connections, connectionId, clock, vendor } = await house(byEndpoint, away);
    await connections.disconnect(connectionId);
    vendor.revoking = silent;
    const trying = connections.retryRevoke(connectionId);
    await settled();
    await connections.giveUpRevoke(connectionId);
    clock.advance(10_000);
    expect((await trying).revocation.kind).toBe('failed');
    expect(vault.read().unrevoked).toEqual([]);
  });

  it('does not stand in the way of connecting anew under the same label, from the defaults', async () => {
    const { vault, connections, connectionId, vendor } = await house(byEndpoint, away);
    await vault.update((state) => {
      const policies = structuredClone(state.policies);
      const row = policies[connectionId]?.tools['list-thing'];
      if (row !== undefined) row.policy = 'disabled';
      return { ...state, policies };
    });
    expect(vault.read().policies[connectionId]?.tools['list-thing']?.policy).toBe('disabled');
    await connections.disconnect(connectionId);
    const next = await connections.connect('vendor', 'Vendor', form('one', 'k-new'));
    expect(next.connectionId).not.toBe(connectionId);
    expect(vault.read().policies[next.connectionId]?.tools['list-thing']?.policy).toBe('auto');
    expect((await connections.check(next.connectionId)).state).toEqual({ kind: 'connected' });
    vendor.revoking = confirming;
    await connections.retryRevoke(connectionId);
    expect(await vault.readSecret(next.connectionId)).toEqual({ key: 'k-new' });
    expect(vault.read().connections).toMatchObject([{ connectionId: next.connectionId, label: 'Vendor' }]);
  });
});

describe('a disconnect that a crash cut off', () => {
  async function cutOff() {
    const built = await house(byEndpoint, silent);
    void built.connections.disconnect(built.connectionId);
    await settled();
    const next = built.restart();
    await next.vault.open();
    expect(next.vault.read()).toMatchObject({ connections: [], pendingDisconnects: [{ label: 'Vendor' }] });
    return { next, connectionId: built.connectionId };
  }

  it('is revoked and finished at the next start', async () => {
    const { next, connectionId } = await cutOff();
    const { connections, vault, log, sent } = houseOn(next, madeUpApp(byEndpoint), confirming);
    await connections.finishDisconnects();
    expect(sent).toHaveLength(1);
    expect(vault.read()).toMatchObject({ pendingDisconnects: [], unrevoked: [] });
    expect(await codeOf(vault.readSecret(connectionId))).toBe('secret_missing');
    expect(log).toMatchObject([{ who: { kind: 'gatehouse' }, what: 'Vendor', outcome: 'revoked' }]);
    await connections.finishDisconnects();
    expect(sent).toHaveLength(1);
  });

  it('is kept for the technician when the vendor is still away, or no longer in the catalog', async () => {
    const { next, connectionId } = await cutOff();
    await next.vault.update((state) => ({
      ...state,
      pendingDisconnects: [...state.pendingDisconnects, pendingDisconnect('con_gone00001', 'gone')],
    }));
    const { connections, vault } = houseOn(next, madeUpApp(byEndpoint), away);
    await connections.finishDisconnects();
    expect(vault.read().pendingDisconnects).toEqual([]);
    expect(
      vault
        .read()
        .unrevoked.map((one) => [one.connectionId, one.reason])
        .sort(),
    ).toEqual([
      [connectionId, 'api.vendor.example cannot be reached.'],
      ['con_gone00001', 'The catalog no longer has this app.'],
    ]);
    expect(await vault.readSecret(connectionId)).toEqual({ key: secretKey });
  });

  it('by a lock waits for the vault to open again', async () => {
    const { next, connectionId } = await cutOff();
    let answer: () => void = () => undefined;
    const { connections, vault, vendor } = houseOn(next, madeUpApp(byEndpoint), async () => {
      await new Promise<void>((done) => {
        answer = done;
      });
      return { status: 204 };
    });
    const finishing = connections.finishDisconnects();
    await settled();
    vault.lock();
    answer();
    await finishing;
    await vault.unlock();
    expect(vault.read().pendingDisconnects).toMatchObject([{ connectionId }]);
    vendor.revoking = async () => ({ status: 404 });
    await connections.finishDisconnects();
    expect(vault.read().pendingDisconnects).toEqual([]);
  });

  it('of a Gatehouse that kept ids alone is opened, upgraded and finished', async () => {
    const { vault, file, keychain, restart } = await filledBench();
    vault.lock();
    const found = readStoreDocument(file.text ?? '');
    const [master] = keychain.keys.values();
    if (found.kind !== 'document' || master === undefined) throw new Error('The bench has no document.');
    const opened = openDocument(quickSealing, found.document, master, undefined);
    if (opened.kind !== 'opened') throw new Error('The document does not open.');
    const { unrevoked: _none, ...rest } = opened.contents.state;
    const old = { ...rest, version: 1, pendingDisconnects: ['con_00000001'] } as unknown as StateRecord;
    file.text = JSON.stringify(sealDocument(quickSealing, { ...opened.contents, state: old }));

    const next = restart();
    expect((await next.vault.open()).kind).toBe('unlocked');
    const { connections, log, sent } = houseOn(next, madeUpApp(byEndpoint), confirming);
    await connections.finishDisconnects();
    expect(next.vault.read()).toMatchObject({ version: 3, pendingDisconnects: [], unrevoked: [] });
    expect(await codeOf(next.vault.readSecret('con_00000001'))).toBe('secret_missing');
    expect(sent).toEqual([]);
    expect(log).toMatchObject([{ outcome: 'noted' }]);
  });
});

describe('credentials and what belongs to them', () => {
  it('are both as before or both new after a reconnect that died at any write', async () => {
    for (let writes = 0; writes < 4; writes += 1) {
      const { vault: _vault, file, restart, connections, connectionId } = await house(byEndpoint, confirming);
      file.diesAfterWrites = file.writes + writes;
      await codeOf(connections.reconnect(connectionId, form('two', 'k-second')));
      const next = restart();
      await next.vault.open();
      const [record] = next.vault.read().connections;
      const { key } = await next.vault.readSecret(connectionId);
      expect([record?.values.site, key]).toEqual(writes === 0 ? ['one', secretKey] : ['two', 'k-second']);
    }
  });

  it('are both there or both not after a connect that died', async () => {
    const vaults = vaultBench();
    await vaults.vault.open();
    vaults.file.diesAfterWrites = vaults.file.writes + 1;
    const { connections } = houseOn(vaults, madeUpApp(byEndpoint), confirming);
    const { connectionId } = await connections.connect('vendor', 'Vendor', form());
    const next = vaults.restart();
    await next.vault.open();
    expect(next.vault.read().connections).toHaveLength(1);
    expect(await next.vault.readSecret(connectionId)).toEqual({ key: secretKey });
  });
});
