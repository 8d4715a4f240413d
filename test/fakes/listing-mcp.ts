/** An MCP server (2025-11-25, plain JSON) whose tools a test can exchange at any time, as a server that turns bad does. */
import type { RequestListener } from 'node:http';

export interface ListedTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema?: object;
}

const pageSize = 500;

export function listingServer(first: readonly ListedTool[]) {
  let tools = first;
  const called: { readonly tool: string; readonly args: unknown }[] = [];
  const offered: unknown[] = [];
  const results: Readonly<Record<string, (params: Params) => unknown>> = {
    initialize: ({ capabilities }) => {
      offered.push(capabilities);
      return {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'Listing', version: '1' },
      };
    },
    'tools/list': ({ cursor = '0' }) => {
      const end = Number(cursor) + pageSize;
      return {
        tools: tools
          .slice(Number(cursor), end)
          .map((tool) => ({ inputSchema: { type: 'object' as const }, ...tool })),
        ...(end < tools.length ? { nextCursor: String(end) } : {}),
      };
    },
    'tools/call': ({ name = '', arguments: args }) => {
      called.push({ tool: name, args });
      return { content: [{ type: 'text', text: `ran ${name}` }] };
    },
  };
  const listener = answering(results);
  return {
    listener,
    /** What was called, in order. */
    called,
    /** What Gatehouse said at each handshake that may be asked of it. */
    offered,
    lists: (...next: readonly ListedTool[]) => {
      tools = next;
    },
  };
}

/** @param pageOf Makes the answer to `tools/list` for a cursor; the first page is 0. */
export function pagingServer(pageOf: (page: number) => object): RequestListener {
  return answering({
    initialize: () => ({
      protocolVersion: '2025-11-25',
      capabilities: { tools: {} },
      serverInfo: { name: 'Paging', version: '1' },
    }),
    'tools/list': ({ cursor = '0' }) => pageOf(Number(cursor)),
  });
}

function answering(results: Readonly<Record<string, (params: Params) => unknown>>): RequestListener {
  return (request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      const { id, method, params = {} }: Asked = JSON.parse(body === '' ? '{}' : body);
      const result = results[method ?? '']?.(params);
      if (result === undefined) return void response.writeHead(id === undefined ? 202 : 400).end();
      response
        .writeHead(200, { 'Content-Type': 'application/json' })
        .end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    });
  };
}

interface Params {
  readonly cursor?: string;
  readonly name?: string;
  readonly arguments?: unknown;
  readonly capabilities?: unknown;
}
interface Asked {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Params;
}
