/**
 * JSON-RPC 2.0 as MCP uses it: one message a request, no batches. Parsed once.
 * @see https://www.jsonrpc.org/specification
 */
import { isObject } from '../json-object';

export type MessageId = string | number;

export interface Message {
  readonly id?: MessageId | undefined;
  readonly method?: string | undefined;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  /** Of an answer to a question of ours; untrusted like all of it. */
  readonly result?: unknown;
  readonly error?: unknown;
}

export type ParsedMessage =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'wrong'; readonly code: number; readonly text: string };

export const codes = {
  parse: -32700,
  invalid: -32600,
  unknownMethod: -32601,
  params: -32602,
  internal: -32603,
  /** Of MCP. @see https://modelcontextprotocol.io/specification/2025-11-25/server/resources (error handling) */
  unknownResource: -32002,
  /** Of MCP since 2026-07-28. @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports */
  headerMismatch: -32020,
  missingCapability: -32021,
  unsupportedVersion: -32022,
} as const;

export function parseMessage(body: string): ParsedMessage {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError)
      return { kind: 'wrong', code: codes.parse, text: 'Parse error: this is not JSON.' };
    throw error;
  }
  if (Array.isArray(json))
    return { kind: 'wrong', code: codes.invalid, text: 'Invalid request: batches are not supported.' };
  if (!isMessage(json))
    return {
      kind: 'wrong',
      code: codes.invalid,
      text: 'Invalid request: this is not a JSON-RPC 2.0 message.',
    };
  return { kind: 'message', message: json };
}

const maxChars = 200;

/** By hand, because every call comes through here: a schema costs several times the look at four members. */
function isMessage(json: unknown): json is Message {
  if (!isObject(json) || json.jsonrpc !== '2.0') return false;
  const { id, method, params } = json;
  const goodId =
    id === undefined || typeof id === 'number' || (typeof id === 'string' && id.length <= maxChars);
  const goodMethod = method === undefined || (typeof method === 'string' && method.length <= maxChars);
  return goodId && goodMethod && (params === undefined || isObject(params));
}

export function errorText(id: MessageId | null, code: number, message: string, data?: unknown): string {
  return JSON.stringify({
    jsonrpc: '2.0',
    id,
    error: data === undefined ? { code, message } : { code, message, data },
  });
}

/** A long answer in pieces, so that the part that was prepared is sent as it lies there. */
export type Pieces = readonly [head: string, prepared: Uint8Array, tail: string];

/** What a request came to, before it is written as its era has it. */
export type Answer =
  | {
      readonly kind: 'result';
      /** One object, already serialised, so that a prepared answer is not made again. */
      readonly json: string;
      /** A list or a resource: since 2026-07-28 such results say how long they are good for. */
      readonly isCacheable?: boolean;
    }
  | {
      readonly kind: 'prepared';
      /** The members of the result in UTF-8, without the braces around them. */
      readonly members: Uint8Array;
    }
  | {
      readonly kind: 'error';
      readonly code: number;
      readonly text: string;
      readonly data?: unknown;
      /** Of HTTP since 2026-07-28, where the request itself was wrong; what a tool or a server answers is no failure of HTTP. */
      readonly status?: 400 | 404;
    };

export const failure = (code: number, text: string, data?: unknown): Answer => ({
  kind: 'error',
  code,
  text,
  data,
});

export const refusal = (status: 400 | 404, code: number, text: string, data?: unknown): Answer => ({
  kind: 'error',
  code,
  text,
  data,
  status,
});

const headOf = (id: MessageId) => `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":`;

/** As 2025-11-25 and older write it. */
export function answerText(id: MessageId, answer: Answer): string | Pieces {
  if (answer.kind === 'error') return errorText(id, answer.code, answer.text, answer.data);
  if (answer.kind === 'prepared') return [`${headOf(id)}{`, answer.members, '}}'];
  return `${headOf(id)}${answer.json}}`;
}

/** As 2026-07-28 writes it. */
export function modernAnswerText(id: MessageId, answer: Answer): string | Pieces {
  if (answer.kind === 'result') return modernResult(id, answer.json, answer.isCacheable);
  if (answer.kind === 'prepared')
    return [`${headOf(id)}{${[complete, ...uncached].join(',')},`, answer.members, '}}'];
  const { code, text, data } = answer;
  // What a resource that is not there is called has changed (SEP-2164).
  return errorText(id, code === codes.unknownResource ? codes.params : code, text, data);
}

/**
 * A result says that it is complete, and one that can be kept says for how long. What a server has said of that itself stays as it is.
 *
 * @param json One object, already serialised.
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic (resultType), …/server/utilities/caching
 */
export function modernResult(id: MessageId, json: string, isCacheable = false): string {
  const wanted = isCacheable ? [complete, ...uncached] : [complete];
  const known: object = wanted.some((member) => json.includes(nameOf(member))) ? JSON.parse(json) : {};
  const missing = wanted.filter((member) => !Object.hasOwn(known, JSON.parse(nameOf(member))));
  const rest = json.slice(json.indexOf('{') + 1).trimStart();
  const comma = missing.length === 0 || rest.startsWith('}') ? '' : ',';
  return `${headOf(id)}{${missing.join(',')}${comma}${rest}}`;
}

const complete = '"resultType":"complete"';
/** Policies may change at any moment, and the next agent may see something else. */
const uncached = ['"ttlMs":0', '"cacheScope":"private"'];
const nameOf = (member: string) => member.slice(0, member.indexOf(':'));
