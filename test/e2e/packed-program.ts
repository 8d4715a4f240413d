/** A packaged Gatehouse, started from outside as a person would: no inspector, no hooks, only its gateway answers. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { request } from 'node:http';
import { chromiumArguments } from './launch';

export interface PackedProgram {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  said(): string;
  stop(): Promise<void>;
}

/** @param options `output`: a file that keeps what the program prints. */
export function startPacked(
  program: string,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly output: string },
): PackedProgram {
  let text = '';
  const child = spawn(program, [...chromiumArguments(), ...args], {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kept = createWriteStream(options.output, { flags: 'a' });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part: Buffer) => {
      text += part.toString('utf8');
    });
    stream.pipe(kept, { end: false });
  }
  return { child, said: () => text, stop: () => stop(child) };
}

/** Status of a request without a token; a word while nobody listens yet. */
export function answerWithoutToken(child: ChildProcess, port: number): Promise<number | string> {
  if (child.exitCode !== null) return Promise.resolve(`the program ended with ${child.exitCode}`);
  return new Promise((resolve) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const call = request({ host: '127.0.0.1', port, path: '/mcp', method: 'POST', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 'no status');
    });
    call.on('error', () => resolve('nobody listens'));
    call.end(body);
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const impatient = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(impatient);
}
