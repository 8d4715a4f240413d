import { describe, expect, it } from 'vitest';
import { type CallStreamNeeds, openCallStream } from '../../../src/main/gateway/call-stream';
import type { Session } from '../../../src/main/gateway/sessions';
import { HandClock } from '../../fakes/hand-clock';

const really = { method: 'elicitation/create', params: { message: 'Really?' } };
const question = { question: really };

function stream(more: Partial<CallStreamNeeds> = {}) {
  const clock = new HandClock();
  const sent: { id?: string; method: string; params: Record<string, unknown> }[] = [];
  const session: Session = {
    id: 's',
    agentId: 'agt_1',
    running: new Map(),
    offers: { form: true, url: false, sampling: true, roots: false },
    questions: new Map(),
    logLevel: undefined,
    announce: undefined,
  };
  let made = 0;
  const call = openCallStream({
    clock,
    newQuestionId: () => {
      made += 1;
      return `ask_${made}`;
    },
    send: (text) => sent.push(JSON.parse(text)) > 0,
    session,
    progressToken: 'mine',
    ...more,
  });
  const progress = (told: object) =>
    call.onNotice?.({ method: 'notifications/progress', params: { ...told } });
  const values = () =>
    sent.flatMap(({ method, params }) => (method === 'notifications/progress' ? [params.progress] : []));
  return { clock, sent, session, call, progress, values };
}

describe('progress on the stream of a call', () => {
  it('beats every ten seconds while nobody tells anything, with the token of the agent', () => {
    const { clock, sent } = stream();
    clock.advance(9_999);
    expect(sent).toEqual([]);
    clock.advance(20_001);
    expect(sent.map(({ params }) => params)).toEqual(
      [1, 2, 3].map((progress) => ({
        progressToken: 'mine',
        progress,
        message: 'Waiting for a technician to decide.',
      })),
    );
  });

  it('goes up from beats to what the server tells, and the beats end', () => {
    const { clock, progress, values, sent } = stream();
    clock.advance(30_000);
    progress({ progressToken: 9, progress: 0.5, total: 2, message: 'half' });
    clock.advance(60_000);
    progress({ progressToken: 9, progress: 2, total: 2 });
    expect(values()).toEqual([1, 2, 3, 3.5, 5]);
    expect(sent.at(-2)?.params).toEqual({ progressToken: 'mine', progress: 3.5, total: 5, message: 'half' });
    expect(clock.waiting()).toBe(0);
  });

  it('is exactly the server’s where there was no beat', () => {
    const { progress, values } = stream();
    progress({ progress: 0, total: 1 });
    progress({ progress: 1, total: 1 });
    expect(values()).toEqual([0, 1]);
  });

  it('leaves out what does not go up, and what is no number', () => {
    const { progress, values } = stream();
    for (const told of [
      { progress: 3 },
      { progress: 3 },
      { progress: 1 },
      { progress: '9' },
      {},
      JSON.parse('{"progress":1e999}'),
    ])
      progress(told);
    progress({ progress: 4 });
    expect(values()).toEqual([3, 4]);
  });

  it('is not there for an agent that did not ask for it', () => {
    const { clock, call, progress, sent } = stream({ progressToken: undefined });
    progress({ progress: 1 });
    clock.advance(60_000);
    expect(sent).toEqual([]);
    expect(call.wantsProgress).toBe(false);
  });
});

describe('log messages on the stream of a call', () => {
  const log = (level: unknown, data: unknown = 'x') => ({
    method: 'notifications/message' as const,
    params: { level, data },
  });

  it('pass as the server wrote them, from the level that was set', () => {
    const { call, sent, session } = stream();
    for (const level of ['debug', 'emergency', 'loud', undefined]) call.onNotice?.(log(level));
    session.logLevel = 'error';
    for (const level of ['warning', 'error', 'alert']) call.onNotice?.(log(level));
    expect(sent.map(({ params }) => params.level)).toEqual(['debug', 'emergency', 'error', 'alert']);
  });

  it('are left out when they are too long, or too many', () => {
    const { call, sent } = stream();
    call.onNotice?.(log('info', 'x'.repeat(70_000)));
    for (let count = 0; count < 2_000; count += 1) call.onNotice?.(log('info'));
    expect(sent).toHaveLength(999);
  });
});

