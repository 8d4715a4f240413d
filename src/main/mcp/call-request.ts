/**
 * One `tools/call` as it goes over the wire, in both eras. Arguments are written once, as text.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports
 */
import { headerValue } from './param-headers';

/** What every call of a session sends alike. */
export interface Envelope {
  readonly headers: Readonly<Record<string, string>>;
  /** `_meta` of each request, where the era wants it. */
  readonly meta: Readonly<Record<string, unknown>> | undefined;
}

/** A request that goes on where the server had asked for something (SEP-2322). */
export interface Continued {
  readonly inputResponses: Readonly<Record<string, unknown>>;
  /** Opaque: sent back as it came, and not at all when none came. */
  readonly requestState: unknown;
}

export interface WantedCall {
  readonly tool: string;
  readonly args: unknown;
  readonly paramHeaders: Readonly<Record<string, string>>;
  readonly continued: Continued | undefined;
}

export function callRequest(
  { headers, meta }: Envelope,
  id: number,
  { tool, args, paramHeaders, continued }: WantedCall,
): { readonly body: string; readonly headers: Readonly<Record<string, string>> } {
  const name = JSON.stringify(tool);
  const more = {
    ...(meta === undefined ? {} : { _meta: meta }),
    ...(continued === undefined ? {} : { inputResponses: continued.inputResponses }),
    ...(continued?.requestState === undefined ? {} : { requestState: continued.requestState }),
  };
  const rest = Object.entries(more)
    .map(([key, value]) => `,${JSON.stringify(key)}:${JSON.stringify(value)}`)
    .join('');
  const params = `{"name":${name},"arguments":${JSON.stringify(args) ?? '{}'}${rest}}`;
  return {
    body: `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":${params}}`,
    headers:
      meta === undefined
        ? headers
        : { ...headers, 'mcp-method': 'tools/call', 'mcp-name': headerValue(tool), ...paramHeaders },
  };
}
