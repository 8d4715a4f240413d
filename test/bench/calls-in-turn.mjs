/** `tools/call` against several places in the same rounds: one after the other, and 32 in flight. */
import { now, quantile } from './figures.mjs';

export const rounds = 7;

/**
 * Each place once a round, in an order that turns, after a round that does not count.
 * @param {Record<string, T>} places
 * @param {(place: T, isWarmUp: boolean, round: number) => Promise<F>} work Rounds count from 0, the first being the warm-up.
 * @returns {Promise<Record<string, F[]>>} The figures of each place, by round.
 * @template T, F
 */
export async function inTurn(places, work) {
  const found = Object.fromEntries(Object.keys(places).map((name) => [name, []]));
  const names = Object.keys(places);
  for (let round = 0; round <= rounds; round += 1) {
    for (let at = 0; at < names.length; at += 1) {
      const name = names[(at + round) % names.length];
      const figure = await work(places[name], round === 0, round);
      if (round > 0) found[name].push(figure);
    }
  }
  return found;
}

/** @returns {Promise<{ p50: number, p99: number }>} Milliseconds. */
export async function oneByOne([client], text, calls) {
  const took = [];
  for (let done = 0; done < calls; done += 1) {
    const startedMs = now();
    const { content } = await client.echo(text);
    took.push(now() - startedMs);
    if (done === 0 && content[0]?.text !== text) throw new Error('The wrong text came back.');
  }
  return { p50: quantile(took, 0.5), p99: quantile(took, 0.99) };
}

/** @returns {Promise<number>} Calls in a millisecond. */
export async function manyAtOnce(clients, text, calls) {
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
