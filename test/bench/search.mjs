/** A key in the search box until the grid of 1,000 apps is there, in the real window. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { quantile } from './figures.mjs';

const goalMs = 16;

export async function search() {
  const cli = createRequire(import.meta.url).resolve('@playwright/test/cli');
  const { stdout, status } = spawnSync(process.execPath, [cli, 'test', '--project=bench'], {
    encoding: 'utf8',
    env: { ...process.env, GATEHOUSE_BENCH: '1' },
  });
  const line = /^bench (\[.*\])$/m.exec(stdout)?.[1];
  if (status !== 0 || line === undefined) throw new Error(`The window could not be measured:\n${stdout}`);
  const tookMs = JSON.parse(line);
  const row = (what, values) => {
    const p95 = quantile(values, 0.95);
    return {
      what: `a key in the search box, 1,000 apps → ${what}, ms (p50, p95)`,
      goal: `p95 ≤ ${goalMs}`,
      figure: `${quantile(values, 0.5).toFixed(1)}, ${p95.toFixed(1)}`,
      holds: p95 <= goalMs ? 'holds' : 'does not hold',
    };
  };
  return [
    row(
      'laid out',
      tookMs.map(([worked]) => worked),
    ),
    row(
      'painted, with the wait for the next frame (16.7 ms at 60 Hz)',
      tookMs.map(([, painted]) => painted),
    ),
  ];
}
