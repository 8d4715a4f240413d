/**
 * The gateway without windows is killed with SIGKILL in the middle of ten calls to an MCP server that lives on: every call
 * that arrived there had its row on the disk, the chain holds, and nothing is sent again.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type CountingUpstream, startCountingUpstream } from '../fakes/counting-upstream';
import { type Agent, type BurstCall, startAgent } from './agent';
import { type Headless, startHeadless } from './headless';
import { discard, freshFolder } from './launch';

const promptly = 4;
const tenCalls: readonly BurstCall[] = Array.from({ length: 10 }, (_, index) => {
  const text = `${index % 2 === 0 ? 'read' : 'write'} ${index}`;
  return { id: text, name: `counting__${text.split(' ')[0]}`, arguments: { text } };
});

interface Line {
  readonly seq: number;
  readonly kind: string;
  readonly prev: string;
  readonly callId?: string;
}

test.skip(process.platform === 'win32', 'Windows knows no SIGKILL for a whole group of processes.');

let upstream: CountingUpstream;
let gateway: Headless;
let agent: Agent | undefined;
let data: string;
const flags = () => ['--allow-loopback', '--upstream', `counting=${upstream.url}`, '--policy', 'auto'];

test.beforeEach(async () => {
  data = freshFolder('gatehouse-headless-');
  upstream = await startCountingUpstream(promptly);
  gateway = await startHeadless(data, flags());
});
test.afterEach(async () => {
  agent?.stop();
  await gateway.stop();
  await upstream.close();
  discard(data);
});

test('killed in the middle of ten calls, the gateway leaves a whole log and sends nothing again', async () => {
  agent = startAgent(gateway.url, gateway.token);
  expect(await agent.list()).toContain('counting__write');
  agent.burst(tenCalls);
  await expect.poll(() => upstream.arrived().length).toBe(tenCalls.length);
  await expect.poll(() => agent?.answered().size).toBe(promptly);
  const outcomes = () => logLines().filter(({ kind }) => kind === 'call_outcome').length;
  await expect.poll(outcomes).toBe(promptly);
  await gateway.kill();
  expect(chainBreaks()).toEqual([]);
  expect(openCalls()).toHaveLength(tenCalls.length - promptly);
  upstream.release();
  await expect.poll(() => upstream.happened().length).toBe(tenCalls.length);

  gateway = await startHeadless(data, flags());
  agent.stop();
  agent = startAgent(gateway.url, gateway.token);
  expect(await agent.call('counting__write', { text: 'after the crash' })).toContain('Done: after the crash');
  const once = [...tenCalls.map(({ id }) => id), 'after the crash'].sort();
  expect([...upstream.arrived()].sort()).toEqual(once);
  expect([...upstream.happened()].sort()).toEqual(once);
  expect(openCalls()).toHaveLength(tenCalls.length - promptly);
  expect(chainBreaks()).toEqual([]);
});

function rawLines(): string[] {
  const folder = join(data, 'activity');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1));
}

const logLines = (): Line[] => rawLines().map((line) => JSON.parse(line));

/** Numbers of the lines that do not hold the hash of the line before: the chain, walked without the code that wrote it. */
function chainBreaks(): number[] {
  const raw = rawLines();
  const lines = logLines();
  const hashes = raw.map((line) => createHash('sha256').update(line).digest('hex'));
  return lines
    .filter((line, place) => line.prev !== (hashes[place - 1] ?? '0'.repeat(64)) || line.seq !== place + 1)
    .map(({ seq }) => seq);
}

/** Calls that have an intent and no outcome. */
function openCalls(): string[] {
  const lines = logLines();
  const ended = new Set(lines.filter(({ kind }) => kind === 'call_outcome').map(({ callId }) => callId));
  return lines.flatMap(({ kind, callId = '' }) =>
    kind === 'call_intent' && !ended.has(callId) ? [callId] : [],
  );
}
