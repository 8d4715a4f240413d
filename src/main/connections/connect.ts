/**
 * Connect, test, reconnect, check and disconnect, as use cases over the vault, the catalog and one HTTP exchange.
 * Refuses to save anything before a real request with exactly these credentials has succeeded.
 */

import type { DisconnectedView } from '../../preload/contract/disconnect-shapes';
import { Fault } from '../../preload/contract/reply';
import type { SignInWay, TestedView } from '../../preload/contract/shapes';
import type { ActivityEntry } from '../activity/record';
import type { App } from '../catalog/app';
import type { FormValues } from '../catalog/request-template';
import { resyncPolicies, seedPolicies } from '../policies/seed';
import type { Clock } from '../ports';
import type { ConnectionRecord, StateRecord } from '../store/state-record';
import type { VaultHandle } from '../store/vault';
import { createAttempts, refuseCancelled } from './attempts';
import { catalogTools, definitionsHash, type Hash } from './catalog-tools';
import { createDisconnects } from './disconnect';
import { formSecrets, storedTokens } from './granted';
import { note } from './note';
import { checkOutcome, type PassedTest, type TestNeeds, tested } from './test-request';

export interface ConnectionsNeeds extends TestNeeds {
  readonly apps: ReadonlyMap<string, App>;
  /** The app of a connection, of the catalog or made for it. */
  readonly appOf: AppOf;
  readonly vault: VaultHandle;
  readonly record: (entry: ActivityEntry) => Promise<unknown>;
  readonly clock: Clock;
  readonly hash: Hash;
  /** Makes `con_…`, unguessable. */
  readonly newId: () => string;
  /** Who sits at the desk, for the log. */
  readonly technician: string;
}

export type AppOf = (record: Pick<ConnectionRecord, 'appId' | 'values'>) => App | undefined;

export type Connections = ReturnType<typeof createConnections>;

