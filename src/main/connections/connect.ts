/**
 * Connect, test, reconnect, check and disconnect, as use cases over the vault, the catalog and one HTTP exchange.
 * Refuses to save anything before a real request with exactly these credentials has succeeded.
 */
import { Fault } from '../../preload/contract/reply';
import type { TestedView } from '../../preload/contract/shapes';
import type { ActivityEntry } from '../activity/record';
import type { App } from '../catalog/app';
import type { FormValues } from '../catalog/request-template';
import { resyncPolicies, seedPolicies } from '../policies/seed';
import type { Clock } from '../ports';
import type { ConnectionRecord, StateRecord } from '../store/state-record';
import type { VaultHandle } from '../store/vault';
import { createAttempts, refuseCancelled } from './attempts';
import { catalogTools, definitionsHash, type Hash } from './catalog-tools';
import { checkOutcome, type PassedTest, type TestNeeds, tested } from './test-request';

export interface ConnectionsNeeds extends TestNeeds {
  readonly apps: ReadonlyMap<string, App>;
  readonly vault: VaultHandle;
  readonly record: (entry: ActivityEntry) => Promise<unknown>;
  readonly clock: Clock;
  readonly hash: Hash;
  /** Makes `con_…`, unguessable. */
  readonly newId: () => string;
  /** Who sits at the desk, for the log. */
  readonly technician: string;
}

export type Connections = ReturnType<typeof createConnections>;

