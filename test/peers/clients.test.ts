/**
 * The gateway as the programs of others find it: clients as processes of their own, over HTTP and through the bridge for clients that only
 * start commands.
 */
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client as ModernClient } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernStdio } from '@modelcontextprotocol/client/stdio';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { modernUpstream } from '../conformance/modern-upstream';
import { PassingPeer } from '../fakes/passing-peer';
import { openUpstreamBench, type UpstreamBench } from '../fakes/upstream-bench';

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const bridgeFile = join(root, 'node_modules/.cache/gatehouse/bridge/stdio.js');
beforeAll(async () => {
  const { build } = await import('vite');
  await build({
    root,
    logLevel: 'error',
    configFile: false,
    ssr: { noExternal: true },
    build: {
      ssr: 'src/main/stdio.ts',
      outDir: dirname(bridgeFile),
      rollupOptions: { output: { entryFileNames: 'stdio.js' } },
    },
  });
}, 60_000);

async function bench(): Promise<UpstreamBench> {
  const server = createServer(modernUpstream());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  open.push({
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  });
  const peer = await new PassingPeer().open();
  open.push(peer);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  const more = { mayAsk: ['elicitation'] as const };
  const opened = await openUpstreamBench({ old: peer.url, new: url }, 'auto', undefined, more);
  open.push(opened);
  return opened;
}

const version = { name: 'peer', version: '2' };
const textOf = (answer: unknown): string => Object(answer).content?.[0]?.text ?? '';

const bridge = ({ url, token }: UpstreamBench) => ({
  command: process.execPath,
  args: [bridgeFile, '--url', url],
  env: { GATEHOUSE_TOKEN: token },
  stderr: 'pipe' as const,
});

