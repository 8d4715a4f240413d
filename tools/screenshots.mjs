/**
 * `npm run screenshots`: makes docs/screenshots anew from the built application in the practice workspace.
 */
import { join } from 'node:path';
import { openDisplay } from './steps/display.mjs';
import { ensureRuntime } from './steps/electron-runtime.mjs';
import { ensureDependencies } from './steps/install.mjs';
import { runWithKeyring } from './steps/keyring.mjs';
import { continueOnOwnNode } from './steps/node.mjs';
import { modules } from './steps/place.mjs';
import { runTool, say } from './steps/say.mjs';
import { ensureSystemLibraries } from './steps/system-libraries.mjs';

await runTool(async () => {
  await ensureDependencies();
  const elsewhere = await continueOnOwnNode();
  if (elsewhere !== undefined) return elsewhere;
  const runtime = await ensureRuntime();
  await ensureSystemLibraries(['window', 'display', 'keychain', 'keyring'], runtime);
  const { ensureBuild } = await import('./steps/build.mjs');
  await ensureBuild();
  const display = await openDisplay();
  const code = await runWithKeyring(
    process.execPath,
    [join(modules, '@playwright/test/cli.js'), 'test', '--project=pictures'],
    { ...display.env, GATEHOUSE_PICTURES: '1' },
  );
  display.close();
  if (code === 0) say('docs/screenshots is made anew. Look at every picture before you keep it.');
  return code;
});
