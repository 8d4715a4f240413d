/**
 * What the gateway core needs from the rest of the house, as plain data and promises, so that it can run in a
 * process of its own. Types only.
 */

import type { Access, Policy } from '../../preload/contract/shapes';
import type { ActivityEntry } from '../activity/record';

/** Where a tool's calls go: a vendor of the catalog, or a custom MCP server. */
export type ToolSource = 'catalog' | 'mcp';

/** One tool as the gateway knows it. The whole list is replaced whenever anything changes. */
export interface GatewayTool {
  readonly source: ToolSource;
  readonly connectionId: string;
  readonly connectionLabel: string;
  readonly alias: string;
  readonly tool: string;
  /** `connectwise-psa:list-tickets`, `mcp:orders:get-order` */
  readonly shown: string;
  readonly title: string;
  readonly description: string;
  readonly access: Access;
  readonly policy: Policy;
  readonly definitionHash: string;
  readonly inputSchema: unknown;
  /** "POST /service/tickets/{id}/notes" */
  readonly request: string;
  readonly annotations: Readonly<Record<string, string | boolean>>;
  /** What a custom server's definition holds besides, for agents as it is. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export interface GatewayView {
  /** The same tools are the same objects, so that nothing made from them is made twice. */
  tools(): readonly GatewayTool[];
  knows(connectionId: string): boolean;
  revision(connectionId: string): number;
  healthy(connectionId: string): { readonly ok: true } | { readonly ok: false; readonly why: string };
}

/** A `CallToolResult` of MCP as JSON text, so that what an upstream wrote passes unchanged. */
export interface ToolResult {
  readonly json: string;
  readonly isError: boolean;
}

export interface CallAnswer {
  readonly result: ToolResult;
  readonly status?: number;
  readonly bytes: number;
}

export interface Upstreams {
  /** A sentence that the model can correct; undefined when the arguments fit. */
  checkArguments(tool: GatewayTool, args: unknown): string | undefined;
  /** What will happen, for the person who decides. */
  sentence(tool: GatewayTool, args: unknown): string;
  /** The arguments as they may be shown and written down. */
  redact(tool: GatewayTool, args: unknown): unknown;
  /** Fetches the credentials inside, at the last moment. @throws Fault */
  call(tool: GatewayTool, args: unknown, options: { readonly signal: AbortSignal }): Promise<CallAnswer>;
}

export interface KnownAgent {
  readonly agentId: string;
  readonly name: string;
}

export interface AgentBook {
  byToken(token: string): KnownAgent | undefined;
  isActive(agentId: string): boolean;
  seen(agentId: string): void;
}

export interface ActivitySink {
  append(entry: ActivityEntry): Promise<unknown>;
}
