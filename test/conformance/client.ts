/**
 * The client under test of the official conformance suite: our probe, our sign-in, our link, and nothing of the SDK's own besides.
 * A person is played who agrees to everything; the suite says in the environment what is wanted.
 */
import { createHash } from 'node:crypto';
import { clock } from '../../src/main/clock.node';
import { openCallPipe } from '../../src/main/mcp/call-pipe.node';
import { type ServerCredentials, withCredentials } from '../../src/main/mcp/credentials';
import type { AuthorizationFound } from '../../src/main/mcp/discover-authorization';
import { probe } from '../../src/main/mcp/probe/probe';
import { unionOfScopes } from '../../src/main/mcp/scopes';
import { ServerLink } from '../../src/main/mcp/server-link.node';
import { type SignedIn, signInToServer } from '../../src/main/mcp/sign-in-to-server';
import type { Answers, AskedByServer, Questions, ServerTool } from '../../src/main/mcp/tool-server';
import { createHttpOut } from '../../src/main/network/http-out.node';
import { checkAddress } from '../../src/main/network/public-address';
import { openLoopback } from '../../src/main/oauth/loopback.node';
import type { ShownPage } from '../../src/main/oauth/sign-in';

const address = process.argv.at(-1) ?? '';
const scenario = process.env.MCP_CONFORMANCE_SCENARIO ?? '';
const context: {
  readonly client_id?: string;
  readonly client_secret?: string;
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: unknown }[];
} = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}');
/** The suite knows this address and serves it. */
const documentUrl = 'https://conformance-test.local/client-metadata.json';

const capabilities = { elicitation: { form: { applyDefaults: true } } };
const http = createHttpOut({ allowLoopback: true });
const send = (request: Parameters<typeof http.send>[0], signal?: AbortSignal) =>
  http.send(request, { timeoutMs: 10_000, maxBytes: 1_000_000, signal });

let signedIn: SignedIn | undefined;
let scope: string | undefined;

async function look() {
  const goodbyes: Promise<void>[] = [];
  const found = await probe(address, {
    http,
    nowMs: () => performance.now(),
    version: '1.0.0',
    checkAddress: (text) => checkAddress(text, 'this computer too'),
    takenNames: [],
    afterwards: (work) => goodbyes.push(work),
  });
  await Promise.all(goodbyes);
  if (found.kind === 'no_server') throw new Error(found.finding.sentence);
  for (const { code, sentence } of found.findings) {
    process.stderr.write(`${code}: ${sentence}\n`);
    if (code.endsWith('_mismatch') || code.startsWith('metadata_')) throw new Error(sentence);
  }
  return found;
}

/** A person who agrees: the page is opened, and the way back is followed. */
async function show({ url, redirectUri }: { url: string; redirectUri: string }): Promise<ShownPage> {
  const page = await fetch(url, { redirect: 'manual' });
  const back = page.headers.get('location') ?? '';
  if (!back.startsWith(redirectUri)) throw new Error(`The page leads to ${back}.`);
  await fetch(back);
  return { closed: new Promise(() => undefined), close: () => undefined };
}

async function signIn(found: AuthorizationFound): Promise<void> {
  const byHand =
    context.client_id === undefined
      ? undefined
      : { clientId: context.client_id, clientSecret: context.client_secret };
  scope = unionOfScopes(scope, found.scope);
  signedIn = await signInToServer(
    {
      nowMs: clock.nowMs,
      name: 'the server',
      send,
      clock,
      // The scenarios run side by side, so that none may have a port of its own.
      openLoopback: (place, ...more) => openLoopback({ ...place, port: undefined }, ...more),
      show,
    },
    found,
    {
      byHand,
      documentUrl,
      known: signedIn?.client,
      allowsWithoutPkce: false,
      scope,
    },
    'popup',
    new AbortController().signal,
  );
}

const credentials: ServerCredentials = {
  headers: async () =>
    signedIn === undefined ? {} : { Authorization: `Bearer ${signedIn.tokens.accessToken}` },
  refused: async ({ status, challenge }) => {
    if (status === 403 && challenge.error !== 'insufficient_scope') return false;
    scope = unionOfScopes(scope, challenge.scope);
    const server = await look();
    if (server.auth.kind === 'oauth') await signIn(server.auth.found);
    return server.auth.kind === 'oauth';
  },
};

async function main(): Promise<void> {
  const server = await look();
  if (server.auth.kind === 'oauth') await signIn(server.auth.found);
  const link = new ServerLink({
    name: 'conformance',
    url: server.url,
    version: '1.0.0',
    pipe: withCredentials(openCallPipe(server.url, 'this computer too'), credentials),
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    clock,
    onChanged: () => undefined,
    capabilities,
  });
  await link.connect();
  const state = link.state();
  if (state.kind !== 'ready') throw new Error(state.kind === 'lost' ? state.why : 'not ready');
  const wanted =
    context.toolCalls ??
    link
      .tools()
      .map(({ name, inputSchema }) => ({ name, arguments: sample(name, inputSchema, link.tools()) }));
  for (const { name, arguments: args } of wanted) {
    const signal = new AbortController().signal;
    const answer = await link.call(name, args, { signal, isRead: false, onAsked, capabilities });
    process.stderr.write(`${name}: ${answer.json.slice(0, 300)}\n`);
  }
  await link.close();
}

/** Arguments that fit a schema; the tool that wants to see a schema again gets the one that was listed. */
function sample(name: string, schema: unknown, tools: readonly ServerTool[]): Record<string, unknown> {
  const { properties = {} } = schema as { properties?: Record<string, { type?: string }> };
  const other = tools.find((tool) => tool.name !== name)?.inputSchema;
  const values: Record<string, unknown> = {
    string: 'text',
    number: 2,
    integer: 2,
    boolean: true,
    object: other,
  };
  return Object.fromEntries(
    Object.entries(properties).map(([key, { type = 'string' }]) => [key, values[type] ?? 'text']),
  );
}

async function onAsked(questions: Questions): Promise<Answers> {
  return Object.fromEntries(Object.entries(questions).map(([name, asked]) => [name, accepted(asked)]));
}

/** A person who accepts every form as it is filled in, and ticks what has no default. */
function accepted({ params }: AskedByServer): Record<string, unknown> {
  const { requestedSchema = {} } = params as { requestedSchema?: { properties?: object } };
  const fields = Object.entries(requestedSchema.properties ?? {});
  const content = fields.map(([name, field]) => [name, 'default' in field ? field.default : true]);
  return { action: 'accept', content: Object.fromEntries(content) };
}

main().then(
  () => http.close().then(() => process.exit(0)),
  (error: unknown) => {
    process.stderr.write(`${scenario}: ${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
    process.exit(1);
  },
);
