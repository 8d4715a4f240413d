import { describe, expect, it } from 'vitest';
import { ApprovalDesk, type Question } from '../../../src/main/gateway/approval-desk';
import type { GatewayTool } from '../../../src/main/gateway/core-ports';
import { fullScope } from '../../../src/main/store/state-record';
import { HandClock } from '../../fakes/hand-clock';

const minute = 60_000;
const agent = { agentId: 'agt_1', name: 'Triage bot', scope: fullScope };
const tool = (more: Partial<GatewayTool> = {}): GatewayTool => ({
  source: 'catalog',
  connectionId: 'con_1',
  connectionLabel: 'PSA',
  alias: 'psa',
  tool: 'add-note',
  shown: 'psa:add-note',
  title: 'Add a note',
  description: 'Adds a note.',
  access: 'write',
  policy: 'approval_needed',
  definitionHash: 'h',
  inputSchema: {},
  request: 'POST /notes',
  annotations: {},
  ...more,
});
const question = (more: Partial<Question> = {}): Question => ({
  agent,
  tool: tool(),
  args: { id: 1 },
  revision: 3,
  sentence: 'Add a note.',
  argumentsJson: '{}',
  approvalMs: 10 * minute,
  ...more,
});

function desk() {
  // A clock on the wall that can be set beside timers that go on.
  const timers = new HandClock();
  const wall = { jumpMs: 0 };
  const clock = {
    nowMs: () => timers.nowMs() + wall.jumpMs,
    after: (ms: number, run: () => void) => timers.after(ms, run),
  };
  let drawn = 0;
  const random = {
    bytes: (count: number) => {
      drawn += 1;
      return new Uint8Array(count).fill(drawn);
    },
  };
  return { desk: new ApprovalDesk({ clock, random }), timers, wall };
}

describe('a question', () => {
  it.each([
    ['agent', { agent: { ...agent, agentId: 'agt_2' } }],
    ['connection', { tool: tool({ connectionId: 'con_2' }) }],
    ['tool', { tool: tool({ tool: 'add-notes' }) }],
    ['definition', { tool: tool({ definitionHash: 'i' }) }],
    ['arguments', { args: { id: 2 } }],
    ['revision of the policies', { revision: 4 }],
  ])('is another one with another %s', (_what, more) => {
    const { desk: one } = desk();
    const first = one.ask(question());
    expect(one.ask(question())).toBe(first);
    expect(one.ask(question(more)).approvalId).not.toBe(first.approvalId);
  });

  it('expires by the timer, and by a clock that was set forward', () => {
    const { desk: one, timers, wall } = desk();
    const first = one.ask(question());
    timers.advance(10 * minute);
    expect(one.view().decided.map(({ decision }) => decision)).toEqual(['expired']);
    const second = one.ask(question({ args: 2 }));
    wall.jumpMs = 11 * minute;
    expect(() => one.decide(second.approvalId, { kind: 'approve' }, 'sam')).toThrow(/time of this question/);
    expect([first.use(), second.use()]).toEqual([undefined, undefined]);
  });

  it('lives no longer when the clock is set back', () => {
    const { desk: one, timers, wall } = desk();
    one.ask(question());
    wall.jumpMs = -600 * minute;
    timers.advance(10 * minute);
    expect(one.view().waiting).toEqual([]);
  });

  it('that was approved too long ago runs nothing', () => {
    const { desk: one, wall } = desk();
    const asked = one.ask(question());
    one.decide(asked.approvalId, { kind: 'approve' }, 'sam');
    wall.jumpMs = 11 * minute;
    expect(asked.use()).toBeUndefined();
  });

  it('is proof once', () => {
    const { desk: one } = desk();
    const asked = one.ask(question());
    one.decide(asked.approvalId, { kind: 'approve' }, 'sam');
    expect(asked.use()).toMatchObject({ by: 'sam' });
    expect(asked.use()).toBeUndefined();
    expect(() => one.decide(asked.approvalId, { kind: 'approve' }, 'sam')).toThrow(/no longer open/);
  });

  it('whose answer nobody heard is kept for ten minutes', () => {
    const { desk: one, timers } = desk();
    const asked = one.ask(question());
    one.decide(asked.approvalId, { kind: 'deny', reason: '' }, 'sam');
    timers.advance(10 * minute - 1);
    expect(one.find(asked.approvalId, 'agt_1')).toBe(asked);
    expect(one.find(asked.approvalId, 'agt_2')).toBeUndefined();
    timers.advance(1);
    expect(one.find(asked.approvalId, 'agt_1')).toBeUndefined();
  });
});

describe('a grant', () => {
  function granted() {
    const made = desk();
    const asked = made.desk.ask(question());
    made.desk.decide(asked.approvalId, { kind: 'grant' }, 'sam');
    return made;
  }

  it('ends after 30 minutes by the timer, and by a clock that was set forward', () => {
    const first = granted();
    first.timers.advance(30 * minute - 1);
    expect(first.desk.granted(agent, tool(), 3)?.words).toContain('Approved by sam for 30 minutes');
    first.timers.advance(1);
    expect(first.desk.granted(agent, tool(), 3)).toBeUndefined();
    const second = granted();
    second.wall.jumpMs = 31 * minute;
    expect(second.desk.granted(agent, tool(), 3)).toBeUndefined();
    expect(second.desk.view().grants).toEqual([]);
  });

  it('is not lengthened by a clock that was set back', () => {
    const { desk: one, timers, wall } = granted();
    wall.jumpMs = -600 * minute;
    timers.advance(30 * minute);
    expect(one.granted(agent, tool(), 3)).toBeUndefined();
  });

  it('covers nothing else: agent, connection, definition, revision', () => {
    const { desk: one } = granted();
    expect(one.granted({ ...agent, agentId: 'agt_2' }, tool(), 3)).toBeUndefined();
    expect(one.granted(agent, tool({ connectionId: 'con_2' }), 3)).toBeUndefined();
    expect(one.granted(agent, tool({ definitionHash: 'i' }), 3)).toBeUndefined();
    expect(one.granted(agent, tool(), 4)).toBeUndefined();
  });

  it('is never given for a destructive tool, and the question stays open', () => {
    const { desk: one } = desk();
    const asked = one.ask(question({ tool: tool({ access: 'destructive' }) }));
    expect(one.view().waiting[0]?.mayGrant).toBe(false);
    expect(() => one.decide(asked.approvalId, { kind: 'grant' }, 'sam')).toThrow(/call by call/);
    expect(one.view().waiting).toHaveLength(1);
  });
});
