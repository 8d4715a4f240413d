/** Builds main, preload, renderer and the catalog into build/. Skipped when nothing changed since the last time. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileCatalog } from '../compile-catalog.mjs';
import { runScript } from './child.mjs';
import { build, cache, root } from './place.mjs';
import { Stop, say } from './say.mjs';

const sources = [
  'src',
  'resources',
  'tools/compile-catalog.mjs',
  'electron.vite.config.ts',
  'package-lock.json',
];

/** @param {{ always?: boolean }} options `always`: build even when nothing changed. */
export async function ensureBuild({ always = false } = {}) {
  const stamp = join(cache, 'build-stamp');
  const current = fingerprint();
  const complete = [
    'main/index.js',
    'main/headless.js',
    'main/probe.js',
    'preload/index.cjs',
    'renderer/index.html',
    'catalog.json',
  ];
  const isFresh =
    complete.every((file) => existsSync(join(build, file))) &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === current;
  if (isFresh && !always) return;
  say('Building …');
  if ((await runScript('electron-vite/bin/electron-vite.js', ['build', '--logLevel', 'warn'])) !== 0) {
    throw new Stop('The build failed: the lines above name the file to mend.');
  }
  compileCatalog();
  mkdirSync(cache, { recursive: true });
  writeFileSync(stamp, current);
}

/** Changes whenever a source file is added, removed, or written. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const file of sources.flatMap((source) => filesUnder(join(root, source)))) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}
