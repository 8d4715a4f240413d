/**
 * Catalog connections as the gateway sees them: their tools with policies, and the one call each can make.
 * Refuses a tool that has no policy: what is not in the book does not exist for an agent.
 */

import { Fault } from '../../preload/contract/reply';
import { redactArguments } from '../activity/redact';
import type { App, AppTool } from '../catalog/app';
import { checkArguments } from '../catalog/check-arguments';
import { type Arguments, describeRequest } from '../catalog/request-template';
import { approvalSentence } from '../catalog/vendor-answer';
import { callVendor } from '../connections/call-vendor';
import { definitionHash, type Hash } from '../connections/catalog-tools';
import { type ConnectionsNeeds, findConnection } from '../connections/connect';
import { findToolPolicy } from '../store/policy-book';
import type { ConnectionRecord, StateRecord } from '../store/state-record';
import type { CallAnswer, GatewayTool, GatewayView, Upstreams } from './core-ports';
import { keptResult } from './kept-result';

export type CatalogSourceNeeds = Pick<ConnectionsNeeds, 'apps' | 'vault' | 'send' | 'signIn'> & {
  readonly hash: Hash;
  /** Told when a vendor did not take the credentials of a call. */
  readonly onRefused?: (connectionId: string) => void;
};

/** Definitions never change while we run: each is hashed once. */
const hashes = new WeakMap<AppTool, string>();
/** The tools of a connection as long as nothing that shows in them has changed. */
const prepared = new WeakMap<App, Map<string, { key: string; tools: readonly GatewayTool[] }>>();
const byName = new WeakMap<App, ReadonlyMap<string, AppTool>>();

/** Prepared once for each change of the state; the hot path only looks up. */
export function catalogView(
  needs: Pick<CatalogSourceNeeds, 'apps' | 'hash'>,
  state: StateRecord,
): GatewayView {
  const tools = state.connections.flatMap((connection) => keptTools(needs, state, connection));
  const byId = new Map(state.connections.map((one) => [one.connectionId, one]));
  return {
    tools: () => tools,
    knows: (connectionId) => byId.has(connectionId),
    revision: (connectionId) => state.policies[connectionId]?.revision ?? 0,
    healthy: (connectionId) => {
      const connection = byId.get(connectionId);
      if (connection === undefined) return { ok: false, why: 'This connection was disconnected.' };
      if (connection.state.kind === 'connected') return { ok: true };
      return { ok: false, why: `${connection.label} is not working: ${connection.state.reason}` };
    },
  };
}

function keptTools(
  needs: Pick<CatalogSourceNeeds, 'apps' | 'hash'>,
  state: StateRecord,
  connection: ConnectionRecord,
): readonly GatewayTool[] {
  const app = needs.apps.get(connection.appId);
  if (app === undefined) return [];
  const { connectionId, label, alias } = connection;
  const key = JSON.stringify([label, alias, state.policies[connectionId]?.tools]);
  const kept = prepared.get(app) ?? new Map();
  prepared.set(app, kept);
  const before = kept.get(connectionId);
  if (before?.key === key) return before.tools;
  const tools = connectionTools(needs, state, connection, app);
  kept.set(connectionId, { key, tools });
  return tools;
}

function hashOf(tool: AppTool, hash: Hash): string {
  const known = hashes.get(tool) ?? definitionHash(tool, hash);
  hashes.set(tool, known);
  return known;
}

function connectionTools(
  needs: Pick<CatalogSourceNeeds, 'apps' | 'hash'>,
  state: StateRecord,
  connection: ConnectionRecord,
  app: App,
): GatewayTool[] {
  return app.tools.flatMap((tool) => {
    const row = findToolPolicy(state.policies, connection.connectionId, tool.name);
    const hash = hashOf(tool, needs.hash);
    if (row === undefined) return [];
    return {
      source: 'catalog',
      connectionId: connection.connectionId,
      connectionLabel: connection.label,
      alias: connection.alias,
      tool: tool.name,
      shown: `${connection.appId}:${tool.name}`,
      title: tool.title,
      description: tool.description,
      access: row.access,
      policy: row.definitionHash === hash || row.policy !== 'auto' ? row.policy : 'approval_needed',
      definitionHash: hash,
      inputSchema: tool.input,
      request: describeRequest(tool),
      annotations: {
        title: tool.title,
        readOnlyHint: row.access === 'read',
        destructiveHint: row.access === 'destructive',
        openWorldHint: true,
      },
    };
  });
}

export function catalogUpstreams(needs: CatalogSourceNeeds): Upstreams {
  const find = (tool: GatewayTool) => findTool(needs, tool);
  return {
    checkArguments: (tool, args) => checkArguments(find(tool).tool.input, args),
    sentence: (tool, args) => approvalSentence(find(tool).tool, asArguments(args)),
    redact: (tool, args) => redactArguments(find(tool).tool.input, args, find(tool).tool.reveals),
    keep: (tool, result) => keptResult(tool, result, find(tool).tool.reveals),
    mayAsk: () => [],
    async call(tool, args, { signal }): Promise<CallAnswer> {
      const found = find(tool);
      const connection = findConnection(needs.vault.read(), tool.connectionId);
      const refused = () => needs.onRefused?.(tool.connectionId);
      const { result, ...facts } = await callVendor(
        needs,
        connection,
        found.app,
        found.tool,
        asArguments(args),
        signal,
      ).catch((error: unknown) => {
        const isRefused = error instanceof Fault && /^(oauth|vendor)_refused$/.test(error.code);
        if (isRefused) refused();
        throw error;
      });
      if (facts.status === 401) refused();
      return { ...facts, result: { json: JSON.stringify(result), isError: result.isError === true } };
    },
  };
}

function findTool(
  needs: CatalogSourceNeeds,
  tool: GatewayTool,
): { readonly app: App; readonly tool: AppTool } {
  const connection = findConnection(needs.vault.read(), tool.connectionId);
  const app = needs.apps.get(connection.appId);
  const found = app === undefined ? undefined : toolsByName(app).get(tool.tool);
  if (app === undefined || found === undefined)
    throw new Fault('not_found', `The catalog has no tool ${tool.shown}.`);
  return { app, tool: found };
}

function toolsByName(app: App): ReadonlyMap<string, AppTool> {
  const known = byName.get(app) ?? new Map(app.tools.map((tool) => [tool.name, tool]));
  byName.set(app, known);
  return known;
}

function asArguments(args: unknown): Arguments {
  return typeof args === 'object' && args !== null && !Array.isArray(args) ? { ...args } : {};
}
