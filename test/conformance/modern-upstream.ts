/** What the suite asks of a server of 2026-07-28, made with the SDK's v2: no session, questions as results, changes on one stream. */
import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  completable,
  createMcpHandler,
  createRequestStateCodec,
  fromJsonSchema,
  inputRequired,
  McpServer,
  ResourceTemplate,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import {
  keywords,
  pause,
  plainResources,
  plainTools,
  prompts,
  template,
  templateContent,
  text,
} from './contents';

const states = createRequestStateCodec<{ readonly step: number }>({ key: randomBytes(32) });

export function modernUpstream(): RequestListener {
  const changed = { tool: false, prompt: false };
  const handler = createMcpHandler(
    () => {
      const server = new McpServer(
        { name: 'conformance', version: '2' },
        {
          requestState: { verify: states.verify },
          capabilities: {
            tools: { listChanged: true },
            prompts: { listChanged: true },
            resources: { listChanged: true, subscribe: true },
            logging: {},
          },
        },
      );
      for (const [name, content] of Object.entries(plainTools))
        server.registerTool(name, { description: name }, () => ({ content: [...content] }));
      addTools(server);
      addAsking(server);
      addStates(server);
      addSchemas(server);
      addResources(server);
      addPrompts(server);
      if (changed.tool) server.registerTool('test_new_tool', { description: 'New.' }, done);
      if (changed.prompt) server.registerPrompt('test_new_prompt', { description: 'New.' }, prompts.simple);
      server.registerTool('test_trigger_tool_change', { description: 'Changes the tools.' }, () => {
        changed.tool = !changed.tool;
        handler.notify.toolsChanged();
        return done();
      });
      server.registerTool('test_trigger_prompt_change', { description: 'Changes the prompts.' }, () => {
        changed.prompt = !changed.prompt;
        handler.notify.promptsChanged();
        return done();
      });
      return server;
    },
    { legacy: 'reject' },
  );
  return toNodeHandler(handler) as RequestListener;
}

const done = () => ({ content: [text('Done.')] });

function addTools(server: McpServer): void {
  server.registerTool('test_error_handling', { description: 'Fails.' }, () => {
    throw new Error('This tool intentionally returns an error for testing');
  });
  server.registerTool('test_tool_with_progress', { description: 'Tells its progress.' }, async (ctx) => {
    const progressToken = ctx.mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined)
        await ctx.mcpReq.notify({
          method: 'notifications/progress',
          params: { progressToken, progress, total: 100 },
        });
      await pause(50);
    }
    return { content: [text(String(progressToken))] };
  });
  server.registerTool('test_logging_tool', { description: 'Logs.' }, async (ctx) => {
    await ctx.mcpReq.log('info', 'A word that nobody may have asked for.');
    return done();
  });
  // The SDK refuses it for clients without sampling.
  server.registerTool('test_missing_capability', { description: 'Needs sampling.' }, (ctx) =>
    ctx.mcpReq.inputResponses === undefined
      ? inputRequired({ inputRequests: { greeting: textAsked('Generate a greeting') } })
      : done(),
  );
}

/** Not scored: keywords that must pass as they are, and an argument that stands in a header too. */
function addSchemas(server: McpServer): void {
  const description = 'Tool with JSON Schema 2020-12 features';
  server.registerTool(
    'json_schema_2020_12_tool',
    { description, inputSchema: fromJsonSchema(keywords) },
    done,
  );
  const inputSchema = fromJsonSchema({
    type: 'object',
    properties: { region: { type: 'string', 'x-mcp-header': 'Region' } as object },
    required: ['region'],
  });
  server.registerTool('test_header_argument', { description: 'Has a header.', inputSchema }, done);
}

const capabilitiesOf = (ctx: ServerContext): Readonly<Record<string, unknown>> =>
  Object(Object(ctx.mcpReq.envelope)[CLIENT_CAPABILITIES_META_KEY]);

const nameAsked = inputRequired.elicit({
  message: 'What is your name?',
  requestedSchema: z.object({ name: z.string() }),
});
const textAsked = (question: string) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: text(question) }], maxTokens: 100 });

