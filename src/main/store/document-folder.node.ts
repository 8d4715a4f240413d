/**
 * The store document as `gatehouse.json` in a folder, with `gatehouse.last-good.json` beside it.
 * The file is written through conf or electron-store (given as a parameter) and holds the document as it is.
 * Refuses to write over a file that somebody else changed, and never deletes what it could not read.
 */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from '../../preload/contract/reply';
import { sha256 } from '../sha256.node';
import type { DocumentFile } from './vault';

/** The single key of the store: the whole document as text. */
export type StoredText = { sealed: string };

/** What of conf and electron-store is used. */
export interface TextStore {
  readonly path: string;
  store: StoredText;
}

export interface TextStoreOptions {
  readonly folder: string;
  /** Without the extension. */
  readonly name: string;
  readonly fileMode: number;
  /** The file holds the document itself, so that a person who opens it sees what is sealed and what is not. */
  serialize(value: StoredText): string;
  deserialize(text: string): StoredText;
}

export type OpenTextStore = (options: TextStoreOptions) => TextStore;

const fileMode = 0o600;
const name = 'gatehouse';

export interface DocumentFolderNeeds {
  readonly folder: string;
  readonly openStore: OpenTextStore;
  readonly nowMs: () => number;
  /** Told when the store was written and its last good copy could not be. */
  readonly onTrouble: (message: string) => void;
}

export function documentInFolder(needs: DocumentFolderNeeds): DocumentFile {
  return new FolderDocument(needs);
}

class FolderDocument implements DocumentFile {
  readonly path: string;
  readonly #lastGoodPath: string;
  readonly #stagedPath: string;
  readonly #needs: DocumentFolderNeeds;
  /** Digest of the file when it was last read or written here. */
  #seen: string | undefined;
  #store: TextStore | undefined;

  constructor(needs: DocumentFolderNeeds) {
    this.#needs = needs;
    this.path = join(needs.folder, `${name}.json`);
    this.#lastGoodPath = join(needs.folder, `${name}.last-good.json`);
    this.#stagedPath = join(needs.folder, `${name}.staged.json`);
  }

  read(): string | undefined {
    const bytes = readBytes(this.path);
    this.#seen = digest(bytes);
    return bytes?.toString('utf8');
  }

  async write(text: string): Promise<void> {
    try {
      mkdirSync(this.#needs.folder, { recursive: true, mode: 0o700 });
      if (digest(readBytes(this.path)) !== this.#seen) {
        throw new Fault(
          'store_write_failed',
          'Another Gatehouse changed the store file. Nothing was written. Close one of the two and start again.',
        );
      }
      this.#replace(text);
    } catch (error) {
      throw error instanceof Fault ? error : writeFault(error);
    }
  }

  async keepAside(reason: string): Promise<string> {
    try {
      return keepCopy(
        this.#needs.folder,
        readBytes(this.path) ?? Buffer.alloc(0),
        reason,
        this.#needs.nowMs(),
      );
    } catch (error) {
      throw writeFault(error);
    }
  }

  readLastGood(): string | undefined {
    try {
      return readBytes(this.#lastGoodPath)?.toString('utf8');
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#needs.onTrouble(`The last good copy of the store cannot be read. ${error.message}`);
      return undefined;
    }
  }

  /**
   * Whole and durable under another name first: that is where a full disk or a read-only folder shows, before
   * anything was touched. And conf does not notice when the disk takes a write only in part (one `writeSync`).
   */
  #replace(text: string): void {
    const { folder, openStore, onTrouble } = this.#needs;
    stage(this.#stagedPath, text);
    try {
      this.#store ??= openStore({ folder, name, fileMode, serialize, deserialize });
      this.#store.store = { sealed: text };
    } catch (error) {
      rmSync(this.#stagedPath, { force: true });
      throw writeFault(error);
    }
    const torn = readBytes(this.path)?.toString('utf8') !== text;
    if (torn) renameSync(this.#stagedPath, this.path);
    syncFolder(folder);
    this.#seen = digest(readBytes(this.path));
    try {
      if (torn) stage(this.#stagedPath, text);
      renameSync(this.#stagedPath, this.#lastGoodPath);
      syncFolder(folder);
    } catch (error) {
      onTrouble(`The store was written, but its last good copy was not. ${writeFault(error).message}`);
    }
  }
}

const serialize = (value: StoredText): string => value.sealed;
const deserialize = (text: string): StoredText => ({ sealed: text });

function keepCopy(folder: string, bytes: Buffer, reason: string, atMs: number): string {
  const prefix = `${name}.kept-`;
  for (const sibling of readdirSync(folder)) {
    if (sibling.startsWith(prefix) && readBytes(join(folder, sibling))?.equals(bytes)) return sibling;
  }
  const date = new Date(atMs).toISOString().replace(/[:.]/g, '-');
  const slug = reason
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  const kept = `${prefix}${date}-${slug}-${digest(bytes)?.slice(0, 6)}.json`;
  writeFileSync(join(folder, kept), bytes, { mode: fileMode, flag: 'wx', flush: true });
  syncFolder(folder);
  return kept;
}

/** Undefined when there is no such file. @throws Fault `store_unreadable` */
function readBytes(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw new Fault(
      'store_unreadable',
      `The store file cannot be read (${errorCode(error)}). It was left as it is.`,
      {
        retryable: true,
        cause: error,
      },
    );
  }
}

function stage(path: string, text: string): void {
  try {
    writeFileSync(path, text, { mode: fileMode, flush: true });
  } catch (error) {
    const fault = writeFault(error);
    try {
      rmSync(path, { force: true });
    } catch (leftover) {
      throw writeFault(new AggregateError([error, leftover], 'The staged file could not be removed.'));
    }
    throw fault;
  }
}

/** Replaces a file as a whole and durably, or leaves it. @throws Fault `store_write_failed` */
export function replaceFile(path: string, text: string): void {
  const staged = `${path}.new`;
  stage(staged, text);
  try {
    renameSync(staged, path);
    syncFolder(dirname(path));
  } catch (error) {
    throw writeFault(error);
  }
}

/** A rename is durable only when the folder is. Windows has no such call and does not need it. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function digest(bytes: Buffer | undefined): string | undefined {
  return bytes === undefined ? undefined : sha256(bytes);
}

function writeFault(error: unknown): Fault {
  const code = errorCode(error);
  const why: Record<string, string> = {
    ENOSPC: 'The disk is full.',
    EDQUOT: 'The disk quota is used up.',
    EROFS: 'The folder of the store is read-only.',
    EACCES: 'The folder of the store may not be written.',
    EPERM: 'The folder of the store may not be written.',
  };
  return new Fault(
    'store_write_failed',
    `${why[code] ?? `The store could not be written (${code}).`} Nothing was changed.`,
    {
      retryable: true,
      cause: error,
    },
  );
}

export function errorCode(error: unknown): string {
  if (error instanceof AggregateError) return errorCode(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'unknown error';
}
