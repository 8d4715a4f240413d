import { describe, expect, it } from 'vitest';
import { type CallStreamNeeds, openCallStream } from '../../../src/main/gateway/call-stream';
import type { LogLevel } from '../../../src/main/gateway/log-level';
import { HandClock } from '../../fakes/hand-clock';

function stream(more: Partial<CallStreamNeeds> = {}) {
  const clock = new HandClock();
  const sent: { id?: string; method: string; params: Record<string, unknown> }[] = [];
  const level: { least: LogLevel | 'none' } = { least: 'debug' };
  const call = openCallStream({
    clock,
    send: (text) => sent.push(JSON.parse(text)) > 0,
    logLevel: () => level.least,
    progressToken: 'mine',
    ...more,
  });
  const progress = (told: object) =>
    call.onNotice?.({ method: 'notifications/progress', params: { ...told } });
  const values = () =>
    sent.flatMap(({ method, params }) => (method === 'notifications/progress' ? [params.progress] : []));
  return { clock, sent, level, call, progress, values };
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
    const { call, sent, level } = stream();
    for (const one of ['debug', 'emergency', 'loud', undefined]) call.onNotice?.(log(one));
    level.least = 'error';
    for (const one of ['warning', 'error', 'alert']) call.onNotice?.(log(one));
    expect(sent.map(({ params }) => params.level)).toEqual(['debug', 'emergency', 'error', 'alert']);
  });

  it('are left out when they are too long, or too many', () => {
    const { call, sent } = stream();
    call.onNotice?.(log('info', 'x'.repeat(70_000)));
    for (let count = 0; count < 2_000; count += 1) call.onNotice?.(log('info'));
    expect(sent).toHaveLength(999);
  });
});
