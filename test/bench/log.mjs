/** Durable activity records of 1 KB: one alone, and 32 that wait together, against one fsync for each record. */
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { root } from '../../tools/steps/place.mjs';
import { judged, now, ratios } from './figures.mjs';

const rounds = 9;
const clock = {
  nowMs: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
const who = { kind: 'technician', name: 'Technician' };
const entry = { kind: 'settings', who, what: 'Theme', detail: 'x'.repeat(590), decision: 'y'.repeat(220) };

async function each(count, work) {
  const startedMs = now();
  for (let done = 0; done < count; done += 1) await work();
  return (now() - startedMs) / count;
}

export async function log() {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
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
  const own = { seal: (text) => text, open: (text) => text, anchor: null, onAnchor: () => undefined };
  const activity = await openActivityLog({ dir: join(folder, 'log'), clock, ...own });
  const file = openSync(join(folder, 'plain.jsonl'), 'a');
  const line = `${'x'.repeat(1_023)}\n`;
  const found = { fsync: [], alone: [], together: [] };
  for (let round = 0; round < rounds; round += 1) {
    found.fsync.push(
      await each(150, () => {
        writeSync(file, line);
        fsyncSync(file);
      }),
    );
    found.alone.push(await each(150, () => activity.append(entry)));
    const writers = () =>
      each(50, () => Promise.all(Array.from({ length: 32 }, () => activity.append(entry))));
    found.together.push((await writers()) / 32);
  }
  closeSync(file);
  await activity.close();
  rmSync(folder, { recursive: true, force: true });
  return [
    judged({
      what: 'activity record of 1 KB, durable, alone ÷ one fsync',
      values: ratios(found.alone, found.fsync),
      goal: 1.2,
    }),
    judged({
      what: '– 32 waiting ÷ one fsync each',
      values: ratios(found.together, found.fsync),
      goal: 0.25,
    }),
    judged({ what: '– one fsync, ms', values: found.fsync, digits: 3 }),
  ];
}
