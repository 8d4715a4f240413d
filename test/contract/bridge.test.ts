/** The contract between window and main, and the size of the preload that carries it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calls, feeds } from '../../src/preload/contract/calls';
import { callNames, feedNames } from '../../src/preload/contract/names';

describe('the contract', () => {
  it('has exactly the calls and feeds that are named', () => {
    expect(Object.keys(calls).sort()).toEqual([...callNames].sort());
    expect(Object.keys(feeds).sort()).toEqual([...feedNames].sort());
    expect(new Set([...callNames, ...feedNames]).size).toBe(callNames.length + feedNames.length);
  });

  it('names everything subject.verb', () => {
    for (const name of [...callNames, ...feedNames]) expect(name).toMatch(/^[a-z]+\.[a-z]+([A-Z][a-z]+)*$/);
  });

  it('refuses an unknown key on every call', () => {
    for (const { input } of Object.values(calls)) {
      const issues = input.safeParse({ 'not-a-field': 1 }).error?.issues ?? [];
      expect(issues.map((issue) => issue.code)).toContain('unrecognized_keys');
    }
  });
});

describe('the preload', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-preload-'));
  let text = '';

  beforeAll(async () => {
    const entry = resolve(import.meta.dirname, '../../src/preload/index.ts');
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        outDir: folder,
        minify: false,
        lib: { entry, formats: ['cjs'], fileName: () => 'index.cjs' },
        rollupOptions: { external: ['electron'] },
      },
    });
    text = readFileSync(join(folder, 'index.cjs'), 'utf8');
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is smaller than 5 kB, not minified, and carries no schemas', () => {
    expect(Buffer.byteLength(text)).toBeLessThan(5000);
    expect(text).not.toMatch(/zod|safeParse|strictObject/i);
  });

  it('needs Electron alone and exposes one global', () => {
    expect([...text.matchAll(/require\(([^)]*)\)/g)].map((match) => match[1]?.slice(1, -1))).toEqual([
      'electron',
    ]);
    expect(text.match(/exposeInMainWorld/g)).toHaveLength(1);
  });
});
