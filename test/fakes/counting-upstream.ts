/**
 * An MCP server with two tools in the process of the test, so that it outlives a killed gateway. It answers the first calls
 * at once, keeps the others waiting, and counts what happened.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

export interface CountingUpstream {
  readonly url: string;
  /** Texts of the calls that arrived, in order. */
  arrived(): readonly string[];
  /** Texts of the calls that were carried out, in order; one that came twice stands here twice. */
  happened(): readonly string[];
  /** Carries out what waits, and whatever comes from now on at once. */
  release(): void;
  close(): Promise<void>;
}

const inputSchema = {
  type: 'object' as const,
  properties: { text: { type: 'string' } },
  required: ['text'],
  additionalProperties: false,
};
const tools = [
  { name: 'read', description: 'Reads.', inputSchema, annotations: { readOnlyHint: true } },
  { name: 'write', description: 'Writes.', inputSchema, annotations: { readOnlyHint: false } },
];

/** @param promptly How many calls are answered at once. */
export async function startCountingUpstream(promptly: number): Promise<CountingUpstream> {
  const arrived: string[] = [];
  const happened: string[] = [];
  let release: () => void = () => undefined;
  const released = new Promise<void>((done) => {
    release = done;
  });
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const server = new Server({ name: 'counting', version: '1' }, { capabilities: { tools: {} } });
    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }));
    server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
      const text = String(params.arguments?.text);
      arrived.push(text);
      if (arrived.length > promptly) await released;
      happened.push(text);
      return { content: [{ type: 'text', text: `Done: ${text}` }] };
    });
    // No session: every request stands alone, and a new gateway needs nothing from the one before.
    const transport = new StreamableHTTPServerTransport();
    await server.connect(transport as Parameters<typeof server.connect>[0]);
    await transport.handleRequest(request, response);
  };
  const listener = createServer((request, response) => {
    serve(request, response).catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    arrived: () => arrived,
    happened: () => happened,
    release: () => release(),
    close: () =>
      new Promise((done) => {
        listener.close(() => done());
        listener.closeAllConnections();
      }),
  };
}