export function createConnections(needs: ConnectionsNeeds) {
  const { vault, clock } = needs;
  const attempts = createAttempts();
  const disconnects = createDisconnects(needs);
  const test = (appId: string, typed: FormValues, signal: AbortSignal, how: SignInWay, key = 'test') =>
    tested(needs, appOf(needs, appId), typed, key, how, signal);

  return {
    /** @throws Fault `form_invalid`, `vendor_refused` with the vendor's words, `vendor_unreachable`, `cancelled` and the like. */
    test: (appId: string, typed: FormValues): Promise<TestedView> =>
      attempts.run(appId, async (signal) => {
        const app = appOf(needs, appId);
        if (app.auth.kind === 'oauth2')
          throw new Fault('bad_input', `${app.name} is tested while one signs in. Use Connect.`);
        const { account, tookMs } = await test(appId, typed, signal, 'popup');
        return { account, tookMs };
      }),

    /** Ends what runs for this app or this connection, if anything: it rejects with `cancelled` and has saved nothing. */
    cancel: (appOrConnectionId: string): void => attempts.cancel(appOrConnectionId),

    /** Tests, then saves secret, connection and seeded policies. A failure leaves everything as it was. */
    connect: (
      appId: string,
      label: string,
      typed: FormValues,
      how: SignInWay = 'popup',
    ): Promise<ConnectionRecord> =>
      attempts.run(appId, async (signal) => {
        refuseTakenLabel(vault.read(), label);
        const passed = await test(appId, typed, signal, how);
        refuseCancelled(signal);
        return await saveNew(needs, appOf(needs, appId), label, passed);
      }),

    /**
     * Asks the vendor again with the saved credentials and writes down what came back.
     *
     * @param how `quietly` for checks that nobody asked for: no answer at all then leaves the state as it was.
     */
    async check(connectionId: string, how: 'by hand' | 'quietly' = 'by hand'): Promise<ConnectionRecord> {
      const before = findConnection(vault.read(), connectionId);
      const app = appOf(needs, before.appId);
      return await attempts.run(connectionId, async (signal) => {
        const secret = await vault.readSecret(connectionId);
        const startedMs = clock.nowMs();
        const form = { open: before.values, secret };
        const outcome = await checkOutcome(needs, app, form, connectionId, signal, connectionId);
        refuseCancelled(signal);
        if (how === 'quietly' && outcome.kind === 'failed' && outcome.fault !== undefined)
          throw outcome.fault;
        await replaceConnection(needs, connectionId, {
          state: outcome.kind === 'fine' ? { kind: 'connected' } : outcome.state,
          lastCheckedAtMs: clock.nowMs(),
          lastCheckTookMs: outcome.kind === 'fine' ? outcome.tookMs : Math.max(0, clock.nowMs() - startedMs),
        });
        return findConnection(vault.read(), connectionId);
      });
    },

    /**
     * Replaces the credentials and keeps the policies. The old ones stay when the new ones fail, and so does a secret that was
     * left empty.
     */
    async reconnect(
      connectionId: string,
      typed: FormValues,
      how: SignInWay = 'popup',
    ): Promise<ConnectionRecord> {
      const before = findConnection(vault.read(), connectionId);
      return await attempts.run(connectionId, async (signal) => {
        const whole = { ...typed, ...(await untouchedSecrets(vault, connectionId, typed)) };
        const { form, account, tookMs } = await test(before.appId, whole, signal, how, connectionId);
        refuseCancelled(signal);
        const change = {
          values: { ...form.open },
          account,
          state: { kind: 'connected' },
          lastCheckedAtMs: clock.nowMs(),
          lastCheckTookMs: tookMs,
          ...endOf(form.secret),
        } as const;
        await replaceConnection(needs, connectionId, change, form.secret);
        needs.signIn.forget(connectionId);
        needs.signIn.adopt(connectionId, form.secret);
        await note(needs, before, 'connected', `Reconnected as ${account}; policies kept.`);
        return findConnection(vault.read(), connectionId);
      });
    },

    /** Changes what people call it. The names that agents know stay. @throws Fault `label_taken` */
    async rename(connectionId: string, label: string): Promise<void> {
      const before = findConnection(vault.read(), connectionId);
      if (before.label === label) return;
      refuseTakenLabel(vault.read(), label, connectionId);
      await replaceConnection(needs, connectionId, { label });
      await note(needs, { connectionId, label }, 'changed', `Renamed from ${before.label}.`);
    },

    async dismissNotice(connectionId: string): Promise<void> {
      await replaceConnection(needs, connectionId, { noticeOpen: false });
    },

    /** What runs for it is ended, then it goes; the answer says what became of the access at the vendor. */
    async disconnect(connectionId: string): Promise<DisconnectedView> {
      attempts.cancel(connectionId);
      return await disconnects.disconnect(connectionId);
    },

    finishDisconnects: disconnects.finishDisconnects,
    retryRevoke: disconnects.retryRevoke,
    giveUpRevoke: disconnects.giveUpRevoke,

    /** After an update of the catalog: new tools are seeded, changed ones ask, vanished ones go. */
    async resync(): Promise<void> {
      const state = vault.read();
      const policies = { ...state.policies };
      for (const connection of state.connections) {
        const app = needs.apps.get(connection.appId);
        const kept = policies[connection.connectionId];
        if (app === undefined || kept === undefined) continue;
        policies[connection.connectionId] = resyncPolicies(kept, catalogTools(app, needs.hash));
      }
      const moved = Object.keys(policies).some((id) => policies[id] !== state.policies[id]);
      if (moved) await vault.update((now) => ({ ...now, policies }));
    },
  };
}

