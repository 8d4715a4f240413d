import { describe, expect, it } from 'vitest';
import { AgentPaces, paceOf } from '../../../src/main/gateway/pace';

function paces(limits = { burst: 5, perSecond: 2, underWay: 100 }) {
  let nowMs = 1_000_000;
  const made = new AgentPaces({ nowMs: () => nowMs }, limits);
  return {
    enter: (agentId = 'agt_a') => made.enter(agentId),
    kinds: (count: number, agentId = 'agt_a') =>
      Array.from({ length: count }, () => made.enter(agentId).kind),
    wait: (ms: number) => {
      nowMs += ms;
    },
  };
}
const passed = (kinds: readonly string[]) => kinds.filter((kind) => kind === 'in').length;

describe('the pace of an agent', () => {
  it('lets a burst pass, and then so many a second', () => {
    const { kinds, wait } = paces();
    expect(passed(kinds(9))).toBe(5);
    wait(500);
    expect(passed(kinds(9))).toBe(1);
    wait(60_000);
    expect(passed(kinds(9))).toBe(5);
  });

  it('is that of one agent: another one is not slowed down', () => {
    const { kinds } = paces();
    expect(passed(kinds(9, 'agt_a'))).toBe(5);
    expect(passed(kinds(3, 'agt_b'))).toBe(3);
  });

  it('counts what is under way until it leaves, and a second leaving for nothing', () => {
    const { enter } = paces({ burst: 100, perSecond: 1, underWay: 2 });
    const first = enter();
    enter();
    expect(enter()).toMatchObject({ kind: 'slower', why: '2 messages of this agent are under way already.' });
    if (first.kind === 'in') {
      first.leave();
      first.leave();
    }
    expect([enter().kind, enter().kind]).toEqual(['in', 'slower']);
  });

  it('says once a minute that it turns away, however often it does', () => {
    const { enter, kinds, wait } = paces();
    kinds(5);
    const firsts = () => Array.from({ length: 50 }, enter.bind(undefined, 'agt_a')).filter(isFirst).length;
    expect(firsts()).toBe(1);
    wait(30_000);
    kinds(5);
    expect(firsts()).toBe(0);
    wait(30_000);
    kinds(5);
    expect(firsts()).toBe(1);
  });

  it('gives nothing for a clock that was set back, and goes on with the new time', () => {
    const { kinds, wait } = paces();
    kinds(5);
    wait(-3_600_000);
    expect(passed(kinds(9))).toBe(0);
    wait(1_000);
    expect(passed(kinds(9))).toBe(2);
  });

  it('is far above what a thousand calls at once need', () => {
    const { burst, underWay } = paceOf();
    expect(Math.min(burst, underWay)).toBeGreaterThanOrEqual(1_000);
  });
});

const isFirst = (entered: ReturnType<AgentPaces['enter']>) => entered.kind === 'slower' && entered.isFirst;
