/**
 * Applies one batch of edits to the policies of one connection: all of them or none.
 * Refuses a batch that was made on an older revision, and tools that the connection does not have.
 */
import { Fault } from '../../preload/contract/reply';
import type { Policy } from '../../preload/contract/shapes';
import type { ConnectionPolicies, ToolPolicy } from '../store/policy-book';

export interface PolicyEdit {
  readonly tool: string;
  readonly policy: Policy;
}

export interface PolicyChange {
  readonly tool: string;
  readonly before: Policy;
  readonly after: Policy;
}

/**
 * @param by Name of the technician, for the column Why.
 * @throws Fault `policy_conflict` when the revision moved, `not_found` for an unknown tool.
 */
export function applyEdits(
  before: ConnectionPolicies,
  baseRevision: number,
  edits: readonly PolicyEdit[],
  by: string,
  atMs: number,
): { readonly after: ConnectionPolicies; readonly changes: readonly PolicyChange[] } {
  if (before.revision !== baseRevision) {
    throw new Fault(
      'policy_conflict',
      'Somebody else changed these policies meanwhile. Your edits were kept; look at the marked rows and save again.',
      { retryable: true },
    );
  }
  const tools: Record<string, ToolPolicy> = { ...before.tools };
  const changes: PolicyChange[] = [];
  for (const { tool, policy } of edits) {
    const row = Object.hasOwn(tools, tool) ? tools[tool] : undefined;
    if (row === undefined)
      throw new Fault('not_found', `This connection has no tool called ${tool}, so nothing was saved.`);
    if (row.policy === policy) continue;
    changes.push({ tool, before: row.policy, after: policy });
    tools[tool] = { ...row, policy, origin: { kind: 'set', by, atMs } };
  }
  return { after: { ...before, revision: before.revision + 1, tools }, changes };
}

/** How many tools have which policy, and how many a technician changed from their default. */
export function countPolicies(policies: ConnectionPolicies): {
  readonly auto: number;
  readonly approvalNeeded: number;
  readonly disabled: number;
  readonly customised: number;
} {
  const all = Object.values(policies.tools);
  const of = (policy: Policy) => all.filter((row) => row.policy === policy).length;
  return {
    auto: of('auto'),
    approvalNeeded: of('approval_needed'),
    disabled: of('disabled'),
    customised: all.filter((row) => row.policy !== row.defaultPolicy).length,
  };
}

/** Why a tool has its policy, for the table. */
export function whyOf(row: ToolPolicy, formatDay: (atMs: number) => string): string {
  return row.origin.kind === 'seeded'
    ? row.origin.why
    : `Set by ${row.origin.by} on ${formatDay(row.origin.atMs)}`;
}
