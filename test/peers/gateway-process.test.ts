/** The gateway without windows as a process of its own: its command line, its end, and what a computer does to it. */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { V1Upstream } from '../fakes/custom-upstreams';

const root = resolve(import.meta.dirname, '../..');
const dayMs = 86_400_000;
let folder = '';
const open: { close(): Promise<void> | void }[] = [];

beforeAll(async () => {
  // Below node_modules, so that the one native module is found.
  const cache = join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, 'headless-'));
  await build({
    root,
    logLevel: 'silent',
    configFile: false,
    ssr: { noExternal: true },
    build: {
      ssr: 'src/main/headless.ts',
      outDir: join(folder, 'build/main'),
      rollupOptions: { external: ['keytar'], output: { entryFileNames: 'headless.js' } },
    },
  });
  writeFileSync(join(folder, 'build/catalog.json'), '[]');
}, 60_000);
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(args: readonly string[], more: { readonly clock?: string } = {}) {
  const inside = more.clock === undefined ? [] : ['--import', join(root, 'test/fakes/moved-clock.mjs')];
  const child = spawn(process.execPath, [...inside, join(folder, 'build/main/headless.js'), ...args], {
    env: {
      ...process.env,
      GATEHOUSE_PASSPHRASE: 'correct horse battery',
      GATEHOUSE_TEST_CLOCK: more.clock,
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/none',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  const ended = new Promise<number | null>((done) => child.once('close', (code) => done(code)));
  open.push({
    close: async () => {
      child.kill();
      await ended;
    },
  });
  const ready = async (): Promise<{ readonly url: string; readonly token: string }> => {
    await vi.waitFor(() => expect(said.out, said.err).toMatch(/\n$/), { timeout: 10_000 });
    return JSON.parse(said.out);
  };
  return { child, said, ended, ready };
}

async function upstream(): Promise<V1Upstream> {
  const server = await new V1Upstream().open();
  open.push(server);
  return server;
}
const withServer = (data: string, server: V1Upstream) => [
  ...['--data', data, '--port', '0', '--allow-loopback', '--policy', 'auto'],
  ...['--upstream', `orders=${server.url}`],
];

/** The text of the result, or of the error. */
async function echo({ url, token }: { url: string; token: string }, text: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'orders__echo', arguments: { text } },
    }),
  });
  const { result, error }: { result?: { content: { text: string }[] }; error?: { message: string } } =
    await response.json();
  return result?.content[0]?.text ?? error?.message ?? '';
}

/** All lines of the log in their order; fails where one does not follow the one before it. */
function readLog(data: string): readonly { readonly kind: string; readonly atMs: number }[] {
  const names = readdirSync(join(data, 'activity')).filter((name) => /^\d{4}-\d\d-\d\d\.jsonl$/.test(name));
  let prev = '0'.repeat(64);
  return names
    .sort()
    .flatMap((name) =>
      readFileSync(join(data, 'activity', name), 'utf8')
        .split('\n')
        .slice(0, -1),
    )
    .map((line, at) => {
      const record = JSON.parse(line);
      expect([record.seq, record.prev]).toEqual([at + 1, prev]);
      prev = createHash('sha256').update(line).digest('hex');
      return record;
    });
}

describe('its command line', () => {
  it.each([
    ['--upstream', 'x'],
    ['--upstream', 'a=http://127.0.0.1:1/mcp'],
    ['--allow-loopback', '--upstream', 'a=http://127.0.0.1:1/', '--upstream', 'A=http://127.0.0.1:2/'],
    ['--upstream', 'a=nonsense'],
    ['--policy', 'sometimes'],
  ])('is refused with %s %s in one line and exit code 1', async (...args) => {
    const { said, ended } = start(['--data', join(folder, 'data'), ...args]);
    expect(await ended).toBe(1);
    expect(said.out).toBe('');
    expect(said.err.trimEnd().split('\n')).toHaveLength(1);
    expect(said.err).toMatch(/^[^ ].{10,200}\.\n$/);
  });
});

