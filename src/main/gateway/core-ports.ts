/**
 * What the gateway core needs from the rest of the house, as plain data and promises, so that it can run in a
 * process of its own. Types only.
 */

import type { Access, Policy } from '../../preload/contract/shapes';
import type { ActivityEntry } from '../activity/record';
import type { AgentOffers, AskKind } from '../mcp/asked-by-server';
import type {
  Answers,
  CallOptions,
  ListKind,
  Notice,
  Questions,
  ServerAbilities,
  ServerError,
  Surface,
} from '../mcp/tool-server';
import type { AgentScope } from '../store/state-record';

/** Where a tool's calls go: a vendor of the catalog, or a custom MCP server. */
export type ToolSource = 'catalog' | 'mcp';

/** One tool as the gateway knows it. The whole list is replaced whenever anything changes. */
export interface GatewayTool {
  readonly source: ToolSource;
  /** All resources or all prompts of a server, in one; undefined for a tool. */
  readonly surface?: Exclude<Surface, 'tool'> | undefined;
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

/** A result of MCP as JSON text, so that what an upstream wrote passes unchanged. */
export interface ToolResult {
  readonly json: string;
  readonly isError: boolean;
  /** The upstream's refusal of a request that is no call; `json` is empty then. Of a call only where a capability is missing. */
  readonly error?: ServerError | undefined;
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
  /** What is written down of an answer. */
  keep(tool: GatewayTool, result: ToolResult): unknown;
  /** What a technician lets the server of this tool ask agents for in the middle of a call. */
  mayAsk(tool: GatewayTool): readonly AskKind[];
  /** Fetches the credentials inside, at the last moment. @throws Fault */
  call(tool: GatewayTool, args: unknown, options: Omit<CallOptions, 'isRead'>): Promise<CallAnswer>;
}

/** What servers list of their resources and prompts, asked at the moment. */
export interface ServerLists {
  /** Untrusted. @throws Fault */
  list(connectionId: string, kind: ListKind): Promise<readonly unknown[]>;
  abilities(connectionId: string): ServerAbilities;
  /** Told when the resource has changed, until the answer is called. @throws Fault */
  watch(connectionId: string, uri: string, onUpdated: () => void): Promise<() => void>;
}

/** How a call is heard and asked in its middle; what its stream cannot carry is left out. */
export interface CallWay {
  readonly signal: AbortSignal;
  readonly onNotice?: ((notice: Notice) => void) | undefined;
  readonly wantsProgress?: boolean | undefined;
  readonly logLevel?: string | undefined;
  readonly asker?: AgentAsker | undefined;
  /** Ends the call from our side. */
  readonly abort?: (() => void) | undefined;
  /** Of 2026-07-28 or newer. */
  readonly isModern?: boolean | undefined;
}

export interface AgentAsker {
  readonly offers: AgentOffers;
  /** @returns What the agent answered, untrusted. @throws Fault when it refused, went away or took too long. */
  ask(questions: Questions): Promise<Answers>;
}

export interface KnownAgent {
  readonly agentId: string;
  readonly name: string;
  readonly scope: AgentScope;
}

/** Knows no agent that was revoked or whose time is over. */
export interface AgentBook {
  byToken(token: string): KnownAgent | undefined;
  /** As it is now. */
  byId(agentId: string): KnownAgent | undefined;
  seen(agentId: string): void;
}

export interface ActivitySink {
  append(entry: ActivityEntry): Promise<unknown>;
}
