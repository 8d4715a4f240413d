/**
 * Finds a port that could be offered instead of a taken one. Refuses to keep it: between the answer and its use another
 * program may take it, and then that is said again.
 */
import { createServer } from 'node:net';
import { Fault } from '../../preload/contract/reply';

const tries = 200;

/**
 * The next port above `port` on 127.0.0.1 that nobody listens on.
 *
 * @throws Fault `port_taken` when 200 ports in a row are taken or the numbers end.
 */
export async function freePortAfter(port: number): Promise<number> {
  const end = Math.min(port + 1 + tries, 65_536);
  for (let candidate = port + 1; candidate < end; candidate += 1) {
    if (await isFree(candidate)) return candidate;
  }
  throw new Fault('port_taken', `No free port was found above ${port}. Choose one in Settings.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
