/**
 * One request as it goes over the wire, in both eras.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports
 */
import { headerValue } from './param-headers';
import type { OtherMethod } from './tool-server';

/** What every call of a session sends alike. */
export interface Envelope {
  readonly headers: Readonly<Record<string, string>>;
  /** `_meta` of each request, where the era wants it, and what the members of one call are called in it. */
  readonly meta:
    | {
        readonly always: Readonly<Record<string, unknown>>;
        readonly capabilitiesKey: string;
        readonly logLevelKey: string;
      }
    | undefined;
}

/** A request that goes on where the server had asked for something (SEP-2322). */
export interface Continued {
  /** Undefined where the server only asked to come again. */
  readonly inputResponses: Readonly<Record<string, unknown>> | undefined;
  /** Opaque: sent back as it came, and not at all when none came. */
  readonly requestState: unknown;
}

export interface WantedRequest {
  readonly method: 'tools/call' | OtherMethod;
  readonly params: Readonly<Record<string, unknown>>;
  readonly paramHeaders: Readonly<Record<string, string>>;
  readonly continued: Continued | undefined;
  readonly wantsProgress: boolean;
  /** Nothing where the agent of the call offers nothing. */
  readonly capabilities: Readonly<Record<string, unknown>> | undefined;
  readonly logLevel: string | undefined;
}

/** @param id Also the progress token: nobody but this request has it. */
export function callRequest(
  { headers, meta }: Envelope,
  id: number,
  { method, params, paramHeaders, continued, wantsProgress, capabilities, logLevel }: WantedRequest,
): { readonly body: string; readonly headers: Readonly<Record<string, string>> } {
  const said = {
    ...(meta === undefined ? {} : { ...meta.always, [meta.capabilitiesKey]: capabilities ?? {} }),
    ...(meta === undefined || logLevel === undefined ? {} : { [meta.logLevelKey]: logLevel }),
    ...(wantsProgress ? { progressToken: id } : {}),
  };
  const whole = {
    ...params,
    ...(meta === undefined && !wantsProgress ? {} : { _meta: said }),
    ...(continued?.inputResponses === undefined ? {} : { inputResponses: continued.inputResponses }),
    ...(continued?.requestState === undefined ? {} : { requestState: continued.requestState }),
  };
  return {
    body: `{"jsonrpc":"2.0","id":${id},"method":"${method}","params":${JSON.stringify(whole)}}`,
    headers:
      meta === undefined
        ? headers
        : { ...headers, 'mcp-method': method, ...nameHeader(method, params), ...paramHeaders },
  };
}

/** @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports (standard request headers) */
function nameHeader(
  method: WantedRequest['method'],
  { name, uri }: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  if (method === 'completion/complete') return {};
  const named = method === 'resources/read' ? uri : name;
  return typeof named === 'string' ? { 'mcp-name': headerValue(named) } : {};
}
