/**
 * JSON-RPC 2.0 as MCP uses it: one message a request, no batches. Parsed once.
 * @see https://www.jsonrpc.org/specification
 */
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

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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

export function resultPieces(id: MessageId, prepared: Uint8Array): Pieces {
  return [`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":`, prepared, '}'];
}

/** @param resultJson Already serialised, so that a prepared answer is not made again. */
export function resultText(id: MessageId, resultJson: string): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${resultJson}}`;
}
