/**
 * When an unattended desk locks the vault. Refuses to lock where the technician chose never.
 */
export type DeskEvent =
  /** Seconds since the last key or movement, anywhere in the system. */
  | { readonly kind: 'idle'; readonly seconds: number }
  | { readonly kind: 'screen_locked' }
  | { readonly kind: 'suspended' };

/**
 * The sentence to lock with; undefined leaves the vault open.
 *
 * @param idleLockMinutes Null means never.
 */
export function lockReason(event: DeskEvent, idleLockMinutes: number | null): string | undefined {
  if (idleLockMinutes === null) return undefined;
  switch (event.kind) {
    case 'idle':
      if (event.seconds < idleLockMinutes * 60) return undefined;
      return `Locked after ${idleLockMinutes} ${idleLockMinutes === 1 ? 'minute' : 'minutes'} without input.`;
    case 'screen_locked':
      return 'Locked because the screen was locked.';
    case 'suspended':
      return 'Locked because the computer went to sleep.';
  }
}
