/**
 * Custom MCP servers as the gateway sees them: their tools with access and policy, and the one call each can make.
 * What a server says of itself may tighten, never loosen.
 */
import { Fault } from '../../preload/contract/reply';
import type { Policy } from '../../preload/contract/shapes';
import { redactArguments } from '../activity/redact';
import { oneLine } from '../catalog/vendor-answer';
import { ServerArgumentChecks } from '../mcp/check-server-arguments';
import type { ServerTool, ToolServer } from '../mcp/tool-server';
import { resyncPolicies, seedPolicies } from '../policies/seed';
import type { ConnectionPolicies } from '../store/policy-book';
import type { GatewayTool, GatewayView, Upstreams } from './core-ports';

export interface McpSource {
  view(): GatewayView;
  readonly upstreams: Upstreams;
}

interface Known {
  readonly listed: readonly ServerTool[];
  readonly policies: ConnectionPolicies;
  readonly tools: readonly GatewayTool[];
}

const connectionIdOf = (server: ToolServer) => `mcp_${server.name.toLowerCase()}`;

/** @param policy One policy for every tool; without it each is seeded by the rules. */
export function createMcpSource(servers: readonly ToolServer[], policy: Policy | undefined): McpSource {
  const byId = new Map(servers.map((server) => [connectionIdOf(server), server]));
  const known = new Map<ToolServer, Known>();
  const checks = new ServerArgumentChecks();

  const knownOf = (server: ToolServer): Known => {
    const listed = server.tools();
    const before = known.get(server);
    if (before !== undefined && before.listed === listed) return before;
    const now = learn(server, listed, before, policy);
    known.set(server, now);
    return now;
  };
  const serverOf = (tool: GatewayTool): ToolServer => {
    const server = byId.get(tool.connectionId);
    if (server === undefined) throw new Fault('not_found', `There is no server for ${tool.shown}.`);
    return server;
  };

  return {
    view: () => {
      const tools = servers.flatMap((server) => knownOf(server).tools);
      return {
        tools: () => tools,
        knows: (connectionId) => byId.has(connectionId),
        revision: (connectionId) => {
          const server = byId.get(connectionId);
          return server === undefined ? 0 : (known.get(server)?.policies.revision ?? 0);
        },
        healthy: (connectionId) => health(byId.get(connectionId)),
      };
    },
    upstreams: {
      checkArguments: (tool, args) => checks.check(tool.definitionHash, tool.inputSchema, args),
      sentence: (tool) => oneLine(`Run ${tool.tool} on ${tool.connectionLabel}.`).slice(0, 300),
      redact: (tool, args) => redactArguments(tool.inputSchema, args, []),
      async call(tool, args, { signal }) {
        const answer = await serverOf(tool).call(tool.tool, args, {
          signal,
          isRead: tool.access === 'read',
        });
        return { result: { json: answer.json, isError: answer.isError }, bytes: answer.bytes };
      },
    },
  };
}

/** Unchanged definitions keep their tool as it is, so that nothing that hangs on it is made again. */
function learn(
  server: ToolServer,
  listed: readonly ServerTool[],
  before: Known | undefined,
  fixed: Policy | undefined,
): Known {
  const seeds = listed.map((tool) => ({ ...tool, annotations: tool.hints }));
  const hadTools = before !== undefined && before.listed.length > 0;
  const policies = hadTools ? resyncPolicies(before.policies, seeds) : seedPolicies(server.name, seeds);
  const old = new Map(before?.tools.map((tool) => [tool.tool, tool]));
  const tools = listed.flatMap((tool) => {
    const row = Object.hasOwn(policies.tools, tool.name) ? policies.tools[tool.name] : undefined;
    if (row === undefined) return [];
    const policy = fixed ?? row.policy;
    const kept = old.get(tool.name);
    if (kept?.definitionHash === tool.definitionHash && kept.policy === policy) return [kept];
    return [gatewayTool(server, tool, policy, row.access)];
  });
  return { listed, policies, tools };
}

function gatewayTool(
  server: ToolServer,
  tool: ServerTool,
  policy: Policy,
  access: GatewayTool['access'],
): GatewayTool {
  return {
    source: 'mcp',
    connectionId: connectionIdOf(server),
    connectionLabel: server.name,
    alias: server.name.toLowerCase(),
    tool: tool.name,
    shown: `mcp:${server.name}:${tool.name}`,
    title: tool.title,
    description: tool.description,
    access,
    policy,
    definitionHash: tool.definitionHash,
    inputSchema: tool.inputSchema,
    request: `tools/call ${tool.name} at ${server.origin}`,
    annotations: {
      title: tool.title,
      readOnlyHint: access === 'read',
      destructiveHint: access === 'destructive',
      openWorldHint: true,
    },
    more: tool.more,
  };
}

function health(server: ToolServer | undefined): ReturnType<GatewayView['healthy']> {
  if (server === undefined) return { ok: false, why: 'This server was removed.' };
  const state = server.state();
  if (state.kind === 'ready') return { ok: true };
  if (state.kind === 'connecting')
    return { ok: false, why: `${server.name} is being connected. Try again in a moment.` };
  return { ok: false, why: `${server.name} is not working: ${state.why}` };
}
