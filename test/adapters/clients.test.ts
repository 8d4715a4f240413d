/** Real files of clients: written as a whole, kept beside, undone byte for byte, and left alone when in doubt. */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ClientBench, clientBench } from '../fakes/client-bench';

let bench: ClientBench;
beforeEach(async () => {
  bench = await clientBench();
});
afterEach(() => bench.close());

const cursor = '.cursor/mcp.json';
const filled = '{\n  // mine\n  "mcpServers": {\n    "a": { "url": "https://a.example/mcp" }\n  }\n}\n';
const modeOf = (path: string) => statSync(path).mode & 0o777;
const namesIn = (folder: string) => readdirSync(bench.path(folder)).sort();

async function writeInto(fileId: string) {
  const wanted = bench.wanted(fileId);
  return await bench.clients.write(wanted, bench.clients.preview(wanted).basis);
}

describe('writing', () => {
  it('puts the token into the file that was shown, and into nothing that is shown or written down', async () => {
    bench.write(cursor, filled);
    const preview = bench.clients.preview(bench.wanted('cursor-0'));
    expect(JSON.stringify(preview)).not.toContain(bench.token);
    const done = await bench.clients.write(bench.wanted('cursor-0'), preview.basis);
    expect(bench.read(cursor)).toContain(`"Authorization": "Bearer ${bench.token}"`);
    expect(bench.read(cursor)).toContain('// mine');
    expect(readFileSync(done.backup, 'utf8')).toBe(filled);
    expect(bench.rows.at(-1)).toMatchObject({ kind: 'agent', what: 'Triage bot', outcome: 'changed' });
    expect(JSON.stringify(bench.rows)).not.toContain(bench.token);
    expect(JSON.stringify(done)).not.toContain(bench.token);
  });

  it('makes a file of its own only where the client is installed, for nobody else to read', async () => {
    expect(() => bench.clients.preview(bench.wanted('junie-0'))).toThrow(/JetBrains Junie was not found/);
    mkdirSync(bench.path('.junie'));
    const done = await writeInto('junie-0');
    expect(done.backup).toBe('');
    expect(modeOf(bench.path('.junie/mcp/mcp.json'))).toBe(0o600);
    expect(namesIn('.')).toEqual(['.junie']);
    await bench.clients.undo(done.undoId);
    expect(namesIn('.junie/mcp')).toEqual([]);
  });

  it('keeps the rights of the file, also for the copy', async () => {
    bench.write(cursor, filled);
    chmodSync(bench.path(cursor), 0o640);
    const { backup } = await writeInto('cursor-0');
    expect([modeOf(bench.path(cursor)), modeOf(backup)]).toEqual([0o640, 0o640]);
  });

  it('follows a link and leaves it a link', async () => {
    bench.write('dotfiles/mcp.json', filled);
    mkdirSync(bench.path('.cursor'));
    symlinkSync('../dotfiles/mcp.json', bench.path(cursor));
    await writeInto('cursor-0');
    expect(lstatSync(bench.path(cursor)).isSymbolicLink()).toBe(true);
    expect(readlinkSync(bench.path(cursor))).toBe('../dotfiles/mcp.json');
    expect(bench.read('dotfiles/mcp.json')).toContain(bench.token);
  });

  it('keeps five copies at most, the newest', async () => {
    bench.write(cursor, filled);
    for (let count = 0; count < 8; count += 1) {
      bench.clock.advance(1000);
      bench.write(cursor, filled.replace('mine', `mine ${count}`));
      await writeInto('cursor-0');
    }
    const copies = namesIn('.cursor').filter((name) => name.includes('gatehouse-backup'));
    expect(copies).toHaveLength(5);
    expect(bench.read(`.cursor/${copies.at(-1)}`)).toContain('mine 7');
    expect(namesIn('.cursor').filter((name) => name.includes('gatehouse-new'))).toEqual([]);
  });

  it('writes nothing when the file changed after it was shown', async () => {
    bench.write(cursor, filled);
    const { basis } = bench.clients.preview(bench.wanted('cursor-0'));
    const changed = filled.replace('mine', 'yours');
    bench.write(cursor, changed);
    await expect(bench.clients.write(bench.wanted('cursor-0'), basis)).rejects.toMatchObject({
      code: 'client_file_changed',
    });
    expect(bench.read(cursor)).toBe(changed);
    expect(namesIn('.cursor')).toEqual(['mcp.json']);
  });

  it('takes no token but the one of this agent, and none that was rotated', async () => {
    bench.write(cursor, filled);
    const wanted = bench.wanted('cursor-0');
    expect(() => bench.clients.preview({ ...wanted, token: 'ghs_other' })).toThrow(/does not work any more/);
    const other = await bench.agents.createOrRotate('Other', 'Cursor');
    expect(() => bench.clients.preview({ ...wanted, token: other.token })).toThrow(/does not work any more/);
    await bench.agents.rotate(bench.agentId);
    await expect(bench.clients.write(wanted, '')).rejects.toMatchObject({ code: 'not_found' });
    expect(bench.read(cursor)).toBe(filled);
  });

  it('knows no file but those in the table, and writes no address that nobody listens at', () => {
    expect(() => bench.clients.preview(bench.wanted('../../etc/passwd'))).toThrow(/no such file/);
    bench.write(cursor, filled);
    bench.stopListening();
    expect(() => bench.clients.preview(bench.wanted('cursor-0'))).toThrow(/does not listen/);
  });

  it.each([
    ['a folder', () => mkdirSync(bench.path(cursor), { recursive: true }), /not a file/],
    ['a link that leads nowhere', () => symlinkSync('nowhere', bench.path(cursor)), /leads nowhere/],
    [
      'another encoding',
      () => writeFileSync(bench.path(cursor), Buffer.from('{}', 'utf16le').fill(0xff, 0, 1)),
      /UTF-8/,
    ],
    ['6 MB', () => writeFileSync(bench.path(cursor), `{"a":"${'x'.repeat(6_000_000)}"}`), /larger than 5 MB/],
    ['broken JSON', () => writeFileSync(bench.path(cursor), '{\n"a" 1\n}'), /line 2, colon expected/],
  ])('leaves %s alone', async (_what, prepare, sentence) => {
    mkdirSync(bench.path('.cursor'), { recursive: true });
    prepare();
    const before = namesIn('.cursor');
    await expect(async () => await writeInto('cursor-0')).rejects.toThrow(sentence);
    expect(namesIn('.cursor')).toEqual(before);
    expect(bench.clients.list().find(({ id }) => id === 'cursor')?.files[0]?.state).not.toBe('missing');
  });

  it.skipIf(process.getuid?.() === 0)('says so when the file is read-only', async () => {
    bench.write(cursor, filled);
    chmodSync(bench.path(cursor), 0o444);
    await expect(writeInto('cursor-0')).rejects.toThrow(/may not be written/);
    expect(bench.read(cursor)).toBe(filled);
  });
});

