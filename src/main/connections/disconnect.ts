/**
 * The end of a connection: it goes at once, then its access is revoked at the vendor, then its credentials go.
 * Refuses to delete credentials whose access may still live, unless the technician gives it up; a crash in between is finished
 * at the next start.
 */

import type { DisconnectedView } from '../../preload/contract/disconnect-shapes';
import { Fault } from '../../preload/contract/reply';
import type { Outcome } from '../activity/record';
import type { Clock } from '../ports';
import type { PendingDisconnect, StateRecord, UnrevokedRecord } from '../store/state-record';
import type { ConnectionsNeeds } from './connect';
import { note } from './note';
import { byHandSentence, revokeAtVendor } from './revoke';

/** A vendor that is silent must not hold up who disconnects. */
const limitMs = 10_000;
const maxReasonChars = 500;

const gatehouse = { kind: 'gatehouse', name: 'Gatehouse' } as const;

type Revocation = DisconnectedView['revocation'];
type Gone = PendingDisconnect | UnrevokedRecord;
type Tried = Revocation | { readonly kind: 'failed'; readonly sentence: string; readonly reason: string };

export function createDisconnects(needs: ConnectionsNeeds) {
  const { vault } = needs;
  const running = new Map<string, Promise<Revocation>>();
  /** One try at a time for each connection; whoever asks meanwhile gets its answer. */
  const once = (connectionId: string, work: () => Promise<Revocation>): Promise<Revocation> => {
    const known = running.get(connectionId);
    if (known !== undefined) return known;
    const started = work().finally(() => running.delete(connectionId));
    running.set(connectionId, started);
    return started;
  };

  return {
    /** Connection and policies go in one write; what comes after is told in the answer, failed or not. */
    async disconnect(connectionId: string): Promise<DisconnectedView> {
      const policyCount = Object.keys(vault.read().policies[connectionId]?.tools ?? {}).length;
      const pending = await begin(needs, connectionId);
      // Both at once: otherwise a vault that is opened meanwhile would finish it first.
      const [, revocation] = await Promise.all([
        note(needs, pending, 'disconnected', `${policyCount} tool policies were deleted.`),
        once(connectionId, () => finish(needs, pending)),
      ]);
      return { label: pending.label, revocation };
    },

    /** What a crash left. Never waits for longer than a vendor may be silent; what a lock interrupts stays for the next time. */
    async finishDisconnects(): Promise<void> {
      await Promise.all(
        vault.read().pendingDisconnects.map(async (pending) => {
          try {
            await once(pending.connectionId, () => finish(needs, pending, gatehouse));
          } catch (error) {
            // The record is still there and is finished when the vault opens again.
            if (!(error instanceof Fault) || error.code !== 'vault_locked') throw error;
          }
        }),
      );
    },

    /** @throws Fault `not_found` when it was revoked or given up meanwhile. */
    async retryRevoke(connectionId: string): Promise<DisconnectedView> {
      const record = findIn(vault.read().unrevoked, connectionId);
      return { label: record.label, revocation: await once(connectionId, () => finish(needs, record)) };
    },

    /** Deletes the credentials though the access may live on. @throws Fault `not_found` */
    async giveUpRevoke(connectionId: string): Promise<void> {
      const record = findIn(vault.read().unrevoked, connectionId);
      const app = needs.appOf(record);
      await vault.update((state) => without(state, connectionId), { [connectionId]: null });
      needs.signIn.forget(connectionId);
      const account = record.account === '' ? '' : ` as ${record.account}`;
      await note(
        needs,
        record,
        'noted',
        `The credentials were deleted without revoking. The access at ${app?.name ?? 'the vendor'}${account} may live on.`,
      );
    },
  };
}

/** From the record as it is at that moment, for a rename or a reconnect may have come first. @throws Fault `not_found` */
async function begin(
  { vault, appOf, clock }: ConnectionsNeeds,
  connectionId: string,
): Promise<PendingDisconnect> {
  const { pendingDisconnects } = await vault.update((state) => {
    const found = state.connections.find((one) => one.connectionId === connectionId);
    if (found === undefined)
      throw new Fault('not_found', 'This connection is gone; it was disconnected meanwhile.');
    const { appId, label, account, values } = found;
    const revocation = appOf(found)?.revoke.kind === 'byHand' ? 'none' : 'due';
    const gone = { connectionId, appId, label, account, values };
    const pending: PendingDisconnect = { ...gone, startedAtMs: clock.nowMs(), revocation };
    const { [connectionId]: _gone, ...policies } = state.policies;
    return {
      ...state,
      connections: state.connections.filter((one) => one !== found),
      policies,
      pendingDisconnects: [...state.pendingDisconnects, pending],
    };
  });
  return findIn(pendingDisconnects, connectionId);
}

