/** A process that writes one file over and over, as Gatehouse does, and is killed by tests. */
import { clientDisk } from '../../src/main/clients/client-disk.node';

const path = process.argv[2] ?? '';
const disk = clientDisk({ nowMs: () => Date.now() });
for (;;) {
  const now = disk.read(path);
  const count = Number(/"count": (\d+)/.exec(now?.text ?? '')?.[1] ?? 0) + 1;
  disk.replace(path, now?.hash, `{ "count": ${count}, "filler": "${'x'.repeat(200_000)}" }\n`);
  process.stdout.write(`${count}\n`);
}
