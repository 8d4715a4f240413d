/**
 * The log's folder on a real disk: one file a day, written with one write and one sync a batch.
 * Refuses to cut bytes that it did not write itself, and to say "written" before the disk did.
 */
import { createHash } from 'node:crypto';
import { fdatasyncSync, fstatSync, writeSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Fault } from '../../preload/contract/reply';
import { sha256 } from '../sha256.node';
import { ActivityLog } from './activity-log';
import type { ActivityLogParts, LogFile, LogFiles } from './log-ports';
import type { Hash } from './record';

const chunkBytes = 512 * 1024;
/** A sync of at most this long counts as quick; after so many in a row the disk does. */
const quickMs = 1;
const quickSyncs = 4;
/** A single sync above this ends the trust. */
const slowMs = 8;
const summaryFileName = /^\d{4}-\d{2}-\d{2}\.summary\.json$/;
const dayFileName = /^\d{4}-\d{2}-\d{2}\.jsonl$/;

/**
 * Opens the activity log in `dir`, which is made when it is missing (readable by its owner only).
 *
 * @throws Fault `activity_unreadable`, `activity_write_failed`.
 */
export async function openActivityLog(
  options: { readonly dir: string } & Omit<ActivityLogParts, 'files' | 'sha256'>,
): Promise<ActivityLog> {
  const { dir, ...parts } = options;
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    return await ActivityLog.open({ ...parts, files: new DayFiles(dir), sha256 });
  } catch (error) {
    if (error instanceof Fault) throw error;
    const message =
      'The folder of the activity log cannot be used: check that it exists and may be read and written.';
    throw new Fault('activity_unreadable', message, { retryable: true, cause: error });
  }
}

export class DayFiles implements LogFiles {
  #open: { readonly name: string; readonly handle: FileHandle } | null = null;
  /** An attempt failed: bytes of ours may stand behind the durable end of this file. */
  #suspect: { readonly name: string; readonly durableBytes: number } | null = null;

  /** Something was written that no sync has covered. */
  #isOwed = false;

  readonly #pace = new DiskPace();

  constructor(readonly dir: string) {}

  async list(): Promise<LogFile[]> {
    const names = (await readdir(this.dir)).filter((name) => dayFileName.test(name)).sort();
    return Promise.all(names.map(async (name) => ({ name, bytes: (await stat(join(this.dir, name))).size })));
  }

  async append(
    name: string,
    bytes: Uint8Array,
    atOffset: number,
    how: 'alone' | 'shared' | 'later',
  ): Promise<void> {
    const isNew = this.#open?.name !== name || this.#suspect !== null;
    if (isNew) await this.#reopen(name);
    if (this.#open === null) throw new Error('The day file is not open.');
    const { handle } = this.#open;
    if (fstatSync(handle.fd).size !== atOffset) throw foreign(name);
    this.#suspect = { name, durableBytes: atOffset };
    // The write goes to the system's cache and takes microseconds; what is waited for is the disk.
    for (let at = 0; at < bytes.length; ) at += writeSync(handle.fd, bytes, at);
    if (how === 'later' && !isNew) {
      this.#isOwed = true;
      this.#suspect = null;
      return;
    }
    if (how !== 'alone') this.#pace.shared();
    const startedMs = performance.now();
    if (how === 'alone' && this.#pace.isQuick) fdatasyncSync(handle.fd);
    else await handle.datasync();
    this.#pace.took(performance.now() - startedMs);
    if (isNew) await syncFolder(this.dir);
    this.#isOwed = false;
    this.#suspect = null;
  }

  async sync(): Promise<void> {
    if (!this.#isOwed) return;
    await this.#open?.handle.datasync();
    this.#isOwed = false;
  }

  async *chunks(name: string, fromByte: number, toByte: number): AsyncIterable<Uint8Array> {
    const handle = await open(join(this.dir, name), 'r');
    try {
      for (let at = fromByte; at < toByte; ) {
        const wanted = Math.min(chunkBytes, toByte - at);
        const { bytesRead, buffer } = await handle.read(new Uint8Array(wanted), 0, wanted, at);
        if (bytesRead === 0) return;
        at += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await handle.close();
    }
  }

  async moveTorn(name: string, atOffset: number): Promise<void> {
    const path = join(this.dir, name);
    const beside = await open(`${path}.torn`, 'a', 0o600);
    try {
      for await (const chunk of this.chunks(name, atOffset, Number.POSITIVE_INFINITY))
        await beside.appendFile(chunk);
      await beside.sync();
    } finally {
      await beside.close();
    }
    await syncFolder(this.dir);
    await cutAt(path, atOffset);
  }

  async digest(name: string, bytes: number): Promise<Hash> {
    const digest = createHash('sha256');
    for await (const chunk of this.chunks(name, 0, bytes)) digest.update(chunk);
    return digest.digest('hex');
  }

  async readBeside(name: string): Promise<Uint8Array | null> {
    try {
      return await readFile(join(this.dir, name));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
  }

  async writeBeside(name: string, bytes: Uint8Array): Promise<void> {
    const staged = join(this.dir, `${name}.new`);
    try {
      const handle = await open(staged, 'w', 0o600);
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(staged, join(this.dir, name));
    } catch (error) {
      await rm(staged, { force: true });
      throw error;
    }
    await syncFolder(this.dir);
  }

  async summaries(): Promise<string[]> {
    return (await readdir(this.dir)).filter((name) => summaryFileName.test(name)).sort();
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.dir, name), { force: true });
    await syncFolder(this.dir);
  }

  pause(): Promise<void> {
    return setImmediate();
  }

  async close(): Promise<void> {
    await this.sync();
    const handle = this.#open?.handle;
    this.#open = null;
    await handle?.close();
  }

  async #reopen(name: string): Promise<void> {
    await this.close();
    if (this.#suspect !== null) {
      // Only a failed batch can stand there: it was never answered with "written".
      await cutAt(join(this.dir, this.#suspect.name), this.#suspect.durableBytes);
      this.#suspect = null;
    }
    this.#open = { name, handle: await open(join(this.dir, name), 'a', 0o600) };
  }
}

/**
 * Whether this disk says "written" quicker than a thread can be asked to wait for it. Then a lone record is synced on
 * this thread; a disk that is slow, or was slow just now, never holds the process up.
 */
class DiskPace {
  #quickInRow = 0;

  get isQuick(): boolean {
    return this.#quickInRow >= quickSyncs;
  }

  /** Others have something to do meanwhile; between two rounds of theirs a record may look alone. */
  shared(): void {
    this.#quickInRow = 0;
  }

  took(ms: number): void {
    this.#quickInRow =
      ms <= quickMs ? this.#quickInRow + 1 : ms <= slowMs && this.isQuick ? this.#quickInRow : 0;
  }
}

async function cutAt(path: string, bytes: number): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    if ((await handle.stat()).size > bytes) await handle.truncate(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A new file is only there for good when its folder is synced too. Windows has no such call. */
async function syncFolder(dir: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const foreign = (name: string) =>
  new Fault(
    'activity_write_failed',
    `Something else wrote to ${name} in the activity folder. Close other copies of Gatehouse and start again.`,
  );
