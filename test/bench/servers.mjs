/** A custom server with 5,000 tools, from Connect in the wizard until its policy table is there, in the real window. */
import { quantile } from './figures.mjs';
import { measuredInWindow } from './window.mjs';

const goalMs = 3_000;

export async function servers() {
  const tookMs = measuredInWindow('servers');
  const most = Math.max(...tookMs);
  return [
    {
      what: '5,000 tools of one server: Connect → table, ms (p50, most)',
      goal: `most ≤ ${goalMs}`,
      figure: `${quantile(tookMs, 0.5).toFixed(0)}, ${most.toFixed(0)}`,
      holds: most <= goalMs ? 'holds' : 'does not hold',
    },
  ];
}
