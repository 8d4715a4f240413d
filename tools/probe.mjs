/**
 * `npm run probe -- [--json] [--allow-loopback] URL`: what answers at an address, and how one signs in there. Set-up speaks
 * on stderr, so that stdout carries only what the probe prints.
 */
import { join } from 'node:path';
import { run, withOwnCommands } from './steps/child.mjs';
import { ensureDependencies } from './steps/install.mjs';
import { continueOnOwnNode } from './steps/node.mjs';
import { build } from './steps/place.mjs';
import { runTool, speakOnStderr } from './steps/say.mjs';

await runTool(async () => {
  speakOnStderr();
  await ensureDependencies();
  const elsewhere = await continueOnOwnNode();
  if (elsewhere !== undefined) return elsewhere;
  const { ensureBuild } = await import('./steps/build.mjs');
  await ensureBuild();
  return run(process.execPath, [join(build, 'main', 'probe.js'), ...process.argv.slice(2)], {
    stdio: 'inherit',
    cwd: process.cwd(),
    env: withOwnCommands(),
  });
});
