/** `tools/call`: one after the other, and 32 in flight; against a direct connection in the same rounds. */
import { inTurn, manyAtOnce, oneByOne } from './calls-in-turn.mjs';
import { startCompetitors } from './competitors.mjs';
import { judged, ratios } from './figures.mjs';
import { connect, startGateway, startUpstream } from './peers.mjs';

/** @param {{ competitors?: string }} options `competitors`: the folder where others are installed. */
export async function calls({ competitors } = {}) {
  const upstream = await startUpstream();
  const hop = await startUpstream({ through: upstream.url });
  const gateway = await startGateway({ up: upstream.url });
  const others = await startCompetitors(competitors, upstream.url);
  const places = { direct: upstream, limit: hop, ours: gateway, ...others };
  /** For comparison, below our own figure. */
  const beside = [['limit', 'bare hop'], ...Object.keys(others).map((name) => [name, name])];
  const rows = [];
  const connectAll = async (sessions) => {
    const open = async ([name, place]) => [
      name,
      await Promise.all(Array.from({ length: sessions }, () => connect(place))),
    ];
    return Object.fromEntries(await Promise.all(Object.entries(places).map(open)));
  };
  const single = await connectAll(1);
  for (const size of [100, 10_240]) {
    const text = 'x'.repeat(size);
    const found = await inTurn(single, (clients, isWarmUp) => oneByOne(clients, text, isWarmUp ? 300 : 200));
    const part = (name, what) => found[name].map((one) => one[what]);
    const label = size === 100 ? '100 B' : '10 KB';
    for (const [what, goal] of [
      ['p50', 1.6],
      ['p99', 1.4],
    ]) {
      const against = (name) => ratios(part(name, what), part('direct', what));
      rows.push(judged({ what: `tools/call ${label}, ${what} ÷ direct`, values: against('ours'), goal }));
      for (const [name, words] of beside)
        rows.push(judged({ what: `– the same, ${words}`, values: against(name) }));
    }
    rows.push(judged({ what: `– direct, ${label}, p50 in ms`, values: part('direct', 'p50') }));
  }
  for (const sessions of [1, 8]) {
    const many = await connectAll(sessions);
    const found = await inTurn(many, (clients, isWarmUp) =>
      manyAtOnce(clients, 'x'.repeat(100), isWarmUp ? 300 : 1500),
    );
    const what = `32 in flight, rate ÷ direct, ${sessions} session${sessions === 1 ? '' : 's'}`;
    rows.push(judged({ what, values: ratios(found.ours, found.direct), goal: 0.65, atLeast: true }));
    for (const [name, words] of beside)
      rows.push(judged({ what: `– the same, ${words}`, values: ratios(found[name], found.direct) }));
    await Promise.all(Object.values(many).flatMap((clients) => clients.map((client) => client.close())));
  }
  await Promise.all(Object.values(single).flatMap((clients) => clients.map((client) => client.close())));
  for (const place of [...Object.values(others), gateway, hop, upstream]) await place.stop();
  return rows;
}
