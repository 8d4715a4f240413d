/** Child processes: started without a shell where possible, signals passed on, the exit code handed back. */
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { modules, root } from './place.mjs';
import { childOutput } from './say.mjs';

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
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: options.env ?? withOwnCommands(),
      stdio: options.stdio ?? childOutput(),
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
    child.on('close', (code, signal) => {
      done();
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
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
