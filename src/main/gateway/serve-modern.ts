/**
 * Messages of 2026-07-28: no session, each request says who asks and what it can be asked. Refuses methods that this era does not have,
 * and a state that does not belong to exactly this request of this agent.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports
 */
import { isObject } from '../json-object';
import { unknownMethod } from './answer-message';
import { answerRequest } from './answer-request';
import { openCallStream, progressTokenOf } from './call-stream';
import type { KnownAgent } from './core-ports';
import { judgeParamHeaders, type ModernRequest, metaKeys, modernVersion } from './era';
import type { Desk, Exchange } from './exchange';
import type { Gateway } from './gateway';
import { type Answer, codes, failure, type Message, type MessageId, modernAnswerText } from './json-rpc';
import type { Running } from './rounds';
import { capabilitiesOf, instructions, serverInfo } from './self-description';
import { bridgeHeader } from './stdio-messages';

/** Requests that a server may ask something in the middle of. */
const asking = new Set(['tools/call', 'resources/read', 'prompts/get']);

export async function serveModern(
  desk: Desk,
  agent: KnownAgent,
  message: Message,
  era: ModernRequest,
  exchange: Exchange,
): Promise<void> {
  const { id, method = '', params } = message;
  // Closing the connection is how a request is cancelled; there is nothing else to tell us.
  if (id === undefined) return exchange.answer(202);
  if (method === 'subscriptions/listen') return await listen(desk, agent, id, params, exchange);
  const answer = asking.has(method)
    ? await serveAsking(desk, agent, message, era, exchange)
    : await serveOther(desk, agent, message, exchange);
  const status = answer.kind === 'error' ? answer.status : undefined;
  exchange.answer(status ?? 200, modernAnswerText(id, answer));
}

async function serveOther(
  { gateway, onFault }: Desk,
  agent: KnownAgent,
  { method = '', params }: Message,
  { signal, abort }: Exchange,
): Promise<Answer> {
  if (method === 'server/discover') return { kind: 'result', json: discovered(gateway), isCacheable: true };
  const way = { signal, abort, isModern: true };
  return (await answerRequest(method, { gateway, agent, params, way, onFault })) ?? unknownMethod(method);
}

async function serveAsking(
  desk: Desk,
  agent: KnownAgent,
  message: Message,
  { offers, logLevel }: ModernRequest,
  exchange: Exchange,
): Promise<Answer> {
  const { gateway, rounds, onFault } = desk;
  const { method = '', params = {} } = message;
  const { inputResponses = {}, requestState, ...own } = params;
  if (!isObject(inputResponses)) return failure(codes.params, 'Invalid params: inputResponses is no object.');
  const disagreed = disagreement(gateway, agent, message, exchange);
  if (disagreed !== undefined) return disagreed;
  const key = JSON.stringify([method, { ...own, _meta: undefined }]);
  const wanted = { agentId: agent.agentId, offers, key, given: inputResponses };
  const round = {
    signal: exchange.signal,
    send: (text: string) => exchange.takesStream && exchange.tell(text),
  };
  if (requestState !== undefined && !isWaitingQuestion(gateway, agent, requestState)) {
    const next = typeof requestState === 'string' ? rounds.resume(wanted, requestState, round) : undefined;
    return (
      (await next) ??
      failure(
        codes.params,
        'Invalid params: this requestState is not known. It was changed, used before, or is over.',
      )
    );
  }
  const run = async ({ signal, abort, send, asker }: Running): Promise<Answer> => {
    const stream = openCallStream({
      clock: gateway.clock,
      send,
      progressToken: progressTokenOf(params._meta),
      logLevel: () => logLevel ?? 'none',
    });
    const { onNotice, wantsProgress } = stream;
    const way = { signal, abort, onNotice, wantsProgress, asker, logLevel, isModern: true };
    const asked = { gateway, agent, params: own, way, onFault };
    return await (answerRequest(method, asked).finally(() => stream.stop()) as Promise<Answer>);
  };
  return await rounds.start(wanted, round, run);
}

/** The question to a technician is bound to the request itself, so that the same request finds it again. */
function isWaitingQuestion({ desk }: Gateway, { agentId }: KnownAgent, state: unknown): boolean {
  return typeof state === 'string' && desk.find(state, agentId) !== undefined;
}

function disagreement(
  gateway: Gateway,
  agent: KnownAgent,
  { method, params }: Message,
  { header }: Exchange,
): Answer | undefined {
  if (method !== 'tools/call' || typeof params?.name !== 'string' || header(bridgeHeader) === 'stdio')
    return undefined;
  const schema = gateway.inputSchemaOf(agent, params.name);
  return schema === undefined ? undefined : judgeParamHeaders(schema, params.arguments, header);
}

/** @see https://modelcontextprotocol.io/specification/2026-07-28/server/discover */
function discovered({ surfaces }: Gateway): string {
  return JSON.stringify({
    supportedVersions: [modernVersion],
    capabilities: capabilitiesOf(surfaces),
    instructions,
    _meta: { [metaKeys.serverInfo]: serverInfo },
  });
}

async function listen(
  { gateway, listening }: Desk,
  agent: KnownAgent,
  id: MessageId,
  params: Message['params'],
  exchange: Exchange,
): Promise<void> {
  const listener = {
    agent,
    id,
    send: (text: string) => exchange.tell(text),
    end: (text: string) => exchange.answer(200, text),
  };
  const opened = exchange.takesStream
    ? await listening.open(listener, params?.notifications, gateway)
    : failure(codes.invalid, 'Subscriptions need an event stream.');
  if ('kind' in opened) return exchange.answer(200, modernAnswerText(id, opened));
  if (exchange.signal.aborted) opened.close();
  else exchange.signal.addEventListener('abort', opened.close, { once: true });
}
