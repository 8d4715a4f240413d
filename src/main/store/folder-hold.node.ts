/**
 * One program at a time in a data folder: two would write one log and one store, each without knowing of the other. The lock is the
 * operating system's own, so it ends with the process however that ends. Refuses a folder that another program holds, and one where the
 * system cannot tell.
 *
 * @see https://man7.org/linux/man-pages/man2/flock.2.html, https://docs.libuv.org/en/v1.x/fs.html (UV_FS_O_EXLOCK)
 */
import { spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../preload/contract/reply';

/** Flags of `open` that lock: O_EXLOCK with O_NONBLOCK on macOS, UV_FS_O_EXLOCK on Windows. Linux has none. */
const lockingFlags: Partial<Record<NodeJS.Platform, number>> = { darwin: 0x20 | 0x4, win32: 0x10000000 };
const heldElsewhere = new Set(['EAGAIN', 'EWOULDBLOCK', 'EBUSY', 'EACCES']);

/**
 * @param folder Exists.
 * @returns Lets go of it, once.
 * @throws Fault `already_open`
 */
export async function holdFolder(folder: string): Promise<() => void> {
  const flags = lockingFlags[process.platform];
  const file = openHeld(folder, constants.O_RDWR | constants.O_CREAT | (flags ?? 0), flags !== undefined);
  let isHeld = true;
  const letGo = (): void => {
    if (isHeld) closeSync(file);
    isHeld = false;
  };
  if (flags !== undefined || (await flock(file))) return letGo;
  letGo();
  throw alreadyOpen(folder);
}

function openHeld(folder: string, flags: number, locks: boolean): number {
  try {
    return openSync(join(folder, 'gatehouse.lock'), flags, 0o600);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw locks && heldElsewhere.has(code) ? alreadyOpen(folder) : error;
  }
}

/** Node has no flock(2); the command locks the open file that it is given, and the lock stays with that file when the command has ended. */
function flock(file: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const command = spawn('flock', ['-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', file] });
    command.once('error', (cause) =>
      reject(
        new Fault('unexpected', 'The command flock (util-linux) is missing. Install it, then start again.', {
          cause,
        }),
      ),
    );
    command.once('close', (code) => resolve(code === 0));
  });
}

const alreadyOpen = (folder: string) =>
  new Fault(
    'already_open',
    `Another Gatehouse has ${folder} open. Close it first: two at once would break the activity log.`,
  );
