/**
 * In which protocol era a message speaks. The message itself decides: since 2026-07-28 each request says its version and what its client
 * can do. Refuses headers that say something else than the message, versions nobody here speaks, and half an envelope; never falls back
 * to the older era where the newer one was meant.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports, …/basic/versioning
 */
import { isObject } from '../json-object';
import type { AgentOffers } from '../mcp/asked-by-server';
import { headerText, paramHeaders, readParamHeaders } from '../mcp/param-headers';
import { readOffers } from './asking';
import { type Answer, codes, type Message, refusal } from './json-rpc';
import { type LogLevel, readLogLevel } from './log-level';

export const modernVersion = '2026-07-28';

const prefix = 'io.modelcontextprotocol/';
export const metaKeys = {
  version: `${prefix}protocolVersion`,
  capabilities: `${prefix}clientCapabilities`,
  clientInfo: `${prefix}clientInfo`,
  serverInfo: `${prefix}serverInfo`,
  logLevel: `${prefix}logLevel`,
  subscriptionId: `${prefix}subscriptionId`,
} as const;

/** One header by its name in lower case; undefined where there is none. */
export type Header = (name: string) => string | undefined;

export interface ModernRequest {
  readonly kind: 'modern';
  readonly offers: AgentOffers;
  /** None are told where nothing is said. */
  readonly logLevel: LogLevel | undefined;
}

export type JudgedEra =
  | { readonly kind: 'older' }
  | ModernRequest
  /** Answered with HTTP 400. */
  | { readonly kind: 'wrong'; readonly answer: Answer };

/** @param message Untrusted. */
export function judgeEra(message: Message, header: Header): JudgedEra {
  const { method } = message;
  if (method === undefined) return { kind: 'older' };
  const meta = isObject(message.params?._meta) ? message.params._meta : {};
  const isMeant = header('mcp-protocol-version') === modernVersion;
  if (!Object.hasOwn(meta, metaKeys.version)) {
    if (!isMeant) return { kind: 'older' };
    if (method === 'initialize') return mismatch('initialize belongs to older versions.');
    // Notifications carry no envelope; the header tells their era.
    if (message.id === undefined) return { kind: 'modern', offers: readOffers({}), logLevel: undefined };
  }
  const lack = lackOf(meta);
  if (lack !== undefined) return wrong(refusal(400, codes.params, `Invalid params: ${lack}`));
  return judgeHeaders(message, method, String(meta[metaKeys.version]), header) ?? judged(meta);
}

function judged(meta: Readonly<Record<string, unknown>>): JudgedEra {
  return {
    kind: 'modern',
    offers: readOffers(meta[metaKeys.capabilities]),
    logLevel: readLogLevel(meta[metaKeys.logLevel]),
  };
}

function lackOf(meta: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof meta[metaKeys.version] !== 'string') return `_meta needs ${metaKeys.version}.`;
  if (!isObject(meta[metaKeys.capabilities])) return `_meta needs ${metaKeys.capabilities}.`;
  const info = meta[metaKeys.clientInfo];
  return info === undefined || isObject(info) ? undefined : `${metaKeys.clientInfo} is no object.`;
}

/** SEP-2243: what stands in headers too must be the same there. */
function judgeHeaders(
  { id, params }: Message,
  method: string,
  version: string,
  header: Header,
): JudgedEra | undefined {
  const said = header('mcp-protocol-version');
  if (said !== undefined && said !== version)
    return mismatch('MCP-Protocol-Version and the message name different versions.');
  if (version !== modernVersion)
    return wrong(
      refusal(400, codes.unsupportedVersion, 'Unsupported protocol version', {
        supported: [modernVersion],
        requested: version.slice(0, 80),
      }),
    );
  if (id === undefined) return undefined;
  if (said === undefined) return mismatch('MCP-Protocol-Version is missing.');
  if (header('mcp-method') !== method) return mismatch('Mcp-Method and the method are not the same.');
  const member = namedBy.get(method);
  const name = member === undefined ? undefined : params?.[member];
  const named = header('mcp-name');
  if (typeof name === 'string' && (named === undefined || headerText(named) !== name))
    return mismatch(`Mcp-Name and ${member} are not the same.`);
  return undefined;
}

/** Which member of the parameters stands in `Mcp-Name` too. */
export const namedBy: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
]);

/**
 * Arguments that the tool wants in headers too. What is different there could have been routed by something that the tool never sees.
 *
 * @returns What is wrong; undefined where nothing is.
 */
export function judgeParamHeaders(inputSchema: unknown, args: unknown, header: Header): Answer | undefined {
  const declared = readParamHeaders(inputSchema);
  if (declared.kind === 'wrong') return undefined;
  for (const { name } of declared.headers) {
    const key = `mcp-param-${name.toLowerCase()}`;
    const said = header(key);
    const wanted = paramHeaders(
      declared.headers.filter((one) => one.name === name),
      args,
    )[key];
    const isSame = wanted === undefined ? said === undefined : said !== undefined && isSameText(said, wanted);
    if (!isSame)
      return refusal(400, codes.headerMismatch, `Mcp-Param-${name} and the argument are not the same.`);
  }
  return undefined;
}

const isSameText = (said: string, wanted: string) => headerText(said) === headerText(wanted);

const wrong = (answer: Answer): JudgedEra => ({ kind: 'wrong', answer });
const mismatch = (what: string) => wrong(refusal(400, codes.headerMismatch, `Header mismatch: ${what}`));
