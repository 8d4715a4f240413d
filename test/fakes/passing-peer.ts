/**
 * A server of the SDK's v1 with everything that may pass through the gateway: every kind of content, resources, templates, prompts,
 * completions, progress, log messages, and questions in the middle of a call. Remembers what it was told.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type Server as HttpServer, type RequestListener } from 'node:http';
import { completable } from '@modelcontextprotocol/sdk/server/completable.js';
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import {
  CreateMessageResultSchema,
  ElicitResultSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';

export const media = [
  { type: 'text' as const, text: 'hello' },
  { type: 'image' as const, data: 'aGk=', mimeType: 'image/png' },
  { type: 'audio' as const, data: 'aGk=', mimeType: 'audio/wav', annotations: { priority: 0.5 } },
  { type: 'resource' as const, resource: { uri: 'orders://1', mimeType: 'text/plain', text: 'Order 1' } },
  { type: 'resource_link' as const, uri: 'orders://1', name: 'order', mimeType: 'text/plain' },
];

export class PassingPeer {
  /** What it was asked for, and what was cancelled: `resource orders://1`, `cancelled hang`. */
  readonly seen: string[] = [];
  /** What agents behind the gateway can be asked for, as its last client said. */
  capabilities: unknown;
  readonly #regret = new AbortController();
  readonly #name: string;
  readonly #sessions = new Map<
    string,
    { transport: StreamableHTTPServerTransport; server: McpServer; watched: Set<string> }
  >();
  #http: HttpServer | undefined;
  #url = '';

  constructor(name = 'Orders') {
    this.#name = name;
  }

  /** To be put behind TLS. */
  readonly listener: RequestListener = (request, response) => {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? this.#sessions.get(id) : undefined;
    if (id !== undefined && known === undefined) return void response.writeHead(404).end();
    void (async () => (known?.transport ?? (await this.#newSession())).handleRequest(request, response))();
  };

  get url(): string {
    return this.#url;
  }

  async open(): Promise<this> {
    const http = createServer(this.listener);
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
    const address = http.address();
    if (typeof address === 'object' && address !== null) this.#url = `http://127.0.0.1:${address.port}/mcp`;
    this.#http = http;
    return this;
  }

  async close(): Promise<void> {
    await new Promise<void>((done) => {
      this.#http?.close(() => done());
      this.#http?.closeAllConnections();
    });
  }

  /** Takes back what `ask-and-regret` has asked. */
  regret(): void {
    this.#regret.abort();
  }

  announce(what: 'resources' | 'prompts'): void {
    for (const { server } of this.#sessions.values())
      if (what === 'resources') server.sendResourceListChanged();
      else server.sendPromptListChanged();
  }

  /** Tells everyone who watches a resource that it has changed. */
  update(uri: string): void {
    for (const { server, watched } of this.#sessions.values())
      if (watched.has(uri)) void server.server.sendResourceUpdated({ uri });
  }

  async #newSession(): Promise<StreamableHTTPServerTransport> {
    const watched = new Set<string>();
    const server = this.#server(watched);
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void this.#sessions.set(id, { transport, server, watched }),
    });
    server.server.oninitialized = () => {
      this.capabilities = server.server.getClientCapabilities();
    };
    await server.connect(transport as Parameters<McpServer['connect']>[0]);
    return transport;
  }

  #server(watched: Set<string>): McpServer {
    const server = new McpServer(
      { name: this.#name, version: '1' },
      { capabilities: { logging: {}, resources: { subscribe: true } } },
    );
    server.server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
      watched.add(params.uri);
      return {};
    });
    server.server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
      watched.delete(params.uri);
      this.seen.push(`unsubscribed ${params.uri}`);
      return {};
    });
    this.#addTools(server);
    this.#addResources(server);
    this.#addPrompts(server);
    return server;
  }

  #addTools(server: McpServer): void {
    server.registerTool('media', { outputSchema: { n: z.number() } }, () => ({
      content: media,
      structuredContent: { n: 1 },
      _meta: { 'example.com/trace': 'x' },
    }));
    server.registerTool('work', {}, async ({ _meta, sendNotification }) => {
      const progressToken = _meta?.progressToken;
      this.seen.push(`token ${typeof progressToken}`);
      const tell = async (progress: number) =>
        progressToken !== undefined &&
        (await sendNotification({
          method: 'notifications/progress',
          params: { progressToken, progress, total: 2, message: `step ${progress}` },
        }));
      await tell(1);
      for (const level of ['debug', 'error'] as const)
        await sendNotification({ method: 'notifications/message', params: { level, data: `${level} word` } });
      await tell(2);
      return { content: [{ type: 'text', text: 'done' }] };
    });
    server.registerTool('hang', {}, ({ signal }) => this.#hang('hang', signal));
    const asked = async (work: () => Promise<object>) => {
      const text = await work().then(JSON.stringify, (error: Error) => `refused: ${error.message}`);
      return { content: [{ type: 'text' as const, text }] };
    };
    const requestedSchema = { type: 'object' as const, properties: { yes: { type: 'boolean' as const } } };
    server.registerTool('ask', { inputSchema: { times: z.number() } }, ({ times }, { sendRequest }) =>
      asked(async () => {
        let last = {};
        for (let time = 1; time <= times; time += 1)
          last = await sendRequest(
            { method: 'elicitation/create', params: { mode: 'form', message: 'Really?', requestedSchema } },
            ElicitResultSchema,
          );
        return last;
      }),
    );
    server.registerTool('ask-url', { inputSchema: { url: z.string() } }, ({ url }, { sendRequest }) =>
      asked(() =>
        sendRequest(
          {
            method: 'elicitation/create',
            params: { mode: 'url', message: 'Sign in', elicitationId: 'e1', url },
          },
          ElicitResultSchema,
        ),
      ),
    );
    server.registerTool('ask-and-regret', {}, ({ sendRequest }) =>
      asked(() =>
        sendRequest(
          { method: 'elicitation/create', params: { mode: 'form', message: 'Really?', requestedSchema } },
          ElicitResultSchema,
          { signal: this.#regret.signal },
        ),
      ),
    );
    server.registerTool('sample', {}, ({ sendRequest }) =>
      asked(() =>
        sendRequest(
          {
            method: 'sampling/createMessage',
            params: {
              messages: [{ role: 'user', content: { type: 'text', text: 'Name a colour.' } }],
              maxTokens: 10,
            },
          },
          CreateMessageResultSchema,
        ),
      ),
    );
  }

  #addResources(server: McpServer): void {
    const describe = { mimeType: 'text/plain', description: 'An order.' };
    server.registerResource('order', 'orders://1', describe, ({ href }) => {
      this.seen.push(`resource ${href}`);
      return { contents: [{ uri: href, mimeType: 'text/plain', text: `Order 1 of ${this.#name}` }] };
    });
    server.registerResource('picture', 'orders://1/picture', {}, ({ href }) => ({
      contents: [{ uri: href, mimeType: 'image/png', blob: 'aGk=', _meta: { width: 1 } }],
    }));
    server.registerResource('slow', 'orders://slow', {}, (_uri, { signal }) =>
      this.#hang('slow resource', signal),
    );
    const part = new ResourceTemplate('orders://1/parts/{part}', {
      list: undefined,
      complete: { part: (value) => ['wheel', 'window'].filter((one) => one.startsWith(value)) },
    });
    server.registerResource('part', part, {}, ({ href }, { part: name }) => ({
      contents: [{ uri: href, text: `Part ${String(name)}` }],
    }));
  }

  #addPrompts(server: McpServer): void {
    const topic = completable(z.string(), (value) =>
      ['billing', 'boats'].filter((one) => one.startsWith(value)),
    );
    server.registerPrompt('summary', { title: 'Summary', argsSchema: { topic } }, (args) => {
      this.seen.push(`prompt summary ${args.topic}`);
      return {
        description: `${args.topic} of ${this.#name}`,
        messages: [
          { role: 'user', content: { type: 'text', text: `Sum up ${args.topic}.` } },
          { role: 'user', content: { type: 'resource_link', uri: 'orders://1', name: 'order' } },
        ],
      };
    });
    server.registerPrompt(
      'a name. with all of it, and longer than the names that agents can have',
      {},
      () => ({
        messages: [{ role: 'user', content: { type: 'text', text: 'the long one' } }],
      }),
    );
    server.registerPrompt('slow', {}, ({ signal }) => this.#hang('slow prompt', signal));
  }

  #hang(what: string, signal: AbortSignal): Promise<never> {
    this.seen.push(`began ${what}`);
    return new Promise((_done, failed) => {
      signal.addEventListener('abort', () => {
        this.seen.push(`cancelled ${what}`);
        failed(new Error('cancelled'));
      });
    });
  }
}