function addAsking(server: McpServer): void {
  const description = 'Asks.';
  server.registerTool('test_input_required_result_elicitation', { description }, (ctx) => {
    const answer = acceptedContent(ctx.mcpReq.inputResponses, 'user_name');
    if (answer === undefined) return inputRequired({ inputRequests: { user_name: nameAsked } });
    return { content: [text(`Hello, ${String(answer.name)}!`)] };
  });
  server.registerTool('test_streaming_elicitation', { description }, (ctx) => {
    const answer = acceptedContent(ctx.mcpReq.inputResponses, 'user_name');
    return answer === undefined ? inputRequired({ inputRequests: { user_name: nameAsked } }) : done();
  });
  server.registerTool('test_input_required_result_sampling', { description }, (ctx) => {
    const answer = ctx.mcpReq.inputResponses?.capital_question;
    if (answer === undefined)
      return inputRequired({
        inputRequests: { capital_question: textAsked('What is the capital of France?') },
      });
    return { content: [text(JSON.stringify(answer))] };
  });
  server.registerTool('test_input_required_result_list_roots', { description }, (ctx) => {
    const answer = ctx.mcpReq.inputResponses?.client_roots;
    if (answer === undefined)
      return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
    return { content: [text(JSON.stringify(answer))] };
  });
  server.registerTool('test_input_required_result_capabilities', { description }, (ctx) => {
    if (ctx.mcpReq.inputResponses !== undefined) return done();
    const { sampling, elicitation } = capabilitiesOf(ctx);
    return inputRequired({
      inputRequests: {
        ...(sampling === undefined ? {} : { greeting: textAsked('Generate a greeting') }),
        ...(elicitation === undefined ? {} : { user_name: nameAsked }),
      },
    });
  });
}

const confirmAsked = inputRequired.elicit({
  message: 'Please confirm',
  requestedSchema: z.object({ ok: z.boolean() }),
});

function addStates(server: McpServer): void {
  const description = 'Asks, and remembers where it was.';
  for (const name of ['request_state', 'tampered_state'])
    server.registerTool(`test_input_required_result_${name}`, { description }, async (ctx) => {
      const step = ctx.mcpReq.requestState<{ readonly step: number }>()?.step;
      if (step === undefined)
        return inputRequired({
          inputRequests: { confirm: confirmAsked },
          requestState: await states.mint({ step: 1 }, ctx),
        });
      return { content: [text('state-ok')] };
    });
  server.registerTool('test_input_required_result_multiple_inputs', { description }, async (ctx) => {
    if (ctx.mcpReq.requestState() !== undefined) return done();
    return inputRequired({
      inputRequests: {
        user_name: nameAsked,
        greeting: textAsked('Generate a greeting'),
        client_roots: inputRequired.listRoots(),
      },
      requestState: await states.mint({ step: 1 }, ctx),
    });
  });
  server.registerTool('test_input_required_result_multi_round', { description }, async (ctx) => {
    const step = ctx.mcpReq.requestState<{ readonly step: number }>()?.step ?? 0;
    if (step === 2) return done();
    const asked = step === 0 ? nameAsked : confirmAsked;
    return inputRequired({
      inputRequests: { [`step${step + 1}`]: asked },
      requestState: await states.mint({ step: step + 1 }, ctx),
    });
  });
}

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
  const arg = completable(z.string(), (value) =>
    ['paris', 'park', 'party'].filter((one) => one.startsWith(value ?? '')),
  );
  server.registerPrompt(
    'test_prompt_with_arguments',
    { description, argsSchema: z.object({ arg1: arg, arg2: z.string() }) },
    ({ arg1, arg2 }) => prompts.withArguments(arg1, arg2),
  );
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description, argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri }) => prompts.withResource(resourceUri),
  );
  server.registerPrompt('test_prompt_with_image', { description }, prompts.withImage);
  server.registerPrompt('test_input_required_result_prompt', { description }, (ctx) => {
    const answer = acceptedContent(ctx.mcpReq.inputResponses, 'user_context');
    if (answer !== undefined) return prompts.simple();
    const user_context = inputRequired.elicit({
      message: 'What context should the prompt use?',
      requestedSchema: z.object({ context: z.string() }),
    });
    return inputRequired({ inputRequests: { user_context } });
  });
}
