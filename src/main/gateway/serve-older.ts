/**
 * Messages of 2025-11-25 and older: a session from `initialize` on, questions as requests on the stream of a call. Refuses sessions
 * of other agents, and answers that nobody waits for.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports
 */
import { answerMessage } from './answer-message';
import { readOffers } from './asking';
import { openCallStream, progressTokenOf } from './call-stream';
import type { KnownAgent } from './core-ports';
import type { Desk, Exchange } from './exchange';
import { answerText, codes, errorText, type Message } from './json-rpc';
import { sessionAsker } from './session-asker';
import type { Session } from './sessions';

/** @param known The session that the exchange belongs to by itself, where there is one. */
export async function serveOlder(
  desk: Desk,
  agent: KnownAgent,
  message: Message,
  exchange: Exchange,
  known?: Session,
): Promise<void> {
  const sessionId = exchange.header('mcp-session-id');
  const isFirst = message.method === 'initialize' && message.id !== undefined;
  if (isFirst && known !== undefined) known.offers = readOffers(message.params?.capabilities);
  const session =
    known ?? (isFirst ? openSession(desk, agent, message) : desk.sessions.find(sessionId, agent));
  if (sessionId !== undefined && session === undefined)
    return exchange.answer(404, errorText(null, codes.invalid, 'Session not found. Initialize again.'));
  if (message.method === undefined) return takeAnswer(session, message, exchange);
  const opened = isFirst && session !== undefined ? { 'mcp-session-id': session.id } : undefined;
  await serveRequest(desk, agent, message, exchange, session, opened);
}

function openSession(desk: Desk, agent: KnownAgent, { params }: Message): Session {
  return desk.sessions.open(agent, readOffers(params?.capabilities));
}

/** The answer of an agent to a question of ours, in its own session only. */
function takeAnswer(session: Session | undefined, message: Message, exchange: Exchange): void {
  const settle = typeof message.id === 'string' ? session?.questions.get(message.id) : undefined;
  if (settle === undefined) {
    exchange.answer(400, errorText(null, codes.invalid, 'No question waits for this answer.'));
  } else {
    settle(message);
    exchange.answer(202);
  }
}

const streamed = new Set(['tools/call', 'resources/read', 'prompts/get']);

async function serveRequest(
  desk: Desk,
  agent: KnownAgent,
  message: Message,
  exchange: Exchange,
  session: Session | undefined,
  headers: Readonly<Record<string, string>> | undefined,
): Promise<void> {
  const { gateway, onFault } = desk;
  const { id, method = '' } = message;
  const { signal } = exchange;
  if (id !== undefined) session?.running.set(id, exchange);
  const isStreamed = exchange.takesStream && id !== undefined && streamed.has(method);
  const { clock, newQuestionId } = gateway;
  const send = (text: string) => exchange.tell(text);
  const stream = isStreamed
    ? openCallStream({
        clock,
        send,
        progressToken: progressTokenOf(message.params?._meta),
        logLevel: () => session?.logLevel ?? 'debug',
      })
    : undefined;
  const asker =
    isStreamed && session !== undefined ? sessionAsker({ clock, newQuestionId, send, session }) : undefined;
  try {
    const { onNotice, wantsProgress } = stream ?? {};
    const way = {
      signal,
      abort: () => exchange.abort(),
      onNotice,
      wantsProgress,
      asker,
      logLevel: session?.logLevel,
    };
    const answer = await answerMessage(message, session, { gateway, agent, way, onFault });
    if (answer === undefined || id === undefined) exchange.answer(202);
    else exchange.answer(200, answerText(id, answer), headers);
  } finally {
    stream?.stop();
    asker?.stop();
    if (id !== undefined) session?.running.delete(id);
  }
}
