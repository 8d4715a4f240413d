/** `tools/call`: one after the other, and 32 in flight; against a direct connection in the same rounds. */
import { judged, now, quantile, ratios } from './figures.mjs';
import { connect, startGateway, startUpstream } from './peers.mjs';

const rounds = 7;

async function inTurn(targets, work) {
  const found = Object.fromEntries(Object.keys(targets).map((name) => [name, []]));
  const names = Object.keys(targets);
  for (let round = -1; round < rounds; round += 1) {
    for (let at = 0; at < names.length; at += 1) {
      const name = names[(at + round + 1) % names.length];
      const figure = await work(targets[name], round < 0);
      if (round >= 0) found[name].push(figure);
    }
  }
  return found;
}

async function oneByOne([client], text, calls) {
  const took = [];
  for (let done = 0; done < calls; done += 1) {
    const startedMs = now();
    const { content } = await client.echo(text);
    took.push(now() - startedMs);
    if (done === 0 && content[0]?.text !== text) throw new Error('The wrong text came back.');
  }
  return { p50: quantile(took, 0.5), p99: quantile(took, 0.99) };
}

async function manyAtOnce(clients, text, calls) {
  let next = 0;
  const startedMs = now();
  const worker = async (_, at) => {
    while (next < calls) {
      next += 1;
      await clients[at % clients.length].echo(text);
    }
  };
  await Promise.all(Array.from({ length: 32 }, worker));
  return calls / (now() - startedMs);
}

export async function calls() {
  const upstream = await startUpstream();
  const hop = await startUpstream({ through: upstream.url });
  const gateway = await startGateway({ up: upstream.url });
  const places = { direct: upstream, limit: hop, ours: gateway };
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
      rows.push(judged({ what: `– the same, bare hop`, values: against('limit') }));
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
    rows.push(judged({ what: '– the same, bare hop', values: ratios(found.limit, found.direct) }));
    await Promise.all(Object.values(many).flatMap((clients) => clients.map((client) => client.close())));
  }
  await Promise.all(Object.values(single).flatMap((clients) => clients.map((client) => client.close())));
  for (const place of [gateway, hop, upstream]) await place.stop();
  return rows;
}
