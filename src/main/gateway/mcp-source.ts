/**
 * Custom MCP servers as the gateway sees them: their tools, resources and prompts with access and policy, and the one call each can make.
 * What a server says of itself may tighten, never loosen; a definition that changed asks until a technician has accepted it.
 */

import { Fault } from '../../preload/contract/reply';
import type { Policy } from '../../preload/contract/shapes';
import { redactArguments } from '../activity/redact';
import { oneLine } from '../catalog/vendor-answer';
import { isObject } from '../json-object';
import type { AskKind } from '../mcp/asked-by-server';
import { ServerArgumentChecks } from '../mcp/check-server-arguments';
import { requestOf } from '../mcp/surfaces';
import {
  type CallOptions,
  noAbilities,
  type ServerAnswer,
  type ServerState,
  type ServerTool,
  type ToolServer,
} from '../mcp/tool-server';
import type { ConnectionPolicies, ToolPolicy } from '../store/policy-book';
import type { GatewayTool, GatewayView, ServerLists, Upstreams } from './core-ports';
import { keptResult } from './kept-result';
import { rewriteUris } from './rewrite-uris';
import { agentUri } from './surface-names';

export interface McpSource {
  view(): GatewayView;
  readonly upstreams: Upstreams;
  readonly lists: ServerLists;
}

/** One custom server with the tools that agents may know of. */
export interface ListedServer {
  readonly connectionId: string;
  readonly label: string;
  readonly alias: string;
  /** Where it is, for people. */
  readonly origin: string;
  readonly state: () => ServerState;
  /** The same array until it is another list. */
  readonly tools: readonly ServerTool[];
  /** The same object until it is another decision. */
  readonly policies: ConnectionPolicies;
  /** One policy for every tool: tests and measurements only. */
  readonly fixed?: Policy | undefined;
  /** What a technician lets it ask agents for. */
  readonly mayAsk: readonly AskKind[];
  readonly call: ToolServer['call'];
  readonly request: ToolServer['request'];
  readonly list: ToolServer['list'];
  readonly abilities: ToolServer['abilities'];
  readonly watch: ToolServer['watch'];
}

interface Known {
  readonly server: ListedServer;
  readonly tools: readonly GatewayTool[];
}

/**
 * @param servers As they are now; asked whenever the view is made anew.
 * @param unprefixed Tests and measurements only: addresses stay as their server wrote them.
 */
export function createMcpSource(servers: () => readonly ListedServer[], unprefixed = false): McpSource {
  let known: ReadonlyMap<string, Known> = new Map();
  const checks = new ServerArgumentChecks();
  const learnAll = () => {
    known = new Map(
      servers().map((server) => [server.connectionId, learn(server, known.get(server.connectionId))]),
    );
    return known;
  };
  const serverOf = (connectionId: string): ListedServer => {
    const found = known.get(connectionId);
    if (found === undefined) throw new Fault('not_found', 'There is no such server any more.');
    return found.server;
  };

  return {
    view: () => {
      const now = learnAll();
      const lists = [...now.values()].map(({ tools }) => tools);
      const tools = lists.length === 1 && lists[0] !== undefined ? lists[0] : lists.flat();
      return {
        tools: () => tools,
        knows: (connectionId) => now.has(connectionId),
        revision: (connectionId) => now.get(connectionId)?.server.policies.revision ?? 0,
        healthy: (connectionId) => health(now.get(connectionId)?.server),
      };
    },
    upstreams: {
      checkArguments: (tool, args) => checks.check(tool.definitionHash, tool.inputSchema, args),
      sentence: (tool, args) => oneLine(sentence(tool, args)).slice(0, 300),
      redact: (tool, args) => redactArguments(tool.inputSchema, args, []),
      keep: (tool, result) => keptResult(tool, result, []),
      mayAsk: (tool) => serverOf(tool.connectionId).mayAsk,
      async call(tool, args, options) {
        const { json, isError, bytes, error } = await ask(serverOf(tool.connectionId), tool, args, options);
        if (error !== undefined) return { result: { json, isError, error }, bytes };
        const agents = unprefixed
          ? json
          : rewriteUris(json, tool.surface ?? 'tool', (uri) => agentUri(tool.alias, uri));
        return { result: { json: agents, isError }, bytes };
      },
    },
    lists: {
      list: async (connectionId, kind) => await serverOf(connectionId).list(kind),
      abilities: (connectionId) => known.get(connectionId)?.server.abilities() ?? noAbilities,
      watch: async (connectionId, uri, onUpdated) => await serverOf(connectionId).watch(uri, onUpdated),
    },
  };
}

