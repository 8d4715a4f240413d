/** Execute, Plan, Paused and Stop everything; approvals for 30 minutes; answers that nobody held the call for. */
import { afterEach, describe, expect, it } from 'vitest';
import { type CountingUpstream, startCountingUpstream } from '../fakes/counting-upstream';
import { openUpstreamBench, type UpstreamBench } from '../fakes/upstream-bench';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function place(
  policy: 'auto' | 'approval_needed',
  more: { holdMs?: number; promptly?: number } = {},
): Promise<{ bench: UpstreamBench; server: CountingUpstream }> {
  const server = await startCountingUpstream(more.promptly ?? 1_000);
  open.push(server);
  const bench = await openUpstreamBench({ orders: server.url }, policy, undefined, more);
  open.push(bench);
  return { bench, server };
}

async function call(bench: UpstreamBench, tool: string, text: string, token = bench.token): Promise<string> {
  const response = await fetch(bench.url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: tool, arguments: tool.startsWith('gatehouse') ? { id: text } : { text } },
    }),
  });
  const { result, error } = JSON.parse(await response.text());
  return error?.message ?? result.content[0].text;
}

const outcomes = (bench: UpstreamBench) =>
  bench
    .records()
    .filter(({ kind }) => kind === 'call_intent' || kind === 'call_outcome')
    .map(({ kind, outcome }) => (kind === 'call_intent' ? 'intent' : outcome));
const asked = async (bench: UpstreamBench) => {
  await expect.poll(() => bench.gateway.desk.view().waiting.length).toBeGreaterThan(0);
  return bench.gateway.desk.view().waiting.map(({ approvalId }) => approvalId);
};
const decide = (bench: UpstreamBench, id: string | undefined, kind: 'approve' | 'grant') =>
  bench.gateway.desk.decide(id ?? '', { kind }, 'm.weber');

describe('Plan', () => {
  it('runs reads and only describes writes, without an approval', async () => {
    const { bench, server } = await place('approval_needed');
    bench.setMode('plan');
    const described = await call(bench, 'orders__write', 'to be written');
    expect(described).toMatch(/^Not done: Gatehouse is in Plan mode/);
    expect(described).toContain('to be written');
    expect(bench.gateway.desk.view().waiting).toEqual([]);
    expect(outcomes(bench)).toEqual(['planned']);
    bench.setPolicy('auto');
    expect(await call(bench, 'orders__read', 'a')).toBe('Done: a');
    expect(server.arrived()).toEqual(['a']);
  });

  it('checks a write like a real one: disabled, wrong arguments', async () => {
    const { bench } = await place('auto');
    bench.setMode('plan');
    expect(await call(bench, 'orders__none', 'x')).toContain('Unknown tool');
    bench.setPolicy('disabled');
    expect(await call(bench, 'orders__write', 'x')).toContain('Unknown tool');
    expect(outcomes(bench)).toEqual(['refused', 'refused']);
  });
});

describe('Paused', () => {
  it('refuses every call with a sentence, and what waited before', async () => {
    const { bench, server } = await place('approval_needed');
    const waiting = call(bench, 'orders__write', 'x');
    await asked(bench);
    bench.setMode('paused');
    expect(await waiting).toContain('Not run: Gatehouse is no longer in Execute mode');
    bench.setPolicy('auto');
    for (const tool of ['orders__read', 'orders__write', 'gatehouse__await_approval'])
      expect(await call(bench, tool, 'x')).toContain('Gatehouse is paused');
    expect(JSON.parse(await call(bench, 'gatehouse__status', ''))).toMatchObject({ mode: 'paused' });
    expect(server.arrived()).toEqual([]);
    bench.setMode('execute');
    expect(await call(bench, 'orders__read', 'again')).toBe('Done: again');
  });
});

describe('stopping', () => {
  it('ends what is with a server, what waits, and the sessions of agents', async () => {
    const { bench, server } = await place('auto', { promptly: 0 });
    const client = await bench.agent();
    const running = client
      .callTool({ name: 'orders__read', arguments: { text: 'long' } })
      .then(JSON.stringify, (error: Error) => error.message);
    await expect.poll(() => server.arrived()).toEqual(['long']);
    expect(bench.gateway.counts()).toEqual({ questions: 0, running: 1 });
    expect(bench.gateway.stopCalls('everything was stopped.')).toEqual({ questions: 0, running: 1 });
    await running;
    await expect.poll(() => outcomes(bench)).toEqual(['intent', 'failed']);
    expect(bench.gateway.counts().running).toBe(0);
    await expect(client.listTools()).rejects.toThrow(/Session not found/);
  });

  it('of one agent leaves the others alone', async () => {
    const { bench, server } = await place('auto', { promptly: 0 });
    const token = await bench.newToken('Other');
    const mine = call(bench, 'orders__read', 'mine').catch(() => 'gone');
    const theirs = call(bench, 'orders__read', 'theirs', token);
    await expect.poll(() => server.arrived().length).toBe(2);
    const [row] = bench.records().filter(({ what }) => what === 'mcp:orders:read');
    const agentId = bench.records().find(({ who }) => who.name === 'Triage bot')?.agentId;
    expect(row).toBeDefined();
    bench.gateway.agentEnded(agentId ?? '', 'the agent was revoked.');
    await mine;
    server.release();
    expect(await theirs).toBe('Done: theirs');
  });
});