describe('undoing', () => {
  it('gives back every byte, once', async () => {
    const odd = `\uFEFF${filled.replaceAll('\n', '\r\n')}`;
    bench.write(cursor, odd);
    const { undoId } = await writeInto('cursor-0');
    await bench.clients.undo(undoId);
    expect(bench.read(cursor)).toBe(odd);
    expect(bench.rows.at(-1)?.detail).toContain('Undone');
    await expect(bench.clients.undo(undoId)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('leaves a file alone that somebody changed since, and says where the copy is', async () => {
    bench.write(cursor, filled);
    const { undoId } = await writeInto('cursor-0');
    bench.write(cursor, '{}');
    await expect(bench.clients.undo(undoId)).rejects.toThrow(/stays as it is.*gatehouse-backup/);
    expect(bench.read(cursor)).toBe('{}');
  });

  it('says so when the copy is gone or was changed', async () => {
    bench.write(cursor, filled);
    const first = await writeInto('cursor-0');
    writeFileSync(first.backup, 'other');
    await expect(bench.clients.undo(first.undoId)).rejects.toThrow(/was changed/);
    rmSync(first.backup);
    await expect(bench.clients.undo(first.undoId)).rejects.toThrow(/is gone/);
    expect(bench.read(cursor)).toContain(bench.token);
  });
});

describe('moving a server from a client into Gatehouse', () => {
  const secret = 'sk-live-do-not-show';
  const withServers = `{
  "mcpServers": {
    // the wiki
    "Wiki": { "url": "https://wiki.example/mcp", "headers": { "Authorization": "Bearer ${secret}" } },
    "local": { "command": "npx", "env": { "KEY": "${secret}" } }
  }
}
`;
  const move = (name = 'Wiki') => bench.serverImport.move('cursor-0', name, 'popup');

  it('hands over what the file holds, takes the entry out, and can be undone', async () => {
    bench.write(cursor, withServers);
    expect(JSON.stringify(bench.serverImport.found().map(({ problem }) => problem))).toBe('[""]');
    const { sentence, undoId, connection } = await move();
    expect(bench.servers.connected).toEqual([
      {
        url: 'https://wiki.example/mcp',
        name: 'Wiki',
        choice: { kind: 'bearer', token: secret },
        how: 'popup',
      },
    ]);
    expect(connection.label).toBe('Wiki');
    expect(bench.read(cursor)).not.toContain('wiki.example');
    expect(bench.read(cursor)).toContain('// the wiki');
    expect(bench.read(cursor)).toContain('"local"');
    expect(sentence).toMatch(/taken out of the file.*gatehouse-backup/);
    expect(sentence + JSON.stringify(bench.rows)).not.toContain(secret);
    expect(bench.rows.at(-1)).toMatchObject({ kind: 'connection', what: 'Wiki', outcome: 'changed' });
    await bench.clients.undo(undoId);
    expect(bench.read(cursor)).toBe(withServers);
  });

  it('leaves the file as it is when the server cannot be connected', async () => {
    bench.write(cursor, withServers);
    bench.servers.refusal = 'The server did not take these credentials.';
    await expect(move()).rejects.toThrow(bench.servers.refusal);
    expect(bench.read(cursor)).toBe(withServers);
    expect(namesIn('.cursor')).toEqual(['mcp.json']);
  });

  it('leaves an entry that changed meanwhile, and says so', async () => {
    bench.write(cursor, withServers);
    const changed = withServers.replace('wiki.example', 'other.example');
    bench.servers.meanwhile = () => bench.write(cursor, changed);
    expect(await move()).toMatchObject({ undoId: '', sentence: expect.stringMatching(/still in the file/) });
    expect(bench.read(cursor)).toBe(changed);
  });

  it('moves nothing that starts a program, and nothing that is not there', async () => {
    bench.write(cursor, withServers);
    await expect(move('local')).rejects.toThrow(/starts a program/);
    await expect(move('nobody')).rejects.toThrow(/no entry nobody/);
    await expect(move('__proto__')).rejects.toThrow(/no entry/);
    expect(bench.servers.connected).toEqual([]);
  });

  it('asks the server what it wants when the file holds no credentials', async () => {
    bench.write(cursor, withServers.replace(/, "headers": .*? }/, ''));
    await expect(move()).rejects.toThrow(/wants credentials/);
    bench.servers.auth = { kind: 'none', toolCount: 1, hasMore: false };
    await move();
    expect(bench.servers.connected[0]?.choice).toEqual({ kind: 'none' });
  });

  it('says of a broken file what is wrong, and shows the others', () => {
    bench.write(cursor, '{ "mcpServers": { ');
    bench.write('.codex/config.toml', '[mcp_servers.docs]\nurl = "https://docs.example/mcp"\n');
    const found = bench.serverImport.found();
    expect(found.map(({ file, problem }) => [file.kind.name, problem === ''])).toEqual([
      ['Cursor', false],
      ['Codex CLI', true],
    ]);
    expect(found[1]?.servers).toMatchObject([{ kind: 'movable', name: 'docs' }]);
  });
});

it('a process that is killed at any moment leaves the old file or the new one', async () => {
  await build({
    logLevel: 'silent',
    configFile: false,
    ssr: { noExternal: true },
    build: {
      ssr: 'test/fakes/client-child.ts',
      outDir: bench.path('child'),
      rollupOptions: { output: { entryFileNames: 'child.mjs' } },
    },
  });
  const path = bench.path('settings.json');
  let known = 0;
  for (const killAfter of [1, 7, 23, 40]) {
    const said = await new Promise<number>((resolve) => {
      const child = spawn(process.execPath, [join(bench.path('child'), 'child.mjs'), path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let text = '';
      child.stdout.on('data', (chunk) => {
        text += String(chunk);
        if (text.split('\n').length > killAfter) child.kill('SIGKILL');
      });
      child.on('close', () => resolve(Math.max(0, ...text.split('\n').slice(0, -1).map(Number))));
    });
    const { count, filler } = JSON.parse(readFileSync(path, 'utf8')) as { count: number; filler: string };
    expect(filler).toHaveLength(200_000);
    expect(count).toBeGreaterThanOrEqual(said);
    expect(count).toBeGreaterThan(known);
    known = count;
  }
}, 30_000);
