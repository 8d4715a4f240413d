/** Servers that are none, or not what they say: each ends in a sentence for the technician, and nothing hangs. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { describeProbe } from '../../src/main/mcp/probe/describe';
import type { FindingCode } from '../../src/main/mcp/probe/findings';
import { type ProbeResult, probe } from '../../src/main/mcp/probe/probe';
import { checkAddress } from '../../src/main/network/public-address';
import { Fault } from '../../src/preload/contract/reply';
import { TlsBench } from '../fakes/tls-server';

const bench = new TlsBench();
afterEach(() => bench.close());

interface Message {
  readonly id?: number;
  readonly method: string;
}
type Serve = (response: ServerResponse, message: Message, request: IncomingMessage) => void;

async function serving(serve: Serve): Promise<string> {
  const port = await bench.secure((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => serve(response, body === '' ? { method: 'GET' } : JSON.parse(body), request));
  });
  return `https://127.0.0.1:${port}/mcp`;
}

async function probed(address: string, signal?: AbortSignal): Promise<ProbeResult> {
  const http = await bench.wayOut({ idleTimeoutMs: 300 });
  const goodbyes: Promise<void>[] = [];
  const needs = {
    http,
    nowMs: () => performance.now(),
    version: '1',
    checkAddress: (text: string) => checkAddress(text, 'this computer too'),
    takenNames: [],
    afterwards: (work: Promise<void>) => goodbyes.push(work),
  };
  const result = await probe(address, needs, signal);
  await Promise.all(goodbyes);
  return result;
}

const json = (response: ServerResponse, value: unknown, status = 200) =>
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
const html = (response: ServerResponse, status: number) =>
  response.writeHead(status, { 'Content-Type': 'text/html' }).end('<h1>Welcome</h1>');
const error = (code: number, message: string) => ({ code, message });
const greeting = (protocolVersion: string) => ({
  protocolVersion,
  capabilities: { tools: {} },
  serverInfo: { name: 'Odd\u202E one', version: '1' },
});
/** Answers the handshake of 2025-11-25, and the rest as the test says. */
const afterHello =
  (rest: Serve): Serve =>
  (response, message, request) => {
    const { id, method } = message;
    if (method === 'initialize') json(response, { jsonrpc: '2.0', id, result: greeting('2025-11-25') });
    else if (method === 'server/discover') json(response, {}, 400);
    else if (id === undefined) response.writeHead(202).end();
    else rest(response, message, request);
  };

const hostile: readonly (readonly [what: string, serve: Serve, code: FindingCode, sentence: RegExp])[] = [
  ['a web page', (r) => html(r, 200), 'web_page', /answers with a web page \(status 200\)/],
  [
    'a web page that is not there',
    (r) => html(r, 404),
    'not_found',
    /nothing at this address \(status 404\)/,
  ],
  ['JSON that is not JSON-RPC', (r) => json(r, { hello: 1 }), 'not_json_rpc', /is not MCP \(status 200\)/],
  ['JSON that breaks off', (r) => void r.end('{"jsonrpc":"2.0",'), 'not_json_rpc', /is not MCP/],
  ['a list for an answer', (r) => json(r, [1, 2]), 'not_json_rpc', /is not MCP/],
  [
    'the id of another request',
    (r) => json(r, { jsonrpc: '2.0', id: 99, result: greeting('2025-11-25') }),
    'not_json_rpc',
    /is not MCP/,
  ],
  ['nothing at all', (r) => void r.writeHead(200).end(), 'not_json_rpc', /is not MCP/],
  ['a fault of its own', (r) => html(r, 503), 'server_fault', /status 503, a fault on its side/],
  ['too many requests', (r) => json(r, {}, 429), 'too_many_requests', /wants fewer requests/],
  [
    'a version of the future',
    (r, { id }) => json(r, { jsonrpc: '2.0', id, result: greeting('2031-01-01') }),
    'version_not_spoken',
    /is an MCP server of version 2031-01-01, which Gatehouse does not speak/,
  ],
  [
    'versions of the future, said by discover',
    (r, { id }) => json(r, { jsonrpc: '2.0', id, result: { supportedVersions: ['2031-01-01'] } }),
    'version_not_spoken',
    /of version 2031-01-01/,
  ],
  [
    'an error for every greeting',
    (r, { id }) => json(r, { jsonrpc: '2.0', id, error: error(-32000, 'not\u001b[31m today') }),
    'server_fault',
    /answered the first message with error -32000: “not today”/,
  ],
  [
    'a redirect to another server',
    (r) => void r.writeHead(307, { Location: 'https://evil.example/mcp' }).end(),
    'redirected',
    /redirects to another server, https:\/\/evil\.example, which is not followed/,
  ],
  [
    'a redirect to this computer by another name',
    (r) => void r.writeHead(302, { Location: 'http://169.254.169.254/latest' }).end(),
    'redirected',
    /http:\/\/169\.254\.169\.254/,
  ],
  [
    'a redirect in a circle',
    (r) => void r.writeHead(308, { Location: '/mcp' }).end(),
    'redirected',
    /redirects again and again/,
  ],
  ['a redirect to nowhere', (r) => void r.writeHead(301).end(), 'redirected', /redirects to nowhere/],
  [
    'ten megabytes twice over',
    (r) => void r.writeHead(200, { 'Content-Type': 'application/json' }).end('x'.repeat(20_000_000)),
    'too_large',
    /larger than 16000000 bytes/,
  ],
  [
    'a small body that grows without end',
    (r) =>
      void r
        .writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Type': 'application/json' })
        .end(gzipSync(Buffer.alloc(40_000_000))),
    'too_large',
    /larger than 16000000 bytes/,
  ],
  ['silence', () => undefined, 'timeout', /did not answer in time/],
  [
    'an event stream in which nothing comes',
    (r) => void r.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(': hello\n\n'),
    'timeout',
    /did not answer in time/,
  ],
  [
    'notifications without end',
    (r) => {
      r.writeHead(200, { 'Content-Type': 'text/event-stream' });
      const note = `data: ${JSON.stringify({ jsonrpc: '2.0', method: 'x', params: 'y'.repeat(100_000) })}\n\n`;
      const more = () => {
        while (!r.destroyed && r.write(note));
        r.once('drain', more);
      };
      more();
    },
    'too_large',
    /larger than 16000000 bytes/,
  ],
  ['a line that is cut', (r) => void r.socket?.destroy(), 'unreachable', /the connection broke off/],
];

