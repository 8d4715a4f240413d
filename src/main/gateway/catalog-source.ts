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

export type CatalogSourceNeeds = Pick<ConnectionsNeeds, 'apps' | 'vault' | 'send'> & { readonly hash: Hash };

/** Prepared once for each change of the state; the hot path only looks up. */
export function catalogView(
  needs: Pick<CatalogSourceNeeds, 'apps' | 'hash'>,
  state: StateRecord,
): GatewayView {
  const tools = state.connections.flatMap((connection) => connectionTools(needs, state, connection));
  const byId = new Map(state.connections.map((one) => [one.connectionId, one]));
  return {
    tools: () => tools,
    revision: (connectionId) => state.policies[connectionId]?.revision ?? 0,
    healthy: (connectionId) => {
      const connection = byId.get(connectionId);
      if (connection === undefined) return { ok: false, why: 'This connection was disconnected.' };
      if (connection.state.kind === 'connected') return { ok: true };
      return { ok: false, why: `${connection.label} is not working: ${connection.state.reason}` };
    },
  };
}

function connectionTools(
  needs: Pick<CatalogSourceNeeds, 'apps' | 'hash'>,
  state: StateRecord,
  connection: ConnectionRecord,
): GatewayTool[] {
  const app = needs.apps.get(connection.appId);
  if (app === undefined) return [];
  return app.tools.flatMap((tool) => {
    const row = findToolPolicy(state.policies, connection.connectionId, tool.name);
    const hash = definitionHash(tool, needs.hash);
    if (row === undefined) return [];
    return {
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
    async call(tool, args, { signal }): Promise<CallAnswer> {
      const found = find(tool);
      const connection = findConnection(needs.vault.read(), tool.connectionId);
      return await callVendor(needs, connection, found.app, found.tool, asArguments(args), signal);
    },
  };
}

function findTool(
  needs: CatalogSourceNeeds,
  tool: GatewayTool,
): { readonly app: App; readonly tool: AppTool } {
  const connection = findConnection(needs.vault.read(), tool.connectionId);
  const app = needs.apps.get(connection.appId);
  const found = app?.tools.find((one) => one.name === tool.tool);
  if (app === undefined || found === undefined)
    throw new Fault('not_found', `The catalog has no tool ${tool.shown}.`);
  return { app, tool: found };
}

function asArguments(args: unknown): Arguments {
  return typeof args === 'object' && args !== null && !Array.isArray(args) ? { ...args } : {};
}
