/** How the bars of the chart are named: each alone, below the axis, and in what they count. */
import type { ActivityChartView } from '../../../../preload/contract/activity-shapes';
import { type OutcomeGroup, outcomeGroups } from '../../../../preload/contract/outcome-groups';
import { capital } from '../../words';

export type Unit = ActivityChartView['unit'];
export type Bar = ActivityChartView['bars'][number];

export const groupLabel = (group: OutcomeGroup) => (group === 'open' ? 'Waiting or unknown' : capital(group));

export const sumOf = (calls: readonly number[]) => calls.reduce((sum, one) => sum + one, 0);

const day = (atMs: number) => new Date(atMs).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
const clock = (atMs: number) =>
  new Date(atMs).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

/** "12 Nov, 14:00 to 15:00" */
export function timeOfBar(unit: Unit, { fromMs, toMs }: Bar): string {
  switch (unit) {
    case 'hour':
      return `${day(fromMs)}, ${clock(fromMs)} to ${clock(toMs)}`;
    case 'day':
      return new Date(fromMs).toLocaleDateString('en-GB', {
        weekday: 'short',
        day: 'numeric',
        month: 'short',
      });
    case 'week':
      return `Week from ${day(fromMs)}`;
    case 'month':
      return new Date(fromMs).toLocaleDateString('en-GB', { month: 'long', year: 'numeric' });
  }
}

/** Short, for below the axis. */
export function tickOf(unit: Unit, fromMs: number): string {
  if (unit === 'hour') return new Date(fromMs).getHours() === 0 ? day(fromMs) : clock(fromMs);
  if (unit === 'month')
    return new Date(fromMs).toLocaleDateString('en-GB', { month: 'short', year: 'numeric' });
  return day(fromMs);
}

/** "Thu, 12 Nov: 140 allowed, 2 failed" */
export function barInWords(unit: Unit, bar: Bar): string {
  const parts = outcomeGroups.flatMap((group, index) => {
    const calls = bar.calls[index] ?? 0;
    return calls === 0 ? [] : [`${calls.toLocaleString('en-GB')} ${groupLabel(group).toLowerCase()}`];
  });
  return `${timeOfBar(unit, bar)}: ${parts.length === 0 ? 'no calls' : parts.join(', ')}`;
}
