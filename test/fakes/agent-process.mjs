/**
 * An AI client as a process of its own: the SDK's v1 client, driven line by line. Reads {"name","arguments"} or "list" from
 * its input, prints one JSON line for each.
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
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  try {
    const answer =
      asked === 'list'
        ? (await client.listTools()).tools.map((tool) => tool.name)
        : await client.callTool(asked);
    process.stdout.write(`${JSON.stringify({ answer })}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ refused: error.message })}\n`);
  }
}
await client.close();
