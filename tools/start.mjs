/**
 * `npm start`: sets everything up, builds, opens the application. `--dev` reloads on changes; `--practice` and every
 * other argument go to the application. Uses only Node's own modules until the dependencies are installed.
 */
import { run, runScript, withOwnCommands } from './steps/child.mjs';
import { openDisplay } from './steps/display.mjs';
import { ensureRuntime } from './steps/electron-runtime.mjs';
import { ensureDependencies } from './steps/install.mjs';
import { continueOnOwnNode } from './steps/node.mjs';
import { isRoot, root } from './steps/place.mjs';
import { runTool, say } from './steps/say.mjs';
import { ensureSystemLibraries } from './steps/system-libraries.mjs';

await runTool(async () => {
  const given = process.argv.slice(2);
  await ensureDependencies();
  const elsewhere = await continueOnOwnNode();
  if (elsewhere !== undefined) return elsewhere;

  const runtime = await ensureRuntime();
  await ensureSystemLibraries(['window', 'display', 'keychain'], runtime);
  const dev = given.includes('--dev');
  const forApp = given.filter((argument) => argument !== '--dev');
  const { ensureBuild } = await import('./steps/build.mjs');
  if (dev) (await import('./compile-catalog.mjs')).compileCatalog();
  else await ensureBuild();

  const display = await openDisplay();
  const env = { ...withOwnCommands(), ...display.env };
  const noSandbox = isRoot && process.platform === 'linux';
  if (noSandbox)
    say("Running as root: Chromium's sandbox is off (--no-sandbox). Use an ordinary account for real work.");
  say('Opening Gatehouse. Press Ctrl+C here to close it.');
  try {
    return dev
      ? await runScript(
          'electron-vite/bin/electron-vite.js',
          ['dev', ...(noSandbox ? ['--noSandbox'] : []), '--', ...forApp],
          {
            env: { ...env, ELECTRON_EXEC_PATH: runtime.executable },
          },
        )
      : await run(runtime.executable, [...(noSandbox ? ['--no-sandbox'] : []), root, ...forApp], { env });
  } finally {
    display.close();
  }
});
