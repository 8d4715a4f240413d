/**
 * `npm run make`: builds the packages for this system into out/make (Linux .deb and .zip; a .zip on Windows and macOS).
 * Made with the substitute runtime, a package carries the mark `-testruntime` in its version and is never a release.
 */
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './steps/bundle.mjs';
import { run, runScript } from './steps/child.mjs';
import { ensureRuntime } from './steps/electron-runtime.mjs';
import { ensureDependencies } from './steps/install.mjs';
import { continueOnOwnNode } from './steps/node.mjs';
import { bridgeFolder, cache, root } from './steps/place.mjs';
import { runTool, Stop, say } from './steps/say.mjs';
import { ensureSystemLibraries } from './steps/system-libraries.mjs';

await runTool(async () => {
  await ensureDependencies();
  const elsewhere = await continueOnOwnNode();
  if (elsewhere !== undefined) return elsewhere;
  const runtime = await ensureRuntime();
  await ensureSystemLibraries(['packaging']);
  const { ensureBuild } = await import('./steps/build.mjs');
  await ensureBuild();
  if (runtime.kind === 'substitute') await zipRuntime(runtime);
  if (process.platform === 'win32') await layBridge();
  rmSync(join(root, 'out'), { recursive: true, force: true });
  if ((await runScript('@electron-forge/cli/dist/electron-forge.js', ['make'])) !== 0) {
    throw new Stop('The package could not be made: the lines above say which step failed.');
  }
  say('The packages are in out/make.');
});

/** On Windows a program with windows cannot read its input, so that the bridge for commands comes with a Node of its own. */
async function layBridge() {
  rmSync(bridgeFolder, { recursive: true, force: true });
  await bundle('src/main/stdio.ts', bridgeFolder, 'gatehouse-stdio.mjs');
  copyFileSync(process.execPath, join(bridgeFolder, 'node.exe'));
}

/** Forge takes a local runtime only as a zip that bears the version in package.json. */
async function zipRuntime({ folder, version }) {
  const { default: electron } = await import('electron/package.json', { with: { type: 'json' } });
  const zips = join(cache, 'runtime-zip');
  const zip = join(zips, `electron-v${electron.version}-linux-x64.zip`);
  if (existsSync(zip)) return;
  say(`Packing the substitute runtime (Electron ${version}) for the package …`);
  rmSync(zips, { recursive: true, force: true });
  mkdirSync(zips, { recursive: true });
  if ((await run('zip', ['-q', '-r', '-y', '-1', `${zip}.part`, '.'], { cwd: folder })) !== 0) {
    throw new Stop('The substitute runtime could not be packed: free 1 GB of disk, then try again.');
  }
  renameSync(`${zip}.part`, zip);
}
