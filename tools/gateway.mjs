/**
 * `npm run gateway -- --data DIR …`: the gateway without windows, as a plain Node process. Set-up speaks on stderr, so
 * that stdout carries only what the gateway prints. Arguments, input, signals and exit code are passed through.
 */
import { run } from './steps/child.mjs';
import { headless } from './steps/headless.mjs';
import { ensureDependencies } from './steps/install.mjs';
import { continueOnOwnNode } from './steps/node.mjs';
import { runTool, speakOnStderr } from './steps/say.mjs';
import { ensureSystemLibraries } from './steps/system-libraries.mjs';

await runTool(async () => {
  speakOnStderr();
  await ensureDependencies();
  const elsewhere = await continueOnOwnNode();
  if (elsewhere !== undefined) return elsewhere;
  await ensureSystemLibraries(['keychain']);
  const { ensureBuild } = await import('./steps/build.mjs');
  await ensureBuild();
  return run(headless.command, [...headless.args, ...process.argv.slice(2)], {
    stdio: 'inherit',
    cwd: process.cwd(),
    env: headless.env(),
  });
});
