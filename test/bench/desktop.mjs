/**
 * The gateway inside the desktop: calls through the real application against the same gateway alone, in Electron's main process and in a
 * utility process; then how the window feels while 100 calls a second run.
 */
import { inTurn, manyAtOnce, oneByOne } from './calls-in-turn.mjs';
import { startApplication, startInElectron } from './desktop-hosts.mjs';
import { judged, ratios } from './figures.mjs';
import { connect, startGateway, startUpstream } from './peers.mjs';
import { windowRows } from './window-under-load.mjs';

const names = {
  application: 'the application',
  main: "gateway alone in Electron's main process",
  utility: 'gateway alone in a utility process',
  node: 'gateway as a plain Node process',
  limit: 'bare hop, plain Node',
};
const text = 'x'.repeat(100);

export async function desktop() {
  const upstream = await startUpstream();
  const hop = await startUpstream({ through: upstream.url });
  const application = await startApplication(upstream.url);
  const ups = { up: upstream.url };
  const main = await startInElectron('main', ups);
  const utility = await startInElectron('utility', ups);
  const node = await startGateway(ups);
  const all = [application, main, utility, node, hop, upstream];
  try {
    const same = (place) => async () => place;
    const places = {
      direct: same(upstream),
      limit: same(hop),
      node: same(node),
      main: same(main),
      utility: same(utility),
      application: application.agent,
    };
    const rows = [...(await latency(places)), ...(await rate(places, 1)), ...(await rate(places, 8))];
    for (const other of [main, utility, node, hop]) await all.splice(all.indexOf(other), 1)[0].stop();
    return [...rows, ...(await windowRows(application))];
  } finally {
    for (const place of all) await place.stop();
  }
}

async function latency(places) {
  const clients = {};
  for (const [name, place] of Object.entries(places)) clients[name] = [await connect(await place())];
  const found = await inTurn(clients, (open, isWarmUp) => oneByOne(open, text, isWarmUp ? 300 : 200));
  for (const [client] of Object.values(clients)) await client.close();
  const p50 = (name) => found[name].map((one) => one.p50);
  const against = (name) => ratios(p50(name), p50('direct'));
  return [
    ...compared('tools/call 100 B, p50 ÷ direct', against, { goal: 1.9 }),
    judged({ what: '– direct, p50 in ms', values: p50('direct') }),
  ];
}

async function rate(places, sessions) {
  const found = await inTurn(places, async (place, isWarmUp) => {
    const at = await place();
    const clients = await Promise.all(Array.from({ length: sessions }, () => connect(at)));
    const figure = await manyAtOnce(clients, text, isWarmUp ? 300 : 1_500);
    await Promise.all(clients.map((client) => client.close()));
    return figure;
  });
  const what = `32 in flight, rate ÷ direct, ${sessions} session${sessions === 1 ? '' : 's'}`;
  return compared(what, (name) => ratios(found[name], found.direct), { goal: 0.5, atLeast: true });
}

function compared(what, valuesOf, goal) {
  return Object.entries(names).map(([name, words]) =>
    name === 'application'
      ? judged({ what: `${what}: ${words}`, values: valuesOf(name), ...goal })
      : judged({ what: `– ${words}`, values: valuesOf(name) }),
  );
}
