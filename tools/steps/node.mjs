/**
 * The tools need Node 22.12 or newer; a machine may have 20. The npm package `node` brings Node 24, and whoever calls
 * `continueOnOwnNode` goes on in that one. A machine that already has a new enough Node is left alone.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './child.mjs';
import { ensureOptionalDependencies } from './install.mjs';
import { npm } from './npm.mjs';
import { modules } from './place.mjs';
import { Stop, say } from './say.mjs';

const ownNode = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/**
 * @returns {Promise<number | undefined>} Nothing when this process may go on; otherwise the exit code of the same tool,
 *   which has already run on the other Node.
 */
export async function continueOnOwnNode() {
  if (isNewEnough(process.versions.node)) return undefined;
  await fetchOwnNode();
  await ensureOptionalDependencies(ownNode);
  // npm may have tidied the fetched files away.
  await fetchOwnNode();
  return run(ownNode, process.argv.slice(1), { stdio: 'inherit', cwd: process.cwd() });
}

async function fetchOwnNode() {
  if (existsSync(ownNode)) return;
  say(`This machine has Node ${process.versions.node}; fetching Node 24 for the tools …`);
  await npm(['rebuild', 'node', '--ignore-scripts=false', '--dangerously-allow-all-scripts'], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  if (!existsSync(ownNode)) {
    throw new Stop(
      'Node 24 could not be fetched from the npm registry: install Node 22.12 or newer, then try again.',
    );
  }
}

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 12);
}
