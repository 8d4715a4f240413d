import { describe, expect, it, vi } from 'vitest';
import { watchHealth } from '../../../src/main/connections/health';
import { Fault } from '../../../src/preload/contract/reply';
import { HandClock } from '../../fakes/hand-clock';

const quarter = 15 * 60_000;

function bench(look: (id: string) => Promise<unknown> = async () => undefined) {
  const clock = new HandClock();
  const looked: string[] = [];
  const faults: unknown[] = [];
  const world = { isOnline: true, ids: ['a', 'b'] };
  const health = watchHealth({
    clock,
    isOnline: () => world.isOnline,
    connectionIds: () => world.ids,
    look: (id) => {
      looked.push(id);
      return look(id);
    },
    onFault: (error) => faults.push(error),
  });
  const pass = async (ms: number) => {
    clock.advance(ms);
    await vi.waitFor(() => expect(clock.waiting()).toBe(1));
  };
  return { health, clock, looked, faults, world, pass };
}

describe('looking after connections', () => {
  it('checks each every quarter of an hour, one after the other', async () => {
    const { health, looked, pass } = bench();
    health.start();
    await pass(quarter - 1);
    expect(looked).toEqual([]);
    await pass(1);
    expect(looked).toEqual(['a', 'b']);
    await pass(quarter);
    expect(looked).toEqual(['a', 'b', 'a', 'b']);
  });

  it('checks nothing while there is no network, and goes on when it is back', async () => {
    const { health, looked, pass, world } = bench();
    health.start();
    world.isOnline = false;
    await pass(quarter);
    expect(looked).toEqual([]);
    world.isOnline = true;
    await pass(quarter);
    expect(looked).toEqual(['a', 'b']);
  });

  it('goes on when one is gone, busy or silent, and keeps what is unexpected', async () => {
    const { health, looked, faults, pass } = bench(async (id) => {
      throw id === 'a' ? new Fault('vendor_unreachable', 'Away.') : new Error('A bug.');
    });
    health.start();
    await pass(quarter);
    expect(looked).toEqual(['a', 'b']);
    expect(faults).toHaveLength(1);
    await pass(quarter);
    expect(looked).toHaveLength(4);
  });

  it('looks at once when a call was refused, and then at most once a minute', () => {
    const { health, looked, clock } = bench();
    health.start();
    health.refused('a');
    health.refused('a');
    health.refused('b');
    expect(looked).toEqual(['a', 'b']);
    clock.advance(60_000);
    health.refused('a');
    expect(looked).toEqual(['a', 'b', 'a']);
    clock.advance(-3_600_000);
    health.refused('a');
    expect(looked).toHaveLength(4);
  });

  it('looks at nothing before it was started and after it was stopped', () => {
    const { health, looked, clock } = bench();
    health.refused('a');
    health.start();
    health.stop();
    health.refused('a');
    clock.advance(quarter * 3);
    expect(looked).toEqual([]);
    expect(clock.waiting()).toBe(0);
  });
});
