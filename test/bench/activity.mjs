/** A log of a million records: opening it, its past, filtered pages, a search, the chart, what the index takes in memory. */
import { hash } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { build } from 'vite';
import { root } from '../../tools/steps/place.mjs';
import { judged, now } from './figures.mjs';

const records = 1_000_000;
const days = 100;
const dayMs = 86_400_000;
const clock = { nowMs: () => Date.now(), after: () => () => undefined };
const outcomes = ['allowed', 'allowed', 'allowed', 'allowed', 'approved', 'denied', 'refused', 'failed'];
const body = 'c2VhbGVk'.repeat(12);

/** Calls of 12 agents at 20 connections with 40 tools each, two records a call, every fourth detail unlike all others. */
function recordOf(seq, atMs, prev) {
  const call = Math.floor((seq - 1) / 2);
  const isIntent = seq % 2 === 1;
  const agent = call % 12;
  const connection = (call * 7) % 20;
  return {
    seq,
    atMs,
    kind: isIntent ? 'call_intent' : 'call_outcome',
    who: { kind: 'agent', name: `Agent ${agent}`, id: `agt_${agent}aaaaaaa` },
    what: `vendor-${connection}:tool-${(call * 13) % 40}`,
    connectionId: `con_${connection}aaaaaaaa`,
    agentId: `agt_${agent}aaaaaaa`,
    callId: `call_${call.toString(36).padStart(16, '0')}`,
    ...(isIntent ? { decision: 'auto' } : { outcome: outcomes[call % outcomes.length] }),
    detail: isIntent
      ? 'Policy: auto.'
      : call % 4 === 0
        ? `Ran by policy on ticket ${call}.`
        : 'Ran by policy.',
    ...(isIntent ? { body } : { tookMs: 40 + (call % 300), status: 200, bytes: 2_000 }),
    prev,
  };
}

function writeLog(dir) {
  mkdirSync(dir);
  const firstMs = Math.floor(Date.now() / dayMs) * dayMs - (days - 1) * dayMs;
  let prev = '0'.repeat(64);
  for (let day = 0; day < days; day += 1) {
    const startMs = firstMs + day * dayMs;
    const file = openSync(join(dir, `${new Date(startMs).toISOString().slice(0, 10)}.jsonl`), 'a', 0o600);
    const lines = [];
    for (let of = 0; of < records / days; of += 1) {
      const line = JSON.stringify(recordOf((day * records) / days + of + 1, startMs + of * 8_000, prev));
      prev = hash('sha256', line, 'hex');
      lines.push(line);
    }
    writeSync(file, `${lines.join('\n')}\n`);
    closeSync(file);
  }
}

/** How long anything else had to wait at most while this ran. */
async function heldMs(work) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const { ms } = await timed(work);
  delay.disable();
  return { ms, held: delay.max / 1e6 };
}

async function timed(work) {
  const startedMs = now();
  const value = await work();
  return { ms: now() - startedMs, value };
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

const memoryMb = () => {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1_048_576;
};

export async function activity() {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  try {
    await build({
      root,
      logLevel: 'silent',
      configFile: false,
      ssr: { noExternal: true },
      build: {
        ssr: 'src/main/activity/log-files.node.ts',
        outDir: join(folder, 'built'),
        rollupOptions: { output: { entryFileNames: 'log.mjs' } },
      },
    });
    const { openActivityLog } = await import(pathToFileURL(join(folder, 'built/log.mjs')).href);
    const dir = join(folder, 'log');
    writeLog(dir);
    const own = { seal: (text) => text, open: (text) => text, anchor: null, onAnchor: () => undefined };
    const open = () => timed(() => openActivityLog({ dir, clock, ...own }));

    const cold = await open();
    const byLines = await heldMs(() => cold.value.ready());
    await cold.value.close();
    const emptyMb = memoryMb();
    const again = await open();
    const log = again.value;
    const beside = await heldMs(() => log.ready());
    const fullMb = memoryMb();
    return [
      ...judgedOpening(cold, byLines, again, beside),
      ...(await judgedQuestions(log)),
      judged({ what: '– memory of the index, MB', values: [fullMb - emptyMb], digits: 0 }),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function judgedOpening(cold, byLines, again, beside) {
  return [
    judged({
      what: 'activity of 1,000,000 records: open, ms',
      values: [cold.ms, again.ms],
      goal: 100,
      digits: 0,
    }),
    judged({ what: '– the past line by line, behind that, s', values: [byLines.ms / 1_000], digits: 1 }),
    judged({ what: '– the past from beside the days, s', values: [beside.ms / 1_000], digits: 1 }),
    judged({ what: '– longest wait for the thread, line by line, ms', values: [byLines.held], digits: 0 }),
    judged({ what: '– longest wait for the thread, from beside, ms', values: [beside.held], digits: 0 }),
  ];
}

async function judgedQuestions(log) {
  const nowMs = Date.now();
  const filters = [
    {},
    { agentId: 'agt_3aaaaaaa' },
    { connectionId: 'con_5aaaaaaaa', outcome: 'failed' },
    { tool: 'vendor-7:tool-1' },
    { fromMs: nowMs - 30 * dayMs, outcome: 'denied' },
    { fromMs: nowMs - 60 * dayMs, toMs: nowMs - 50 * dayMs },
  ];
  const pages = [];
  for (let round = 0; round < 3; round += 1)
    for (const filter of filters) pages.push((await timed(() => log.list({ ...filter, limit: 100 }))).ms);
  const steps = [];
  for (const text of ['ticket 4999', 'no such thing', 'agent 7']) {
    for (let isWhole = false; !isWhole; ) {
      const step = await timed(() => log.list({ text, limit: 100 }));
      steps.push(step.ms);
      isWhole = step.value.lookedBackToMs === null;
    }
  }
  const edges = Array.from(
    { length: days + 1 },
    (_, day) => Math.floor(nowMs / dayMs - days + day + 1) * dayMs,
  );
  const charts = [];
  const chartsOfOne = [];
  for (let round = 0; round < 5; round += 1) {
    charts.push((await timed(() => log.chart({}, () => edges))).ms);
    chartsOfOne.push((await timed(() => log.chart({ agentId: 'agt_3aaaaaaa' }, () => edges))).ms);
  }
  const verified = await timed(() => log.verify());
  if (verified.value.kind !== 'intact') throw new Error('The made-up log does not verify.');
  return [
    judged({ what: '– a filtered page, ms', values: pages, goal: 100, digits: 1 }),
    judged({ what: '– one go of a search in texts, ms', values: steps, goal: 100, digits: 1 }),
    judged({ what: '– the chart over 100 days, ms', values: charts, goal: 100, digits: 1 }),
    judged({ what: '– the chart of one agent, ms', values: chartsOfOne, goal: 100, digits: 1 }),
    judged({ what: '– Verify log, s', values: [verified.ms / 1_000], digits: 1 }),
  ];
}
