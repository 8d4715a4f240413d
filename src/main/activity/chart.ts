/** Where the bars of a chart begin and end: hours, days, weeks or months of this place. Counts nothing. */
export type ChartUnit = 'hour' | 'day' | 'week' | 'month';

const dayMs = 86_400_000;

export interface ChartEdges {
  readonly unit: ChartUnit;
  /** One more than there are bars, rising. */
  readonly edges: readonly number[];
}

/** Bars from the one that holds `fromMs` to the one that holds the moment before `toMs`; a few hundred at most. */
export function chartEdges(fromMs: number, toMs: number): ChartEdges {
  const unit = unitFor(toMs - fromMs);
  const edges = [startOf(unit, fromMs)];
  for (let at = edges[0] ?? fromMs; at < toMs && edges.length <= maxBars; ) {
    at = nextOf(unit, at);
    edges.push(at);
  }
  return { unit, edges };
}

export const maxBars = 400;

function unitFor(spanMs: number): ChartUnit {
  if (spanMs <= 3 * dayMs) return 'hour';
  if (spanMs <= 95 * dayMs) return 'day';
  return spanMs <= 2 * 366 * dayMs ? 'week' : 'month';
}

function startOf(unit: ChartUnit, atMs: number): number {
  const at = new Date(atMs);
  if (unit === 'hour') return at.setMinutes(0, 0, 0);
  at.setHours(0, 0, 0, 0);
  if (unit === 'week') at.setDate(at.getDate() - ((at.getDay() + 6) % 7));
  if (unit === 'month') at.setDate(1);
  return at.getTime();
}

function nextOf(unit: ChartUnit, startMs: number): number {
  // Not by the calendar: the hour that a change of the clocks repeats would come twice or never.
  if (unit === 'hour') return startMs + 3_600_000;
  const at = new Date(startMs);
  if (unit === 'month') at.setMonth(at.getMonth() + 1);
  else at.setDate(at.getDate() + (unit === 'week' ? 7 : 1));
  return at.getTime();
}
