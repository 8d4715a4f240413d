/**
 * Questions to an agent of 2025-11-25 or older, as requests on the stream of one call. Refuses answers that are not to an open question
 * of this very call, and everything after the call is over.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#sending-messages-to-the-server
 */

import { Fault } from '../../preload/contract/reply';
import { oneLine } from '../catalog/vendor-answer';
import { isObject } from '../json-object';
import type { Answers, AskedByServer, Questions } from '../mcp/tool-server';
import type { Clock } from '../ports';
import { AskingTime } from './asking-time';
import type { AgentAsker } from './core-ports';
import type { Message } from './json-rpc';
import type { Session } from './sessions';

export interface SessionAskerNeeds {
  readonly clock: Clock;
  /** Ids that nobody can guess. */
  readonly newQuestionId: () => string;
  /** @returns False where the agent cannot take any more, and the message was dropped. */
  readonly send: (text: string) => boolean;
  readonly session: Session;
}

export interface SessionAsker extends AgentAsker {
  /** The call is over: nothing waits for an answer. */
  stop(): void;
}

export function sessionAsker(needs: SessionAskerNeeds): SessionAsker {
  const { clock, session } = needs;
  const time = new AskingTime(clock);
  const waiting = new Map<string, (fault: Fault) => void>();
  let isOver = false;
  const send = (message: object): boolean =>
    !isOver && needs.send(JSON.stringify({ jsonrpc: '2.0', ...message }));

  const askOne = ({ method, params, signal }: AskedByServer): Promise<Readonly<Record<string, unknown>>> =>
    new Promise((resolve, reject) => {
      if (isOver || signal?.aborted === true) return reject(over());
      const id = needs.newQuestionId();
      const settle = () => {
        stopWaiting();
        signal?.removeEventListener('abort', takeBack);
        session.questions.delete(id);
        waiting.delete(id);
      };
      const fail = (fault: Fault) => {
        settle();
        reject(fault);
      };
      const giveUp = (reason: string, fault: Fault) => {
        send({ method: 'notifications/cancelled', params: { requestId: id, reason } });
        fail(fault);
      };
      const takeBack = () =>
        giveUp('The server took it back.', new Fault('cancelled', 'The question was taken back.'));
      const stopWaiting = time.begin(() =>
        giveUp('Nobody answered in time.', new Fault('vendor_timeout', 'The agent did not answer in time.')),
      );
      signal?.addEventListener('abort', takeBack, { once: true });
      waiting.set(id, fail);
      session.questions.set(id, (answer) => {
        settle();
        const result = readAnswer(answer);
        if (result instanceof Fault) reject(result);
        else resolve(result);
      });
      if (!send({ id, method, params })) fail(new Fault('vendor_busy', 'The agent reads nothing any more.'));
    });

  return {
    offers: session.offers,
    /** One after the other: a person reads one question at a time. */
    async ask(questions: Questions): Promise<Answers> {
      const answers: [name: string, answer: Readonly<Record<string, unknown>>][] = [];
      for (const [name, question] of Object.entries(questions)) answers.push([name, await askOne(question)]);
      return Object.fromEntries(answers);
    },
    stop() {
      isOver = true;
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
