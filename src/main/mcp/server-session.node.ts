/**
 * Opens a session with a custom server by the SDK's client, in whichever era and transport it speaks. Every request takes the pipe
 * that was handed in.
 */
import type { Client, ClientCapabilities, FetchLike, Transport } from '@modelcontextprotocol/client';
import { z } from 'zod';
import type { CallSession } from './session-calls';
import type { AskedByServer, CallPipe, ListKind } from './tool-server';

export interface Session extends CallSession {
  readonly client: Client;
  terminate(): Promise<void>;
}

export interface SessionNeeds {
  readonly url: string;
  readonly version: string;
  readonly pipe: CallPipe;
  readonly transport?: 'streamable_http' | 'http_sse' | undefined;
  readonly capabilities?: ClientCapabilities | undefined;
}

const handshakeMs = 10_000;
const resultSchema = z.looseObject({});

/** What a server does of its own accord, on a stream that belongs to no call. */
export interface Unasked {
  readonly onToolsChanged: (client: Client) => void;
  readonly onListChanged: (kind: ListKind) => void;
  /** On the one stream of the transport of 2024-11-05. */
  readonly onProgress: (params: Readonly<Record<string, unknown>>) => void;
  /** @throws Fault where nobody can answer. */
  readonly onAsked: (asked: AskedByServer) => Promise<Readonly<Record<string, unknown>>>;
}

export async function openSession(
  needs: SessionNeeds,
  { onToolsChanged, onListChanged, onProgress, onAsked }: Unasked,
): Promise<Session> {
  // Loaded when the first server is connected, so that a gateway without one starts sooner.
  const sdk = await import('@modelcontextprotocol/client');
  const clientInfo = { name: 'gatehouse', title: 'Gatehouse', version: needs.version };
  const capabilities = needs.capabilities ?? {};
  const isOld = needs.transport === 'http_sse';
  const client = new sdk.Client(clientInfo, {
    capabilities,
    ...(isOld ? {} : { versionNegotiation: { mode: 'auto' as const } }),
  });
  const url = new URL(needs.url);
  const fetch: FetchLike = (target, init) => needs.pipe.fetch(target, init);
  const http = isOld ? undefined : new sdk.StreamableHTTPClientTransport(url, { fetch });
  const transport: Transport = http ?? new sdk.SSEClientTransport(url, { fetch });
  // Failures that matter come back on the request they belong to.
  client.onerror = () => undefined;
  client.setNotificationHandler('notifications/tools/list_changed', () => onToolsChanged(client));
  client.setNotificationHandler('notifications/resources/list_changed', () => onListChanged('resources'));
  client.setNotificationHandler('notifications/prompts/list_changed', () => onListChanged('prompts'));
  // The SDK's own way forgets the call when its answer comes in the same breath.
  client.setNotificationHandler('notifications/progress', ({ params }) => onProgress({ ...params }));
  client.fallbackRequestHandler = ({ method, params }, { mcpReq }) =>
    onAsked({ method, params, signal: mcpReq.signal });
  await client.connect(transport, { timeout: handshakeMs });
  const isModern = client.getProtocolEra() === 'modern';
  const protocolVersion = http?.protocolVersion;
  const sessionId = http?.sessionId;
  return {
    client,
    envelope: {
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(sessionId === undefined ? {} : { 'mcp-session-id': sessionId }),
        ...(protocolVersion === undefined ? {} : { 'mcp-protocol-version': protocolVersion }),
      },
      meta: isModern
        ? {
            always: {
              [sdk.PROTOCOL_VERSION_META_KEY]: protocolVersion,
              [sdk.CLIENT_INFO_META_KEY]: clientInfo,
            },
            capabilitiesKey: sdk.CLIENT_CAPABILITIES_META_KEY,
            logLevelKey: sdk.LOG_LEVEL_META_KEY,
          }
        : undefined,
    },
    hasId: sessionId !== undefined,
    bySdk: isOld
      ? ({ method, params }, options) =>
          client.request({ method, params: { ...params } }, resultSchema, options)
      : undefined,
    hear: (message) => transport.onmessage?.(message as never),
    tellCancelled: (requestId, reason) => {
      if (!isModern)
        client
          .notification({ method: 'notifications/cancelled', params: { requestId, reason } })
          .catch(() => undefined);
    },
    terminate: async () => {
      await http?.terminateSession();
    },
  };
}