describe('a question on the stream of a call', () => {
  it('waits ten minutes and no longer; the agent is told that it is over', async () => {
    const { clock, call, sent, session } = stream({ progressToken: undefined });
    const answer = call.asker?.ask(question);
    clock.advance(599_999);
    expect(sent).toHaveLength(1);
    clock.advance(1);
    await expect(answer).rejects.toMatchObject({ code: 'vendor_timeout' });
    expect(sent.at(-1)).toMatchObject({ method: 'notifications/cancelled', params: { requestId: 'ask_1' } });
    expect(session.questions.size).toBe(0);
    expect(clock.waiting()).toBe(0);
  });

  it('cannot keep a call open for ever: all of them together have a quarter of an hour', async () => {
    const { clock, call, session } = stream({ progressToken: undefined });
    const first = call.asker?.ask(question);
    clock.advance(590_000);
    session.questions.get('ask_1')?.({ id: 'ask_1', result: { action: 'accept' } });
    await first;
    const second = call.asker?.ask(question);
    clock.advance(309_999);
    expect(session.questions.size).toBe(1);
    clock.advance(1);
    await expect(second).rejects.toMatchObject({ code: 'vendor_timeout' });
  });

  it('fails at once where the agent reads nothing any more', async () => {
    const { call, session } = stream({ send: () => false });
    await expect(call.asker?.ask(question)).rejects.toMatchObject({ code: 'vendor_busy' });
    expect(session.questions.size).toBe(0);
  });

  it('ends when the server takes it back; the agent is told', async () => {
    const { clock, call, sent, session } = stream({ progressToken: undefined });
    const controller = new AbortController();
    const answer = call.asker?.ask({ question: { ...really, signal: controller.signal } });
    controller.abort();
    await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
    expect(sent.at(-1)).toMatchObject({ method: 'notifications/cancelled', params: { requestId: 'ask_1' } });
    await expect(call.asker?.ask({ question: { ...really, signal: controller.signal } })).rejects.toThrow();
    expect(sent).toHaveLength(2);
    expect([session.questions.size, clock.waiting()]).toEqual([0, 0]);
  });

  it('ends with its call, and nothing is sent afterwards', async () => {
    const { clock, call, sent, session, progress } = stream();
    const answer = call.asker?.ask(question);
    call.stop();
    await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
    await expect(call.asker?.ask(question)).rejects.toMatchObject({ code: 'cancelled' });
    progress({ progress: 1 });
    clock.advance(700_000);
    expect(sent).toHaveLength(1);
    expect(session.questions.size).toBe(0);
    expect(clock.waiting()).toBe(0);
  });

  it('is answered once', async () => {
    const { call, session, sent } = stream();
    const answer = call.asker?.ask(question);
    expect(sent).toMatchObject([{ id: 'ask_1', ...really }]);
    session.questions.get('ask_1')?.({ id: 'ask_1', result: { action: 'cancel' } });
    expect(await answer).toEqual({ question: { action: 'cancel' } });
    expect(session.questions.has('ask_1')).toBe(false);
  });

  it('comes after the one before was answered, when several are asked together', async () => {
    const { call, session, sent } = stream();
    const answers = call.asker?.ask({ first: really, second: { method: 'roots/list', params: {} } });
    expect(sent.map(({ method }) => method)).toEqual(['elicitation/create']);
    session.questions.get('ask_1')?.({ id: 'ask_1', result: { action: 'accept' } });
    await expect.poll(() => sent.map(({ method }) => method)).toEqual(['elicitation/create', 'roots/list']);
    session.questions.get('ask_2')?.({ id: 'ask_2', result: { roots: [] } });
    expect(await answers).toEqual({ first: { action: 'accept' }, second: { roots: [] } });
  });

  it('cannot be put to an agent without a session', () => {
    expect(stream({ session: undefined }).call.asker).toBeUndefined();
  });
});
