/**
 * What becomes of the policies when a custom server lists its tools again, and when a technician has looked at what changed. Nothing is
 * accepted that was not seen: the revision of the policies stands for what was shown.
 */
import { Fault } from '../../preload/contract/reply';
import { findConnection } from '../connections/connect';
import { note } from '../connections/note';
import { acceptDrift, driftPolicies, type SeedTool } from '../policies/seed';
import type { CustomNeeds } from './custom-connections';
import type { Listing, ServerTool } from './tool-server';

type DriftNeeds = Pick<CustomNeeds, 'vault' | 'definitions' | 'record' | 'technician'>;

const gatehouse = { kind: 'gatehouse', name: 'Gatehouse' } as const;

export const seedOf = (tool: ServerTool): SeedTool => ({ ...tool, annotations: tool.hints });

/** What is new is seeded but not auto, what changed or went is marked. */
export async function applyListing(needs: DriftNeeds, connectionId: string, listing: Listing): Promise<void> {
  const before = needs.vault.read().policies[connectionId];
  if (before === undefined) return;
  const seeds = listing.tools.map(seedOf);
  const after = driftPolicies(before, seeds);
  // Before the policies name them; those that the policies named until now stay until the next list.
  await needs.definitions.keep(connectionId, listing, before, after);
  if (after === before) return;
  await needs.vault.update((state) => {
    const now = state.policies[connectionId];
    if (now === undefined) return state;
    return {
      ...state,
      policies: { ...state.policies, [connectionId]: driftPolicies(now, seeds) },
    };
  });
  const { label } = findConnection(needs.vault.read(), connectionId);
  const rows = Object.values(after.tools);
  const added = rows.length - Object.keys(before.tools).length;
  const count = (drift: 'changed' | 'gone') => rows.filter((row) => row.drift?.kind === drift).length;
  const detail = `The server lists its tools anew: ${added} new, ${count('changed')} changed, ${count('gone')} gone.`;
  await note(needs, { connectionId, label }, 'noted', detail, gatehouse);
}

/** What a technician has looked at is pinned from now on. @throws Fault `not_found`, `policy_conflict` */
export async function acceptDefinitions(
  needs: DriftNeeds,
  connectionId: string,
  names: readonly string[],
  baseRevision: number,
): Promise<void> {
  const { label } = findConnection(needs.vault.read(), connectionId);
  await needs.vault.update((state) => {
    const policies = state.policies[connectionId];
    if (policies === undefined)
      throw new Fault('not_found', 'This connection is gone; nothing was accepted.');
    if (policies.revision !== baseRevision)
      throw new Fault('policy_conflict', 'Something changed meanwhile. Look at the definition again.');
    const now = names.flatMap((name) => {
      const row = Object.hasOwn(policies.tools, name) ? policies.tools[name] : undefined;
      return row === undefined ? [] : (needs.definitions.drifted(connectionId, row) ?? []);
    });
    const accepted = acceptDrift(policies, now.map(seedOf));
    return { ...state, policies: { ...state.policies, [connectionId]: accepted } };
  });
  await note(
    needs,
    { connectionId, label },
    'changed',
    `Accepted the new definition of ${names.join(', ').slice(0, 300)}.`,
  );
}
