/** The gateway as the desktop hosts it: in the real application, and alone in a process of Electron beside a bare window. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumArguments, launch, runtimeExecutable } from '../e2e/launch.ts';
import { gatewayArguments, startProcess } from './peers.mjs';

/** A call of the page's own bridge. @throws Error with the sentence of the refusal. */
async function ask(page, name, input) {
  const reply = await page.evaluate(
    ([wanted, given]) => {
      const [subject, verb] = wanted.split('.');
      return window.gatehouse.call[subject][verb](given);
    },
    [name, input],
  );
  if (!reply.ok) throw new Error(`${name}: ${reply.fault.message}`);
  return reply.value;
}

/** The built application with one custom server whose tools are all set to auto. */
export async function startApplication(upstreamUrl) {
  const opened = await launch({ args: ['--allow-loopback'] });
  const page = opened.window;
  const { vault } = await ask(page, 'app.status', {});
  if (vault.kind === 'needs_passphrase')
    await ask(page, 'vault.create', { passphrase: 'for measurements only' });
  const { connectionId } = await ask(page, 'servers.connect', {
    url: upstreamUrl,
    name: 'up',
    choice: { kind: 'none' },
  });
  const { revision, rows } = await ask(page, 'policies.show', { connectionId });
  await ask(page, 'policies.save', {
    connectionId,
    baseRevision: revision,
    edits: rows.filter(({ policy }) => policy !== 'auto').map(({ name }) => ({ tool: name, policy: 'auto' })),
  });
  let agents = 0;
  return {
    page,
    connectionId,
    ask: (name, input) => ask(page, name, input),
    /** A new one each time: what one agent may send in a second is bounded. */
    agent: async () => {
      agents += 1;
      const { url, token } = await ask(page, 'agents.create', { name: `Bench ${agents}`, kind: 'other' });
      return { url, headers: { Authorization: `Bearer ${token}` } };
    },
    stop: () => opened.close(),
  };
}

/** @param {'main' | 'utility'} host Which of Electron's processes the gateway is in. */
export async function startInElectron(host, upstreams) {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const { script, args, env } = gatewayArguments(folder, upstreams);
  const { firstLine, ...peer } = startProcess(
    runtimeExecutable(),
    [
      ...chromiumArguments(),
      join(import.meta.dirname, 'electron-host'),
      `--user-data-dir=${folder}/chromium`,
    ],
    { ...env, BENCH_HOST: host, BENCH_ARGS: JSON.stringify({ script, args }) },
  );
  const { url, token } = JSON.parse(await firstLine);
  const stop = async () => {
    await peer.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  return { ...peer, stop, url, headers: { Authorization: `Bearer ${token}` } };
}
