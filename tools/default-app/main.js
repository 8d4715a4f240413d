/**
 * What `electron <folder>` does, for the substitute runtime (see steps/substitute-runtime.mjs): takes on the folder's
 * name, version and data folder, then imports its `main`. Electron waits with `ready` until the import is done.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const { folder, preloads } = readArguments(process.argv.slice(1));
if (folder === undefined && process.argv.some((argument) => ['-v', '--version'].includes(argument))) {
  console.log(`v${process.versions.electron}`);
  process.exit(0);
} else if (folder === undefined) {
  console.error('Say which folder to start: electron <folder>.');
  process.exit(1);
} else {
  process.defaultApp = true;
  const require = createRequire(join(folder, 'package.json'));
  for (const file of preloads) require(resolve(file));
  const description = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const name = description.productName ?? description.name;
  app.setName(name);
  app.setVersion(description.version);
  app.setAppPath(folder);
  if (!app.commandLine.hasSwitch('user-data-dir'))
    app.setPath('userData', join(app.getPath('appData'), name));
  await import(pathToFileURL(join(folder, description.main)).href);
}

/** The first argument that is no switch is the folder; `-r file` is loaded before it (Playwright uses that). */
function readArguments(args) {
  const preloads = [];
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index];
    if (argument === '-r' || argument === '--require') {
      index += 1;
      preloads.push(args[index]);
    } else if (!argument.startsWith('-')) {
      return { folder: resolve(argument), preloads };
    }
  }
  return { folder: undefined, preloads };
}
