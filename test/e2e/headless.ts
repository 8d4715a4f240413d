/** The built gateway without windows as a process of its own, in a group that can be killed whole. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { planted } from '../fakes/planted-secrets';

const root = resolve(import.meta.dirname, '../..');

export interface Headless {
  readonly url: string;
  readonly token: string;
  /** Everything dies at once, as when the power goes. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it on any free port and waits until it says where it listens. */
export async function startHeadless(data: string, args: readonly string[]): Promise<Headless> {
  const child = spawn(
    process.execPath,
    [join(root, 'build', 'main', 'headless.js'), '--data', data, '--port', '0', ...args],
    {
      env: { ...process.env, GATEHOUSE_PASSPHRASE: planted('passphrase') },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  );
  child.stderr.pipe(createWriteStream(`${data}.output`, { flags: 'a' }), { end: false });
  const ready = await firstLine(child);
  const { url, token }: { url: string; token: string } = JSON.parse(ready);
  return {
    url,
    token,
    kill: () => ended(child, () => process.kill(-(child.pid ?? 0), 'SIGKILL')),
    stop: () => ended(child, () => child.kill('SIGTERM')),
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((done, failed) => {
    if (child.stdout === null) return failed(new Error('The gateway has no output.'));
    createInterface({ input: child.stdout }).once('line', done);
    child.once('exit', (code) => failed(new Error(`The gateway ended with ${code}; its .output says why.`)));
  });
}

function ended(child: ChildProcess, end: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((done) => {
    child.once('exit', () => done());
    end();
  });
}
