/** `tools/list` with 5,000 tools, of fifty servers and of one; how soon they are all there, and the memory for them. */
import { judged, median, now, ratios } from './figures.mjs';
import { connect, memoryOf, startGateway, startUpstream } from './peers.mjs';

const rounds = 5;

async function measured(client, lists) {
  const took = [];
  for (let done = 0; done < lists; done += 1) {
    const startedMs = now();
    await client.list();
    took.push(now() - startedMs);
  }
  return median(took);
}

async function oneCase(label, servers, tools) {
  const all = await startUpstream({ tools: 4_999 });
  const parts = await startUpstream({ servers, tools });
  const urls = Array.from({ length: servers }, (_, at) => [`u${at}`, `${parts.url}/${at}`]);
  const startedMs = now();
  const gateway = await startGateway(Object.fromEntries(urls));
  const ours = await connect(gateway);
  const completeMs = now() - startedMs;
  // Besides the servers' tools there are our own two.
  if (ours.count !== 5_002) throw new Error(`${ours.count} tools were listed, not 5,002.`);
  const direct = await connect(all);
  const found = { ours: [], direct: [] };
  for (let round = 0; round < rounds; round += 1) {
    const turn = round % 2 === 0 ? ['ours', 'direct'] : ['direct', 'ours'];
    for (const name of turn) found[name].push(await measured(name === 'ours' ? ours : direct, 6));
  }
  const memory = memoryOf(gateway);
  await Promise.all([ours.close(), direct.close()]);
  for (const place of [gateway, parts, all]) await place.stop();
  return [
    judged({
      what: `tools/list, ${label} ÷ one direct server`,
      values: ratios(found.ours, found.direct),
      goal: 0.8,
    }),
    judged({ what: `– all listed after the start of the process, s`, values: [completeMs / 1000], goal: 1 }),
    judged({ what: `– memory of the gateway, MB`, values: [memory], goal: 150, digits: 0 }),
  ];
}

export async function list() {
  return [...(await oneCase('50 × 100', 50, 99)), ...(await oneCase('1 × 5,000', 1, 4_999))];
}
