/**
 * `npm run bench [-- gateway|calls|list|start|log|search …]`: measures the built gateway and prints one table: goal, figure,
 * holds or not. `gateway` is calls, list and start together. Ratios only: the machine is never alone.
 */

import { ensureDependencies } from '../../tools/steps/install.mjs';
import { runWithKeyring } from '../../tools/steps/keyring.mjs';
import { continueOnOwnNode } from '../../tools/steps/node.mjs';
import { runTool, Stop, say } from '../../tools/steps/say.mjs';

const parts = ['calls', 'list', 'start', 'log', 'search'];
const groups = { gateway: ['calls', 'list', 'start'] };

await runTool(async () => {
  const wanted = process.argv.slice(2).flatMap((name) => groups[name] ?? [name]);
  const wrong = wanted.find((name) => !parts.includes(name));
  if (wrong !== undefined)
    throw new Stop(`There is no measurement called ${wrong}. Choose: gateway, ${parts.join(', ')}.`);
  if (process.env.GATEHOUSE_BENCH_INSIDE === '1') return await measure(wanted.length === 0 ? parts : wanted);
  await ensureDependencies();
  const elsewhere = await continueOnOwnNode();
  if (elsewhere !== undefined) return elsewhere;
  const { ensureBuild } = await import('../../tools/steps/build.mjs');
  await ensureBuild();
  // A keyring of its own, so that nobody's real one is touched.
  const args = [import.meta.filename, ...process.argv.slice(2)];
  return await runWithKeyring(process.execPath, args, { GATEHOUSE_BENCH_INSIDE: '1' });
});

async function measure(wanted) {
  const { printTable } = await import('./figures.mjs');
  const { stopAll } = await import('./peers.mjs');
  const work = {
    calls: async () => (await import('./calls.mjs')).calls(),
    list: async () => (await import('./list.mjs')).list(),
    start: async () => (await import('./start.mjs')).start(),
    search: async () => (await import('./search.mjs')).search(),
    log: async () => (await import('./log.mjs')).log(),
  };
  const rows = [];
  try {
    for (const name of wanted) {
      say(`Measuring: ${name} …`);
      rows.push(...(await work[name]()));
    }
  } finally {
    await stopAll();
  }
  printTable(rows);
  return 0;
}
