/**
 * The exported file on a real disk: written beside its place under another name, for its owner only, and renamed when it is whole.
 */
import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { Fault } from '../../preload/contract/reply';
import type { ExportFile } from './exporter';

/** @throws Fault `export_failed` */
export async function openExportFile(path: string): Promise<ExportFile> {
  const staged = `${path}.${randomBytes(4).toString('hex')}.part`;
  const handle = await said(() => open(staged, 'wx', 0o600));
  let isOpen = true;
  const close = async () => {
    if (isOpen) await handle.close();
    isOpen = false;
  };
  return {
    name: basename(path),
    write: (text) =>
      said(async () => {
        if (text !== '') await handle.writeFile(text);
      }),
    finish: () =>
      said(async () => {
        await handle.sync();
        await close();
        await rename(staged, path);
      }),
    abandon: () =>
      said(async () => {
        await close();
        await rm(staged, { force: true });
      }),
  };
}

const sentences: Readonly<Partial<Record<string, string>>> = {
  ENOSPC: 'The disk is full.',
  EDQUOT: 'The disk quota is used up.',
  EROFS: 'That folder is read-only.',
  EACCES: 'That folder may not be written.',
  EPERM: 'That folder may not be written.',
  ENOENT: 'That folder is not there any more.',
  EISDIR: 'There is a folder of this name.',
};

async function said<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    const why = sentences[code] ?? `The file could not be written (${code}).`;
    throw new Fault('export_failed', `${why} Nothing was exported. Choose another place.`, {
      retryable: true,
      cause: error,
    });
  }
}
