/**
 * Unsaved policies of one connection, on top of a revision. Nothing here is sent before Save.
 */
import type { ToolRowView } from '../../../preload/contract/policy-shapes';
import type { Policy } from '../../../preload/contract/shapes';

export type Draft = ReadonlyMap<string, Policy>;

/** Sets rows to a policy; a row that is back at what is saved leaves the draft. */
export function withEdits(
  draft: Draft,
  rows: readonly ToolRowView[],
  policyOf: (row: ToolRowView) => Policy,
): Draft {
  const next = new Map(draft);
  for (const row of rows) {
    const policy = policyOf(row);
    if (policy === row.policy) next.delete(row.name);
    else next.set(row.name, policy);
  }
  return next;
}

/** The draft laid over rows that changed meanwhile: what is gone or already so is dropped. */
export function relaid(draft: Draft, rows: readonly ToolRowView[]): Draft {
  return new Map(
    rows.flatMap((row) => {
      const policy = draft.get(row.name);
      return policy === undefined || policy === row.policy ? [] : [[row.name, policy] as const];
    }),
  );
}

export const editsOf = (draft: Draft) => Array.from(draft, ([tool, policy]) => ({ tool, policy }));