describe('an approval for 30 minutes', () => {
  it('lets this agent call this tool with any arguments, each with its rows', async () => {
    const { bench, server } = await place('approval_needed');
    const first = call(bench, 'orders__write', 'one');
    decide(bench, (await asked(bench))[0], 'grant');
    expect(await first).toBe('Done: one');
    expect(await call(bench, 'orders__write', 'two')).toBe('Done: two');
    expect(server.happened()).toEqual(['one', 'two']);
    const details = bench.records().map(({ detail }) => detail);
    expect(
      details.filter((detail) => /Approved by m\.weber for 30 minutes \(grant grt_\w+\)/.test(detail)),
    ).toHaveLength(2);
    expect(bench.gateway.desk.view().grants).toMatchObject([{ uses: 1, by: 'm.weber' }]);
  });

  it.each([
    ['another tool', (bench: UpstreamBench) => call(bench, 'orders__read', 'x')],
    [
      'another agent',
      async (bench: UpstreamBench) => call(bench, 'orders__write', 'x', await bench.newToken('Other')),
    ],
  ])('does not cover %s', async (_what, other) => {
    const { bench } = await place('approval_needed', { holdMs: 200 });
    const first = call(bench, 'orders__write', 'one');
    decide(bench, (await asked(bench))[0], 'grant');
    await first;
    expect(await other(bench)).toContain('Pending');
  });

  it.each([
    [
      'one click',
      (bench: UpstreamBench) =>
        bench.gateway.desk.endGrant(bench.gateway.desk.view().grants[0]?.grantId ?? ''),
    ],
    [
      'Pause',
      (bench: UpstreamBench) => {
        bench.setMode('paused');
        bench.setMode('execute');
      },
    ],
    ['locking', (bench: UpstreamBench) => bench.gateway.voidAll('The vault was locked.')],
    [
      'disabling',
      (bench: UpstreamBench) => {
        bench.setPolicy('disabled');
        bench.setPolicy('approval_needed');
      },
    ],
  ])('ends with %s', async (_what, end) => {
    const { bench } = await place('approval_needed', { holdMs: 200 });
    const first = call(bench, 'orders__write', 'one');
    decide(bench, (await asked(bench))[0], 'grant');
    await first;
    end(bench);
    expect(bench.gateway.desk.view().grants).toEqual([]);
    expect(await call(bench, 'orders__write', 'two')).toContain('Pending');
  });
});

describe('an answer that nobody held the call for', () => {
  it.each(['gatehouse__await_approval', 'orders__write'])(
    'is read once by its agent, with the reason: %s',
    async (way) => {
      const { bench, server } = await place('approval_needed', { holdMs: 1 });
      expect(await call(bench, 'orders__write', 'x')).toContain('Pending');
      const [id = ''] = await asked(bench);
      bench.gateway.desk.decide(id, { kind: 'deny', reason: 'not for this ticket' }, 'm.weber');
      const pick = () => call(bench, way, way.startsWith('gatehouse') ? id : 'x');
      expect(await pick()).toBe('Denied by m.weber: not for this ticket');
      expect(await pick()).toMatch(/no open question|Pending/);
      expect(server.arrived()).toEqual([]);
    },
  );

  it('is no answer for a call that was held and heard it', async () => {
    const { bench } = await place('approval_needed', { holdMs: 20_000 });
    const first = call(bench, 'orders__write', 'x');
    const [id = ''] = await asked(bench);
    bench.gateway.desk.decide(id, { kind: 'deny', reason: '' }, 'm.weber');
    expect(await first).toBe('Denied by m.weber.');
    const second = call(bench, 'orders__write', 'x');
    const [again] = await asked(bench);
    expect(again).not.toBe(id);
    decide(bench, again, 'approve');
    expect(await second).toBe('Done: x');
  });

  it('picked up twice at once runs once', async () => {
    const { bench, server } = await place('approval_needed', { holdMs: 1 });
    await call(bench, 'orders__write', 'x');
    const [id = ''] = await asked(bench);
    decide(bench, id, 'approve');
    const both = await Promise.all([1, 2].map(() => call(bench, 'gatehouse__await_approval', id)));
    expect(both.filter((text) => text === 'Done: x')).toHaveLength(1);
    expect(server.happened()).toEqual(['x']);
  });
});
