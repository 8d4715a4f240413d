/**
 * Files of other programs on the disk: replaced as a whole or not at all, never through a link, with a copy beside them. A process that is
 * killed in the middle leaves the old file or the new one. Makes no folder but inside the client's own.
 */
import {
  accessSync,
  chmodSync,
  constants,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Fault } from '../../preload/contract/reply';
import type { Clock } from '../ports';
import { sha256 } from '../sha256.node';
import { errorCode, syncFolder } from '../store/document-folder.node';
import type { ClientDisk, Written } from './client-disk';
import { refused } from './config-format';
import { maxFileChars } from './plan-change';

const keptBackups = 5;
const newFileMode = 0o600;
const backupMark = '.gatehouse-backup-';

export function clientDisk(clock: Pick<Clock, 'nowMs'>): ClientDisk {
  return {
    read(path) {
      const bytes = readBytes(path);
      return bytes === undefined ? undefined : { text: decoded(bytes), hash: sha256(bytes) };
    },
    hasFolder: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true,
    replace(path, seen, text) {
      const target = realTarget(path);
      const before = readBytes(target);
      if ((before === undefined ? undefined : sha256(before)) !== seen) throw changed();
      const bytes = Buffer.from(text, 'utf8');
      return writing(() => {
        mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
        const mode = before === undefined ? newFileMode : statSync(target).mode & 0o777;
        const backup = before === undefined ? undefined : keepBackup(target, before, mode, clock.nowMs());
        put(target, bytes, mode, seen);
        return { hash: sha256(bytes), backup };
      });
    },
    restore(path, { hash, backup }: Written) {
      const target = realTarget(path);
      const now = readBytes(target);
      if (now === undefined || sha256(now) !== hash)
        throw new Fault(
          'client_file_changed',
          `The file was changed since Gatehouse wrote it, so it stays as it is.${backup === undefined ? '' : ` What was there before is in ${basename(backup.path)}, beside it.`}`,
        );
      writing(() => {
        if (backup === undefined) {
          rmSync(target);
          syncFolder(dirname(target));
          return;
        }
        const bytes = readBytes(backup.path);
        if (bytes === undefined || sha256(bytes) !== backup.hash)
          throw refused(`The copy ${basename(backup.path)} is gone or was changed. Nothing was put back.`);
        put(target, bytes, statSync(target).mode & 0o777, hash);
      });
    },
  };
}

const changed = () =>
  new Fault(
    'client_file_changed',
    'The file was changed meanwhile, so nothing was written. Look at the difference again.',
    {
      retryable: true,
    },
  );

/** The file itself where the path is a link to it. */
function realTarget(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw unreadable(error);
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return path;
    throw refused('It is a link that leads nowhere. Gatehouse writes nothing there.', error);
  }
}

function readBytes(path: string): Buffer | undefined {
  try {
    const facts = statSync(path, { throwIfNoEntry: false });
    if (facts === undefined) return undefined;
    if (!facts.isFile()) throw refused('It is not a file. Gatehouse writes nothing there.');
    if (facts.size >= maxFileChars)
      throw refused('It is larger than 5 MB. Gatehouse leaves it as it is; copy the entry by hand.');
    return readFileSync(path);
  } catch (error) {
    throw error instanceof Fault ? error : unreadable(error);
  }
}

const unreadable = (error: unknown) => refused(`It cannot be read (${errorCode(error)}).`, error);

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw refused('It is not written in UTF-8. Gatehouse leaves it as it is.', error);
  }
}

/** A copy with the rights of the original; of many the newest five stay. */
function keepBackup(path: string, bytes: Buffer, mode: number, atMs: number) {
  const time = new Date(atMs).toISOString().replace(/[:.]/g, '-');
  const folder = dirname(path);
  const prefix = `${basename(path)}${backupMark}`;
  const copies = () =>
    readdirSync(folder)
      .filter((name) => name.startsWith(prefix))
      .sort();
  const taken = new Set(copies());
  let name = `${prefix}${time}`;
  for (let number = 2; taken.has(name); number += 1) name = `${prefix}${time}-${number}`;
  const copy = join(folder, name);
  writeFileSync(copy, bytes, { mode, flag: 'wx', flush: true });
  chmodSync(copy, mode);
  for (const old of copies().slice(0, -keptBackups)) if (old !== name) rmSync(join(folder, old));
  return { path: copy, hash: sha256(bytes) };
}

/** Whole and durable under another name first, then in one step to its place. */
function put(path: string, bytes: Buffer, mode: number, seen: string | undefined): void {
  if (seen !== undefined) accessSync(path, constants.W_OK);
  const staged = `${path}.gatehouse-new`;
  rmSync(staged, { force: true });
  try {
    writeFileSync(staged, bytes, { mode, flag: 'wx', flush: true });
    chmodSync(staged, mode);
    const now = readBytes(path);
    if ((now === undefined ? undefined : sha256(now)) !== seen) throw changed();
    renameSync(staged, path);
  } catch (error) {
    rmSync(staged, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

function writing<Value>(write: () => Value): Value {
  try {
    return write();
  } catch (error) {
    if (error instanceof Fault) throw error;
    const code = errorCode(error);
    const why: Record<string, string> = {
      ENOSPC: 'The disk is full.',
      EDQUOT: 'The disk quota is used up.',
      EROFS: 'The folder is read-only.',
      EACCES: 'The file or its folder may not be written.',
      EPERM: 'The file may not be written, or another program holds it open. Close the client and try again.',
      EBUSY: 'Another program holds the file open. Close the client and try again.',
    };
    throw new Fault(
      'client_file_refused',
      `${why[code] ?? `The file could not be written (${code}).`} Nothing was changed.`,
      { retryable: true, cause: error },
    );
  }
}
