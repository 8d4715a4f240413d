/**
 * What one would install instead, where it was installed: `npm --prefix DIR install mcp-hub @civic/passthrough-mcp-server`, then
 * `npm run bench -- calls --competitors DIR`. None of them checks a policy or writes a durable record.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../fakes/free-port.ts';
import { now } from './figures.mjs';
import { connect, startProcess } from './peers.mjs';

const startMs = 30_000;
const pauseMs = 200;

const programs = {
  'mcp-hub': {
    file: 'mcp-hub/dist/cli.js',
    isEventStream: true,
    start: (port, upstream, folder) => {
      const config = join(folder, 'servers.json');
      writeFileSync(config, JSON.stringify({ mcpServers: { up: { url: upstream } } }));
      return { args: ['--port', port, '--config', config], env: {} };
    },
  },
  '@civic/passthrough-mcp-server': {
    file: '@civic/passthrough-mcp-server/dist/cli.js',
    isEventStream: false,
    start: (port, upstream) => ({
      args: [],
      env: { PORT: port, TARGET_SERVER_URL: new URL(upstream).origin, TARGET_SERVER_TRANSPORT: 'httpStream' },
    }),
  },
};

/**
 * @param {string | undefined} folder Where they were installed with npm.
 * @returns {Promise<Record<string, { url: string, isEventStream: boolean, stop: () => Promise<void> }>>} By name; those that are there.
 */
export async function startCompetitors(folder, upstream) {
  const found = {};
  if (folder === undefined) return found;
  for (const [name, { file, isEventStream, start }] of Object.entries(programs)) {
    const script = join(folder, 'node_modules', file);
    if (!existsSync(script)) continue;
    const own = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
    const port = String(await freePort());
    const { args, env } = start(port, upstream, own);
    // Neither has an option for the address that it listens on: only this computer may reach what is measured.
    const loopback = join(import.meta.dirname, 'listen-on-loopback.cjs');
    const given = ['--require', loopback, script, ...args];
    const { firstLine, ...peer } = startProcess(
      process.execPath,
      given,
      { ...process.env, ...env },
      { isQuiet: true },
    );
    // What it prints, and whether it prints anything, is its own matter.
    firstLine.catch(() => undefined);
    const stop = async () => {
      peer.kill();
      await peer.ended;
      rmSync(own, { recursive: true, force: true });
    };
    found[name] = { url: `http://127.0.0.1:${port}/mcp`, isEventStream, stop };
    await untilReady(found[name], peer.ended);
  }
  return found;
}

/** The upstream is connected only after the program itself is ready, which nothing says. */
async function untilReady(place, ended) {
  let hasEnded = false;
  ended.then(() => {
    hasEnded = true;
  });
  const untilMs = now() + startMs;
  for (;;) {
    try {
      const client = await connect(place);
      const isThere = client.hasEcho;
      await client.close();
      if (isThere) return;
    } catch (error) {
      if (hasEnded || now() > untilMs) throw error;
    }
    await setTimeout(pauseMs);
  }
}
