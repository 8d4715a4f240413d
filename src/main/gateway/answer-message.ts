/**
 * One JSON-RPC message of an agent and its answer, ready to be sent; undefined for what needs none.
 */
import { Fault } from '../../preload/contract/reply';
import type { KnownAgent } from './core-ports';
import type { Gateway } from './gateway';
import {
  codes,
  errorText,
  type Message,
  type MessageId,
  type Pieces,
  resultPieces,
  resultText,
} from './json-rpc';
import type { Session } from './sessions';

const versions = ['2025-11-25', '2025-06-18', '2025-03-26'];

export async function answerMessage(
  gateway: Gateway,
  agent: KnownAgent,
  message: Message,
  session: Session | undefined,
  signal: AbortSignal,
  onFault: (error: unknown) => string,
): Promise<string | Pieces | undefined> {
  const { id, method, params } = message;
  if (method === 'notifications/cancelled') cancel(session, params?.requestId);
  if (id === undefined || method === undefined) return undefined;
  switch (method) {
    case 'initialize':
      return resultText(id, initializeResult(params?.protocolVersion));
    case 'ping':
      return resultText(id, '{}');
    case 'tools/list':
      return resultPieces(id, gateway.toolList());
    case 'tools/call':
      return await callTool(gateway, agent, id, params, signal, onFault);
    default:
      return errorText(id, codes.unknownMethod, `Method not found: ${method.slice(0, 80)}`);
  }
}

function cancel(session: Session | undefined, requestId: unknown): void {
  if (typeof requestId === 'string' || typeof requestId === 'number')
    session?.running.get(requestId)?.abort();
}

/** The version that was asked for where we speak it, else our newest. @see MCP 2025-11-25, lifecycle */
function initializeResult(asked: unknown): string {
  const protocolVersion = typeof asked === 'string' && versions.includes(asked) ? asked : versions[0];
  return JSON.stringify({
    protocolVersion,
    capabilities: { tools: { listChanged: true } },
    serverInfo: { name: 'gatehouse', title: 'Gatehouse', version: '0.1.0' },
    instructions:
      'Every call is checked against the policies of a technician. Some wait for approval; an answer that starts with "Pending" tells how to pick the decision up.',
  });
}

async function callTool(
  gateway: Gateway,
  agent: KnownAgent,
  id: MessageId,
  params: Message['params'],
  signal: AbortSignal,
  onFault: (error: unknown) => string,
): Promise<string> {
  const name = params?.name;
  if (typeof name !== 'string' || name.length > 200)
    return errorText(id, codes.params, 'A call needs the name of a tool.');
  try {
    const routed = await gateway.call(agent, name, params?.arguments ?? {}, signal);
    if (routed.kind === 'result') return resultText(id, routed.result.json);
    return errorText(id, codes.params, `Unknown tool: ${name}`);
  } catch (error) {
    if (error instanceof Fault) return errorText(id, codes.internal, error.message);
    return errorText(
      id,
      codes.internal,
      `Unexpected error, reference ${onFault(error)}. The call may have run; look at Activity.`,
    );
  }
}
