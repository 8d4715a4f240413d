/** What the suite asks of a server of 2025-11-25, made with the SDK's v1: sessions, and questions as requests to the client. */
import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
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
import { pause, plainResources, plainTools, prompts, template, templateContent, text } from './contents';

export function olderUpstream(): RequestListener {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const open = async () => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    await newServer().connect(transport as Parameters<McpServer['connect']>[0]);
    return transport;
  };
  return (request, response) => {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? sessions.get(id) : undefined;
    void (async () => (known ?? (await open())).handleRequest(request, response))();
  };
}

function newServer(): McpServer {
  const server = new McpServer(
    { name: 'conformance', version: '1' },
    { capabilities: { logging: {}, resources: { subscribe: true, listChanged: true } } },
  );
  for (const [name, content] of Object.entries(plainTools))
    server.registerTool(name, { description: name }, () => ({ content: [...content] }));
  addTools(server);
  addAsking(server);
  addResources(server);
  addPrompts(server);
  server.server.setRequestHandler(SubscribeRequestSchema, () => ({}));
  server.server.setRequestHandler(UnsubscribeRequestSchema, () => ({}));
  return server;
}

function addTools(server: McpServer): void {
  server.registerTool('test_error_handling', { description: 'Fails.' }, () => {
    throw new Error('This tool intentionally returns an error for testing');
  });
  server.registerTool('test_tool_with_logging', { description: 'Logs.' }, async ({ sendNotification }) => {
    const log = (data: string) =>
      sendNotification({ method: 'notifications/message', params: { level: 'info', data } });
    await log('Tool execution started');
    await pause(50);
    await log('Tool processing data');
    await pause(50);
    await log('Tool execution completed');
    return { content: [text('Done.')] };
  });
  server.registerTool(
    'test_tool_with_progress',
    { description: 'Tells its progress.' },
    async ({ _meta, sendNotification }) => {
      const progressToken = _meta?.progressToken;
      for (const progress of [0, 50, 100]) {
        if (progressToken !== undefined)
          await sendNotification({
            method: 'notifications/progress',
            params: { progressToken, progress, total: 100 },
          });
        await pause(50);
      }
      return { content: [text(String(progressToken))] };
    },
  );
}

type Schema = Readonly<Record<string, unknown>>;

function addAsking(server: McpServer): void {
  server.registerTool(
    'test_sampling',
    { description: 'Asks the model.', inputSchema: { prompt: z.string() } },
    async ({ prompt }, { sendRequest }) => {
      const messages = [{ role: 'user' as const, content: text(prompt) }];
      const params = { messages, maxTokens: 100 };
      const { content } = await sendRequest(
        { method: 'sampling/createMessage', params },
        CreateMessageResultSchema,
      );
      return { content: [text(`LLM response: ${JSON.stringify(content)}`)] };
    },
  );
  const ask = (name: string, message: string | undefined, properties: Schema, required: readonly string[]) =>
    server.registerTool(
      name,
      { description: 'Asks the person.', inputSchema: { message: z.string().optional() } },
      async (given, { sendRequest }) => {
        const requestedSchema = { type: 'object' as const, properties, required };
        const params = { message: message ?? given.message ?? '', requestedSchema };
        const answer = await sendRequest(
          { method: 'elicitation/create', params } as never,
          ElicitResultSchema,
        );
        const { action, content = {} } = answer;
        return {
          content: [text(`Elicitation completed: action=${action}, content=${JSON.stringify(content)}`)],
        };
      },
    );
  const words = (description: string) => ({ type: 'string', description });
  ask(
    'test_elicitation',
    undefined,
    { username: words('User’s response'), email: words('User’s email address') },
    ['username', 'email'],
  );
  ask('test_elicitation_sep1034_defaults', 'Please check.', defaults, []);
  ask('test_elicitation_sep1330_enums', 'Please choose.', choices, []);
}

const defaults: Schema = {
  name: { type: 'string', default: 'John Doe' },
  age: { type: 'integer', default: 30 },
  score: { type: 'number', default: 95.5 },
  status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
  verified: { type: 'boolean', default: true },
};

const titled = (one: string, two: string, three: string, titles: string) => [
  { const: one, title: `First ${titles}` },
  { const: two, title: `Second ${titles}` },
  { const: three, title: `Third ${titles}` },
];

const choices: Schema = {
  untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
  titledSingle: { type: 'string', oneOf: titled('value1', 'value2', 'value3', 'Option') },
  legacyEnum: {
    type: 'string',
    enum: ['opt1', 'opt2', 'opt3'],
    enumNames: ['Option One', 'Option Two', 'Option Three'],
  },
  untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
  titledMulti: { type: 'array', items: { anyOf: titled('value1', 'value2', 'value3', 'Choice') } },
};

function addResources(server: McpServer): void {
  for (const [uri, content] of Object.entries(plainResources))
    server.registerResource(uri, uri, { description: uri, mimeType: content.mimeType }, () => ({
      contents: [{ uri, ...content }],
    }));
  const data = new ResourceTemplate(template, { list: undefined });
  server.registerResource('data', data, { description: 'Data by its id' }, ({ href }, { id }) => ({
    contents: [templateContent(href, id)],
  }));
}

function addPrompts(server: McpServer): void {
  const description = 'For tests.';
  server.registerPrompt('test_simple_prompt', { description }, prompts.simple);
  const arg = () =>
    completable(z.string(), (value) => ['paris', 'park', 'party'].filter((one) => one.startsWith(value)));
  server.registerPrompt(
    'test_prompt_with_arguments',
    { description, argsSchema: { arg1: arg(), arg2: z.string() } },
    ({ arg1, arg2 }) => prompts.withArguments(arg1, arg2),
  );
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description, argsSchema: { resourceUri: z.string() } },
    ({ resourceUri }) => prompts.withResource(resourceUri),
  );
  server.registerPrompt('test_prompt_with_image', { description }, prompts.withImage);
}
