/**
 * What an agent hears and is asked on the stream of one call, before its answer: progress, log messages, questions of the server.
 * Refuses everything after the call is over, answers that are not to an open question of this very call, and floods.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#sending-messages-to-the-server
 */
import { Fault } from '../../preload/contract/reply';
import { oneLine } from '../catalog/vendor-answer';
import type { Answers, AskedByServer, Notice, Questions } from '../mcp/tool-server';
import type { Clock } from '../ports';
import type { CallWay } from './core-ports';
import type { Message } from './json-rpc';
import { isBelow, readLogLevel } from './log-level';
import { Progress } from './progress';
import type { Session } from './sessions';

const beatMs = 10_000;
const answerMs = 600_000;
/** For all questions of one call together: a server cannot keep it open for ever. */
const allAnswersMs = 900_000;
const maxNotices = 1_000;
const maxNoticeChars = 65_536;

export interface CallStreamNeeds {
  readonly clock: Clock;
  /** Ids that nobody can guess. */
  readonly newQuestionId: () => string;
  /** Sends one message to the agent. @returns False where it cannot take any more, and the message was dropped. */
  readonly send: (text: string) => boolean;
  readonly session: Session | undefined;
  /** The agent's, where it asked for progress. */
  readonly progressToken: string | number | undefined;
}

export interface CallStream extends Omit<CallWay, 'signal'> {
  /** The call is over: nothing more is sent, and nothing waits for an answer. */
  stop(): void;
}

export function openCallStream(needs: CallStreamNeeds): CallStream {
  const { clock, session, progressToken } = needs;
  const progress = progressToken === undefined ? undefined : new Progress(progressToken);
  const waiting = new Map<string, (fault: Fault) => void>();
  let isOver = false;
  let notices = 0;
  let firstAskedMs: number | undefined;
  let stopBeat: (() => void) | undefined;

  const send = (message: object): boolean =>
    !isOver && needs.send(JSON.stringify({ jsonrpc: '2.0', ...message }));
  const tell = (method: string, params: unknown) => {
    if (params !== undefined) send({ method, params });
  };
  const beatLater = () => {
    stopBeat = clock.after(beatMs, () => {
      const params = progress?.beat('Waiting for a technician to decide.');
      tell('notifications/progress', params);
      if (params !== undefined) beatLater();
    });
  };
  if (progress !== undefined) beatLater();

  const onNotice = ({ method, params }: Notice): void => {
    notices += 1;
    if (notices > maxNotices || JSON.stringify(params).length > maxNoticeChars) return;
    if (method === 'notifications/progress') {
      tell(method, progress?.heard(params));
      return;
    }
    const level = readLogLevel(params.level);
    if (level === undefined) return;
    if (session?.logLevel === undefined || !isBelow(level, session.logLevel)) tell(method, params);
  };

  const askOne = (
    { method, params, signal }: AskedByServer,
    to: Session,
  ): Promise<Readonly<Record<string, unknown>>> =>
    new Promise((resolve, reject) => {
      if (isOver || signal?.aborted === true) return reject(over());
      const id = needs.newQuestionId();
      const settle = () => {
        stopWaiting();
        signal?.removeEventListener('abort', takeBack);
        to.questions.delete(id);
        waiting.delete(id);
      };
      const fail = (fault: Fault) => {
        settle();
        reject(fault);
      };
      firstAskedMs ??= clock.nowMs();
      const leftMs = firstAskedMs + allAnswersMs - clock.nowMs();
      const giveUp = (reason: string, fault: Fault) => {
        tell('notifications/cancelled', { requestId: id, reason });
        fail(fault);
      };
      const takeBack = () =>
        giveUp('The server took it back.', new Fault('cancelled', 'The question was taken back.'));
      const stopWaiting = clock.after(Math.max(0, Math.min(answerMs, leftMs)), () =>
        giveUp('Nobody answered in time.', new Fault('vendor_timeout', 'The agent did not answer in time.')),
      );
      signal?.addEventListener('abort', takeBack, { once: true });
      waiting.set(id, fail);
      to.questions.set(id, (answer) => {
        settle();
        const result = readAnswer(answer);
        if (result instanceof Fault) reject(result);
        else resolve(result);
      });
      if (!send({ id, method, params })) fail(new Fault('vendor_busy', 'The agent reads nothing any more.'));
    });

  /** One after the other: a person reads one question at a time. */
  const ask = async (questions: Questions, to: Session): Promise<Answers> => {
    const answers: [name: string, answer: Readonly<Record<string, unknown>>][] = [];
    for (const [name, question] of Object.entries(questions))
      answers.push([name, await askOne(question, to)]);
    return Object.fromEntries(answers);
  };

  return {
    onNotice,
    wantsProgress: progress !== undefined,
    asker:
      session === undefined
        ? undefined
        : { offers: session.offers, ask: (questions) => ask(questions, session) },
    logLevel: session?.logLevel,
    stop() {
      isOver = true;
      stopBeat?.();
      for (const fail of [...waiting.values()]) fail(over());
    },
  };
}

const over = () => new Fault('cancelled', 'The call is over.');

/** @param answer Untrusted. */
function readAnswer({ result, error }: Message): Readonly<Record<string, unknown>> | Fault {
  if (isObject(result)) return result;
  if (!isObject(error)) return new Fault('request_invalid', 'The agent sent something that is no answer.');
  const words = typeof error.message === 'string' ? oneLine(error.message).slice(0, 400) : '';
  return new Fault('vendor_refused', words === '' ? 'The agent refused.' : `The agent refused: “${words}”.`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
