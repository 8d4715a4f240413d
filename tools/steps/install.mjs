/**
 * Installs the locked dependencies when they are missing or differ from package-lock.json. Nothing else is installed,
 * and no package runs a script of its own: the two that have one (keytar, node) are served here and in node.mjs.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm.mjs';
import { cache, modules, root } from './place.mjs';
import { Stop, say } from './say.mjs';

const lockFile = join(root, 'package-lock.json');
const installedFile = join(modules, '.package-lock.json');

/** Brings node_modules in line with the lock file. */
export async function ensureDependencies() {
  const reason = staleReason();
  if (reason === undefined) return;
  say(`Installing the locked dependencies (${reason}) …`);
  // Not `npm ci`: it refuses a lock file written on a registry that lacks other systems' binaries. The versions are
  // compared with the lock file afterwards instead.
  if ((await npm(['install', '--no-save', '--ignore-scripts'])) !== 0 || staleReason() !== undefined) {
    throw new Stop(
      'The dependencies could not be installed: check the network or the npm registry, then try again.',
    );
  }
}

/**
 * npm passes over optional packages whose `engines` ask for a newer Node than the machine's. Adds them with the
 * project's own Node; tried once per lock file, because an optional package may be missing for good reasons.
 *
 * @param {string} node Path of the project's own Node.
 */
export async function ensureOptionalDependencies(node) {
  const missing = differences().optional;
  const tried = join(cache, 'optional-tried');
  if (missing.length === 0 || (existsSync(tried) && readFileSync(tried, 'utf8') === missing.join())) return;
  say(`Adding optional packages that need a newer Node than this machine's (${missing.length}) …`);
  await npm(['install', '--no-save', '--ignore-scripts'], { node });
  mkdirSync(cache, { recursive: true });
  writeFileSync(tried, differences().optional.join());
}

function staleReason() {
  if (!existsSync(lockFile)) throw new Stop('package-lock.json is missing: restore it from the repository.');
  if (!existsSync(installedFile)) return 'none are there yet';
  const [first] = differences().required;
  return first === undefined ? undefined : `${first} differs from the lock file`;
}

/** Names of packages that the lock file wants and node_modules does not hold in that version. */
function differences() {
  const wanted = JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  const held = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  const found = { required: [], optional: [] };
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || !fits(entry)) continue;
    const there = held[path]?.version === entry.version && existsSync(join(root, path));
    if (!there) found[entry.optional || entry.devOptional ? 'optional' : 'required'].push(path.slice(13));
  }
  return found;
}

function fits({ os, cpu, libc }) {
  return allows(os, process.platform) && allows(cpu, process.arch) && (!libc || allows(libc, libcFamily()));
}

function allows(list, value) {
  if (list === undefined) return true;
  const refused = list.filter((name) => name.startsWith('!'));
  return refused.length > 0 ? !refused.includes(`!${value}`) : list.includes(value);
}

function libcFamily() {
  if (process.platform !== 'linux') return 'none';
  return process.report?.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';
}
