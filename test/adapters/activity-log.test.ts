import { spawn, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Anchor } from '../../src/main/activity/chain';
import { openActivityLog } from '../../src/main/activity/log-files.node';
import { newSigningKey } from '../../src/main/activity/signing.node';
import { ActivityClock, entry, memorySignatures, seal, signatures, unseal } from '../fakes/activity-disk';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'activity-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function builtChild(source: string): Promise<string> {
  const outDir = join(dir, 'built');
  await build({
    logLevel: 'silent',
    configFile: false,
    ssr: { noExternal: true },
    build: { ssr: source, outDir, rollupOptions: { output: { entryFileNames: 'child.mjs' } } },
  });
  return join(outDir, 'child.mjs');
}

const openAt = (
  folder: string,
  clock = new ActivityClock(),
  anchor: Anchor | null = null,
  own = signatures,
) =>
  openActivityLog({
    dir: folder,
    clock,
    seal,
    open: unseal,
    signatures: own,
    anchor,
    onAnchor: () => undefined,
  });

describe('the activity log on a real disk', () => {
  it('keeps 1,000 concurrent records and no planted secret in clear', async () => {
    const log = await openAt(dir);
    const all = Array.from({ length: 1_000 }, () => log.append(entry({ body: { note: 'planted-secret' } })));
    expect(new Set((await Promise.all(all)).map(({ seq }) => seq)).size).toBe(1_000);
    expect(await log.verify()).toMatchObject({ kind: 'intact', records: 1_000 });
    expect((await log.show(500)).records[0]?.body).toEqual({
      kind: 'opened',
      value: { note: 'planted-secret' },
    });
    await log.close();
    for (const name of readdirSync(dir))
      expect(readFileSync(join(dir, name), 'utf8')).not.toContain('planted');
  });

  it('names a missing day file and a changed byte', async () => {
    const clock = new ActivityClock();
    const log = await openAt(dir, clock);
    for (let day = 0; day < 3; day += 1) {
      await log.append(entry());
      await log.append(entry());
      clock.atMs += 86_400_000;
    }
    const second = join(dir, '2026-11-13.jsonl');
    const bytes = readFileSync(second);
    writeFileSync(second, bytes.toString().replace('dark', 'pale'));
    expect(await log.verify()).toMatchObject({ reason: 'changed', file: '2026-11-13.jsonl', line: 1 });
    unlinkSync(second);
    expect(await log.verify()).toMatchObject({ reason: 'removed', file: '2026-11-14.jsonl', line: 1 });
    await log.close();
  });

  it('refuses to write behind bytes of someone else, and keeps those', async () => {
    const log = await openAt(dir);
    await log.append(entry());
    const file = join(dir, '2026-11-12.jsonl');
    writeFileSync(file, 'foreign\n', { flag: 'a' });
    await expect(log.append(entry())).rejects.toMatchObject({ code: 'activity_write_failed' });
    expect(readFileSync(file, 'utf8')).toContain('foreign');
    await log.close();
  });

  it('loses no acknowledged record when the process is killed at any moment', async () => {
    const script = await builtChild('test/fakes/activity-child.ts');
    const folder = join(dir, 'activity');
    for (const killAfter of [1, 40, 333]) {
      const acknowledged = await new Promise<number>((resolve) => {
        const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
        let text = '';
        child.stdout.on('data', (chunk) => {
          text += String(chunk);
          if (text.split('\n').length > killAfter) child.kill('SIGKILL');
        });
        child.on('close', () => resolve(Math.max(0, ...text.split('\n').slice(0, -1).map(Number))));
      });
      const log = await openAt(folder);
      const verified = await log.verify();
      expect(acknowledged).toBeGreaterThan(0);
      expect(verified.kind).toBe('intact');
      expect(verified.kind === 'intact' ? verified.records : 0).toBeGreaterThanOrEqual(acknowledged);
      await log.close();
    }
  });

  it('never loses a day without its summary when it is killed while it closes old days', async () => {
    const script = await builtChild('test/fakes/activity-closing-child.ts');
    const key = newSigningKey();
    const folder = join(dir, 'closing');
    spawnSync(process.execPath, [script, folder, key, 'write'], { stdio: 'inherit' });
    for (const killAfter of [1, 2, 7]) {
      await new Promise<void>((resolve) => {
        const child = spawn(process.execPath, [script, folder, key], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        let text = '';
        child.stdout.on('data', (chunk) => {
          text += String(chunk);
          if (text.split('\n').length > killAfter) child.kill('SIGKILL');
        });
        child.on('close', () => resolve());
      });
      const names = readdirSync(folder);
      for (let day = 0; day < 40; day += 1) {
        const stem = new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10);
        expect(names.some((name) => name === `${stem}.jsonl` || name === `${stem}.summary.json`)).toBe(true);
      }
      const clock = new ActivityClock(Date.UTC(2026, 1, 9));
      const log = await openAt(folder, clock, null, memorySignatures(key));
      await log.ready();
      expect(await log.verify()).toMatchObject({ kind: 'intact' });
      const left = readdirSync(folder).filter((name) => name.endsWith('.jsonl')).length;
      expect(left + log.closed.total().days).toBe(40);
      await log.close();
    }
  });

  const mounted = process.platform === 'linux' && process.getuid?.() === 0;
  it.skipIf(!mounted)('stops on a full disk and goes on when there is room again', async ({ skip }) => {
    const small = join(dir, 'small');
    mkdirSync(small);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small]).status !== 0) return skip();
    try {
      const log = await openAt(small);
      await log.append(entry());
      writeFileSync(join(small, 'ballast'), Buffer.alloc(56 * 1024));
      const many = await Promise.allSettled(
        Array.from({ length: 100 }, () => log.append(entry({ body: 'x'.repeat(600) }))),
      );
      expect(many.every(({ status }) => status === 'rejected')).toBe(true);
      truncateSync(join(small, 'ballast'), 0);
      expect((await log.append(entry())).seq).toBe(2);
      expect(await log.verify()).toMatchObject({ kind: 'intact', records: 2 });
      await log.close();
    } finally {
      spawnSync('umount', [small]);
    }
  });
});
