/**
 * Asks the system every 15 seconds how long nobody typed, and hears of a locked screen and of sleep.
 * Decides nothing: idle-lock.ts does.
 *
 * @see https://www.electronjs.org/docs/latest/api/power-monitor
 */
import { powerMonitor } from 'electron';
import { type DeskEvent, lockReason } from './idle-lock';

const everyMs = 15_000;

export interface IdleDesk {
  /** Null means never, or that the vault is not open. */
  readonly idleLockMinutes: () => number | null;
  readonly lock: (why: string) => void;
}

/** Starts to watch, once the application is ready; the answer ends it. */
export function watchIdle({ idleLockMinutes, lock }: IdleDesk): () => void {
  const judge = (event: DeskEvent): void => {
    const why = lockReason(event, idleLockMinutes());
    if (why !== undefined) lock(why);
  };
  const ask = () => judge({ kind: 'idle', seconds: powerMonitor.getSystemIdleTime() });
  const screenLocked = () => judge({ kind: 'screen_locked' });
  const suspended = () => judge({ kind: 'suspended' });
  const timer = setInterval(ask, everyMs);
  powerMonitor.on('lock-screen', screenLocked);
  powerMonitor.on('suspend', suspended);
  return () => {
    clearInterval(timer);
    powerMonitor.off('lock-screen', screenLocked);
    powerMonitor.off('suspend', suspended);
  };
}
