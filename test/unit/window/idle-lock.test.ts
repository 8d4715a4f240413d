/** When an unattended desk locks the vault. */
import { describe, expect, it } from 'vitest';
import { lockReason } from '../../../src/main/window/idle-lock';

describe('an unattended desk', () => {
  it.each([
    [0, 15, undefined],
    [899, 15, undefined],
    [900, 15, 'Locked after 15 minutes without input.'],
    [5000, 15, 'Locked after 15 minutes without input.'],
    [59, 1, undefined],
    [60, 1, 'Locked after 1 minute without input.'],
    [1_000_000, null, undefined],
  ])(
    'after %d seconds without input, with a limit of %s minutes, locks with: %s',
    (seconds, minutes, why) => {
      expect(lockReason({ kind: 'idle', seconds }, minutes)).toBe(why);
    },
  );

  it('locks at once when the screen is locked or the computer sleeps', () => {
    expect(lockReason({ kind: 'screen_locked' }, 480)).toBe('Locked because the screen was locked.');
    expect(lockReason({ kind: 'suspended' }, 480)).toBe('Locked because the computer went to sleep.');
  });

  it('never locks where the technician chose never', () => {
    expect(lockReason({ kind: 'screen_locked' }, null)).toBeUndefined();
    expect(lockReason({ kind: 'suspended' }, null)).toBeUndefined();
  });
});
