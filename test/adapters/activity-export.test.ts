/** The exported file on a real disk. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openExportFile } from '../../src/main/activity/export-file.node';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'export-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const sentence = /^[A-Z].*\. Nothing was exported\. Choose another place\.$/;
const mounted = process.platform === 'linux' && process.getuid?.() === 0;

describe('an exported file', () => {
  it('has its name only when it is whole, replaces an older one, and is for its owner only', async () => {
    const path = join(dir, 'activity.csv');
    writeFileSync(path, 'older');
    const file = await openExportFile(path);
    await file.write('first ');
    expect(readFileSync(path, 'utf8')).toBe('older');
    await file.write('second');
    await file.finish();
    expect(readFileSync(path, 'utf8')).toBe('first second');
    expect(readdirSync(dir)).toEqual(['activity.csv']);
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('leaves nothing behind when it is abandoned, also twice', async () => {
    const file = await openExportFile(join(dir, 'activity.csv'));
    await file.write('begun');
    await file.abandon();
    await file.abandon();
    expect(readdirSync(dir)).toEqual([]);
  });

  it('says so when the folder is gone or the place is taken by a folder', async () => {
    await expect(openExportFile(join(dir, 'gone', 'a.csv'))).rejects.toMatchObject({
      code: 'export_failed',
      message: expect.stringMatching(sentence),
    });
    mkdirSync(join(dir, 'a.csv'));
    const file = await openExportFile(join(dir, 'a.csv'));
    await expect(file.finish()).rejects.toMatchObject({ code: 'export_failed' });
    await file.abandon();
    expect(readdirSync(dir)).toEqual(['a.csv']);
  });

  it.skipIf(!mounted)('says so when the disk is full or read-only, and leaves nothing', async ({ skip }) => {
    const small = join(dir, 'small');
    mkdirSync(small);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small]).status !== 0) return skip();
    try {
      const file = await openExportFile(join(small, 'a.csv'));
      await expect(file.write('x'.repeat(200_000))).rejects.toMatchObject({
        code: 'export_failed',
        message: expect.stringContaining('The disk is full.'),
      });
      await file.abandon();
      expect(readdirSync(small)).toEqual([]);
      spawnSync('mount', ['-o', 'remount,ro', small]);
      await expect(openExportFile(join(small, 'a.csv'))).rejects.toMatchObject({
        message: expect.stringContaining('read-only'),
      });
      expect(existsSync(join(small, 'a.csv'))).toBe(false);
    } finally {
      spawnSync('umount', [small]);
    }
  });
});
