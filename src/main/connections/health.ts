/**
 * Looks after connections: each is checked every 15 minutes while the computer is online and the vault is open, and soon after
 * a vendor has refused its credentials. A check that got no answer says nothing about the credentials, so it changes nothing.
 */
import { Fault } from '../../preload/contract/reply';
import type { Clock } from '../ports';

const everyMs = 15 * 60_000;
/** A connection that is refused again and again is looked at once a minute, not on every call. */
const atMostEveryMs = 60_000;

export interface HealthNeeds {
  readonly clock: Clock;
  readonly isOnline: () => boolean;
  /** The connections there are now; none while the vault is locked. */
  readonly connectionIds: () => readonly string[];
  /** @throws Fault */
  readonly look: (connectionId: string) => Promise<unknown>;
  readonly onFault: (error: unknown) => void;
}

export function watchHealth(needs: HealthNeeds) {
  const { clock } = needs;
  const lookedAtMs = new Map<string, number>();
  let stopTimer: () => void = () => undefined;
  let isStopped = true;

  const look = async (connectionId: string): Promise<void> => {
    lookedAtMs.set(connectionId, clock.nowMs());
    try {
      await needs.look(connectionId);
    } catch (error) {
      // Gone, busy with a test by hand, locked meanwhile: the next round sees what there is then.
      if (!(error instanceof Fault)) needs.onFault(error);
    }
  };
  const round = async (): Promise<void> => {
    if (needs.isOnline()) {
      for (const connectionId of needs.connectionIds()) {
        if (isStopped) return;
        await look(connectionId);
      }
    }
    plan();
  };
  const plan = (): void => {
    if (isStopped) return;
    stopTimer = clock.after(everyMs, () => void round());
  };

  return {
    start(): void {
      if (!isStopped) return;
      isStopped = false;
      plan();
    },
    /** A vendor refused the credentials of a call: are they still good at all? */
    refused(connectionId: string): void {
      const lastMs = lookedAtMs.get(connectionId) ?? Number.NEGATIVE_INFINITY;
      const sinceMs = clock.nowMs() - lastMs;
      if (isStopped || (sinceMs >= 0 && sinceMs < atMostEveryMs)) return;
      void look(connectionId);
    },
    stop(): void {
      isStopped = true;
      stopTimer();
    },
  };
}
