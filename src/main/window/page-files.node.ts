/**
 * Reads files of the built page and nothing outside of its folder.
 */
import { readFile } from 'node:fs/promises';
import { resolve, sep } from 'node:path';

/** Reads one file below the folder; undefined when there is none. Any other failure is thrown. */
export type ReadPageFile = (path: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;

/** @param folder Absolute path of the built page, also inside an asar archive. */
export function pageFiles(folder: string): ReadPageFile {
  const root = resolve(folder) + sep;
  return async (path) => {
    const file = resolve(root, path);
    if (!file.startsWith(root)) return undefined;
    try {
      return new Uint8Array(await readFile(file));
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    }
  };
}

function isAbsence(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR';
}
