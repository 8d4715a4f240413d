/**
 * `npm test`: sets everything up and proves the application: types, lint, dead code, the tests without a window, the
 * build, and the built application end to end; then searches everything that the tests left behind for the secrets they
 * planted. The last line is the sum: `N passed, N failed`.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepOutputIn, runScript } from './steps/child.mjs';
import { openDisplay } from './steps/display.mjs';
import { ensureRuntime } from './steps/electron-runtime.mjs';
import { ensureDependencies } from './steps/install.mjs';
import { runWithKeyring } from './steps/keyring.mjs';
import { continueOnOwnNode } from './steps/node.mjs';
import { isRoot, modules, root } from './steps/place.mjs';
import { runTool, say } from './steps/say.mjs';
import { ensureSystemLibraries } from './steps/system-libraries.mjs';

const reports = join(root, 'test-results');
/** What the tests leave behind beside their reports, and the list of secrets made meanwhile. */
const leftovers = join(tmpdir(), `gatehouse-run-${process.pid}`);
const temporary = join(leftovers, 'tmp');
const madeSecrets = join(leftovers, 'secrets.jsonl');
const forTests = {
  TMPDIR: temporary,
  TEMP: temporary,
  TMP: temporary,
  GATEHOUSE_TEST_SECRETS: madeSecrets,
  GATEHOUSE_TEST_DATA: join(reports, 'data'),
};
const sum = { passed: 0, failed: 0, skipped: 0, tests: 0, red: [] };

await runTool(async () => {
  await ensureDependencies();
  const elsewhere = await continueOnOwnNode();
  if (elsewhere !== undefined) return elsewhere;
  const runtime = await ensureRuntime();
  await ensureSystemLibraries(['window', 'display', 'keychain', 'keyring', 'packaging'], runtime);
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  rmSync(leftovers, { recursive: true, force: true });
  mkdirSync(leftovers, { mode: 0o700 });
  mkdirSync(temporary);
  keepOutputIn(join(reports, 'output.log'));

  await check('types', () => runScript('typescript/bin/tsc', ['--noEmit', '-p', 'tsconfig.json']));
  await check('lint', () => runScript('@biomejs/biome/bin/biome', ['check', '--diagnostic-level=warn', '.']));
  await check('dead code', () => runScript('knip/bin/knip.js', ['--no-progress']));
  await vitest();
  await conformance();
  const { ensureBuild } = await import('./steps/build.mjs');
  const isBuilt = await check('build', () => ensureBuild({ always: true }).then(() => 0));
  if (isBuilt) await endToEnd();
  else failed('end to end (there is no build to test)');
  if (await check('planted secrets', findSecrets)) rmSync(leftovers, { recursive: true, force: true });
  return report();
});

/** Fails also when no test has made a secret: then there was nothing to find. */
async function findSecrets() {
  if (!existsSync(madeSecrets)) throw new Error('No test has planted a token, so the search proves nothing.');
  const env = { ...process.env, ...forTests };
  return runScript('../tools/find-secrets.mjs', [reports, temporary], { env });
}

/** Runs one check that is either right or wrong. */
async function check(name, work) {
  say(`Checking: ${name} …`);
  const code = await work().catch((error) => {
    console.error(`✗ ${error.message}`);
    return 1;
  });
  if (code === 0) sum.passed += 1;
  else failed(name);
  return code === 0;
}

function failed(name, count = 1) {
  sum.failed += count;
  sum.red.push(name);
}

async function vitest() {
  say('Testing: everything without a window …');
  const file = join(reports, 'vitest.json');
  const args = [join(modules, 'vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json'];
  const code = await runWithKeyring(process.execPath, [...args, `--outputFile.json=${file}`], forTests);
  const found = read(file);
  add('tests without a window', code, {
    passed: found?.numPassedTests ?? 0,
    // A file that cannot be loaded has no tests of its own to fail.
    failed:
      (found?.numFailedTests ?? 0) +
      (found?.testResults ?? []).filter(
        (each) => each.status === 'failed' && each.assertionResults.length === 0,
      ).length,
    skipped: (found?.numPendingTests ?? 0) + (found?.numTodoTests ?? 0),
  });
}

/** Each scenario that is scored counts as a test. */
async function conformance() {
  say('Testing: the official conformance suite …');
  const file = join(reports, 'conformance.json');
  const code = await runScript('../tools/conformance.mjs', ['--report', file]);
  add('conformance', code, { passed: 0, failed: 0, skipped: 0, ...read(file) });
}

async function endToEnd() {
  const env = {};
  if (process.platform === 'linux' && isRoot && existsSync('/etc/debian_version')) {
    await ensureSystemLibraries(['typing', 'browser']);
    const packed = await check('package', () => runScript('../tools/make.mjs', []));
    if (packed) env.GATEHOUSE_TEST_PACKAGE = join(root, 'out', 'make');
  }
  say('Testing: the built application …');
  if (isRoot) say("Running as root: Chromium's sandbox is off in these tests (--no-sandbox).");
  const display = await openDisplay();
  const file = join(reports, 'playwright.json');
  const args = [join(modules, '@playwright/test/cli.js'), 'test', '--reporter=list,json'];
  const code = await runWithKeyring(process.execPath, args, {
    ...display.env,
    ...forTests,
    ...env,
    PLAYWRIGHT_JSON_OUTPUT_FILE: file,
  });
  display.close();
  const found = read(file);
  add('end to end', code, {
    passed: (found?.stats.expected ?? 0) + (found?.stats.flaky ?? 0),
    failed: found?.stats.unexpected ?? 0,
    skipped: found?.stats.skipped ?? 0,
  });
}

/** A run that ended badly without one failed test (it crashed, or found none) counts as one failure. */
function add(name, code, { passed, failed: wrong, skipped }) {
  sum.passed += passed;
  sum.skipped += skipped;
  sum.tests += passed + wrong;
  if (wrong > 0) failed(name, wrong);
  else if (code !== 0 || passed === 0) failed(`${name} (exit code ${code}, ${passed} tests ran)`);
}

function report() {
  if (sum.skipped > 0) say(`${sum.skipped} skipped; the lines above say why.`);
  if (sum.red.length > 0) say(`Not in order: ${sum.red.join(', ')}.`);
  console.log(`${sum.passed} passed, ${sum.failed} failed`);
  return sum.failed === 0 && sum.tests > 0 ? 0 : 1;
}

function read(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
