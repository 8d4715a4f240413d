/**
 * Installs the .deb as a person would, looks at what was installed, works with it by keyboard on a screen of its own (its
 * inspector is fused off), and removes it; starts the .zip where it was unpacked. Needs root on Debian or Ubuntu and the
 * packages; skipped with the reason elsewhere.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { expect, test } from '@playwright/test';
import extract from 'extract-zip';
import { freePort } from '../fakes/free-port';
import { startAgent } from './agent';
import { ask, openVault } from './ask';
import { chromiumArguments, discard, freshFolder, launch } from './launch';
import { answerWithoutToken, startPacked } from './packed-program';
import { tabsTo } from './rehearse-keys';
import { canType, openScreen } from './x-screen';

const program = '/usr/bin/gatehouse';
const installed = '/usr/lib/gatehouse';
const archive = join(installed, 'resources', 'app.asar');
const label = 'Typed on a keyboard';
const reason = whyNot();

test.skip(reason !== undefined, reason ?? '');

test.beforeAll(() => {
  if (reason !== undefined) {
    console.log(`The package is not tested: ${reason}`);
    return;
  }
  test.setTimeout(180_000);
  execFileSync('dpkg', ['--install', '--force-depends', packageFile('deb')], { stdio: 'pipe' });
});

test.afterAll(() => {
  if (reason === undefined && isInstalled()) remove();
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
  const data = freshFolder('gatehouse-package-');
  const { port } = await prepare(data);
  const marker = join(data, 'node-was-here');
  const order = `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '')`;
  const started = startPacked(
    program,
    ['--inspect=0', '-e', order, `--user-data-dir=${data}`, '--practice'],
    {
      env: { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: `--require=${join(data, 'missing.cjs')}` },
      output: `${data}.output`,
    },
  );
  try {
    await expect.poll(() => answerWithoutToken(started.child, port), { timeout: 45_000 }).toBe(401);
    expect(existsSync(marker)).toBe(false);
    expect(started.said()).not.toContain('Debugger listening');
  } finally {
    await started.stop();
    discard(data);
  }
});

test('in the installed program one connects by keyboard, and an agent calls through its gateway', async () => {
  test.setTimeout(180_000);
  const data = freshFolder('gatehouse-package-');
  const { url, token, keys } = await prepare(data);
  const screen = await openScreen();
  const started = startPacked(program, [`--user-data-dir=${data}`, '--practice'], {
    env: { DISPLAY: screen.display },
    output: `${data}.output`,
  });
  const tabs = (count: number) => Array.from({ length: count }, () => 'Tab');
  try {
    await screen.focus('Gatehouse');
    await screen.rests();
    if (keys.toCard > 0) screen.press(...tabs(keys.toCard));
    await screen.changedBy(() => screen.press('Return'));
    if (keys.toLabel > 0) screen.press(...tabs(keys.toLabel));
    screen.press('ctrl+a');
    screen.type(label);
    expect(connectedLabels(data)).toEqual([]);
    await screen.changedBy(() => screen.press(...tabs(keys.toConnect), 'Return'));
    await expect.poll(() => connectedLabels(data)).toEqual([label]);
    const agent = startAgent(url, token);
    try {
      expect(await agent.list()).toContain('cwpsa__get-ticket');
      expect(await agent.call('cwpsa__get-ticket', { id: 48213 })).toContain('VPN drops every hour');
      expect(throughBridge(screen.display, url, token)).toContain('cwpsa__get-ticket');
    } finally {
      agent.stop();
    }
  } finally {
    await started.stop();
    screen.close();
    discard(data);
  }
});

test('removed, it leaves nothing behind', () => {
  const installedFiles = execFileSync('dpkg-query', ['--listfiles', 'gatehouse'], { encoding: 'utf8' });
  const own = installedFiles.split('\n').filter((file) => /gatehouse/i.test(file));
  expect(own).toContain(program);
  expect(own.filter((file) => !existsSync(file))).toEqual([]);
  remove();
  expect(own.filter((file) => existsSync(file))).toEqual([]);
  expect(isInstalled()).toBe(false);
});

test('the .zip runs where it was unpacked and turns strangers away', async () => {
  test.setTimeout(180_000);
  const data = freshFolder('gatehouse-zip-');
  const unpacked = mkdtempSync(join(tmpdir(), 'gatehouse-unzipped-'));
  const { port } = await prepare(data);
  try {
    await extract(packageFile('zip'), { dir: unpacked });
    const [folder = ''] = readdirSync(unpacked);
    const binary = join(unpacked, folder, 'gatehouse');
    const started = startPacked(binary, [`--user-data-dir=${data}`, '--practice'], {
      output: `${data}.output`,
    });
    try {
      await expect.poll(() => answerWithoutToken(started.child, port), { timeout: 45_000 }).toBe(401);
    } finally {
      await started.stop();
    }
  } finally {
    rmSync(unpacked, { recursive: true, force: true, maxRetries: 5 });
    discard(data);
  }
});

/**
 * Sets the folder up in the unpackaged application: a port of its own, an agent, and the keys that lead to a connection,
 * rehearsed up to the last one, which is left to the installed program.
 */