/** Neither pending nor unrevoked any more. */
function without(state: StateRecord, connectionId: string): StateRecord {
  const isOther = (one: Gone) => one.connectionId !== connectionId;
  return {
    ...state,
    pendingDisconnects: state.pendingDisconnects.filter(isOther),
    unrevoked: state.unrevoked.filter(isOther),
  };
}

/** @throws Fault `not_found` */
function findIn<One extends Gone>(records: readonly One[], connectionId: string): One {
  const found = records.find((one) => one.connectionId === connectionId);
  if (found === undefined)
    throw new Fault('not_found', 'Nothing is left to revoke here; it was settled meanwhile.');
  return found;
}

const outcomeOf: Readonly<Record<Revocation['kind'], Outcome>> = {
  confirmed: 'revoked',
  by_hand: 'noted',
  failed: 'failed',
};

/** Tries to revoke; then the credentials go, or the record says why they stay. */
async function finish(needs: ConnectionsNeeds, gone: Gone, who?: typeof gatehouse): Promise<Revocation> {
  const { connectionId, appId, label, account, values } = gone;
  const tried = await tryRevoking(needs, gone);
  if ('reason' in tried) {
    const { reason } = tried;
    const kept = { connectionId, appId, label, account, values, triedAtMs: needs.clock.nowMs(), reason };
    await needs.vault.update((state) => {
      const rest = without(state, connectionId);
      const isStillThere = [...state.pendingDisconnects, ...state.unrevoked].some(
        (one) => one.connectionId === connectionId,
      );
      // Given up while the vendor was asked: it stays given up.
      return isStillThere ? { ...rest, unrevoked: [...rest.unrevoked, kept] } : state;
    });
  } else {
    await needs.vault.update((state) => without(state, connectionId), { [connectionId]: null });
  }
  needs.signIn.forget(connectionId);
  const deleted = tried.kind === 'failed' ? '' : ' The credentials were deleted.';
  await note(needs, gone, outcomeOf[tried.kind], `${tried.sentence}${deleted}`, who);
  return { kind: tried.kind, sentence: tried.sentence };
}

/** @throws Fault `vault_locked`; every other one is an answer. */
async function tryRevoking(needs: ConnectionsNeeds, gone: Gone): Promise<Tried> {
  const { connectionId, values } = gone;
  const app = needs.appOf(gone);
  if ('revocation' in gone && gone.revocation === 'none') {
    const sentence =
      app?.revoke.kind === 'byHand'
        ? byHandSentence(app, app.revoke.sentence)
        : 'Gatehouse does not know where its access is revoked.';
    return { kind: 'by_hand', sentence };
  }
  const failed = (why: string): Tried => {
    const reason = why.slice(0, maxReasonChars);
    return {
      kind: 'failed',
      reason,
      sentence: `Its access at ${app?.name ?? 'the vendor'} was not revoked: ${reason} Gatehouse keeps its credentials, so that you can try again on Integrations.`,
    };
  };
  if (app === undefined) return failed('The catalog no longer has this app.');
  try {
    const secret = await needs.vault.readSecret(connectionId);
    const access = { connectionId, open: values, secret };
    const revoked = await withinLimit(needs.clock, app.name, (signal) =>
      revokeAtVendor(needs, app, access, signal),
    );
    return { kind: revoked.kind === 'byHand' ? 'by_hand' : 'confirmed', sentence: revoked.sentence };
  } catch (error) {
    if (!(error instanceof Fault) || error.code === 'vault_locked') throw error;
    return failed(error.message);
  }
}

/** @throws Fault `vendor_timeout` */
function withinLimit<Value>(
  clock: Clock,
  name: string,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    const stop = clock.after(limitMs, () => {
      reject(
        new Fault('vendor_timeout', `${name} did not answer within ${limitMs / 1000} seconds.`, {
          retryable: true,
        }),
      );
      controller.abort();
    });
    work(controller.signal).then(resolve, reject).finally(stop);
  });
}