// Elsewhere the system's own keychain would be written to.
describe.skipIf(process.platform !== 'linux')('the gateway as a process', () => {
  it('calls its upstream, and ends the session on SIGTERM', async () => {
    const server = await upstream();
    const { child, ready, ended } = start(withServer(join(folder, 'data'), server));
    expect(await echo(await ready(), 'x')).toBe('x');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(server.ended).toBe(1);
  });

  it('is alone in its folder, and the folder is free at once when it was killed', async () => {
    const server = await upstream();
    const args = withServer(join(folder, 'shared'), server);
    const first = start(args);
    const door = await first.ready();
    const second = start(args);
    expect(await second.ended).toBe(1);
    expect(second.said).toEqual({
      out: '',
      err: expect.stringMatching(/^Another Gatehouse has .*shared open\. Close it first: .*\.\n$/),
    });
    expect(await echo(door, 'still here')).toBe('still here');
    first.child.kill('SIGKILL');
    await first.ended;
    expect(await echo(await start(args).ready(), 'again')).toBe('again');
    expect(readLog(join(folder, 'shared')).filter(({ kind }) => kind === 'call_intent')).toHaveLength(2);
  });

  it('names a port that is taken, and a free one', async () => {
    const server = await upstream();
    const { port } = new URL(server.url);
    const { said, ended } = start(['--data', join(folder, 'taken'), '--port', port]);
    expect(await ended).toBe(1);
    expect(said.err).toMatch(new RegExp(`^Port ${port} is taken\\. Use --port \\d+\\.\\n$`));
  });

  it('goes on through a clock that jumps three days ahead and five back', async () => {
    const server = await upstream();
    const data = join(folder, 'clock');
    const { child, ready } = start(withServer(data, server), { clock: `${3 * dayMs},${-2 * dayMs}` });
    const door = await ready();
    const startedMs = Date.now();
    const lastAtMs = () => readLog(data).at(-1)?.atMs ?? 0;
    expect(await echo(door, '0')).toBe('0');
    child.kill('SIGWINCH');
    await vi.waitFor(async () => {
      expect(await echo(door, 'ahead')).toBe('ahead');
      expect(lastAtMs()).toBeGreaterThan(startedMs + 2 * dayMs);
    });
    child.kill('SIGWINCH');
    await vi.waitFor(async () => {
      expect(await echo(door, 'back')).toBe('back');
      expect(lastAtMs()).toBeLessThan(startedMs - dayMs);
    });
    const records = readLog(data);
    const intents = records.filter(({ kind }) => kind === 'call_intent');
    expect(intents).toHaveLength(server.calls.length);
    // Two days by the clock, and no day file is gone back to.
    expect(readdirSync(join(data, 'activity')).filter((name) => name.endsWith('.jsonl'))).toHaveLength(2);
  });

  it('lets no call leave on a full disk, and goes on when there is room again', async ({ skip }) => {
    const data = mkdtempSync(join(folder, 'small-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', data], { stdio: 'ignore' });
    } catch {
      return skip('needs the right to mount a small disk');
    }
    open.push({ close: () => void execFileSync('umount', ['-l', data]) });
    const server = await upstream();
    const { ready, child, ended } = start(withServer(data, server));
    const door = await ready();
    expect(await echo(door, 'before')).toBe('before');
    const ballast = join(data, 'ballast');
    fill(ballast);
    // What is left of the last block may hold one more; a call that left was written down.
    const answers: string[] = [];
    for (let count = 0; count < 20; count += 1) answers.push(await echo(door, `full ${count}`));
    expect(answers.at(-1)).toMatch(/check that the disk has room/);
    const arrived = server.calls.length;
    expect(await echo(door, 'never')).toMatch(/check that the disk has room/);
    expect(server.calls).toHaveLength(arrived);
    rmSync(ballast);
    expect(await echo(door, 'after')).toBe('after');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(readLog(data).filter(({ kind }) => kind === 'call_intent')).toHaveLength(server.calls.length);
  });
});

function fill(path: string): void {
  for (const size of [65_536, 1_024, 1]) {
    try {
      for (;;) appendFileSync(path, Buffer.alloc(size));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }
}
