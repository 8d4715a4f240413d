/** The search that ends `npm test` can fail: a planted file is found in every form, and the secret is not printed. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planted } from '../fakes/planted-secrets';

const tool = resolve(import.meta.dirname, '../../tools/find-secrets.mjs');
const key = planted('private key');
const passphrase = planted('passphrase');
const filler = 'nothing to see here '.repeat(50);
let folder: string;
let list: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-find-'));
  list = join(folder, 'list-of-run');
  mkdirSync(join(folder, 'left', 'deep'), { recursive: true });
  write('clean.txt', filler);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, bytes: string | Uint8Array) => writeFileSync(join(folder, 'left', name), bytes);
const hex = (text: string) => Buffer.from(text).toString('hex');

function search(): { code: number | null; said: string } {
  const run = spawnSync(process.execPath, [tool, join(folder, 'left')], {
    encoding: 'utf8',
    env: { ...process.env, GATEHOUSE_TEST_SECRETS: list },
  });
  return { code: run.status, said: `${run.stdout}${run.stderr}` };
}

describe('the search for planted secrets', () => {
  it('passes files that hold none', () => {
    expect(search()).toMatchObject({ code: 0 });
  });

  it('does not pass a folder without a single file', () => {
    rmSync(join(folder, 'left'), { recursive: true });
    expect(search().code).toBe(1);
  });

  it.each([
    ['raw', key],
    ['raw', passphrase],
    ['hex', hex(key)],
    ['hex', hex(key).toUpperCase()],
    ['UTF-16', Buffer.from(key, 'utf16le')],
    ['UTF-16 big-endian', Buffer.from(key, 'utf16le').swap16()],
    ['URL-encoded', encodeURIComponent(passphrase)],
    ['URL-encoded', passphrase.replaceAll(' ', '+')],
    ['URL-encoded', hex(key).replace(/../g, '%$&')],
    ['base64', Buffer.from(key).toString('base64')],
    ['base64', Buffer.from(`company+user:${key}`).toString('base64')],
    ['base64', Buffer.from(`companies+user:${key} and more`).toString('base64url')],
    ['base64', Buffer.from(`an+user:${key}.`).toString('base64')],
  ])('finds a secret that is %s and names file and place only (%#)', (form, bytes) => {
    write('deep/leak.bin', Buffer.concat([Buffer.from(filler), Buffer.from(bytes)]));
    const { code, said } = search();
    expect(code).toBe(1);
    expect(said).toMatch(new RegExp(`leak\\.bin: the .* \\(${form}\\) stands at byte 10\\d\\d\\.`));
    expect(said).not.toContain(key);
    expect(said).not.toContain(passphrase);
    expect(said).not.toContain('clean.txt');
  });

  it('finds a token that was made during the run', () => {
    const token = 'ghs_MadeDuringThisRun123456';
    writeFileSync(list, `${JSON.stringify({ name: 'token of Triage bot', secret: token })}\n`);
    write('deep/answer.json', JSON.stringify({ authorization: `Bearer ${token}` }));
    const { code, said } = search();
    expect(code).toBe(1);
    expect(said).toContain('the token of Triage bot (raw)');
    expect(said).not.toContain(token);
  });

  it('finds a secret on the border between two parts of a large file', () => {
    const part = 8 * 1024 * 1024;
    const large = Buffer.alloc(part + 1000, 0x20);
    large.write(key, part - 5);
    write('large.bin', large);
    const { code, said } = search();
    expect(code).toBe(1);
    expect(said).toContain(`large.bin: the private key (raw) stands at byte ${part - 5}.`);
    expect(said).toContain(': 1 places.');
  });
});