async function prepare(data: string) {
  const opened = await launch({ args: ['--practice'], userData: data });
  const page = opened.window;
  try {
    await openVault(page);
    const settings = await ask(page, 'settings.show', {});
    const port = await freePort();
    await ask(page, 'settings.save', { ...settings, gatewayPort: port });
    const { url, token } = await ask(page, 'agents.create', { name: 'Triage bot', kind: 'other' });
    await page.reload();
    const card = page.getByRole('article', { name: 'ConnectWise PSA' });
    const toCard = await tabsTo(page, card.getByRole('button', { name: 'Connect' }));
    await page.keyboard.press('Enter');
    const form = page.getByRole('dialog', { name: 'Connect ConnectWise PSA' });
    const toLabel = await tabsTo(page, form.getByLabel('Label', { exact: true }));
    const toConnect = await tabsTo(page, form.getByRole('button', { name: 'Connect', exact: true }));
    return { port, url, token, keys: { toCard, toLabel, toConnect } };
  } finally {
    await opened.close({ keepData: true });
  }
}

/** What a client hears that starts the installed program as a command, while the first one runs. */
function throughBridge(display: string, url: string, token: string): string {
  return execFileSync(program, [...chromiumArguments(), '--stdio', '--url', url], {
    env: { ...process.env, DISPLAY: display, GATEHOUSE_TOKEN: token },
    input: `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })}\n`,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: 30_000,
  });
}

/** Labels of the connections that the log says were made, read as it lies on the disk. */
function connectedLabels(data: string): string[] {
  const folder = join(data, 'practice', 'activity');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1))
    .map((line): { kind: string; outcome?: string; what: string } => JSON.parse(line))
    .filter(({ kind, outcome }) => kind === 'connection' && outcome === 'connected')
    .map(({ what }) => what);
}

function whyNot(): string | undefined {
  if (process.platform !== 'linux' || !existsSync('/etc/debian_version')) return 'it needs Debian or Ubuntu.';
  if (process.getuid?.() !== 0) return 'installing a package needs root.';
  if (process.env.GATEHOUSE_TEST_PACKAGE === undefined) return 'there is no package: `npm test` makes one.';
  if (process.env.GATEHOUSE_TEST_KEYRING !== '1') return 'there is no keyring: `npm test` opens one.';
  if (!canType()) return 'there is no keyboard for a virtual screen: install xvfb and xdotool.';
  return undefined;
}

function packageFile(kind: 'deb' | 'zip'): string {
  const folder = join(process.env.GATEHOUSE_TEST_PACKAGE ?? '', kind);
  const file = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) =>
    name.endsWith(`.${kind}`),
  );
  if (file === undefined) throw new Error(`No .${kind} was made: run \`npm run make\`.`);
  return join(folder, file);
}

function isInstalled(): boolean {
  return spawnSync('dpkg-query', ['--status', 'gatehouse'], { stdio: 'ignore' }).status === 0;
}

function remove(): void {
  execFileSync('dpkg', ['--purge', 'gatehouse'], { stdio: 'pipe' });
}
