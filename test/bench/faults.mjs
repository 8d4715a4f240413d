/**
 * `npm run bench -- faults`: the headless gateway killed with SIGKILL at random moments, again and again on the same data, while calls are
 * under way. Counts what reached the server, what was answered and what stands in the log, and walks the chain by itself. Not a test:
 * it takes minutes. `--kills N` (200).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countingServer } from './counting-server.mjs';
import { judgeLog } from './judge-log.mjs';
import { startGateway } from './peers.mjs';

const inFlight = 24;
const mostMs = 400;

export async function faults({ kills }) {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-faults-'));
  const upstream = await countingServer();
  const answered = new Set();
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const gateway = await startGateway({ up: upstream.url }, { folder });
      const calls = Array.from({ length: inFlight }, (_, at) => callOn(gateway, `${kill}-${at}`, answered));
      await new Promise((done) => setTimeout(done, Math.random() * mostMs));
      gateway.kill();
      await gateway.ended;
      await Promise.all(calls);
      if ((kill + 1) % 20 === 0) console.log(`${kill + 1} times killed, ${answered.size} calls answered.`);
    }
    // Once more, so that what the last kill left is healed.
    await (await startGateway({ up: upstream.url }, { folder })).stop();
    return judgeLog(join(folder, 'activity'), upstream.arrived, answered, true);
  } finally {
    upstream.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One agent that calls as long as its gateway lives; no call is ever sent twice. */
async function callOn({ url, headers }, name, answered) {
  for (let count = 0; ; count += 1) {
    const text = `${name}-${count}`;
    const params = { name: count % 2 === 0 ? 'up__read' : 'up__write', arguments: { text } };
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
      });
      const { result } = await response.json();
      if (result?.content?.[0]?.text === `Done: ${text}`) answered.add(text);
    } catch {
      // The gateway is gone in the middle of it: nobody knows, and nobody tries again.
      return;
    }
  }
}
