/**
 * One JSON-RPC message of an agent of 2025-11-25 or older, and its answer; undefined for what needs none.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle
 */
import { type Asked, answerRequest } from './answer-request';
import type { Gateway } from './gateway';
import { type Answer, codes, failure, type Message, refusal } from './json-rpc';
import { readLogLevel } from './log-level';
import { capabilitiesOf, instructions, serverInfo } from './self-description';
import type { Session } from './sessions';

const versions = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'];

export async function answerMessage(
  message: Message,
  session: Session | undefined,
  asked: Omit<Asked, 'params'>,
): Promise<Answer | undefined> {
  const { id, method, params } = message;
  if (method === 'notifications/cancelled') cancel(session, params?.requestId);
  if (id === undefined || method === undefined) return undefined;
  switch (method) {
    case 'initialize':
      return { kind: 'result', json: initializeResult(asked.gateway, params?.protocolVersion) };
    case 'ping':
      return { kind: 'result', json: '{}' };
    case 'logging/setLevel':
      return setLevel(session, params?.level);
    default:
      return (await answerRequest(method, { ...asked, params })) ?? unknownMethod(method);
  }
}

export const unknownMethod = (method: string): Answer =>
  refusal(404, codes.unknownMethod, `Method not found: ${method.slice(0, 80)}`);

function cancel(session: Session | undefined, requestId: unknown): void {
  if (typeof requestId === 'string' || typeof requestId === 'number')
    session?.running.get(requestId)?.abort();
}

/** The version that was asked for where we speak it, else our newest. */
function initializeResult(gateway: Gateway, asked: unknown): string {
  const protocolVersion = typeof asked === 'string' && versions.includes(asked) ? asked : versions[0];
  return JSON.stringify({
    protocolVersion,
    capabilities: capabilitiesOf(gateway.surfaces),
    serverInfo,
    instructions,
  });
}

/** Servers keep their own levels; what reaches this agent is filtered here. */
function setLevel(session: Session | undefined, asked: unknown): Answer {
  const level = readLogLevel(asked);
  if (level === undefined) return failure(codes.params, 'This is no level of log messages.');
  if (session === undefined) return failure(codes.invalid, 'A level is kept in a session only.');
  session.logLevel = level;
  return { kind: 'result', json: '{}' };
}
