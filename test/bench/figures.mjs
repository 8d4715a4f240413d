/** Medians, ratios and the table that is printed. Ratios are taken inside a round, then their median. */
export const now = () => performance.now();

export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(part * sorted.length) - 1))];
}

export const median = (values) => quantile(values, 0.5);

/** `1.42 (1.31–1.77)`: median, least and most. */
export function spread(values, digits = 2) {
  const fixed = (value) => value.toFixed(digits);
  return `${fixed(median(values))} (${fixed(Math.min(...values))}–${fixed(Math.max(...values))})`;
}

export const ratios = (ours, direct) => ours.map((value, round) => value / direct[round]);

/** @param {{ what: string, unit?: string, values: number[], goal?: number, atLeast?: boolean }} row */
export function judged({ what, values, goal, atLeast = false, digits = 2 }) {
  const figure = median(values);
  const holds =
    goal === undefined ? '' : (atLeast ? figure >= goal : figure <= goal) ? 'holds' : 'does not hold';
  const bar = goal === undefined ? '' : `${atLeast ? '≥' : '≤'} ${goal}`;
  return { what, goal: bar, figure: spread(values, digits), holds };
}

export function printTable(rows) {
  console.log('\n| work | goal | figure: median (least–most) | |\n| --- | --- | --- | --- |');
  for (const { what, goal, figure, holds } of rows)
    console.log(`| ${what} | ${goal} | ${figure} | ${holds} |`);
}
