/** npm, found the way it was started, or on the PATH. Runs no install scripts of packages. */
import { delimiter, dirname } from 'node:path';
import { run } from './child.mjs';

const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];

/**
 * @param {string[]} args
 * @param {{ node?: string, cwd?: string, stdio?: import('node:child_process').StdioOptions, timeoutMs?: number }} options
 *   `node`: the Node to run npm on; the one that runs this when left out.
 */
export function npm(args, { node = process.execPath, ...options } = {}) {
  const script = process.env.npm_execpath;
  const env = { ...process.env, PATH: [dirname(node), process.env.PATH ?? ''].join(delimiter) };
  if (script?.endsWith('.js')) return run(node, [script, ...args, ...quiet], { ...options, env });
  return process.platform === 'win32'
    ? run('cmd.exe', ['/d', '/s', '/c', 'npm', ...args, ...quiet], { ...options, env })
    : run('npm', [...args, ...quiet], { ...options, env });
}
