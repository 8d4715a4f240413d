/**
 * An AI client as a process of its own: the SDK's v1 client, driven line by line. Reads {"name","arguments"} or "list" from
 * its input, prints one JSON line for each, in order. A line with an "id" does not wait for the others, and its answer
 * carries the id.
 */
import { createInterface } from 'node:readline';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [url, token] = [process.env.AGENT_URL, process.env.AGENT_TOKEN];
const client = new Client({ name: 'agent-process', version: '1' });
await client.connect(
  new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { Authorization: `Bearer ${token}` } },
  }),
);
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  if (asked === 'list') await answer(client.listTools().then(({ tools }) => tools.map((tool) => tool.name)));
  else if (asked.id === undefined) await answer(client.callTool(asked));
  else answer(client.callTool({ name: asked.name, arguments: asked.arguments }), { id: asked.id });
}
await client.close();

function answer(work, mark = {}) {
  return work.then(
    (given) => say({ ...mark, answer: given }),
    (error) => say({ ...mark, refused: error.message }),
  );
}
