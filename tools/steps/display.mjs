/** A virtual display for machines that have none. It lives as long as the tool that asked for it. */
import { spawn } from 'node:child_process';
import { Stop, say } from './say.mjs';
import { hasDisplay } from './system-libraries.mjs';

/**
 * @returns {Promise<{ env: NodeJS.ProcessEnv, close: () => void }>} What to add to the environment of whoever shows a
 *   window; empty when the machine has a display.
 */
export async function openDisplay() {
  if (hasDisplay()) return { env: {}, close: () => undefined };
  // Xvfb picks a free number itself and writes it to the descriptor it was given.
  const args = ['-displayfd', '3', '-screen', '0', '1440x1000x24', '-nolisten', 'tcp'];
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const number = await new Promise((resolve, reject) => {
    const failed = () => reject(new Stop('The virtual display did not start: run  Xvfb :99  to see why.'));
    server.once('error', failed);
    server.once('exit', failed);
    server.stdio[3].once('data', (data) => resolve(String(data).trim()));
  });
  // Neither the server nor its pipe keeps the tool alive.
  server.unref();
  server.stdio[3].unref();
  const close = () => server.kill();
  process.once('exit', close);
  say(`No display here: using a virtual one (Xvfb :${number}).`);
  return { env: { DISPLAY: `:${number}` }, close };
}
