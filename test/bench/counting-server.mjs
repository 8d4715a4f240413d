/**
 * As little of MCP as a gateway needs, so that every arrival is counted at once; below /rough the same with tools that behave badly.
 * Holds no state but its counts.
 */
import { createServer } from 'node:http';

const inputSchema = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] };
const fineTools = [
  { name: 'read', inputSchema, annotations: { readOnlyHint: true } },
  { name: 'write', inputSchema },
];
const slowMs = 1_500;
const dripMs = 100;

/** How each tool of the rough server answers, instead of well. */
const rough = {
  slow: (answer) => setTimeout(() => answer.well(), slowMs),
  dies: ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
    response.write('{"jsonrpc":"2.0",');
    response.socket?.destroy();
  },
  broken: ({ response }) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc": <html>'),
  huge: ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const piece = 'x'.repeat(1_000_000);
    for (let count = 0; count < 25; count += 1) response.write(piece);
    response.end();
  },
  endless: ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const drip = setInterval(() => response.write(': nothing yet\n\n'), dripMs);
    response.once('close', () => clearInterval(drip));
  },
  fails: (answer) =>
    answer.say({ result: { content: [{ type: 'text', text: 'No such thing.' }], isError: true } }),
};
const roughTools = Object.keys(rough).map((name) => ({
  name,
  inputSchema,
  annotations: { readOnlyHint: true },
}));

export async function countingServer() {
  const arrived = new Map();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => {
      body += piece;
    });
    request.on('end', () => {
      const { id, method, params } = request.method === 'POST' ? JSON.parse(body) : {};
      if (id === undefined) return response.writeHead(request.method === 'POST' ? 202 : 405).end();
      const say = (said) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ jsonrpc: '2.0', id, ...said }));
      };
      const isRough = request.url.startsWith('/rough');
      if (method === 'initialize') return say({ result: welcome });
      if (method === 'tools/list') return say({ result: { tools: isRough ? roughTools : fineTools } });
      if (method !== 'tools/call') return say({ error: { code: -32601, message: 'Method not found' } });
      const { text } = params.arguments;
      arrived.set(text, (arrived.get(text) ?? 0) + 1);
      const well = () => say({ result: { content: [{ type: 'text', text: `Done: ${text}` }] } });
      if (isRough) rough[params.name]({ response, say, well });
      else well();
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const at = `http://127.0.0.1:${server.address().port}`;
  return {
    arrived,
    url: `${at}/mcp`,
    roughUrl: `${at}/rough/mcp`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const welcome = {
  protocolVersion: '2025-11-25',
  capabilities: { tools: {} },
  serverInfo: { name: 'counting', version: '1' },
};