function ask(
  server: ListedServer,
  { surface, tool, access }: GatewayTool,
  args: unknown,
  options: Omit<CallOptions, 'isRead'>,
): Promise<ServerAnswer> {
  if (surface === undefined) return server.call(tool, args, { ...options, isRead: access === 'read' });
  const params = isObject(args) ? args : {};
  const method = 'ref' in params ? 'completion/complete' : methods[surface];
  return server.request(method, params, { ...options, isRead: true });
}

const methods = { resources: 'resources/read', prompts: 'prompts/get' } as const;

function sentence({ surface, tool, connectionLabel }: GatewayTool, args: unknown): string {
  const { uri, name } = isObject(args) ? args : {};
  if (surface === 'resources') return `Read ${String(uri)} of ${connectionLabel}.`;
  if (surface === 'prompts') return `Get the prompt ${String(name)} of ${connectionLabel}.`;
  return `Run ${tool} on ${connectionLabel}.`;
}

/** What did not change keeps its tool as it is, so that nothing that hangs on it is made again. */
function learn(server: ListedServer, before: Known | undefined): Known {
  const isSame =
    before !== undefined &&
    before.server.tools === server.tools &&
    before.server.policies === server.policies &&
    before.server.fixed === server.fixed &&
    before.server.label === server.label;
  if (isSame) return { server, tools: before.tools };
  const old = new Map(before?.tools.map((tool) => [tool.tool, tool]));
  const tools = server.tools.flatMap((tool) => {
    const row = Object.hasOwn(server.policies.tools, tool.name)
      ? server.policies.tools[tool.name]
      : undefined;
    if (row === undefined || row.drift?.kind === 'gone') return [];
    const policy = server.fixed ?? effective(row);
    const kept = old.get(tool.name);
    const isKept =
      kept?.definitionHash === tool.definitionHash &&
      kept.policy === policy &&
      kept.access === row.access &&
      kept.connectionLabel === server.label;
    return [isKept ? kept : gatewayTool(server, tool, policy, row.access)];
  });
  return { server, tools };
}

/** A tool that is no longer what was accepted never runs by itself. */
function effective(row: ToolPolicy): Policy {
  return row.drift?.kind === 'changed' && row.policy === 'auto' ? 'approval_needed' : row.policy;
}

function gatewayTool(
  server: ListedServer,
  tool: ServerTool,
  policy: Policy,
  access: GatewayTool['access'],
): GatewayTool {
  return {
    source: 'mcp',
    surface: tool.surface === 'tool' ? undefined : tool.surface,
    connectionId: server.connectionId,
    connectionLabel: server.label,
    alias: server.alias,
    tool: tool.name,
    shown: `mcp:${server.label}:${tool.name}`,
    title: tool.title,
    description: tool.description,
    access,
    policy,
    definitionHash: tool.definitionHash,
    inputSchema: tool.inputSchema,
    request: `${requestOf(tool)} at ${server.origin}`,
    annotations: {
      title: tool.title,
      readOnlyHint: access === 'read',
      destructiveHint: access === 'destructive',
      openWorldHint: true,
    },
    more: tool.more,
  };
}

function health(server: ListedServer | undefined): ReturnType<GatewayView['healthy']> {
  if (server === undefined) return { ok: false, why: 'This server was removed.' };
  const state = server.state();
  if (state.kind === 'ready') return { ok: true };
  if (state.kind === 'connecting')
    return { ok: false, why: `${server.label} is being connected. Try again in a moment.` };
  return { ok: false, why: `${server.label} is not working: ${state.why}` };
}
