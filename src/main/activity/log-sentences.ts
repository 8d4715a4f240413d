/** What the log says about itself, and how it says that it could not be written. Holds no rule. */
import { Fault } from '../../preload/contract/reply';
import type { ActivityEntry } from './record';

export const strayed =
  'The record that the vault remembers as the newest is no longer in the log as it was written.';

export const finding = (detail: string): ActivityEntry => ({
  kind: 'log',
  who: { kind: 'gatehouse', name: 'Gatehouse' },
  what: 'Activity log',
  outcome: 'noted',
  detail,
});

export function writeFailed(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? ` (${String(error.code)})` : '';
  return new Fault(
    'activity_write_failed',
    `The activity log could not be written${code}. Nothing runs until it can be: check that the disk has room and may be written.`,
    { retryable: true, cause: error },
  );
}
