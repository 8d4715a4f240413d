/**
 * One JSON-RPC message of an agent of 2025-11-25 or older, and its answer; undefined for what needs none.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle
 */
import { Fault } from '../../preload/contract/reply';
import { type Asked, answerRequest } from './answer-request';
import type { Gateway } from './gateway';
import { type Answer, codes, failure, type Message, refusal } from './json-rpc';
import { readLogLevel } from './log-level';
import { capabilitiesOf, instructions, serverInfo } from './self-description';
import type { Session } from './sessions';
import { maxAgentUriChars } from './surface-names';

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
    case 'resources/subscribe':
      return await subscribe(asked, session, params?.uri);
    case 'resources/unsubscribe':
      return unsubscribe(session, params?.uri);
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

const maxWatched = 100;

/** @see https://modelcontextprotocol.io/specification/2025-11-25/server/resources#subscriptions */
async function subscribe(
  { gateway, agent }: Omit<Asked, 'params'>,
  session: Session | undefined,
  uri: unknown,
): Promise<Answer> {
  if (typeof uri !== 'string' || uri.length > maxAgentUriChars)
    return failure(codes.params, 'Subscribing to a resource needs its uri.');
  if (session === undefined) return failure(codes.invalid, 'A subscription is kept in a session only.');
  if (session.watched.has(uri)) return { kind: 'result', json: '{}' };
  if (session.watched.size >= maxWatched)
    return failure(codes.internal, `No more than ${maxWatched} resources are watched in one session.`);
  const note = { jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri } };
  const tell = () => void session.announce?.(JSON.stringify(note));
  try {
    const stop = await gateway.surfaces.watch(agent, uri, tell);
    if (stop === undefined) return failure(codes.unknownResource, `Resource not found: ${uri}`, { uri });
    session.watched.get(uri)?.();
    session.watched.set(uri, stop);
    return { kind: 'result', json: '{}' };
  } catch (error) {
    if (error instanceof Fault) return failure(codes.internal, error.message);
    throw error;
  }
}

function unsubscribe(session: Session | undefined, uri: unknown): Answer {
  if (typeof uri !== 'string') return failure(codes.params, 'Ending a subscription needs its uri.');
  session?.watched.get(uri)?.();
  session?.watched.delete(uri);
  return { kind: 'result', json: '{}' };
}

/** Servers keep their own levels; what reaches this agent is filtered here. */
function setLevel(session: Session | undefined, asked: unknown): Answer {
  const level = readLogLevel(asked);
  if (level === undefined) return failure(codes.params, 'This is no level of log messages.');
  if (session === undefined) return failure(codes.invalid, 'A level is kept in a session only.');
  session.logLevel = level;
  return { kind: 'result', json: '{}' };
}