describe('a program of others', () => {
  it('the Inspector’s command line lists and calls', async () => {
    const one = await bench();
    const inspect = async (...args: readonly string[]) => {
      const cli = join(root, 'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js');
      const header = ['--header', `Authorization: Bearer ${one.token}`];
      const how = ['--cli', one.url, '--transport', 'http', ...header, ...args];
      const { stdout } = await run(process.execPath, [cli, ...how], { timeout: 30_000 });
      return stdout;
    };
    expect(await inspect('--method', 'tools/list')).toContain('new__test_simple_text');
    const answer = await inspect('--method', 'tools/call', '--tool-name', 'new__test_simple_text');
    expect(answer).toContain('This is a simple text response for testing.');
  }, 60_000);

  it('mcp-remote, which a client starts as a command, passes both ways', async () => {
    const one = await bench();
    const client = new Client(version);
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [
        join(root, 'node_modules/mcp-remote/dist/proxy.js'),
        one.url,
        '--header',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it fills in variables of its environment by itself
        'Authorization:Bearer ${TOKEN}',
        '--transport',
        'http-only',
      ],
      env: { ...process.env, TOKEN: one.token, HOME: join(root, 'node_modules/.cache') } as Record<
        string,
        string
      >,
      stderr: 'pipe',
    });
    await client.connect(transport);
    open.push(client);
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('old__media');
    expect(textOf(await client.callTool({ name: 'old__media' }))).toBe('hello');
  }, 60_000);

  it('one that writes HTTP by hand, with nothing but JSON', async () => {
    const one = await bench();
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'old__media' } };
    const body = JSON.stringify(message);
    const { host, port } = new URL(one.url);
    const head = [
      'POST /mcp HTTP/1.1',
      `Host: ${host}`,
      `Authorization: Bearer ${one.token}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
    ];
    const text = `${head.join('\r\n')}\r\n\r\n${body}`;
    const script = `require('net').connect(${port}, '127.0.0.1', function () { this.write(process.argv[1]) }).pipe(process.stdout)`;
    const { stdout } = await run(process.execPath, ['-e', script, text]);
    const [status = '', answer = ''] = stdout.split('\r\n\r\n');
    expect(status).toMatch(/^HTTP\/1\.1 200/);
    expect(textOf(JSON.parse(answer).result)).toBe('hello');
  });
});

describe('the bridge for clients that only start commands', () => {
  it('carries a client of 2025-11-25: calls, questions, announcements', async () => {
    const one = await bench();
    const client = new Client(version, { capabilities: { elicitation: {} } });
    client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { yes: true } }));
    const heard: string[] = [];
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => void heard.push('tools'));
    await client.connect(new StdioClientTransport(bridge(one)));
    open.push(client);
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('old__media');
    expect(textOf(await client.callTool({ name: 'old__ask', arguments: { times: 1 } }))).toContain('accept');
    await expect
      .poll(async () => {
        await client.callTool({ name: 'new__test_trigger_tool_change' });
        return heard.length;
      })
      .toBeGreaterThan(0);
  });

  it('carries a client of 2026-07-28: calls in rounds, tools that want headers, subscriptions', async () => {
    const one = await bench();
    const client = new ModernClient(version, {
      versionNegotiation: { mode: 'auto' },
      capabilities: { elicitation: { form: {} } },
    });
    client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { name: 'Ada' } }));
    const heard: string[] = [];
    client.setNotificationHandler('notifications/tools/list_changed', () => void heard.push('tools'));
    await client.connect(new ModernStdio(bridge(one)));
    open.push(client);
    expect(client.getProtocolEra()).toBe('modern');
    const call = async (name: string, args = {}) => textOf(await client.callTool({ name, arguments: args }));
    expect(await call('new__test_input_required_result_elicitation')).toBe('Hello, Ada!');
    expect(await call('new__test_header_argument', { region: 'north' })).toBe('Done.');
    await client.listen({ toolsListChanged: true });
    await call('new__test_trigger_tool_change');
    await expect.poll(() => heard).toEqual(['tools']);
  });

  it('goes on by itself when the gateway has forgotten the session', async () => {
    const one = await bench();
    const client = new Client(version);
    await client.connect(new StdioClientTransport(bridge(one)));
    open.push(client);
    expect(textOf(await client.callTool({ name: 'old__media' }))).toBe('hello');
    await one.restart();
    expect(textOf(await client.callTool({ name: 'old__media' }))).toBe('hello');
  });

  it.each([
    ['a token that is not known', { GATEHOUSE_TOKEN: 'ghs_none' }, [], /not known/],
    ['a gateway that is not there', {}, ['--url', 'http://127.0.0.1:9/mcp'], /not running/],
  ])('answers with a sentence for %s', async (_what, env, args, sentence) => {
    const one = await bench();
    const { stdout } = await piped(
      { ...bridge(one).env, ...env },
      ['--url', one.url, ...args],
      [{ jsonrpc: '2.0', id: 7, method: 'tools/list' }],
    );
    const answer = JSON.parse(stdout);
    expect([answer.id, answer.error.message]).toEqual([7, expect.stringMatching(sentence)]);
  });

  it.each([
    ['no token', { GATEHOUSE_TOKEN: '' }, [], /Set GATEHOUSE_TOKEN/],
    ['a gateway elsewhere', {}, ['--url', 'https://gateway.example/mcp'], /on this computer/],
    ['an address that is none', {}, ['--url', 'gateway'], /on this computer/],
    ['an unknown flag', {}, ['--token', 'x'], /--token/],
  ])('does not start with %s, and says why', async (_what, env, args, sentence) => {
    const { stdout, stderr, code } = await piped({ GATEHOUSE_TOKEN: 'ghs_x', ...env }, args, []);
    expect([stdout, code]).toEqual(['', 1]);
    expect(stderr).toMatch(sentence);
  });

  it('answers a line that is no message, and goes on', async () => {
    const one = await bench();
    const { stdout } = await piped(
      bridge(one).env,
      ['--url', one.url],
      ['nonsense', { jsonrpc: '2.0', id: 1, method: 'ping' }],
    );
    const [first, second] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect([first.error.code, second.result]).toEqual([-32700, {}]);
  });
});

/** A few lines piped in, and everything that came out. */
function piped(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
  lines: readonly unknown[],
): Promise<{ stdout: string; stderr: string; code: number }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [bridgeFile, ...args],
      { env: { ...process.env, ...env }, timeout: 20_000 },
      (error, stdout, stderr) => resolve({ stdout, stderr, code: Number(error?.code ?? 0) }),
    );
    child.stdin?.end(
      lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''),
    );
  });
}
