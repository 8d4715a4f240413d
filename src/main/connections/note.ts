/** One row of the activity log about a connection. Never given a secret. */
import type { ActivityEntry, Outcome } from '../activity/record';
import type { ConnectionsNeeds } from './connect';

/** @param who Left out for the technician at the desk. */
export async function note(
  needs: Pick<ConnectionsNeeds, 'record' | 'technician'>,
  { connectionId, label }: { readonly connectionId: string; readonly label: string },
  outcome: Outcome,
  detail: string,
  who: ActivityEntry['who'] = { kind: 'technician', name: needs.technician },
): Promise<void> {
  await needs.record({ kind: 'connection', who, what: label, connectionId, outcome, detail });
}
