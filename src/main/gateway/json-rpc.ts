/**
 * JSON-RPC 2.0 as MCP uses it: one message a request, no batches. Parsed once.
 * @see https://www.jsonrpc.org/specification
 */
import { z } from 'zod';

const messageSchema = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string().max(200), z.number()]).optional(),
  method: z.string().max(200).optional(),
  params: z.record(z.string(), z.unknown()).optional(),
});
export type Message = z.infer<typeof messageSchema>;
export type MessageId = string | number;

export type ParsedMessage =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'wrong'; readonly code: number; readonly text: string };

export const codes = {
  parse: -32700,
  invalid: -32600,
  unknownMethod: -32601,
  params: -32602,
  internal: -32603,
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
  const parsed = messageSchema.safeParse(json);
  if (!parsed.success)
    return {
      kind: 'wrong',
      code: codes.invalid,
      text: 'Invalid request: this is not a JSON-RPC 2.0 message.',
    };
  return { kind: 'message', message: parsed.data };
}

export function errorText(id: MessageId | null, code: number, message: string): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } });
}

/** @param resultJson Already serialised, so that a prepared answer is not made again. */
export function resultText(id: MessageId, resultJson: string): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${resultJson}}`;
}
