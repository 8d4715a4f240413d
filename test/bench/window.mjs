/** Measurements in the real window: a Playwright file that prints one JSON line behind the word bench. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

/** @param {string} name The file, without its ending. */
export function measuredInWindow(name) {
  const cli = createRequire(import.meta.url).resolve('@playwright/test/cli');
  const { stdout, status } = spawnSync(
    process.execPath,
    [cli, 'test', '--project=bench', `${name}.spec.ts`],
    { encoding: 'utf8', env: { ...process.env, GATEHOUSE_BENCH: '1' } },
  );
  const line = /^bench (\[.*\])$/m.exec(stdout)?.[1];
  if (status !== 0 || line === undefined) throw new Error(`The window could not be measured:\n${stdout}`);
  return JSON.parse(line);
}
