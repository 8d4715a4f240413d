/** Child processes: started without a shell where possible, signals passed on, the exit code handed back. */
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { modules, root } from './place.mjs';
import { childOutput } from './say.mjs';

/** A program that ended may leave a child behind that holds its output open; nobody waits longer for that one. */
const lastWordsMs = 2000;
let keptIn;

/** From now on, what the commands print is shown as before and kept in this file as well. */
export function keepOutputIn(file) {
  keptIn = file;
}

/** The environment in which the project's own commands come first. */
export function withOwnCommands(env = process.env) {
  const path = env.PATH ?? env.Path ?? '';
  return { ...env, PATH: [join(modules, '.bin'), path].join(delimiter) };
}

/**
 * Runs a command to its end. SIGINT and SIGTERM go to the child, so that it can close its files.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, stdio?: import('node:child_process').StdioOptions, cwd?: string, timeoutMs?: number }} options
 * @returns {Promise<number>} Exit code; 128 + signal number when a signal ended it.
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const stdio = options.stdio ?? childOutput();
    const isKept = keptIn !== undefined && stdio === 'inherit';
    const env = options.env ?? withOwnCommands();
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: isKept && process.stdout.isTTY ? { FORCE_COLOR: '1', ...env } : env,
      stdio: isKept ? ['inherit', 'pipe', 'pipe'] : stdio,
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs, killSignal: 'SIGKILL' }),
    });
    const pass = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, pass);
    const done = () => {
      for (const signal of signals) process.off(signal, pass);
    };
    child.on('error', (error) => {
      done();
      reject(error);
    });
    const end = (code, signal) => {
      done();
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    };
    child.on('close', end);
    if (isKept) keepOutput(child, end);
  });
}

function keepOutput(child, end) {
  const streams = [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ];
  for (const [from, to] of streams) {
    from.on('data', (part) => {
      to.write(part);
      appendFileSync(keptIn, part);
    });
  }
  child.on('exit', (...how) => {
    const impatient = setTimeout(() => {
      for (const [from] of streams) from.destroy();
      end(...how);
    }, lastWordsMs);
    child.on('close', () => clearTimeout(impatient));
  });
}

/** Runs one of the project's JavaScript commands (vitest, tsc …) on the Node that runs this. */
export function runScript(script, args, options) {
  return run(process.execPath, [join(modules, script), ...args], options);
}

/** What a short command prints on stdout, or nothing when it is missing or fails. */
export function output(command, args, env = process.env) {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', env });
  return result.status === 0 ? result.stdout : undefined;
}

/** True when the command is on the PATH. */
export function has(command) {
  return process.platform === 'win32'
    ? output('where', [command]) !== undefined
    : output('sh', ['-c', 'command -v "$1"', 'sh', command]) !== undefined;
}
