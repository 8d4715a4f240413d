/**
 * Custom MCP servers on loopback for tests: one made with the SDK's v1 server, one made by hand for what no honest
 * server would do. Both remember what reached them.
 */
import { randomUUID } from 'node:crypto';
import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

export interface SeenCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

interface ListedTool extends Record<string, unknown> {
  readonly name: string;
}

export const echoTool: ListedTool = {
  name: 'echo',
  description: 'Returns the text it was given.',
  inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
};

/** Keeps a port while the server behind it comes and goes. */
class Place {
  #http: HttpServer | undefined;
  #port = 0;

  async open(serve: (request: IncomingMessage, response: ServerResponse) => void): Promise<void> {
    const http = createServer(serve);
    await new Promise<void>((resolve, reject) => {
      http.once('error', reject);
      http.listen(this.#port, '127.0.0.1', resolve);
    });
    const address = http.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
    this.#http = http;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/mcp`;
  }

  async close(): Promise<void> {
    const http = this.#http;
    this.#http = undefined;
    if (http === undefined) return;
    await new Promise<void>((resolve) => {
      http.close(() => resolve());
      http.closeAllConnections();
    });
  }
}

interface V1Options {
  readonly tools?: readonly ListedTool[];
  readonly json?: boolean;
  readonly pageSize?: number;
  readonly onCall?: (call: SeenCall) => object | Promise<object>;
}

/** The SDK's v1 server with sessions; answers as an event stream, or as JSON where asked to. */
export class V1Upstream {
  readonly calls: SeenCall[] = [];
  /** How many pages of the list were asked for. */
  pages = 0;
  ended = 0;
  #tools: readonly ListedTool[];
  readonly #place = new Place();
  readonly #sessions = new Map<string, { transport: StreamableHTTPServerTransport; server: Server }>();
  readonly #options: V1Options;

  constructor(options: V1Options = {}) {
    this.#options = options;
    this.#tools = options.tools ?? [echoTool];
  }

  get url(): string {
    return this.#place.url;
  }

  get openSessions(): number {
    return this.#sessions.size;
  }

  async open(): Promise<this> {
    await this.#place.open((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
    return this;
  }

  async close(): Promise<void> {
    await this.#place.close();
    this.forgetSessions();
  }

  forgetSessions(): void {
    this.#sessions.clear();
  }

  async list(...tools: ListedTool[]): Promise<void> {
    this.#tools = tools;
    for (const { server } of this.#sessions.values()) await server.sendToolListChanged();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? this.#sessions.get(id) : undefined;
    if (id !== undefined && known === undefined) return void response.writeHead(404).end();
    if (known !== undefined && request.method === 'DELETE') this.ended += 1;
    await (known?.transport ?? (await this.#newSession())).handleRequest(request, response);
  }

  async #newSession(): Promise<StreamableHTTPServerTransport> {
    const server = new Server(
      { name: 'v1', version: '1' },
      { capabilities: { tools: { listChanged: true } } },
    );
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      enableJsonResponse: this.#options.json ?? false,
      onsessioninitialized: (id) => void this.#sessions.set(id, { transport, server }),
      onsessionclosed: (id) => void this.#sessions.delete(id),
    });
    server.setRequestHandler(ListToolsRequestSchema, ({ params }) => this.#page(params?.cursor) as never);
    server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
      const call = { tool: params.name, args: params.arguments ?? {} };
      this.calls.push(call);
      return (
        (await this.#options.onCall?.(call)) ?? { content: [{ type: 'text', text: String(call.args.text) }] }
      );
    });
    await server.connect(transport as Parameters<Server['connect']>[0]);
    return transport;
  }

  #page(cursor: string | undefined): object {
    this.pages += 1;
    const size = this.#options.pageSize ?? this.#tools.length;
    const at = Number(cursor ?? 0);
    const next = at + size < this.#tools.length ? { nextCursor: String(at + size) } : {};
    return { tools: this.#tools.slice(at, at + size), ...next };
  }
}

export interface HandMessage {
  readonly id?: number | string;
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Answers the handshake by hand, and everything else as the test says. */
export class HandMadeUpstream {
  readonly messages: HandMessage[] = [];
  readonly headers: IncomingMessage['headers'][] = [];
  readonly #place = new Place();

  constructor(
    readonly answer: (message: HandMessage, response: ServerResponse) => boolean | undefined,
    readonly tools: readonly ListedTool[] = [echoTool],
  ) {}

  get url(): string {
    return this.#place.url;
  }

  async open(): Promise<this> {
    await this.#place.open((request, response) => {
      if (request.method !== 'POST') return void response.writeHead(405).end();
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => {
        this.headers.push(request.headers);
        this.#post(JSON.parse(body), response);
      });
    });
    return this;
  }

  close(): Promise<void> {
    return this.#place.close();
  }

  calls(): number {
    return this.messages.filter((message) => message.method === 'tools/call').length;
  }

  #post(message: HandMessage, response: ServerResponse): void {
    this.messages.push(message);
    if (this.answer(message, response) === true) return;
    if (message.id === undefined) return void response.writeHead(202).end();
    const results: Readonly<Record<string, object>> = {
      initialize: {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'hand', version: '1' },
      },
      'tools/list': { tools: this.tools },
    };
    const result = results[message.method];
    if (result === undefined) return void response.writeHead(400).end();
    sendJson(response, JSON.stringify({ jsonrpc: '2.0', id: message.id, result }));
  }
}

export function sendJson(response: ServerResponse, text: string): true {
  response.writeHead(200, { 'content-type': 'application/json' }).end(text);
  return true;
}
