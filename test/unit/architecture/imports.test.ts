/**
 * Reads every import of the project and holds it against the rules of docs/architecture.md.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
const source = join(root, 'src');

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isType: boolean;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const found = text.matchAll(/^(?:import|export)\s+(type\s)?([^'";]*?from\s*)?['"]([^'"]+)['"]/gms);
  return Array.from(found, ([, type, names = '', to = '']) => ({
    from: relative(source, file).replaceAll('\\', '/'),
    to: to.startsWith('.') ? relative(source, resolve(dirname(file), to)).replaceAll('\\', '/') : to,
    isType: type !== undefined || /^\{\s*(type\s[^,}]+,?\s*)+\}/.test(names),
  }));
}

const all = filesBelow(source).flatMap(importsOf);
const running = all.filter((one) => !one.isType);
const wiring = new Set([
  'main/index.ts',
  'main/headless.ts',
  'main/probe-command.ts',
  'main/stdio.ts',
  'main/house.ts',
  'main/house-activity.ts',
  'main/house-outside.ts',
  'main/house-servers.ts',
  'main/house-clients.ts',
  'main/house-gateway.ts',
]);
const isSuffixed = (path: string) => /\.(electron|node)(\.ts)?$/.test(path);
const inMain = (one: Import) => one.from.startsWith('main/') && !wiring.has(one.from);
const told = (list: readonly Import[]) => list.map((one) => `${one.from} imports ${one.to}`);

describe('the directions of imports', () => {
  it('finds imports at all, so that the rules below have something to judge', () => {
    expect(running.length).toBeGreaterThan(100);
  });

  it('lets only .electron.ts files, the preload and the start touch Electron and electron-store', () => {
    const wrong = running.filter(
      (one) =>
        /^(electron|electron-store)(\/|$)/.test(one.to) &&
        !one.from.endsWith('.electron.ts') &&
        one.from !== 'main/index.ts' &&
        one.from !== 'preload/index.ts',
    );
    expect(told(wrong)).toEqual([]);
  });

  it('lets only .node.ts files touch Node, keytar, the network library and the MCP SDK', () => {
    const wrong = running.filter(
      (one) =>
        /^(node:|keytar$|undici|conf$|@modelcontextprotocol\/|@peculiar\/)/.test(one.to) &&
        inMain(one) &&
        !one.from.endsWith('.node.ts'),
    );
    expect(told(wrong)).toEqual([]);
  });

  it('keeps files without a suffix from importing files with one', () => {
    const wrong = running.filter((one) => inMain(one) && !isSuffixed(one.from) && isSuffixed(one.to));
    expect(told(wrong)).toEqual([]);
  });

  it('keeps the contract on zod alone', () => {
    const wrong = running.filter(
      (one) =>
        one.from.startsWith('preload/contract/') &&
        one.to !== 'zod' &&
        !one.to.startsWith('preload/contract/'),
    );
    expect(told(wrong)).toEqual([]);
  });

  it('gives the preload names only', () => {
    const wrong = running.filter(
      (one) => one.from === 'preload/index.ts' && !['electron', 'preload/contract/names'].includes(one.to),
    );
    expect(told(wrong)).toEqual([]);
  });

  it('keeps main away from the window, and the window from main', () => {
    const wrong = all.filter(
      (one) =>
        (one.from.startsWith('renderer/') && one.to.startsWith('main/')) ||
        (one.from.startsWith('main/') && one.to.startsWith('renderer/')),
    );
    expect(told(wrong)).toEqual([]);
  });

  it('keeps the parts of the window free of facts: they know no store and no screen', () => {
    const wrong = running.filter(
      (one) =>
        one.from.startsWith('renderer/src/parts/') && /^renderer\/src\/(stores|screens|frame)\//.test(one.to),
    );
    expect(told(wrong)).toEqual([]);
  });

  it('lets only the bridge touch what the preload put into the page', () => {
    const touching = filesBelow(join(source, 'renderer')).filter((file) =>
      /\bgatehouse\s*[.[]|\.gatehouse\b/.test(readFileSync(file, 'utf8')),
    );
    expect(touching.map((file) => relative(source, file))).toEqual([join('renderer', 'src', 'bridge.ts')]);
  });

  it('lets only the composition root know everything', () => {
    const wrong = running.filter(
      (one) =>
        !wiring.has(one.from) &&
        /^main\/(house|house-activity|house-outside|house-servers|house-clients|house-gateway|index|headless|probe-command|stdio)$/.test(
          one.to,
        ),
    );
    expect(told(wrong)).toEqual([]);
  });

  it('keeps the rooms in one line: later rooms know earlier ones and never the other way round', () => {
    const line = [
      'store',
      'activity',
      'catalog',
      'oauth',
      'policies',
      'network',
      'connections',
      'mcp',
      'practice',
      'gateway',
      'clients',
      'ipc',
      'window',
    ];
    const roomOf = (path: string) => line.indexOf(/^main\/([^/]+)\//.exec(path)?.[1] ?? '');
    const wrong = running.filter(
      (one) =>
        inMain(one) && roomOf(one.from) >= 0 && roomOf(one.to) >= 0 && roomOf(one.from) < roomOf(one.to),
    );
    expect(told(wrong)).toEqual([]);
  });
});

describe('names', () => {
  it('has no file for whatever is left over', () => {
    const vague = filesBelow(source).filter((file) =>
      /[\\/](utils?|helpers?|common|misc|manager|service)\.tsx?$/.test(file),
    );
    expect(vague).toEqual([]);
  });

  it('is kebab-case for files and PascalCase for components', () => {
    const files = filesBelow(source).map((file) => relative(source, file).replaceAll('\\', '/'));
    const wrong = files.filter((file) => {
      const name = /[^/]+$/.exec(file)?.[0] ?? '';
      const isComponent = name.endsWith('.tsx') && name !== 'main.tsx';
      return isComponent
        ? !/^[A-Z][A-Za-z]+\.tsx$/.test(name)
        : !/^[a-z][a-z0-9-]*(\.(electron|node))?\.tsx?$/.test(name);
    });
    expect(wrong).toEqual([]);
  });
});

describe('the size of files', () => {
  it('keeps every source file under 320 lines', () => {
    const long = filesBelow(source)
      .map((file) => ({ file: relative(source, file), lines: readFileSync(file, 'utf8').split('\n').length }))
      .filter(({ lines }) => lines > 320);
    expect(long).toEqual([]);
  });
});
