/**
 * Real MCP servers as request listeners, to be put behind TLS: the SDK's v1 in every shape that is out there, its v2, the transport
 * of 2024-11-05, and the reference server as a process of its own.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { request as forward, type IncomingMessage, type RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { McpServer as V1Server } from '@modelcontextprotocol/sdk/server/mcp.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { ElicitResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { createMcpHandler, McpServer as V2Server } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { freePort } from './free-port';

const description = 'Returns the text it was given.';

function v1Server(): V1Server {
  const server = new V1Server(
    { name: 'orders', title: 'Orders of Example', version: '1' },
    { capabilities: { logging: {} } },
  );
  server.registerTool(
    'echo',
    { description, inputSchema: { text: z.string() } },
    async ({ text }, { _meta, sendNotification }) => {
      const progressToken = _meta?.progressToken;
      if (progressToken !== undefined)
        await sendNotification({
          method: 'notifications/progress',
          params: { progressToken, progress: 1, total: 2 },
        });
      return { content: [{ type: 'text', text }] };
    },
  );
  const asksFor = { question: z.string() };
  server.registerTool(
    'ask',
    { description: 'Asks the person.', inputSchema: asksFor },
    async ({ question }) => {
      const requestedSchema = { type: 'object' as const, properties: { yes: { type: 'boolean' as const } } };
      const answer = await server.server.elicitInput({ message: question, requestedSchema });
      return { content: [{ type: 'text', text: JSON.stringify(answer) }] };
    },
  );
  // The same on the stream of the call itself, with a word before.
  server.registerTool(
    'ask-here',
    { description: 'Asks the person.', inputSchema: asksFor },
    async ({ question }, { sendRequest, sendNotification }) => {
      await sendNotification({ method: 'notifications/message', params: { level: 'info', data: 'asking' } });
      const requestedSchema = { type: 'object' as const, properties: { yes: { type: 'boolean' as const } } };
      const params = { mode: 'form' as const, message: question, requestedSchema };
      const answer = await sendRequest({ method: 'elicitation/create', params }, ElicitResultSchema);
      return { content: [{ type: 'text', text: JSON.stringify(answer) }] };
    },
  );
  return server;
}

/** `sessions` left out is a server without any; `json` answers without an event stream. */
export function v1Peer(options: { readonly sessions?: boolean; readonly json?: boolean }): Peer {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const seen: Seen[] = [];
  const open = async () => {
    const transport = new StreamableHTTPServerTransport({
      ...(options.sessions === true ? { sessionIdGenerator: () => randomUUID() } : {}),
      enableJsonResponse: options.json ?? false,
      onsessioninitialized: (id) => void sessions.set(id, transport),
      onsessionclosed: (id) => void sessions.delete(id),
    });
    await v1Server().connect(transport as Parameters<V1Server['connect']>[0]);
    return transport;
  };
  return {
    seen,
    openSessions: () => sessions.size,
    listener: (request, response) => {
      note(seen, request);
      const id = request.headers['mcp-session-id'];
      const known = typeof id === 'string' ? sessions.get(id) : undefined;
      if (id !== undefined && known === undefined) return void response.writeHead(404).end();
      void (async () => (known ?? (await open())).handleRequest(request, response))().catch(() =>
        response.destroy(),
      );
    },
  };
}

/** @param legacy Whether it serves the clients of before as well. */
export function v2Peer(legacy: 'stateless' | 'reject'): Peer {
  const seen: Seen[] = [];
  const handler = toNodeHandler(
    createMcpHandler(
      () => {
        const server = new V2Server({ name: 'orders', title: 'Orders of Example', version: '2' });
        const inputSchema = z.object({ text: z.string() });
        server.registerTool('echo', { description, inputSchema }, ({ text }) => ({
          content: [{ type: 'text', text }],
        }));
        server.registerResource('order', 'orders://1', {}, ({ href }) => ({
          contents: [{ uri: href, text: 'Order 1' }],
        }));
        server.registerPrompt('summary', {}, () => ({
          messages: [{ role: 'user', content: { type: 'text', text: 'Sum up.' } }],
        }));
        return server;
      },
      { legacy },
    ),
  );
  return {
    seen,
    openSessions: () => 0,
    listener: (request, response) => {
      note(seen, request);
      void handler(request as Parameters<typeof handler>[0], response);
    },
  };
}

/** GET opens the stream and names where messages are posted. */
export function oldPeer(): Peer {
  const streams = new Map<string, SSEServerTransport>();
  const seen: Seen[] = [];
  return {
    seen,
    openSessions: () => streams.size,
    listener: (request, response) => {
      note(seen, request);
      const url = new URL(request.url ?? '/', 'https://any.invalid');
      const known = streams.get(url.searchParams.get('sessionId') ?? '');
      if (request.method === 'POST' && url.pathname === '/messages' && known !== undefined)
        return void known.handlePostMessage(request, response);
      if (request.method !== 'GET') return void response.writeHead(404).end();
      const transport = new SSEServerTransport('/messages', response);
      streams.set(transport.sessionId, transport);
      response.once('close', () => streams.delete(transport.sessionId));
      void v1Server().connect(transport);
    },
  };
}

/** The reference server of the protocol, started as one starts it, behind a listener that only passes on. */
export async function everythingPeer(): Promise<Peer & { close(): void }> {
  const entry = createRequire(import.meta.url).resolve(
    '@modelcontextprotocol/server-everything/package.json',
  );
  const port = await freePort();
  const child: ChildProcess = spawn(
    process.execPath,
    [join(dirname(entry), 'dist', 'index.js'), 'streamableHttp'],
    { env: { ...process.env, PORT: String(port) }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await new Promise<void>((done, failed) => {
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += String(chunk);
      if (said.includes('listening on port')) done();
    });
    child.once('exit', () => failed(new Error(said)));
  });
  const seen: Seen[] = [];
  return {
    seen,
    openSessions: () => 0,
    close: () => void child.kill(),
    listener: (request, response) => {
      note(seen, request);
      const { method, url: path, headers } = request;
      const passed = forward({ port, host: '127.0.0.1', method, path, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      passed.on('error', () => response.destroy());
      request.pipe(passed);
    },
  };
}

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

export interface Peer {
  readonly listener: RequestListener;
  /** Every request, in order. */
  readonly seen: Seen[];
  openSessions(): number;
}

function note(seen: Seen[], { method = '', url = '', headers }: IncomingMessage): void {
  seen.push({ method, path: url, headers });
}
