/**
 * What the gateway needs from a custom MCP server: its tools as it lists them, its resources and prompts, and one request at a time. */

import type { FaultCode } from '../../preload/contract/reply';
import type { ParamHeader } from './param-headers';

/** What a row of the policies opens: a tool, all resources of its server, or all its prompts. */
export type Surface = 'tool' | 'resources' | 'prompts';

/** One tool exactly as its server defines it. Everything in it is untrusted. Resources and prompts are one entry each, made by us. */
export interface ServerTool {
  readonly surface: Surface;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** Arguments that are sent in headers too. */
  readonly paramHeaders: readonly ParamHeader[];
  readonly hints: { readonly readOnlyHint?: boolean; readonly destructiveHint?: boolean };
  /** What agents get to see besides (`outputSchema`, `icons`, `_meta` …), unchanged. */
  readonly more: Readonly<Record<string, unknown>>;
  /** Everything, as it was listed. */
  readonly definition: Readonly<Record<string, unknown>>;
  /** SHA-256 over the whole normalised definition, lower-case hex. */
  readonly definitionHash: string;
}

/** A tool that its server lists and that is not offered. */
export interface RefusedTool {
  /** As it is listed, cut; may hold anything. */
  readonly name: string;
  /** A whole sentence. */
  readonly why: string;
}

/** What a server lists: each tool is in one of the two. */
export interface Listing {
  readonly tools: readonly ServerTool[];
  readonly refused: readonly RefusedTool[];
}

export type ServerState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'ready' }
  /** `why` is a whole sentence; the link tries again by itself. */
  | { readonly kind: 'lost'; readonly why: string; readonly code: FaultCode };

export interface ServerAnswer {
  /** The result as the server wrote it: valid JSON, one object, no line breaks. */
  readonly json: string;
  readonly isError: boolean;
  readonly bytes: number;
  /**
   * The server's refusal of a request that is no `tools/call`; `json` is empty then. Its words are cut to a line. A call has it too where
   * the server lacks something that agents can offer.
   */
  readonly error?: ServerError | undefined;
}

export interface ServerError {
  readonly code: number;
  readonly message: string;
  /** Only for a capability that the agent did not offer: its name. @see MCP 2026-07-28, MissingRequiredClientCapabilityError */
  readonly lacks?: readonly string[] | undefined;
}

/** Requests besides `tools/call`. They only read. */
export type OtherMethod = 'resources/read' | 'prompts/get' | 'completion/complete';

/** What a server can list besides its tools. */
export type ListKind = 'resources' | 'templates' | 'prompts';

/** What a server may be asked or say besides. */
export interface ServerAbilities {
  readonly logging: boolean;
  readonly completions: boolean;
  /** Whether it tells when single resources change. */
  readonly subscriptions: boolean;
}

export const noAbilities: ServerAbilities = { logging: false, completions: false, subscriptions: false };

export interface ToolServer {
  /** Unique, as the technician named it. */
  readonly name: string;
  /** Where it is, for people: scheme, host and port. */
  readonly origin: string;
  state(): ServerState;
  /** The same array until the server lists something else. Stays when the server is lost. */
  tools(): readonly ServerTool[];
  /**
   * One `tools/call`. A read is tried again once where the server has forgotten our session; nothing else is.
   *
   * @param args Untrusted, already checked.
   * @throws Fault `vendor_unreachable`, `vendor_timeout`, `vendor_too_large`, `vendor_answer_invalid`, `vendor_busy`,
   *   `vendor_refused`, `redirect_refused`, `cancelled`.
   */
  call(tool: string, args: unknown, options: CallOptions): Promise<ServerAnswer>;
  /** One request of another method. @throws Fault as for `call` */
  request(
    method: OtherMethod,
    params: Readonly<Record<string, unknown>>,
    options: CallOptions,
  ): Promise<ServerAnswer>;
  /** What it lists now, whole and untrusted, within bounds of number and time. @throws Fault */
  list(kind: ListKind): Promise<readonly unknown[]>;
  abilities(): ServerAbilities;
  /** Told when the resource has changed, until the answer is called. @throws Fault where the server refuses or is away. */
  watch(uri: string, onUpdated: () => void): Promise<() => void>;
}

export interface CallOptions {
  readonly signal: AbortSignal;
  readonly isRead: boolean;
  /** Answers what the server asks for in the middle of the call; without it the server is told that nobody can. */
  readonly onAsked?: ((asked: Questions) => Promise<Answers>) | undefined;
  /** What the agent of this call can be asked for, as MCP names it; from 2026-07-28 on each call says so. */
  readonly capabilities?: Readonly<Record<string, unknown>> | undefined;
  /** The log messages that are wanted of this call; from 2026-07-28 on none come where nothing is said. */
  readonly logLevel?: string | undefined;
  /** Told progress of this call and log messages on its stream. */
  readonly onNotice?: ((notice: Notice) => void) | undefined;
  /** Whether the server is asked to tell its progress. */
  readonly wantsProgress?: boolean | undefined;
}

/** What a server tells in the middle of a call, untrusted. The progress token in it is ours, and nobody else's business. */
export interface Notice {
  readonly method: 'notifications/progress' | 'notifications/message';
  readonly params: Readonly<Record<string, unknown>>;
}

/** What is asked together, by the names that the server gave. */
export type Questions = Readonly<Record<string, AskedByServer>>;
/** Untrusted, by the same names. */
export type Answers = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** `elicitation/create`, `sampling/createMessage` or `roots/list`, untrusted. */
export interface AskedByServer {
  readonly method: string;
  readonly params: unknown;
  /** Aborted when the server takes its question back. */
  readonly signal?: AbortSignal | undefined;
}

/** What one POST of a JSON-RPC request came to. */
export interface PostAnswer {
  readonly status: number;
  /** The JSON text of the answering message, or the body of a refusal (at most `maxBytes`); may be empty. */
  readonly text: string;
  /** `WWW-Authenticate` of a refusal. */
  readonly challenge: string | undefined;
}

/** The quick way to one server: pooled connections, one request each time, nothing parsed that need not be. */
export interface CallPipe {
  /**
   * @param id The request's id; in an event stream the message that answers it is looked for.
   * @param onOther Told other messages of an event stream as JSON text.
   * @throws Fault `vendor_unreachable`, `vendor_timeout`, `vendor_too_large`, `vendor_answer_invalid`,
   *   `redirect_refused`, `cancelled`.
   */
  post(
    body: string,
    headers: Readonly<Record<string, string>>,
    options: {
      readonly id: number;
      readonly timeoutMs: number;
      readonly maxBytes: number;
      readonly signal: AbortSignal;
      readonly onOther: (text: string) => void;
      /** While true, the time-out starts anew instead of ending the request: somebody is being asked. */
      readonly isHeld?: (() => boolean) | undefined;
    },
  ): Promise<PostAnswer>;
  /** For the SDK's handshakes and lists: the same address only, bounded answers, redirects left unfollowed. */
  readonly fetch: (url: string | URL, init?: RequestInit) => Promise<Response>;
  close(): Promise<void>;
}