describe('what is no MCP server', () => {
  it.each(hostile)('%s', async (_what, serve, code, sentence) => {
    const result = await probed(await serving(serve));
    expect(result).toMatchObject({ kind: 'no_server', finding: { code } });
    if (result.kind !== 'no_server') return;
    expect(result.finding.sentence).toMatch(sentence);
    expect(result.finding.next).not.toBe('');
    expect(result.report.length).toBeGreaterThan(0);
    expect(describeProbe(result).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('something that does not speak TLS', async () => {
    const port = await bench.listen(createServer((_request, response) => response.end()));
    expect(await probed(`https://127.0.0.1:${port}/mcp`)).toMatchObject({ finding: { code: 'tls' } });
  });

  it('a certificate of nobody', async () => {
    const port = await bench.secure((_request, response) => response.end());
    const result = await probed(`https://localhost:${port}/mcp`);
    expect(result).toMatchObject({
      finding: { code: 'tls', sentence: expect.stringContaining('belongs to another host') },
    });
  });

  it('a port where nobody listens', async () => {
    expect(await probed('https://127.0.0.1:9/mcp')).toMatchObject({
      finding: { code: 'connection_refused' },
    });
  });
});

describe('a server that is one, but odd', () => {
  it('a list of tools that fails is told, and the server is there', async () => {
    const url = await serving(
      afterHello((r, { id }) => json(r, { jsonrpc: '2.0', id, error: error(-32603, 'broken') })),
    );
    expect(await probed(url)).toMatchObject({
      kind: 'server',
      serverName: 'Odd one',
      auth: { kind: 'none', toolCount: undefined },
      findings: [{ code: 'list_failed', sentence: expect.stringContaining('“broken”') }],
    });
  });

  it.each([
    ['after it', 0],
    ['again, where it was asked side by side', 100],
  ])('one that lists nothing before it has heard the notification is asked %s', async (_when, slowMs) => {
    let greeted = false;
    let lists = 0;
    const url = await serving((response, message, request) => {
      if (message.method === 'tools/list') lists += 1;
      const serve = () => {
        if (message.method === 'notifications/initialized') greeted = true;
        afterHello((r, { id }) =>
          greeted
            ? json(r, { jsonrpc: '2.0', id, result: { tools: [] } })
            : json(r, { jsonrpc: '2.0', id, error: error(-32002, 'not initialized') }),
        )(response, message, request);
      };
      if (slowMs === 0 || !/^(?:initialize|notifications\/initialized)$/.test(message.method)) serve();
      else setTimeout(serve, message.method === 'initialize' ? slowMs : 3 * slowMs);
    });
    expect(await probed(url)).toMatchObject({
      kind: 'server',
      auth: { kind: 'none', toolCount: 0 },
      findings: [],
    });
    if (slowMs > 0) expect(lists).toBe(2);
  });

  it('a redirect within the same server is followed, and the new place is kept', async () => {
    const url = await serving((response, message, request) => {
      if (request.url === '/mcp') response.writeHead(307, { Location: '/mcp/' }).end();
      else
        afterHello((r, { id }) => json(r, { jsonrpc: '2.0', id, result: { tools: [] } }))(
          response,
          message,
          request,
        );
    });
    expect(await probed(url)).toMatchObject({ kind: 'server', url: `${url}/` });
  });

  it('the old transport that wants messages elsewhere is refused', async () => {
    const url = await serving((response, { method }) => {
      if (method !== 'GET') return void response.writeHead(405).end();
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('event: endpoint\ndata: https://evil.example/messages\n\n');
    });
    expect(await probed(url)).toMatchObject({
      kind: 'no_server',
      finding: { sentence: expect.stringContaining('wants its messages at another server') },
    });
  });
});

it('a probe can be cancelled at any time', async () => {
  const stop = new AbortController();
  const url = await serving(() => stop.abort());
  await expect(probed(url, stop.signal)).rejects.toSatisfy(
    (thrown) => thrown instanceof Fault && thrown.code === 'cancelled',
  );
});

it('a key in the query stays out of the report', async () => {
  const url = await serving((r) => html(r, 404));
  const result = await probed(`${url}?key=planted-query-key&mode=a`);
  expect(JSON.stringify(result.report)).not.toContain('planted-query-key');
  expect(result.report[0]?.url).toMatch(/\/mcp\?key=…&mode=…$/);
});
