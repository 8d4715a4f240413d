/** Bursts become few feeds, the last fact is never lost, and a moved policy revision is told. */
import { describe, expect, it } from 'vitest';
import { tellWindow } from '../../../src/main/ipc/tell-window';
import type { PolicyBook } from '../../../src/main/store/policy-book';
import { statusView } from '../../../src/preload/contract/shapes';
import { ActivityClock } from '../../fakes/activity-disk';
import { samplePolicies } from '../../fakes/vault-bench';

function bench() {
  const clock = new ActivityClock();
  const sent: { readonly feed: string; readonly value: unknown }[] = [];
  const attended: unknown[] = [];
  let views = 0;
  let book: PolicyBook = samplePolicies('auto');
  const tell = tellWindow({
    clock,
    emit: (feed, value) => sent.push({ feed, value }),
    status: () =>
      statusView.parse({
        version: '1',
        practice: false,
        vault: { kind: 'needs_passphrase', why: '' },
        gateway: { kind: 'stopped', why: '' },
        mode: 'execute',
        notices: [],
      }),
    connections: () => {
      views += 1;
      return [];
    },
    unrevoked: () => [],
    agents: () => [],
    approvals: () => ({ waiting: [], decided: [], grants: [] }),
    policies: () => book,
    attend: (approvals) => attended.push(approvals),
  });
  tell.begin();
  const of = (feed: string) => sent.filter((one) => one.feed === feed).map((one) => one.value);
  const setBook = (next: PolicyBook) => {
    book = next;
  };
  return { tell, clock, of, attended, setBook, views: () => views };
}

const revised = (revision: number): PolicyBook => {
  const { con_00000001: one } = samplePolicies('auto');
  return { con_00000001: { ...one, revision } };
};

describe('what the window is told', () => {
  it('is told at once when nothing was told lately', () => {
    const { tell, of } = bench();
    tell.vault();
    tell.appended(7);
    expect(of('connections.changed')).toHaveLength(1);
    expect(of('app.changed')).toHaveLength(1);
    expect(of('activity.appended')).toEqual([{ lastSeq: 7 }]);
  });

  it('hears a hundred changes of one second at most once each tenth of it', () => {
    const { tell, clock, of, views } = bench();
    for (let change = 1; change <= 100; change += 1) {
      tell.vault();
      tell.approvals();
      tell.appended(change);
      clock.advance(10);
    }
    clock.advance(100);
    for (const feed of ['connections.changed', 'agents.changed', 'app.changed', 'approvals.changed']) {
      expect(of(feed).length).toBeGreaterThan(5);
      expect(of(feed).length).toBeLessThanOrEqual(11);
    }
    expect(views()).toBeLessThanOrEqual(11);
    expect(of('activity.appended').at(-1)).toEqual({ lastSeq: 100 });
  });

  it('hears the end of a burst, and then nothing more', () => {
    const { tell, clock, of, attended } = bench();
    for (let change = 0; change < 50; change += 1) tell.approvals();
    expect(of('approvals.changed')).toHaveLength(1);
    clock.advance(100);
    expect(of('approvals.changed')).toHaveLength(2);
    clock.advance(10_000);
    expect(of('approvals.changed')).toHaveLength(2);
    expect(attended).toHaveLength(2);
  });

  it('hears of each connection whose policies moved, once, and of a new one', () => {
    const { tell, clock, of, setBook } = bench();
    tell.vault();
    expect(of('policies.changed')).toEqual([]);
    setBook(revised(2));
    tell.vault();
    clock.advance(100);
    tell.vault();
    clock.advance(100);
    expect(of('policies.changed')).toEqual([{ connectionId: 'con_00000001', revision: 2 }]);
    const { con_00000001: one } = revised(0);
    setBook(one === undefined ? {} : { con_00000002: one });
    tell.vault();
    clock.advance(100);
    expect(of('policies.changed').slice(1)).toEqual([{ connectionId: 'con_00000002', revision: 0 }]);
  });
});
