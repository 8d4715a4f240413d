/**
 * One JSON-RPC message of an agent and its answer, ready to be sent; undefined for what needs none.
 */
import { Fault, never } from '../../preload/contract/reply';
import { completeArgument, getPrompt, listSurface, readResource } from './answer-surfaces';
import type { CallWay, KnownAgent } from './core-ports';
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
import { readLogLevel } from './log-level';
import { textResult } from './routed';
import type { Session } from './sessions';

const versions = ['2025-11-25', '2025-06-18', '2025-03-26'];

export async function answerMessage(
  gateway: Gateway,
  agent: KnownAgent,
  message: Message,
  session: Session | undefined,
  way: CallWay,
  onFault: (error: unknown) => string,
): Promise<string | Pieces | undefined> {
  const { id, method, params } = message;
  if (method === 'notifications/cancelled') cancel(session, params?.requestId);
  if (id === undefined || method === undefined) return undefined;
  switch (method) {
    case 'initialize':
      return resultText(id, initializeResult(gateway, params?.protocolVersion));
    case 'ping':
      return resultText(id, '{}');
    case 'tools/list':
      return resultPieces(id, gateway.toolList());
    case 'tools/call':
      return await guarded(id, onFault, () => callTool(gateway, agent, id, params, way));
    case 'resources/list':
    case 'resources/templates/list':
    case 'prompts/list':
      return await listSurface(gateway, id, method, params);
    case 'resources/read':
      return await guarded(id, onFault, () => readResource(gateway, agent, id, params, way));
    case 'prompts/get':
      return await guarded(id, onFault, () => getPrompt(gateway, agent, id, params, way));
    case 'completion/complete':
      return await guarded(id, onFault, () => completeArgument(gateway, agent, id, params, way));
    case 'logging/setLevel':
      return setLevel(session, id, params?.level);
    default:
      return errorText(id, codes.unknownMethod, `Method not found: ${method.slice(0, 80)}`);
  }
}

function cancel(session: Session | undefined, requestId: unknown): void {
  if (typeof requestId === 'string' || typeof requestId === 'number')
    session?.running.get(requestId)?.abort();
}

/** The version that was asked for where we speak it, else our newest. @see MCP 2025-11-25, lifecycle */
function initializeResult({ surfaces }: Gateway, asked: unknown): string {
  const protocolVersion = typeof asked === 'string' && versions.includes(asked) ? asked : versions[0];
  return JSON.stringify({
    protocolVersion,
    capabilities: {
      tools: { listChanged: true },
      ...(surfaces.has('resources') ? { resources: { listChanged: true } } : {}),
      ...(surfaces.has('prompts') ? { prompts: { listChanged: true } } : {}),
      ...(surfaces.can('logging') ? { logging: {} } : {}),
      ...(surfaces.can('completions') ? { completions: {} } : {}),
    },
    serverInfo: { name: 'gatehouse', title: 'Gatehouse', version: '0.1.0' },
    instructions:
      'Every call is checked against the policies of a technician. Some wait for approval; an answer that starts with "Pending" tells how to pick the decision up.',
  });
}

/** Servers keep their own levels; what reaches this agent is filtered here. */
function setLevel(session: Session | undefined, id: MessageId, asked: unknown): string {
  const level = readLogLevel(asked);
  if (level === undefined) return errorText(id, codes.params, 'This is no level of log messages.');
  if (session === undefined) return errorText(id, codes.invalid, 'A level is kept in a session only.');
  session.logLevel = level;
  return resultText(id, '{}');
}

async function callTool(
  gateway: Gateway,
  agent: KnownAgent,
  id: MessageId,
  params: Message['params'],
  way: CallWay,
): Promise<string> {
  const name = params?.name;
  if (typeof name !== 'string' || name.length > 200)
    return errorText(id, codes.params, 'A call needs the name of a tool.');
  const routed = await gateway.call(agent, name, params?.arguments ?? {}, way);
  switch (routed.kind) {
    case 'result':
      return resultText(id, routed.result.json);
    case 'said':
      return resultText(id, textResult(routed.text, routed.isError).json);
    case 'unknown_tool':
      return errorText(id, codes.params, `Unknown tool: ${name}`);
    default:
      return never(routed);
  }
}

async function guarded(
  id: MessageId,
  onFault: (error: unknown) => string,
  answer: () => Promise<string>,
): Promise<string> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof Fault) return errorText(id, codes.internal, error.message);
    return errorText(
      id,
      codes.internal,
      `Unexpected error, reference ${onFault(error)}. The call may have run; look at Activity.`,
    );
  }
}
