/**
 * Execute, Plan, Paused, and Stop everything. What stops takes effect before anything is written down, and stays when nothing can be
 * written.
 */

import type { OperatingMode } from '../../preload/contract/gateway-shapes';
import { Fault } from '../../preload/contract/reply';
import type { ActivityEntry } from '../activity/record';
import type { Clock } from '../ports';
import type { VaultHandle } from '../store/vault';

export interface OperatingModeNeeds {
  readonly vault: Pick<VaultHandle, 'read' | 'update' | 'state'>;
  readonly clock: Clock;
  readonly record: (entry: ActivityEntry) => Promise<unknown>;
  readonly technician: string;
  /** Told when other calls may pass than before. */
  readonly onChanged: () => void;
  /** Refuses what waits and ends what runs. */
  readonly stopCalls: (why: string) => StopCounts;
  readonly countCalls: () => StopCounts;
}

export interface StopCounts {
  readonly questions: number;
  readonly running: number;
}

export const modeNames: Readonly<Record<OperatingMode, string>> = {
  execute: 'Execute',
  plan: 'Plan',
  paused: 'Paused',
};

export type OperatingModes = ReturnType<typeof createOperatingMode>;

export function createOperatingMode(needs: OperatingModeNeeds) {
  const { vault } = needs;
  /** Until a mode could be written again. */
  let isStopped = false;
  const written = (): OperatingMode => (vault.state().kind === 'unlocked' ? vault.read().mode : 'paused');
  const activeAgents = () =>
    vault.read().agents.filter(({ revokedAtMs, expiresAtMs }) => {
      const isOver = expiresAtMs !== null && expiresAtMs <= needs.clock.nowMs();
      return revokedAtMs === null && !isOver;
    }).length;
  const row = (what: string, detail: string) =>
    needs.record({
      kind: 'settings',
      who: { kind: 'technician', name: needs.technician },
      what,
      outcome: 'changed',
      detail,
    });

  return {
    /** Paused while the vault is locked: there is no agent then either. */
    now: (): OperatingMode => (isStopped ? 'paused' : written()),

    async set(mode: OperatingMode): Promise<void> {
      const before = isStopped ? 'paused' : written();
      if (mode === before && !isStopped) return;
      await vault.update((state) => ({ ...state, mode }));
      isStopped = false;
      needs.onChanged();
      await row('Operating mode', `${modeNames[before]} → ${modeNames[mode]}.`);
    },

    /** What Stop everything would end now. */
    preview: () => ({ agents: activeAgents(), ...needs.countCalls() }),

    /**
     * Pauses, refuses what waits, ends what runs and revokes every agent's token.
     *
     * @throws Fault `store_write_failed`, `activity_write_failed`: everything has stopped all the same, until Gatehouse is closed or
     *   another mode is chosen.
     */
    async stopEverything(): Promise<{ readonly agents: number } & StopCounts> {
      isStopped = true;
      const counts = needs.stopCalls('everything was stopped.');
      needs.onChanged();
      const agents = activeAgents();
      const nowMs = needs.clock.nowMs();
      try {
        await vault.update((state) => ({
          ...state,
          mode: 'paused',
          agents: state.agents.map((agent) => ({ ...agent, revokedAtMs: agent.revokedAtMs ?? nowMs })),
        }));
      } catch (error) {
        throw stoppedBut('the tokens of the agents could not be revoked on the disk', error);
      }
      isStopped = false;
      needs.onChanged();
      const ended = { agents, ...counts };
      try {
        await row('Stop everything', wordsOf(ended));
      } catch (error) {
        throw stoppedBut('the activity log could not be written', error);
      }
      return ended;
    },
  };
}

/** Whatever went wrong with writing, the person has to know that nothing runs. */
function stoppedBut(what: string, error: unknown): unknown {
  if (!(error instanceof Fault)) return error;
  return new Fault(
    error.code,
    `Everything is stopped: no agent can call as long as Gatehouse is open. But ${what}. ${error.message}`,
    { retryable: error.retryable, cause: error },
  );
}

function wordsOf({ agents, questions, running }: { readonly agents: number } & StopCounts): string {
  const tokens = agents === 1 ? '1 agent has lost its token' : `${agents} agents have lost their tokens`;
  const refused = questions === 1 ? '1 question was refused' : `${questions} questions were refused`;
  const calls = running === 1 ? '1 running call was ended' : `${running} running calls were ended`;
  return `${tokens}, ${refused}, ${calls}. The gateway is paused.`;
}