export function createConnections(needs: ConnectionsNeeds) {
  const { vault, clock } = needs;
  const attempts = createAttempts();
  const test = (appId: string, typed: FormValues, signal: AbortSignal, key = 'test') =>
    tested(needs, appOf(needs, appId), typed, key, signal);

  return {
    /** @throws Fault `form_invalid`, `vendor_refused` with the vendor's words, `vendor_unreachable`, `cancelled` and the like. */
    test: (appId: string, typed: FormValues): Promise<TestedView> =>
      attempts.run(appId, async (signal) => {
        const { account, tookMs } = await test(appId, typed, signal);
        return { account, tookMs };
      }),

    /** Ends what runs for this app or this connection, if anything: it rejects with `cancelled` and has saved nothing. */
    cancel: (appOrConnectionId: string): void => attempts.cancel(appOrConnectionId),

    /** Tests, then saves secret, connection and seeded policies. A failure leaves everything as it was. */
    connect: (appId: string, label: string, typed: FormValues): Promise<ConnectionRecord> =>
      attempts.run(appId, async (signal) => {
        refuseTakenLabel(vault.read(), label);
        const passed = await test(appId, typed, signal);
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
        const outcome = await checkOutcome(needs, app, form, connectionId, signal);
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

    /** Replaces the credentials and keeps the policies. The old ones stay when the new ones fail. */
    async reconnect(connectionId: string, typed: FormValues): Promise<ConnectionRecord> {
      const before = findConnection(vault.read(), connectionId);
      return await attempts.run(connectionId, async (signal) => {
        const { form, account, tookMs } = await test(before.appId, typed, signal, connectionId);
        refuseCancelled(signal);
        await vault.putSecret(connectionId, form.secret);
        needs.signIn.forget(connectionId);
        await replaceConnection(needs, connectionId, {
          values: { ...form.open },
          account,
          state: { kind: 'connected' },
          lastCheckedAtMs: clock.nowMs(),
          lastCheckTookMs: tookMs,
        });
        await note(
          needs,
          connectionId,
          before.label,
          'connected',
          `Reconnected as ${account}; policies kept.`,
        );
        return findConnection(vault.read(), connectionId);
      });
    },

    /** Changes what people call it. The names that agents know stay. @throws Fault `label_taken` */
    async rename(connectionId: string, label: string): Promise<void> {
      const before = findConnection(vault.read(), connectionId);
      if (before.label === label) return;
      refuseTakenLabel(vault.read(), label, connectionId);
      await replaceConnection(needs, connectionId, { label });
      await note(needs, connectionId, label, 'changed', `Renamed from ${before.label}.`);
    },

    async dismissNotice(connectionId: string): Promise<void> {
      await replaceConnection(needs, connectionId, { noticeOpen: false });
    },

    /** Connection, policies and secret go; a crash between the two steps is finished by `finishDisconnects`. */
    async disconnect(connectionId: string): Promise<ConnectionRecord> {
      const before = findConnection(vault.read(), connectionId);
      const policyCount = Object.keys(vault.read().policies[connectionId]?.tools ?? {}).length;
      await vault.update((state) => {
        const { [connectionId]: _gone, ...policies } = state.policies;
        return {
          ...state,
          connections: state.connections.filter((one) => one.connectionId !== connectionId),
          policies,
          pendingDisconnects: [...state.pendingDisconnects, connectionId],
        };
      });
      await finishDisconnects(vault);
      needs.signIn.forget(connectionId);
      await note(
        needs,
        connectionId,
        before.label,
        'disconnected',
        `${policyCount} tool policies and the credentials were deleted.`,
      );
      return before;
    },

    finishDisconnects: () => finishDisconnects(vault),

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

/** @throws Fault `not_found` */
export function findConnection(state: StateRecord, connectionId: string): ConnectionRecord {
  const found = state.connections.find((one) => one.connectionId === connectionId);
  if (found === undefined)
    throw new Fault('not_found', 'This connection is gone; it was disconnected meanwhile.');
  return found;
}

/** Secret first, then connection and seeded policies in one write; when that fails the secret goes again. */
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
  });
  await vault.putSecret(connectionId, form.secret);
  try {
    await vault.update((state) => {
      refuseTakenLabel(state, label);
      return {
        ...state,
        connections: [...state.connections, connection(state)],
        policies: { ...state.policies, [connectionId]: seedPolicies(label, tools) },
      };
    });
  } catch (error) {
    await vault.removeSecret(connectionId);
    throw error;
  }
  await note(
    needs,
    connectionId,
    label,
    'connected',
    `Connected as ${account}; ${tools.length} tools seeded.`,
  );
  return findConnection(vault.read(), connectionId);
}

function appOf(needs: ConnectionsNeeds, appId: string): App {
  const app = needs.apps.get(appId);
  if (app === undefined) throw new Fault('not_found', `The catalog has no app called ${appId}.`);
  return app;
}

async function finishDisconnects(vault: VaultHandle): Promise<void> {
  const pending = vault.read().pendingDisconnects;
  for (const connectionId of pending) await vault.removeSecret(connectionId);
  if (pending.length === 0) return;
  await vault.update((state) => ({
    ...state,
    pendingDisconnects: state.pendingDisconnects.filter((id) => !pending.includes(id)),
  }));
}

function refuseTakenLabel(state: StateRecord, label: string, own?: string): void {
  const taken = state.connections.some(
    (one) => one.connectionId !== own && one.label.toLowerCase() === label.toLowerCase(),
  );
  if (!taken) return;
  const message = `There is already a connection called ${label}. Give this one another label.`;
  throw new Fault('label_taken', message, { fields: [{ field: 'label', message }] });
}

function freeAlias(state: StateRecord, wanted: string): string {
  const taken = new Set(state.connections.map((one) => one.alias));
  if (!taken.has(wanted)) return wanted;
  let number = 2;
  while (taken.has(`${wanted}${number}`)) number += 1;
  return `${wanted}${number}`;
}

async function replaceConnection(
  needs: ConnectionsNeeds,
  connectionId: string,
  change: Partial<ConnectionRecord>,
): Promise<void> {
  await needs.vault.update((state) => {
    findConnection(state, connectionId);
    return {
      ...state,
      connections: state.connections.map((one) =>
        one.connectionId === connectionId ? { ...one, ...change } : one,
      ),
    };
  });
}

async function note(
  needs: ConnectionsNeeds,
  connectionId: string,
  label: string,
  outcome: 'connected' | 'disconnected' | 'changed',
  detail: string,
): Promise<void> {
  await needs.record({
    kind: 'connection',
    who: { kind: 'technician', name: needs.technician },
    what: label,
    connectionId,
    outcome,
    detail,
  });
}
