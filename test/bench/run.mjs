/**
 * `npm run bench [-- gateway|calls|list|start|log|activity|search|probe|servers|desktop …]`: measures the built gateway and prints one table: goal, figure,
 * holds or not. `gateway` is calls, list and start together. `--latency MS` is how far away the servers of the probe seem, 50 where
 * nothing is said; `faults` kills the gateway `--kills N` times, `soak` calls it for `--minutes N`; both are only run by name. `--competitors DIR`: where others are
 * installed to be compared with. Ratios only: the machine is never alone.
 */

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDependencies } from '../../tools/steps/install.mjs';
import { runWithKeyring } from '../../tools/steps/keyring.mjs';
import { continueOnOwnNode } from '../../tools/steps/node.mjs';
import { runTool, Stop, say } from '../../tools/steps/say.mjs';

const parts = ['calls', 'list', 'start', 'log', 'activity', 'search', 'probe', 'servers', 'desktop'];
/** Take minutes, so that they are only run by name. */
const long = ['faults', 'soak'];
/** Need the desktop: its runtime and a display. */
const inWindows = ['search', 'servers', 'desktop'];
const groups = { gateway: ['calls', 'list', 'start'] };

await runTool(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      latency: { type: 'string', default: '50' },
      kills: { type: 'string', default: '200' },
      minutes: { type: 'string', default: '60' },
      competitors: { type: 'string' },
    },
  });
  const latencyMs = Number(values.latency);
  if (!(latencyMs >= 0 && latencyMs <= 1_000)) throw new Stop('Give --latency in milliseconds, 0 to 1000.');
  const wanted = positionals.flatMap((name) => groups[name] ?? [name]);
  const kills = Number(values.kills);
  if (!Number.isInteger(kills) || kills < 1) throw new Stop('Give --kills as a number from 1 on.');
  const minutes = Number(values.minutes);
  if (!(minutes > 0 && minutes <= 1_440)) throw new Stop('Give --minutes as a number up to 1440.');
  const competitors = values.competitors === undefined ? undefined : resolve(values.competitors);
  const wrong = wanted.find((name) => ![...parts, ...long].includes(name));
  if (wrong !== undefined)
    throw new Stop(
      `There is no measurement called ${wrong}. Choose: gateway, ${[...parts, ...long].join(', ')}.`,
    );
  if (process.env.GATEHOUSE_BENCH_INSIDE === '1')
    return await measure(wanted.length === 0 ? parts : wanted, { latencyMs, kills, minutes, competitors });
  await ensureDependencies();
  const elsewhere = await continueOnOwnNode();
  if (elsewhere !== undefined) return elsewhere;
  const { ensureBuild } = await import('../../tools/steps/build.mjs');
  await ensureBuild();
  const shown = (wanted.length === 0 ? parts : wanted).some((name) => inWindows.includes(name));
  const display = shown ? await readyForWindows() : { env: {}, close: () => undefined };
  // A keyring of its own, so that nobody's real one is touched.
  const args = [import.meta.filename, ...process.argv.slice(2)];
  const code = await runWithKeyring(process.execPath, args, { ...display.env, GATEHOUSE_BENCH_INSIDE: '1' });
  display.close();
  return code;
});

async function readyForWindows() {
  const { ensureRuntime } = await import('../../tools/steps/electron-runtime.mjs');
  const { ensureSystemLibraries } = await import('../../tools/steps/system-libraries.mjs');
  const { openDisplay } = await import('../../tools/steps/display.mjs');
  const runtime = await ensureRuntime();
  await ensureSystemLibraries(['window', 'display', 'keychain', 'keyring'], runtime);
  return await openDisplay();
}

async function measure(wanted, { latencyMs, kills, minutes, competitors }) {
  const { printTable } = await import('./figures.mjs');
  const { stopAll } = await import('./peers.mjs');
  const work = {
    calls: async () => (await import('./calls.mjs')).calls({ competitors }),
    list: async () => (await import('./list.mjs')).list(),
    start: async () => (await import('./start.mjs')).start(),
    desktop: async () => (await import('./desktop.mjs')).desktop(),
    servers: async () => (await import('./servers.mjs')).servers(),
    search: async () => (await import('./search.mjs')).search(),
    log: async () => (await import('./log.mjs')).log(),
    activity: async () => (await import('./activity.mjs')).activity(),
    probe: async () => (await import('./probe.mjs')).probe({ latencyMs }),
    faults: async () => (await import('./faults.mjs')).faults({ kills }),
    soak: async () => (await import('./soak.mjs')).soak({ minutes }),
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
