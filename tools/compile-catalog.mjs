/**
 * Turns resources/catalog/*.yaml (one app a file) into build/catalog.json, an array in the order of the file names, so
 * that the application reads one file and needs no YAML. Judges syntax only: the schema is checked by a test and at load.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { build, root } from './steps/place.mjs';
import { runTool, Stop, say } from './steps/say.mjs';

/** Writes build/catalog.json. @throws {Stop} naming the file that is no YAML. */
export function compileCatalog() {
  const folder = join(root, 'resources', 'catalog');
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  const apps = files.map((name) => {
    try {
      return parse(readFileSync(join(folder, name), 'utf8'));
    } catch (error) {
      throw new Stop(`resources/catalog/${name} is not valid YAML: ${String(error.message).split('\n')[0]}`);
    }
  });
  mkdirSync(build, { recursive: true });
  writeFileSync(join(build, 'catalog.json'), `${JSON.stringify(apps)}\n`);
  say(`Catalog: ${apps.length} apps.`);
}

if (process.argv[1] === import.meta.filename) await runTool(async () => compileCatalog());
