/** The processes that are measured, and the SDK's v1 client that measures them. Ends only what it started. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { headless } from '../../tools/steps/headless.mjs';
import { root } from '../../tools/steps/place.mjs';

const started = new Set();

/** A process that says in its first line that it is ready. `isQuiet`: nobody sees its errors. */
export function startProcess(command, args, env, { isLookedInto = false, isQuiet = false } = {}) {
  const stdio = ['ignore', 'pipe', isQuiet ? 'ignore' : 'inherit', ...(isLookedInto ? ['ipc'] : [])];
  const child = spawn(command, args.map(String), { env, stdio });
  started.add(child);
  const ended = new Promise((done) => child.once('close', done)).then(() => started.delete(child));
  const firstLine = new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (piece) => {
      text += piece;
      if (text.includes('\n')) resolve(text.split('\n')[0]);
    });
    ended.then(() => reject(new Error(`${args.join(' ')} ended before it was ready.`)));
  });
  return {
    pid: child.pid,
    firstLine,
    ended,
    look: () =>
      new Promise((resolve) => {
        child.once('message', resolve);
        child.send('look');
      }),
    kill: () => child.kill('SIGKILL'),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** An SDK server, or with `through` the bare hop. */
export async function startUpstream(options = {}) {
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const script = join(root, 'test/fakes/upstream-process.mjs');
  const { firstLine, ...peer } = startProcess(process.execPath, [script, ...args], process.env);
  return { ...peer, url: `http://127.0.0.1:${await firstLine}/mcp` };
}

/** What the gateway without windows is started with, every tool set to auto. */
export function gatewayArguments(folder, upstreams) {
  const flags = {
    data: folder,
    port: 0,
    policy: 'auto',
    'most-listed': 100_000,
    'most-per-second': 100_000,
  };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const named = Object.entries(upstreams).flatMap(([name, url]) => ['--upstream', `${name}=${url}`]);
  return {
    script: headless.args.at(-1),
    args: [...args, '--allow-loopback', ...named],
    // Only asked for where there is no keychain; then the stretching of it is part of every start.
    env: { ...headless.env(), GATEHOUSE_PASSPHRASE: 'for measurements only' },
  };
}

/** The gateway as `npm run gateway` starts it, on data of its own. */
export async function startGateway(upstreams, more = {}) {
  const folder = more.folder ?? mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const { args, env } = gatewayArguments(folder, upstreams);
  const inside = more.isLookedInto ? ['--import', join(root, 'test/bench/look-inside.mjs')] : [];
  const given = [...inside, ...headless.args, ...args];
  const { firstLine, ...peer } = startProcess(process.execPath, given, env, more);
  const { url, token } = JSON.parse(await firstLine);
  const stop = async () => {
    await peer.stop();
    if (more.folder === undefined) rmSync(folder, { recursive: true, force: true });
  };
  return { ...peer, stop, url, headers: { Authorization: `Bearer ${token}` } };
}

/** @param {{ url: string, headers?: Record<string, string>, isEventStream?: boolean }} place `isEventStream`: of 2024-11-05. */
export async function connect({ url, headers = {}, isEventStream = false }) {
  const client = new Client({ name: 'bench', version: '1' });
  const Transport = isEventStream ? SSEClientTransport : StreamableHTTPClientTransport;
  await client.connect(new Transport(new URL(url), { requestInit: { headers } }));
  const tools = await client.listTools();
  const name = tools.tools.find((tool) => tool.name.endsWith('echo'))?.name;
  return {
    count: tools.tools.length,
    hasEcho: name !== undefined,
    list: () => client.listTools(),
    echo: (text) => client.callTool({ name, arguments: { text } }),
    call: (name, text) => client.callTool({ name, arguments: { text } }),
    close: () => client.close(),
    /** The session too, not only the connection. */
    end: async () => {
      await client.transport.terminateSession();
      await client.close();
    },
  };
}

/** Megabytes in memory; NaN where the system does not say. */
export function memoryOf({ pid }) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

export async function stopAll() {
  for (const child of started) child.kill('SIGKILL');
}
