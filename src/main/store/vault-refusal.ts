/** Why a vault that is not open says no, as one sentence and a code. */
import { Fault } from '../../preload/contract/reply';
import type { VaultState } from './vault';

export function refusal(state: VaultState): Fault {
  switch (state.kind) {
    case 'unreadable':
      return new Fault('vault_unreadable', state.why);
    case 'needs_passphrase':
      return new Fault('vault_needs_passphrase', state.why);
    case 'locked':
      return state.why !== undefined && state.keychainFailed === true
        ? new Fault('keychain_unavailable', state.why, { retryable: true })
        : lockedFault();
    case 'unlocked':
      return lockedFault();
  }
}

export function lockedFault(): Fault {
  return new Fault('vault_locked', 'The vault is locked. Unlock it first.', { retryable: true });
}
