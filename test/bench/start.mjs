/** From the start of the process to the first answer to `initialize`, against a bare SDK server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judged, now, ratios } from './figures.mjs';
import { startGateway, startUpstream } from './peers.mjs';

const rounds = 7;
const initialize = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
});

async function untilFirstAnswer(startIt) {
  const startedMs = now();
  const place = await startIt();
  const answer = await fetch(place.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...place.headers,
    },
    body: initialize,
  });
  if (!(await answer.text()).includes('protocolVersion'))
    throw new Error('That was no answer to initialize.');
  const tookMs = now() - startedMs;
  await place.stop();
  return tookMs;
}

export async function start() {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const found = { ours: [], direct: [] };
  for (let round = -1; round < rounds; round += 1) {
    const direct = await untilFirstAnswer(() => startUpstream());
    const ours = await untilFirstAnswer(() => startGateway({}, { folder }));
    // The first round makes the vault.
    if (round < 0) continue;
    found.direct.push(direct);
    found.ours.push(ours);
  }
  rmSync(folder, { recursive: true, force: true });
  const values = ratios(found.ours, found.direct);
  return [
    judged({ what: 'start → first answer ÷ bare SDK server', values, goal: 0.8 }),
    judged({ what: '– ours, ms', values: found.ours, digits: 0 }),
  ];
}
