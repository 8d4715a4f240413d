/**
 * A custom MCP server as a process of its own, made with the SDK's v1 server: sessions, answers as event streams.
 * `--servers N --tools N`: N servers under /mcp/0 … with N tools and `echo` each. `--through URL` makes it the limit
 * instead: one more HTTP hop that parses each request, looks the tool up and hands the bytes on. Prints its port.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { Pool } from 'undici';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    servers: { type: 'string', default: '1' },
    tools: { type: 'string', default: '0' },
    through: { type: 'string' },
  },
});

const echo = {
  name: 'echo',
  description: 'Returns the text it was given.',
  inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
};
const words =
  'record customer invoice ticket branch commit message channel calendar document folder user'.split(' ');

function tool(server, at) {
  const word = words[at % words.length];
  const other = words[(at * 7 + server) % words.length];
  return {
    name: `s${server}_${word}_${other}_${at}`,
    description: `Finds, filters and returns each ${word} that belongs to the given ${other}. Results come newest first, in pages of at most 100, and the answer says whether more are left.`,
    inputSchema: {
      type: 'object',
      properties: {
        [`${word}_id`]: {
          type: 'string',
          description: `Identifier of the ${word}, as another tool returned it`,
        },
        query: { type: 'string', description: 'Free text to match in the title and the body' },
        limit: { type: 'integer', minimum: 1, maximum: 100, description: 'How many results a page holds' },
        order: { type: 'string', enum: ['newest', 'oldest', 'relevance'] },
      },
      required: [`${word}_id`],
      additionalProperties: false,
    },
    annotations: { readOnlyHint: at % 3 !== 0, destructiveHint: at % 11 === 0 },
  };
}

function servers() {
  const lists = Array.from({ length: Number(values.servers) }, (_, server) => [
    echo,
    ...Array.from({ length: Number(values.tools) }, (_, at) => tool(server, at)),
  ]);
  const sessions = new Map();
  return async (request, response) => {
    const tools = lists[Number(/^\/mcp\/(\d+)/.exec(request.url)?.[1] ?? 0)];
    const id = request.headers['mcp-session-id'];
    let transport = sessions.get(id);
    if (tools === undefined || (id !== undefined && transport === undefined))
      return response.writeHead(404).end();
    if (transport === undefined) {
      transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (made) => sessions.set(made, transport),
        onsessionclosed: (made) => sessions.delete(made),
      });
      const server = new Server({ name: 'bench', version: '1' }, { capabilities: { tools: {} } });
      server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }));
      server.setRequestHandler(CallToolRequestSchema, ({ params }) => ({
        content: [{ type: 'text', text: String(params.arguments?.text ?? '') }],
      }));
      await server.connect(transport);
    }
    await transport.handleRequest(request, response);
  };
}

function hop(target) {
  const pool = new Pool(new URL(target).origin, { connections: 128 });
  const policies = new Map([['echo', 'allow']]);
  const own = new Set(['host', 'connection', 'keep-alive', 'transfer-encoding', 'content-length', 'expect']);
  const kept = (headers) => Object.fromEntries(Object.entries(headers).filter(([name]) => !own.has(name)));
  return async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = request.method === 'POST' ? Buffer.concat(chunks) : null;
    const message = body === null ? {} : JSON.parse(body);
    if (message.method === 'tools/call' && policies.get(message.params.name) === 'deny') {
      return response.writeHead(403).end();
    }
    const gone = new AbortController();
    response.on('close', () => response.writableFinished || gone.abort());
    const { url: path, method } = request;
    const options = {
      path,
      method,
      headers: kept(request.headers),
      body,
      signal: gone.signal,
      bodyTimeout: 0,
    };
    await pool.stream(options, ({ statusCode, headers }) => {
      response.writeHead(statusCode, kept(headers)).flushHeaders();
      return response;
    });
  };
}

const serve = values.through === undefined ? servers() : hop(values.through);
const http = createServer((request, response) => {
  serve(request, response).catch(() => response.destroy());
});
http.listen(Number(values.port), '127.0.0.1', () => process.stdout.write(`${http.address().port}\n`));
process.once('SIGTERM', () => process.exit(0));
