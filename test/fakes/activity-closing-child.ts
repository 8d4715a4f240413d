/** A process that writes forty days of records and closes the old ones, and says after each day that is gone. Killed by tests. */
import { openActivityLog } from '../../src/main/activity/log-files.node';
import { entry, memorySignatures, seal, unseal } from './activity-disk';

const [dir = '', key = '', task = ''] = process.argv.slice(2);
const dayMs = 86_400_000;
let atMs = Date.UTC(2026, 0, 1);
const log = await openActivityLog({
  dir,
  clock: { nowMs: () => atMs, after: () => () => undefined },
  seal,
  open: unseal,
  signatures: memorySignatures(key),
  anchor: null,
  onAnchor: () => undefined,
});
await log.ready();
if (task === 'write') {
  for (let day = 0; day < 40; day += 1) {
    await Promise.all(Array.from({ length: 20 }, () => log.append(entry({ detail: `Day ${day}.` }))));
    atMs += dayMs;
  }
} else {
  atMs += 39 * dayMs;
  log.onAppended(() => process.stdout.write(`${log.closed.total().days}\n`));
  await log.closed.close(1, 'Keep activity for 1 day');
}
await log.close();
