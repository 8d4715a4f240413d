/** What stands in the form of an agent, and what it comes to. No facts are kept here. */
import type { AgentScopeView, AgentView, ConnectionId } from '../../../../preload/contract/shapes';
import { dayMs } from './agent-words';

export const ends = ['kept', 'never', '30', '90', '365', 'date'] as const;
export type End = (typeof ends)[number];

export interface AgentDraft {
  readonly name: string;
  readonly kind: string;
  readonly reach: 'all' | 'chosen';
  readonly chosen: ReadonlySet<ConnectionId>;
  readonly readOnly: boolean;
  readonly end: End;
  /** `YYYY-MM-DD`, only with `date`. */
  readonly date: string;
}

export function draftOf(agent: AgentView | undefined, kind: string): AgentDraft {
  const ids = agent?.scope.connectionIds ?? null;
  return {
    name: agent?.name ?? '',
    kind: agent?.kind ?? kind,
    reach: ids === null ? 'all' : 'chosen',
    chosen: new Set(ids ?? []),
    readOnly: agent?.scope.access === 'read',
    end: (agent?.expiresAtMs ?? null) === null ? 'never' : 'kept',
    date: '',
  };
}

/** Connections that are gone are not among the chosen ones. */
export function scopeOf(draft: AgentDraft, known: readonly ConnectionId[]): AgentScopeView {
  return {
    connectionIds: draft.reach === 'all' ? null : known.filter((id) => draft.chosen.has(id)),
    access: draft.readOnly ? 'read' : 'all',
  };
}

/** The last moment of a chosen day here; undefined while no day is chosen. */
export function endOf(draft: AgentDraft, nowMs: number, kept: number | null): number | null | undefined {
  switch (draft.end) {
    case 'kept':
      return kept;
    case 'never':
      return null;
    case 'date': {
      const atMs = new Date(`${draft.date}T23:59:59`).getTime();
      return Number.isNaN(atMs) ? undefined : atMs;
    }
    default:
      return nowMs + Number(draft.end) * dayMs;
  }
}