/** The stored secrets of fields that were left empty; none where there are none any more. */
async function untouchedSecrets(
  vault: VaultHandle,
  connectionId: string,
  typed: FormValues,
): Promise<FormValues> {
  try {
    const stored = formSecrets(await vault.readSecret(connectionId));
    return Object.fromEntries(Object.entries(stored).filter(([name]) => (typed[name] ?? '').trim() === ''));
  } catch (error) {
    if (error instanceof Fault && error.code === 'secret_missing') return {};
    throw error;
  }
}

/** @throws Fault `not_found` */
export function findConnection(state: StateRecord, connectionId: string): ConnectionRecord {
  const found = state.connections.find((one) => one.connectionId === connectionId);
  if (found === undefined)
    throw new Fault('not_found', 'This connection is gone; it was disconnected meanwhile.');
  return found;
}

/** Secret, connection and seeded policies in one write. */
async function saveNew(
  needs: ConnectionsNeeds,
  app: App,
  label: string,
  { form, account, tookMs }: PassedTest,
): Promise<ConnectionRecord> {
  const { vault, clock } = needs;
  const connectionId = needs.newId();
  const tools = catalogTools(app, needs.hash);
  const atMs = clock.nowMs();
  const connection = (state: StateRecord): ConnectionRecord => ({
    connectionId,
    appId: app.id,
    label,
    alias: freeAlias(state, app.alias),
    values: { ...form.open },
    account,
    state: { kind: 'connected' },
    connectedAtMs: atMs,
    lastCheckedAtMs: atMs,
    lastCheckTookMs: tookMs,
    noticeOpen: true,
    toolsHash: definitionsHash(tools, needs.hash),
    ...endOf(form.secret),
  });
  needs.signIn.adopt(connectionId, form.secret);
  await vault.update(
    (state) => {
      refuseTakenLabel(state, label);
      return {
        ...state,
        connections: [...state.connections, connection(state)],
        policies: { ...state.policies, [connectionId]: seedPolicies(label, tools) },
      };
    },
    { [connectionId]: form.secret },
  );
  const detail = `Connected as ${account}; ${tools.length} tools seeded.`;
  await note(needs, { connectionId, label }, 'connected', detail);
  return findConnection(vault.read(), connectionId);
}

/** Only a sign-in without a refresh token has an end that one must know of beforehand. */
export function endOf(secret: FormValues): { signInEndsAtMs: number | undefined } {
  const { refreshToken, expiresAtMs } = storedTokens(secret);
  return { signInEndsAtMs: refreshToken === undefined ? expiresAtMs : undefined };
}

function appOf(needs: ConnectionsNeeds, appId: string): App {
  const app = needs.apps.get(appId);
  if (app === undefined) throw new Fault('not_found', `The catalog has no app called ${appId}.`);
  return app;
}

/** @throws Fault `label_taken` */
export function refuseTakenLabel(state: StateRecord, label: string, own?: string): void {
  const taken = state.connections.some(
    (one) => one.connectionId !== own && one.label.toLowerCase() === label.toLowerCase(),
  );
  if (!taken) return;
  const message = `There is already a connection called ${label}. Give this one another label.`;
  throw new Fault('label_taken', message, { fields: [{ field: 'label', message }] });
}

export function freeAlias(state: StateRecord, wanted: string): string {
  const taken = new Set(state.connections.map((one) => one.alias));
  if (!taken.has(wanted)) return wanted;
  let number = 2;
  while (taken.has(`${wanted}${number}`)) number += 1;
  return `${wanted}${number}`;
}

/** @param secret Replaced in the same write, so that fields and credentials always belong together. */
export async function replaceConnection(
  needs: Pick<ConnectionsNeeds, 'vault'>,
  connectionId: string,
  change: Partial<ConnectionRecord>,
  secret?: FormValues,
): Promise<void> {
  await needs.vault.update(
    (state) => {
      findConnection(state, connectionId);
      return {
        ...state,
        connections: state.connections.map((one) =>
          one.connectionId === connectionId ? { ...one, ...change } : one,
        ),
      };
    },
    secret === undefined ? {} : { [connectionId]: secret },
  );
}
