/**
 * The first policies of a connection, and what becomes of them when tools come, change or go.
 * Refuses to loosen: a tool that appears later is never auto before a technician has seen it.
 */
import type { ConnectionPolicies, ToolPolicy } from '../store/policy-book';
import { classify, type ToolToClassify } from './classify';

export interface SeedTool extends ToolToClassify {
  /** SHA-256 over the whole definition, hex. */
  readonly definitionHash: string;
}

export function seedPolicies(label: string, tools: readonly SeedTool[]): ConnectionPolicies {
  return { revision: 1, label, tools: Object.fromEntries(tools.map((tool) => [tool.name, seeded(tool)])) };
}

/** Same policies where nothing changed; see policy rules for new, changed and vanished tools. */
export function resyncPolicies(before: ConnectionPolicies, tools: readonly SeedTool[]): ConnectionPolicies {
  let changed = Object.keys(before.tools).length !== tools.length;
  const entries = tools.map((tool): [string, ToolPolicy] => {
    const kept = Object.hasOwn(before.tools, tool.name) ? before.tools[tool.name] : undefined;
    if (kept !== undefined && kept.definitionHash === tool.definitionHash) return [tool.name, kept];
    changed = true;
    return [
      tool.name,
      kept === undefined
        ? careful(seeded(tool), 'New since you connected')
        : careful({ ...seeded(tool), policy: kept.policy }, 'Its definition changed'),
    ];
  });
  return changed ? { ...before, revision: before.revision + 1, tools: Object.fromEntries(entries) } : before;
}

/**
 * What becomes of a custom server's tools when it lists them again. Nothing that was accepted is replaced: a tool that changed keeps
 * policy and hash and is marked, until a technician accepts it; one that went is marked too.
 */
export function driftPolicies(before: ConnectionPolicies, tools: readonly SeedTool[]): ConnectionPolicies {
  const listed = new Map(tools.map((tool) => [tool.name, tool]));
  let changed = false;
  const kept = Object.entries(before.tools).map(([name, row]): [string, ToolPolicy] => {
    const now = listed.get(name);
    const drift = driftOf(row, now);
    if (isSameDrift(drift, row.drift)) return [name, row];
    changed = true;
    const { drift: _before, ...rest } = row;
    return [name, drift === undefined ? rest : { ...rest, drift }];
  });
  const added = tools
    .filter(({ name }) => !Object.hasOwn(before.tools, name))
    .map((tool): [string, ToolPolicy] => [tool.name, careful(seeded(tool), 'New since you connected')]);
  if (!changed && added.length === 0) return before;
  return { ...before, revision: before.revision + 1, tools: Object.fromEntries([...kept, ...added]) };
}

/** Takes definitions that changed for accepted ones; the policies are as before. Only what is listed now can be accepted. */
export function acceptDrift(before: ConnectionPolicies, tools: readonly SeedTool[]): ConnectionPolicies {
  const accepted = tools.flatMap((tool): [string, ToolPolicy][] => {
    const row = Object.hasOwn(before.tools, tool.name) ? before.tools[tool.name] : undefined;
    if (row?.drift?.kind !== 'changed' || row.drift.definitionHash !== tool.definitionHash) return [];
    const { access, defaultPolicy, definitionHash } = seeded(tool);
    const { drift: _accepted, ...rest } = row;
    return [[tool.name, { ...rest, access, defaultPolicy, definitionHash }]];
  });
  if (accepted.length === 0) return before;
  return {
    ...before,
    revision: before.revision + 1,
    tools: { ...before.tools, ...Object.fromEntries(accepted) },
  };
}

function driftOf(row: ToolPolicy, now: SeedTool | undefined): ToolPolicy['drift'] {
  if (now === undefined) return { kind: 'gone' };
  const { definitionHash } = now;
  return definitionHash === row.definitionHash ? undefined : { kind: 'changed', definitionHash };
}

function isSameDrift(one: ToolPolicy['drift'], other: ToolPolicy['drift']): boolean {
  if (one?.kind !== 'changed' || other?.kind !== 'changed') return one?.kind === other?.kind;
  return one.definitionHash === other.definitionHash;
}

function seeded(tool: SeedTool): ToolPolicy {
  const { access, policy, rule, why } = classify(tool);
  return {
    policy,
    defaultPolicy: policy,
    access,
    origin: { kind: 'seeded', rule, why },
    definitionHash: tool.definitionHash,
  };
}

function careful(policy: ToolPolicy, why: string): ToolPolicy {
  if (policy.policy !== 'auto') return policy;
  return {
    ...policy,
    policy: 'approval_needed',
    origin: { kind: 'seeded', rule: 'unknown', why: `${why}: look at it first` },
  };
}
