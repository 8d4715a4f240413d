/** The filters of Activity as the technician sets them, and as main is asked. */
import type { CallInput } from '../../../../preload/contract/calls';
import type { AgentId, ConnectionId, Outcome } from '../../../../preload/contract/shapes';

export type Span = 'today' | '7 days' | '30 days' | 'all';

export interface ActivityFilters {
  readonly text: string;
  readonly span: Span;
  readonly agentId: AgentId | '';
  readonly connectionId: ConnectionId | '';
  readonly outcome: Outcome | '';
}

export const noFilters: ActivityFilters = {
  text: '',
  span: 'all',
  agentId: '',
  connectionId: '',
  outcome: '',
};

export const outcomes: readonly Outcome[] = [
  'allowed',
  'approved',
  'denied',
  'refused',
  'failed',
  'waiting',
  'unknown',
  'changed',
  'connected',
  'disconnected',
  'created',
  'revoked',
];

const daysBefore: Readonly<Record<Exclude<Span, 'all'>, number>> = { today: 0, '7 days': 6, '30 days': 29 };

/** Local midnight of the span's first day, in milliseconds. */
export function spanStartMs(span: Exclude<Span, 'all'>, nowMs: number): number {
  const day = new Date(nowMs);
  day.setHours(0, 0, 0, 0);
  day.setDate(day.getDate() - daysBefore[span]);
  return day.getTime();
}

export function questionOf(
  filters: ActivityFilters,
  nowMs: number,
): Omit<CallInput<'activity.list'>, 'limit' | 'beforeSeq'> {
  const text = filters.text.trim();
  return {
    ...(text === '' ? {} : { text }),
    ...(filters.span === 'all' ? {} : { fromMs: spanStartMs(filters.span, nowMs) }),
    ...(filters.agentId === '' ? {} : { agentId: filters.agentId }),
    ...(filters.connectionId === '' ? {} : { connectionId: filters.connectionId }),
    ...(filters.outcome === '' ? {} : { outcome: filters.outcome }),
  };
}
