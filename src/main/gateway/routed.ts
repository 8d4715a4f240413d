/** What a request of an agent came to, before it is written as an answer of its method. */
import type { ToolResult } from './core-ports';

export type Routed =
  /** Unknown and hidden tools answer exactly alike. */
  | {
      readonly kind: 'unknown_tool';
      /** What was asked for, where the request has another name. */
      readonly name?: string;
    }
  | { readonly kind: 'result'; readonly result: ToolResult }
  /** In our own words; nothing of an upstream is in it. `wrong` is a request that the agent can correct. */
  | {
      readonly kind: 'said';
      readonly text: string;
      readonly isError: boolean;
      readonly isWrong?: boolean;
      /** The question that waits for a technician. */
      readonly pendingId?: string;
    };

export function said(text: string, isError = true): Routed {
  return { kind: 'said', text, isError };
}

/** A result of our own words. */
export function textResult(text: string, isError: boolean): ToolResult {
  return { json: JSON.stringify({ content: [{ type: 'text', text }], isError }), isError };
}
