/**
 * The few requests of MCP that a probe makes, in both eras, as HTTP requests.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports,
 *   https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle
 */
import type { OutboundRequest } from '../../ports';

/** The era without sessions: each request says who asks. */
export const modernVersion = '2026-07-28';
/** What is offered to the servers of before, and what is understood of their answers. */
export const legacyVersion = '2025-11-25';
export const legacyVersions: readonly string[] = [legacyVersion, '2025-06-18', '2025-03-26', '2024-11-05'];

export interface Session {
  readonly url: string;
  readonly version: string;
  /** `Mcp-Session-Id` of a server that keeps sessions. */
  readonly sessionId: string | undefined;
}

const accept = 'application/json, text/event-stream';

export function modernRequest(
  url: string,
  id: number,
  method: string,
  client: { readonly version: string },
): OutboundRequest {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': modernVersion,
    'io.modelcontextprotocol/clientInfo': clientInfo(client.version),
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  return {
    method: 'POST',
    url,
    headers: {
      'Content-Type': 'application/json',
      Accept: accept,
      'MCP-Protocol-Version': modernVersion,
      'Mcp-Method': method,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id, method, params: { _meta: meta } }),
  };
}

export function initializeRequest(
  url: string,
  id: number,
  client: { readonly version: string },
): OutboundRequest {
  const params = {
    protocolVersion: legacyVersion,
    capabilities: {},
    clientInfo: clientInfo(client.version),
  };
  return {
    method: 'POST',
    url,
    headers: { 'Content-Type': 'application/json', Accept: accept },
    body: JSON.stringify({ jsonrpc: '2.0', id, method: 'initialize', params }),
  };
}

/** @param id Undefined for a notification. */
export function legacyRequest(session: Session, id: number | undefined, method: string): OutboundRequest {
  return {
    method: 'POST',
    url: session.url,
    headers: { 'Content-Type': 'application/json', Accept: accept, ...sessionHeaders(session) },
    body: JSON.stringify({ jsonrpc: '2.0', ...(id === undefined ? {} : { id, params: {} }), method }),
  };
}

export function endSessionRequest(session: Session): OutboundRequest {
  return { method: 'DELETE', url: session.url, headers: sessionHeaders(session) };
}

/** How the transport of 2024-11-05 begins: its first event names where messages are posted. */
export function oldStreamRequest(url: string): OutboundRequest {
  return { method: 'GET', url, headers: { Accept: 'text/event-stream' } };
}

function sessionHeaders({ version, sessionId }: Session): Record<string, string> {
  return {
    'MCP-Protocol-Version': version,
    ...(sessionId === undefined ? {} : { 'Mcp-Session-Id': sessionId }),
  };
}

function clientInfo(version: string) {
  return { name: 'gatehouse', title: 'Gatehouse', version };
}
