/** Where things lie in the repository. Nothing here touches the disk. */
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');
export const modules = join(root, 'node_modules');
/** Fetched and generated files that may be deleted at any time. */
export const cache = join(modules, '.cache', 'gatehouse');
/** What the last set-up found: `{ kind, version, executable, folder, why }`. Tests and packaging read it. */
export const runtimeFile = join(cache, 'runtime.json');
/** What lies beside the package on Windows: the bridge for commands, and a Node to run it. */
export const bridgeFolder = join(cache, 'gatehouse-stdio');
export const build = join(root, 'build');

/** True for the account that Chromium's sandbox refuses to work under. */
export const isRoot = process.getuid?.() === 0;
