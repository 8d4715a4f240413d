/**
 * `npm run conformance:client` and `npm run conformance:server`: the official conformance suite against our probe, sign-in and transport
 * code, and against the gateway with servers of both eras behind it. Every scenario that a revision scores, with an empty list of
 * expected failures. Prints a table; `--report FILE` keeps the sums as JSON.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as ask, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { bundle } from './steps/bundle.mjs';
import { run, withOwnCommands } from './steps/child.mjs';
import { headless } from './steps/headless.mjs';
import { ensureDependencies } from './steps/install.mjs';
import { continueOnOwnNode } from './steps/node.mjs';
import { cache, modules, root } from './steps/place.mjs';
import { runTool, say } from './steps/say.mjs';

const revisions = ['2025-11-25', '2026-07-28'];
const suite = join(modules, '@modelcontextprotocol', 'conformance');
const place = join(cache, 'conformance');
const { values, positionals } = parseArgs({
  options: { report: { type: 'string' } },
  allowPositionals: true,
});
const legs = ['client', 'server'].filter((leg) => positionals.length === 0 || positionals.includes(leg));

await runTool(async () => {
  await ensureDependencies();
  const elsewhere = await continueOnOwnNode();
  if (elsewhere !== undefined) return elsewhere;
  say('Building what the suite needs …');
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  for (const entry of ['client', 'upstreams'])
    await bundle(`test/conformance/${entry}.ts`, place, `${entry}.js`);
  const rows = [];
  if (legs.includes('client')) for (const revision of revisions) rows.push(...(await runClient(revision)));
  if (legs.includes('server')) rows.push(...(await runServer()));
  print(rows);
  const scored = rows.filter((row) => row.isScored);
  const failed = scored.filter((row) => !row.isPassed).length;
  if (values.report !== undefined)
    writeFileSync(values.report, JSON.stringify({ passed: scored.length - failed, failed }));
  return failed === 0 ? 0 : 1;
});

/** @param {string} revision */
async function runClient(revision) {
  // The command is split at spaces by the suite, so that it must not hold a path of this computer.
  const command = 'node node_modules/.cache/gatehouse/conformance/client.js';
  return await runLeg('client', revision, ['--command', command]);
}

/** The gateway in front of a server of our own that offers what the suite asks for by name, in each era. */
async function runServer() {
  const { ensureBuild } = await import('./steps/build.mjs');
  await ensureBuild();
  const upstreams = await started(process.execPath, [join(place, 'upstreams.js')], process.env);
  const rows = [];
  try {
    for (const revision of revisions) rows.push(...(await runGateway(revision, upstreams.said[revision])));
  } finally {
    upstreams.stop();
  }
  return rows;
}

async function runGateway(revision, upstream) {
  const data = mkdtempSync(join(tmpdir(), 'conformance-'));
  const asks = ['elicitation', 'sampling', 'roots'].flatMap((kind) => ['--may-ask', kind]);
  const args = [...headless.args, '--data', data, '--port', '0', '--unprefixed', '--policy', 'auto', ...asks];
  const gateway = await started(
    headless.command,
    [...args, '--allow-loopback', '--upstream', `suite=${upstream}`],
    { ...headless.env(), GATEHOUSE_PASSPHRASE: 'of a vault that is thrown away' },
  );
  const door = await withToken(gateway.said);
  try {
    return await runLeg('server', revision, ['--url', door.url]);
  } finally {
    door.close();
    await gateway.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

/** The suite has no token: what it sends is passed on with one, and nothing else of it is changed but the port in its headers. */
async function withToken({ url, token }) {
  const { port } = new URL(url);
  const server = createServer((from, to) => {
    const own = String(server.address().port);
    const moved = (value) => value?.replace(`:${own}`, `:${port}`);
    const { host, origin, ...headers } = from.headers;
    const onward = ask(url, {
      method: from.method,
      headers: {
        ...headers,
        host: moved(host),
        ...(origin === undefined ? {} : { origin: moved(origin) }),
        authorization: `Bearer ${token}`,
      },
    });
    onward.on('response', (answer) => {
      to.writeHead(answer.statusCode, answer.headers);
      to.flushHeaders();
      answer.pipe(to);
    });
    onward.on('error', () => to.destroy());
    to.on('close', () => onward.destroy());
    from.pipe(onward);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://localhost:${server.address().port}/mcp`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A process that says in its first line, as JSON, where it is. */
function started(command, args, env) {
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((done, failed) => {
    const ended = new Promise((gone) => child.once('exit', gone));
    const stop = () => {
      child.kill('SIGTERM');
      return ended;
    };
    createInterface({ input: child.stdout }).once('line', (line) => done({ said: JSON.parse(line), stop }));
    child.once('exit', (code) => failed(new Error(`${args[0]} ended with ${code}.`)));
  });
}

/**
 * @param {'client' | 'server'} leg
 * @param {string} revision
 * @param {readonly string[]} what
 */
async function runLeg(leg, revision, what) {
  const { parse } = await import('yaml');
  const wanted = parse(readFileSync(join(suite, 'requirements', `${revision}.yaml`), 'utf8'));
  const results = join(place, `${leg} ${revision}`);
  say(`Running the scenarios of ${revision}, ${leg} side …`);
  const options = [leg, ...what, '--requirements', revision, '-o', results];
  await run(process.execPath, [join(suite, 'dist', 'index.js'), ...options], {
    cwd: root,
    stdio: 'ignore',
    env: withOwnCommands(),
  });
  const unscored = wanted.not_scored.filter((one) => one.leg === leg);
  const judge = (scenario, isScored) => judged({ leg, revision, scenario, isScored }, results);
  return [
    ...wanted[leg].map((scenario) => judge(scenario, true)),
    ...unscored.map(({ scenario }) => judge(scenario, false)),
  ];
}

/** A scenario that left no checks, or none that succeeded, has failed. */
function judged({ leg, revision, scenario, isScored }, results) {
  const folder = join(results, ...scenario.split('/').slice(0, -1));
  const last = `${leg === 'server' ? 'server-' : ''}${scenario.split('/').at(-1)}`;
  const found = names(folder).find((name) => name.startsWith(`${last}-2`));
  const checks =
    found === undefined ? [] : JSON.parse(readFileSync(join(folder, found, 'checks.json'), 'utf8'));
  const count = (status) => checks.filter((check) => check.status === status).length;
  const [passed, failed, warned] = [count('SUCCESS'), count('FAILURE'), count('WARNING')];
  return {
    leg,
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
  for (const { leg, revision, scenario, isScored, passed, failed, warned, isPassed } of rows) {
    const verdict = isScored ? (isPassed ? 'holds' : 'DOES NOT HOLD') : 'not scored';
    console.log(
      `${leg}  ${revision}  ${scenario.padEnd(width)}  ${String(passed).padStart(3)} passed ${String(failed).padStart(3)} failed ${String(warned).padStart(2)} warned  ${verdict}`,
    );
  }
  const scored = rows.filter((row) => row.isScored);
  console.log(`${scored.filter((row) => row.isPassed).length} of ${scored.length} scored scenarios hold.`);
}
