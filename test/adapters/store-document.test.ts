import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openConf } from '../../src/main/store/document-conf.node';
import { documentInFolder, type OpenTextStore } from '../../src/main/store/document-folder.node';
import { SealedVault } from '../../src/main/store/sealed-vault';
import { nodeSealing } from '../../src/main/store/sealing.node';
import { documentFileContract } from '../fakes/store-document-contract';
import { plantedSecret } from '../fakes/vault-bench';
import { MemoryKeychain } from '../fakes/vault-memory-keychain';

// Outside Electron the package `electron` only says where its binary is; this keeps it from fetching one.
process.env.ELECTRON_OVERRIDE_DIST_PATH ??= tmpdir();
const { openElectronStore } = await import('../../src/main/store/document-electron.electron');

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).reverse()) cleanUp();
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-store-'));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function fileIn(
  folder: string,
  openStore: OpenTextStore = openConf,
  onTrouble: (message: string) => void = () => {},
) {
  return documentInFolder({ folder, openStore, nowMs: () => Date.UTC(2026, 10, 23, 9, 30), onTrouble });
}

const isLinuxRoot = process.platform === 'linux' && process.getuid?.() === 0;

/** A disk of its own, so that it can be full or read-only also for root. Undefined where mounting is not allowed. */
function smallDisk(sizeKb: number): string | undefined {
  if (!isLinuxRoot) return undefined;
  const folder = newFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeKb}k`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  cleanUps.push(() => execFileSync('umount', [folder]));
  return folder;
}

const writers: [string, OpenTextStore][] = [
  ['conf', openConf],
  ['electron-store', openElectronStore],
];

describe.each(writers)('the store document on disk, written by %s', (_name, openStore) => {
  documentFileContract(() => {
    const folder = newFolder();
    return {
      file: fileIn(join(folder, 'made on demand'), openStore),
      plant: (text) => writeFileSync(join(folder, 'made on demand', 'gatehouse.json'), text),
      readKept: (name) => readFileSync(join(folder, 'made on demand', name), 'utf8'),
    };
  });

  test('is for its owner only, leaves nothing beside itself and names kept files by date', async () => {
    const folder = newFolder();
    const file = fileIn(folder, openStore);
    await file.write('{"a":1}');
    expect(readdirSync(folder).sort()).toEqual(['gatehouse.json', 'gatehouse.last-good.json']);
    expect(statSync(file.path).mode & 0o077).toBe(0);
    expect(await file.keepAside('unreadable')).toMatch(
      /^gatehouse\.kept-2026-11-23T09-30-00-000Z-unreadable-[0-9a-f]{6}\.json$/,
    );
  });
});

test('conf and electron-store read each other: it is one file', async () => {
  const folder = newFolder();
  await fileIn(folder, openElectronStore).write('{"by":"desktop"}');
  const headless = fileIn(folder, openConf);
  expect(headless.read()).toBe('{"by":"desktop"}');
  await headless.write('{"by":"headless"}');
  expect(fileIn(folder, openElectronStore).read()).toBe('{"by":"headless"}');
});

test('a write that the disk took only in part is noticed and put right', async () => {
  const folder = newFolder();
  const torn: OpenTextStore = (options) => ({
    path: join(options.folder, `${options.name}.json`),
    get store() {
      return { sealed: '' };
    },
    set store(value) {
      writeFileSync(this.path, value.sealed.slice(0, 5));
    },
  });
  const file = fileIn(folder, torn);
  await file.write('{"whole":"document"}');
  expect(file.read()).toBe('{"whole":"document"}');
  expect(file.readLastGood()).toBe('{"whole":"document"}');
});

test('a full disk gives a sentence and keeps what was there', async (context) => {
  const folder = smallDisk(64);
  if (folder === undefined) return context.skip('needs root and the right to mount a small disk');
  const file = fileIn(folder);
  const kept = JSON.stringify({ text: 'x'.repeat(9_000) });
  await file.write(kept);
  for (const size of [14_000, 22_000, 26_000, 45_000, 200_000]) {
    const before = file.read();
    const wanted = JSON.stringify({ text: 'y'.repeat(size) });
    const fault: unknown = await file.write(wanted).catch((refused: unknown) => refused);
    if (fault !== undefined) {
      expect(fault).toMatchObject({
        code: 'store_write_failed',
        message: 'The disk is full. Nothing was changed.',
      });
    }
    expect(file.read()).toBe(fault === undefined ? wanted : before);
  }
  await expect(file.write(JSON.stringify({ text: 'z'.repeat(200_000) }))).rejects.toMatchObject({
    retryable: true,
  });
  await file.write('{"small":1}');
  expect(file.read()).toBe('{"small":1}');
  expect(readdirSync(folder).sort()).toEqual(['gatehouse.json', 'gatehouse.last-good.json']);
});

test('a read-only folder gives a sentence, and the vault still opens and reads', async (context) => {
  const folder = isLinuxRoot ? smallDisk(256) : newFolder();
  if (folder === undefined || process.platform === 'win32') {
    return context.skip('needs the right to make a folder read-only');
  }
  const keychain = new MemoryKeychain();
  const first = new SealedVault({ file: fileIn(folder), keychain, sealing: nodeSealing });
  await first.open();
  await first.putSecret('con_00000001', { apiKey: plantedSecret });
  if (isLinuxRoot) execFileSync('mount', ['-o', 'remount,ro', folder]);
  else chmodSync(folder, 0o500);
  cleanUps.push(() => (isLinuxRoot ? undefined : chmodSync(folder, 0o700)));
  const vault = new SealedVault({ file: fileIn(folder), keychain, sealing: nodeSealing });
  expect(await vault.open()).toMatchObject({ kind: 'unlocked' });
  expect(await vault.readSecret('con_00000001')).toEqual({ apiKey: plantedSecret });
  await expect(vault.update((state) => state)).rejects.toMatchObject({
    code: 'store_write_failed',
    message: expect.stringMatching(/read-only|may not be written/),
  });
});

test('a passphrase vault with the real cost of scrypt opens from the real file', async () => {
  const folder = newFolder();
  const keychain = new MemoryKeychain();
  keychain.unavailable = true;
  const vault = new SealedVault({ file: fileIn(folder), keychain, sealing: nodeSealing });
  await vault.open();
  await vault.createWithPassphrase('Grüße aus dem Schacht');
  await vault.putSecret('con_00000001', { apiKey: plantedSecret });
  const onDisk = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  for (const text of onDisk) {
    expect(text).not.toContain(plantedSecret);
    expect(JSON.parse(text).scrypt).toMatchObject({ n: 131_072, r: 8, p: 1 });
  }
  const next = new SealedVault({ file: fileIn(folder), keychain, sealing: nodeSealing });
  await next.open();
  await next.unlock('Grüße aus dem Schacht'.normalize('NFD'));
  expect(await next.readSecret('con_00000001')).toEqual({ apiKey: plantedSecret });
});
