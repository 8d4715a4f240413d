import { describe, expect, it } from 'vitest';
import type { ActivityEntry } from '../../../src/main/activity/record';
import { createAgents } from '../../../src/main/gateway/agents';
import { createOperatingMode } from '../../../src/main/gateway/operating-mode';
import { Fault } from '../../../src/preload/contract/reply';
import { HandClock } from '../../fakes/hand-clock';
import { vaultBench } from '../../fakes/vault-bench';

async function bench() {
  const { vault, file } = vaultBench();
  await vault.open();
  const clock = new HandClock();
  const rows: ActivityEntry[] = [];
  const log = { isFull: false };
  const record = async (entry: ActivityEntry) => {
    if (log.isFull) throw new Fault('activity_write_failed', 'The disk is full.');
    rows.push(entry);
  };
  let drawn = 0;
  const random = {
    bytes: (count: number) => {
      drawn += 1;
      return new Uint8Array(count).fill(drawn);
    },
  };
  const agents = createAgents({ vault, clock, random, hash: hashed, record, technician: 'sam' });
  const tokens = [await agents.createOrRotate('One', 'other'), await agents.createOrRotate('Two', 'other')];
  rows.length = 0;
  const stopped: string[] = [];
  const modes = createOperatingMode({
    vault,
    clock,
    record,
    technician: 'sam',
    onChanged: () => stopped.push(modes.now()),
    stopCalls: (why) => {
      stopped.push(why);
      return { questions: 2, running: 1 };
    },
    countCalls: () => ({ questions: 2, running: 1 }),
  });
  const known = () => tokens.filter(({ token }) => agents.byToken(token) !== undefined).length;
  return { vault, file, rows, log, modes, stopped, known };
}

const hashed = (text: string) =>
  text
    .padEnd(64, '0')
    .slice(-64)
    .replace(/[^0-9a-f]/g, 'a');

describe('the operating mode', () => {
  it('is written down with what it was and is', async () => {
    const { modes, rows, vault, stopped } = await bench();
    await modes.set('plan');
    await modes.set('plan');
    expect([modes.now(), vault.read().mode]).toEqual(['plan', 'plan']);
    expect(rows.map(({ what, detail }) => `${what}: ${detail}`)).toEqual(['Operating mode: Execute → Plan.']);
    expect(stopped).toEqual(['plan']);
  });

  it('stays as it was when it cannot be written', async () => {
    const { modes, file } = await bench();
    file.refusesWrites = true;
    await expect(modes.set('plan')).rejects.toMatchObject({ code: 'store_write_failed' });
    expect(modes.now()).toBe('execute');
  });
});

describe('Stop everything', () => {
  it('pauses first, takes every token, and leaves one row', async () => {
    const { modes, rows, vault, stopped, known } = await bench();
    expect(modes.preview()).toEqual({ agents: 2, questions: 2, running: 1 });
    expect(await modes.stopEverything()).toEqual({ agents: 2, questions: 2, running: 1 });
    expect(stopped).toEqual(['everything was stopped.', 'paused', 'paused']);
    expect([vault.read().mode, known()]).toEqual(['paused', 0]);
    expect(rows.map(({ detail }) => detail)).toEqual([
      '2 agents have lost their tokens, 2 questions were refused, 1 running call was ended. The gateway is paused.',
    ]);
  });

  it.each(['the store', 'the log'])(
    'stops all the same when %s cannot be written, and says so',
    async (what) => {
      const { modes, file, log, known } = await bench();
      if (what === 'the store') file.refusesWrites = true;
      else log.isFull = true;
      await expect(modes.stopEverything()).rejects.toMatchObject({
        message: expect.stringMatching(/^Everything is stopped: no agent can call .* The disk is full\.$/),
      });
      expect(modes.now()).toBe('paused');
      expect(known()).toBe(what === 'the store' ? 2 : 0);
    },
  );

  it('that could not be written ends only when a mode can be', async () => {
    const { modes, file } = await bench();
    file.refusesWrites = true;
    await expect(modes.stopEverything()).rejects.toThrow();
    await expect(modes.set('execute')).rejects.toThrow();
    expect(modes.now()).toBe('paused');
    file.refusesWrites = false;
    await modes.set('execute');
    expect(modes.now()).toBe('execute');
  });
});
