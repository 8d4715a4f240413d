/**
 * Installs the .deb as a person would, looks at what was installed, starts it from outside (its inspector is fused off),
 * and removes it. Needs root on Debian or Ubuntu and a package; skipped with the reason elsewhere.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { expect, test } from '@playwright/test';
import { chromiumArguments } from './launch';

const program = '/usr/bin/gatehouse';
const installed = '/usr/lib/gatehouse';
const archive = join(installed, 'resources', 'app.asar');
const gatewayPort = 8417;
const reason = whyNot();

test.skip(reason !== undefined, reason ?? '');

test.beforeAll(() => {
  if (reason !== undefined) {
    console.log(`The package is not tested: ${reason}`);
    return;
  }
  test.setTimeout(180_000);
  execFileSync('dpkg', ['--install', '--force-depends', packageFile()], { stdio: 'pipe' });
});

test.afterAll(() => {
  if (reason === undefined) execFileSync('dpkg', ['--purge', 'gatehouse'], { stdio: 'pipe' });
});

test('the package holds the built files and keytar, and nothing of the workshop', () => {
  const files = listPackage(archive, { isPack: false }).map((file) => file.replaceAll('\\', '/'));
  expect(files).toContain('/build/main/index.js');
  expect(files).toContain('/build/preload/index.cjs');
  expect(files).toContain('/build/renderer/index.html');
  expect(files).toContain('/build/catalog.json');
  const workshop = /^\/(src|test|tools|docs|out|\.ci)(\/|$)|\.(ts|tsx|map|yaml)$/;
  expect(files.filter((file) => workshop.test(file))).toEqual([]);
  const modules = files.filter((file) => /^\/node_modules\/[^/]+$/.test(file));
  expect(modules).toEqual(['/node_modules/keytar']);
});

test('only keytar lies outside the archive', () => {
  expect(existsSync(join(installed, 'resources', 'app'))).toBe(false);
  expect(existsSync(join(installed, 'resources', 'default_app.asar'))).toBe(false);
  expect(readdirSync(`${archive}.unpacked`)).toEqual(['node_modules']);
  expect(readdirSync(join(`${archive}.unpacked`, 'node_modules'))).toEqual(['keytar']);
});

test('a package on the substitute runtime carries the test mark in its version', () => {
  const status = execFileSync('dpkg-query', ['--status', 'gatehouse'], { encoding: 'utf8' });
  const version = /^Version: (.*)$/m.exec(status)?.[1] ?? '';
  expect(version).not.toBe('');
  const electron = readFileSync(join(installed, 'version'), 'utf8').trim().replace(/^v/, '');
  expect(version.includes('testruntime')).toBe(electron.startsWith('33.'));
});

test('the doors of Electron that the application does not use are shut', async () => {
  const fuses = await getCurrentFuseWire(join(installed, 'gatehouse'));
  const state = (option: FuseV1Options) => fuses[option];
  expect(state(FuseV1Options.RunAsNode)).toBe(FuseState.DISABLE);
  expect(state(FuseV1Options.EnableNodeOptionsEnvironmentVariable)).toBe(FuseState.DISABLE);
  expect(state(FuseV1Options.EnableNodeCliInspectArguments)).toBe(FuseState.DISABLE);
  expect(state(FuseV1Options.GrantFileProtocolExtraPrivileges)).toBe(FuseState.DISABLE);
  expect(state(FuseV1Options.EnableCookieEncryption)).toBe(FuseState.ENABLE);
  expect(state(FuseV1Options.EnableEmbeddedAsarIntegrityValidation)).toBe(FuseState.ENABLE);
  expect(state(FuseV1Options.OnlyLoadAppFromAsar)).toBe(FuseState.ENABLE);
});

test('the installed program opens its gateway, turns strangers away and takes no orders through Node', async () => {
  const data = mkdtempSync(join(tmpdir(), 'gatehouse-package-'));
  const marker = join(data, 'node-was-here');
  const order = `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '')`;
  const started = start(
    ['--inspect=0', '-e', order, `--user-data-dir=${join(data, 'profile')}`, '--practice'],
    {
      ELECTRON_RUN_AS_NODE: '1',
      NODE_OPTIONS: `--require=${join(data, 'missing.cjs')}`,
    },
  );
  try {
    await expect.poll(() => answerWithoutToken(started.child), { timeout: 45_000 }).toBe(401);
    expect(existsSync(marker)).toBe(false);
    expect(started.said()).not.toContain('Debugger listening');
  } finally {
    await stop(started.child);
    rmSync(data, { recursive: true, force: true, maxRetries: 5 });
  }
});

function whyNot(): string | undefined {
  if (process.platform !== 'linux' || !existsSync('/etc/debian_version')) return 'it needs Debian or Ubuntu.';
  if (process.getuid?.() !== 0) return 'installing a package needs root.';
  if (process.env.GATEHOUSE_TEST_PACKAGE === undefined) return 'there is no package: `npm test` makes one.';
  return undefined;
}

function packageFile(): string {
  const folder = join(process.env.GATEHOUSE_TEST_PACKAGE ?? '', process.arch);
  const file = readdirSync(folder).find((name) => name.endsWith('.deb'));
  if (file === undefined) throw new Error('No .deb was made: run `npm run make`.');
  return join(folder, file);
}

function start(args: readonly string[], env: Readonly<Record<string, string>>) {
  let text = '';
  const child = spawn(program, [...chromiumArguments(), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const hear = (part: Buffer) => {
    text += part.toString('utf8');
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return { child, said: () => text };
}

/** Status of a request without a token; a word while nobody listens yet. */
function answerWithoutToken(child: ChildProcess): Promise<number | string> {
  if (child.exitCode !== null) return Promise.resolve(`the program ended with ${child.exitCode}`);
  return new Promise((resolve) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const call = request(
      { host: '127.0.0.1', port: gatewayPort, path: '/mcp', method: 'POST', headers },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 'no status');
      },
    );
    call.on('error', () => resolve('nobody listens'));
    call.end(body);
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const impatient = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(impatient);
}
