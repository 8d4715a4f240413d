/** A process that appends without end, rows that are synced at once and ends of calls that are synced later, and says after each record which number is on the disk. Killed by tests. */
import { openActivityLog } from '../../src/main/activity/log-files.node';
import { entry, seal, signatures, unseal } from './activity-disk';

const clock = { nowMs: () => Date.now(), after: () => () => undefined };
const dir = process.argv[2] ?? '';
const log = await openActivityLog({
  dir,
  clock,
  seal,
  open: unseal,
  signatures,
  anchor: null,
  onAnchor: () => undefined,
});

async function writer(_: unknown, index: number): Promise<never> {
  const more = index % 2 === 0 ? {} : { kind: 'call_outcome' as const, callId: `call_${index}` };
  for (;;) {
    const { seq } = await log.append(
      entry({ ...more, detail: 'x'.repeat(400), body: { secret: 'planted-secret' } }),
    );
    process.stdout.write(`${seq}\n`);
  }
}

await Promise.all(Array.from({ length: 16 }, writer));
