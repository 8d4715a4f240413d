import { describe, expect, it } from 'vitest';
import { sessionAsker } from '../../../src/main/gateway/session-asker';
import type { Session } from '../../../src/main/gateway/sessions';
import { HandClock } from '../../fakes/hand-clock';

const really = { method: 'elicitation/create', params: { message: 'Really?' } };
const question = { question: really };

function asking(takes = true) {
  const clock = new HandClock();
  const sent: { id?: string; method: string; params: Record<string, unknown> }[] = [];
  const session: Session = {
    id: 's',
    agentId: 'agt_1',
    running: new Map(),
    offers: { form: true, url: false, sampling: true, roots: false },
    questions: new Map(),
    watched: new Map(),
    logLevel: undefined,
    announce: undefined,
  };
  let made = 0;
  const asker = sessionAsker({
    clock,
    newQuestionId: () => {
      made += 1;
      return `ask_${made}`;
    },
    send: (text) => takes && sent.push(JSON.parse(text)) > 0,
    session,
  });
  return { clock, sent, session, asker };
}

describe('a question on the stream of a call', () => {
  it('waits ten minutes and no longer; the agent is told that it is over', async () => {
    const { clock, asker, sent, session } = asking();
    const answer = asker.ask(question);
    clock.advance(599_999);
    expect(sent).toHaveLength(1);
    clock.advance(1);
    await expect(answer).rejects.toMatchObject({ code: 'vendor_timeout' });
    expect(sent.at(-1)).toMatchObject({ method: 'notifications/cancelled', params: { requestId: 'ask_1' } });
    expect(session.questions.size).toBe(0);
    expect(clock.waiting()).toBe(0);
  });

  it('cannot keep a call open for ever: all of them together have a quarter of an hour', async () => {
    const { clock, asker, session } = asking();
    const first = asker.ask(question);
    clock.advance(590_000);
    session.questions.get('ask_1')?.({ id: 'ask_1', result: { action: 'accept' } });
    await first;
    const second = asker.ask(question);
    clock.advance(309_999);
    expect(session.questions.size).toBe(1);
    clock.advance(1);
    await expect(second).rejects.toMatchObject({ code: 'vendor_timeout' });
  });

  it('fails at once where the agent reads nothing any more', async () => {
    const { asker, session } = asking(false);
    await expect(asker.ask(question)).rejects.toMatchObject({ code: 'vendor_busy' });
    expect(session.questions.size).toBe(0);
  });

  it('ends when the server takes it back; the agent is told', async () => {
    const { clock, asker, sent, session } = asking();
    const controller = new AbortController();
    const answer = asker.ask({ question: { ...really, signal: controller.signal } });
    controller.abort();
    await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
    expect(sent.at(-1)).toMatchObject({ method: 'notifications/cancelled', params: { requestId: 'ask_1' } });
    await expect(asker.ask({ question: { ...really, signal: controller.signal } })).rejects.toThrow();
    expect(sent).toHaveLength(2);
    expect([session.questions.size, clock.waiting()]).toEqual([0, 0]);
  });

  it('ends with its asker, and nothing is sent afterwards', async () => {
    const { clock, asker, sent, session } = asking();
    const answer = asker.ask(question);
    asker.stop();
    await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
    await expect(asker.ask(question)).rejects.toMatchObject({ code: 'cancelled' });
    clock.advance(700_000);
    expect(sent).toHaveLength(1);
    expect(session.questions.size).toBe(0);
    expect(clock.waiting()).toBe(0);
  });

  it('is answered once', async () => {
    const { asker, session, sent } = asking();
    const answer = asker.ask(question);
    expect(sent).toMatchObject([{ id: 'ask_1', ...really }]);
    session.questions.get('ask_1')?.({ id: 'ask_1', result: { action: 'cancel' } });
    expect(await answer).toEqual({ question: { action: 'cancel' } });
    expect(session.questions.has('ask_1')).toBe(false);
  });

  it('comes after the one before was answered, when several are asked together', async () => {
    const { asker, session, sent } = asking();
    const answers = asker.ask({ first: really, second: { method: 'roots/list', params: {} } });
    expect(sent.map(({ method }) => method)).toEqual(['elicitation/create']);
    session.questions.get('ask_1')?.({ id: 'ask_1', result: { action: 'accept' } });
    await expect.poll(() => sent.map(({ method }) => method)).toEqual(['elicitation/create', 'roots/list']);
    session.questions.get('ask_2')?.({ id: 'ask_2', result: { roots: [] } });
    expect(await answers).toEqual({ first: { action: 'accept' }, second: { roots: [] } });
  });
});
