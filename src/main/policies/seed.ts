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
