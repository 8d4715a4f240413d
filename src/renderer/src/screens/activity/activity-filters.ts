/** The filters of Activity as the technician sets them, and as main is asked. */
import type { CallInput } from '../../../../preload/contract/calls';
import type { AgentId, ConnectionId, Outcome } from '../../../../preload/contract/shapes';

export type Span = 'today' | '7 days' | '30 days' | 'all' | 'from to';

export interface ActivityFilters {
  readonly text: string;
  readonly span: Span;
  /** Only with the span `from to`; undefined is open on that side. */
  readonly fromMs: number | undefined;
  /** Exclusive. */
  readonly toMs: number | undefined;
  readonly agentId: AgentId | '';
  readonly connectionId: ConnectionId | '';
  readonly tool: string;
  readonly outcome: Outcome | '';
}

export const noFilters: ActivityFilters = {
  text: '',
  span: 'all',
  fromMs: undefined,
  toMs: undefined,
  agentId: '',
  connectionId: '',
  tool: '',
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
  'noted',
];

type Preset = Exclude<Span, 'all' | 'from to'>;

const daysBefore: Readonly<Record<Preset, number>> = { today: 0, '7 days': 6, '30 days': 29 };

/** Local midnight of the span's first day, in milliseconds. */
export function spanStartMs(span: Preset, nowMs: number): number {
  const day = new Date(nowMs);
  day.setHours(0, 0, 0, 0);
  day.setDate(day.getDate() - daysBefore[span]);
  return day.getTime();
}

export type Question = CallInput<'activity.chart'>;

export function questionOf(filters: ActivityFilters, nowMs: number): Question {
  const text = filters.text.trim();
  return {
    ...(text === '' ? {} : { text }),
    ...timeOf(filters, nowMs),
    ...(filters.agentId === '' ? {} : { agentId: filters.agentId }),
    ...(filters.connectionId === '' ? {} : { connectionId: filters.connectionId }),
    ...(filters.tool === '' ? {} : { tool: filters.tool }),
    ...(filters.outcome === '' ? {} : { outcome: filters.outcome }),
  };
}

function timeOf({ span, fromMs, toMs }: ActivityFilters, nowMs: number): Question {
  if (span === 'all') return {};
  if (span !== 'from to') return { fromMs: spanStartMs(span, nowMs) };
  return { ...(fromMs === undefined ? {} : { fromMs }), ...(toMs === undefined ? {} : { toMs }) };
}

/** What stands in a field for a local date and time; empty for none. */
export function fieldOf(atMs: number | undefined): string {
  if (atMs === undefined) return '';
  const at = new Date(atMs);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Undefined for an empty field. */
export function momentOf(field: string): number | undefined {
  const atMs = new Date(field).getTime();
  return Number.isNaN(atMs) ? undefined : atMs;
}
