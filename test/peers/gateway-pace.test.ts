/** An agent that sends without end, at the real door: it is slowed down, others are not, and the log stays small. */
import { afterEach, expect, it } from 'vitest';
import { V1Upstream } from '../fakes/custom-upstreams';
import { openUpstreamBench, type UpstreamBench } from '../fakes/upstream-bench';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const knock = ({ url }: UpstreamBench, token: string, id: number) =>
  fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name: 'orders__echo', arguments: { text: `${id}` } },
    }),
  });

it('an agent that sends too fast hears 429 and when to come again; nothing of it runs', async () => {
  const server = await new V1Upstream().open();
  open.push(server);
  // A burst of twenty, then one a second.
  const bench = await openUpstreamBench({ orders: server.url }, 'auto', undefined, { mostPerSecond: 1 });
  open.push(bench);
  const other = await bench.newToken('Another one');

  const answers = await Promise.all(Array.from({ length: 60 }, (_, at) => knock(bench, bench.token, at)));
  const away = answers.filter(({ status }) => status === 429);
  const passed = answers.filter(({ status }) => status === 200);
  expect(away.length + passed.length).toBe(60);
  expect(passed.length).toBeGreaterThanOrEqual(20);
  expect(server.calls).toHaveLength(passed.length);
  expect(away[0]?.headers.get('retry-after')).toBe('1');
  expect(await away[0]?.json()).toMatchObject({
    error: { message: 'More than 1 messages a second from this agent. Wait a second, then go on.' },
  });

  expect((await knock(bench, other, 100)).status).toBe(200);
  const turnedAway = bench.records().filter(({ detail }) => /^Turned away/.test(detail));
  expect(turnedAway).toMatchObject([{ kind: 'agent', outcome: 'refused', what: 'Triage bot' }]);
  expect(await bench.log.verify()).toMatchObject({ kind: 'intact' });
});
