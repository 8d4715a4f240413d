/**
 * `npm run conformance:client`: the official conformance suite against our probe, sign-in and transport code, every scenario that a
 * revision scores, with an empty list of expected failures. Prints a table; `--report FILE` keeps the sums as JSON.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run, withOwnCommands } from './steps/child.mjs';
import { ensureDependencies } from './steps/install.mjs';
import { continueOnOwnNode } from './steps/node.mjs';
import { cache, modules, root } from './steps/place.mjs';
import { runTool, say } from './steps/say.mjs';

const revisions = ['2025-11-25', '2026-07-28'];
const suite = join(modules, '@modelcontextprotocol', 'conformance');
const place = join(cache, 'conformance');
const { values } = parseArgs({ options: { report: { type: 'string' } }, allowPositionals: true });

await runTool(async () => {
  await ensureDependencies();
  const elsewhere = await continueOnOwnNode();
  if (elsewhere !== undefined) return elsewhere;
  say('Building the client under test …');
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  await buildClient();
  const rows = [];
  for (const revision of revisions) rows.push(...(await runRevision(revision)));
  print(rows);
  const scored = rows.filter((row) => row.isScored);
  const failed = scored.filter((row) => !row.isPassed).length;
  if (values.report !== undefined)
    writeFileSync(values.report, JSON.stringify({ passed: scored.length - failed, failed }));
  return failed === 0 ? 0 : 1;
});

async function buildClient() {
  const { build } = await import('vite');
  await build({
    root,
    logLevel: 'warn',
    configFile: false,
    ssr: { noExternal: true },
    build: {
      ssr: 'test/conformance/client.ts',
      outDir: place,
      rollupOptions: { external: ['keytar'], output: { entryFileNames: 'client.js' } },
    },
  });
}

/** @param {string} revision */
async function runRevision(revision) {
  const { parse } = await import('yaml');
  const wanted = parse(readFileSync(join(suite, 'requirements', `${revision}.yaml`), 'utf8'));
  const results = join(place, revision);
  say(`Running the scenarios of ${revision} …`);
  // The command is split at spaces by the suite, so that it must not hold a path of this computer.
  const command = 'node node_modules/.cache/gatehouse/conformance/client.js';
  const options = ['client', '--command', command, '--requirements', revision, '-o', results];
  await run(process.execPath, [join(suite, 'dist', 'index.js'), ...options], {
    cwd: root,
    stdio: 'ignore',
    env: withOwnCommands(),
  });
  const unscored = wanted.not_scored.filter(({ leg }) => leg === 'client');
  return [
    ...wanted.client.map((scenario) => judged(revision, results, scenario, true)),
    ...unscored.map(({ scenario }) => judged(revision, results, scenario, false)),
  ];
}

/** A scenario that left no checks, or none that succeeded, has failed. */
function judged(revision, results, scenario, isScored) {
  const folder = join(results, ...scenario.split('/').slice(0, -1));
  const last = scenario.split('/').at(-1);
  const found = names(folder).find((name) => name.startsWith(`${last}-2`));
  const checks =
    found === undefined ? [] : JSON.parse(readFileSync(join(folder, found, 'checks.json'), 'utf8'));
  const count = (status) => checks.filter((check) => check.status === status).length;
  const [passed, failed, warned] = [count('SUCCESS'), count('FAILURE'), count('WARNING')];
  return {
    revision,
    scenario,
    isScored,
    passed,
    failed,
    warned,
    isPassed: passed > 0 && failed + warned === 0,
  };
}

function names(folder) {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

function print(rows) {
  const width = Math.max(...rows.map(({ scenario }) => scenario.length));
  for (const { revision, scenario, isScored, passed, failed, warned, isPassed } of rows) {
    const verdict = isScored ? (isPassed ? 'holds' : 'DOES NOT HOLD') : 'not scored';
    console.log(
      `${revision}  ${scenario.padEnd(width)}  ${String(passed).padStart(3)} passed ${String(failed).padStart(3)} failed ${String(warned).padStart(2)} warned  ${verdict}`,
    );
  }
  const scored = rows.filter((row) => row.isScored);
  console.log(`${scored.filter((row) => row.isPassed).length} of ${scored.length} scored scenarios hold.`);
}
