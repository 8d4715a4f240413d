import { describe, expect, it } from 'vitest';
import type { ToolRowView } from '../../../src/preload/contract/policy-shapes';
import type { Policy } from '../../../src/preload/contract/shapes';
import { nothingSelected, toggled } from '../../../src/renderer/src/screens/connection/selection';
import {
  asInCatalog,
  countRows,
  nextSorting,
  noFilters,
  shownRows,
} from '../../../src/renderer/src/screens/connection/shown-rows';
import { type Draft, editsOf, relaid, withEdits } from '../../../src/renderer/src/stores/draft';

function row(name: string, more: Partial<ToolRowView> = {}): ToolRowView {
  return {
    name,
    title: `Title of ${name}`,
    access: 'read',
    policy: 'auto',
    defaultPolicy: 'auto',
    why: '',
    lastUsedAtMs: null,
    drift: null,
    warning: '',
    ...more,
  };
}

const rows = [
  row('list-tickets', { lastUsedAtMs: 5 }),
  row('delete-ticket', {
    access: 'destructive',
    policy: 'approval_needed',
    defaultPolicy: 'approval_needed',
  }),
  row('add-note', { access: 'write', policy: 'disabled', defaultPolicy: 'approval_needed', lastUsedAtMs: 9 }),
];
const noDraft: Draft = new Map();
const namesOf = (list: readonly ToolRowView[]) => list.map((one) => one.name);

describe('which rows are shown', () => {
  it('keeps the order of the catalog until one sorts', () => {
    expect(namesOf(shownRows(rows, noDraft, noFilters, asInCatalog))).toEqual(namesOf(rows));
  });

  it('finds every word in name or title', () => {
    const shown = shownRows(rows, noDraft, { ...noFilters, search: ' TITLE ticket ' }, asInCatalog);
    expect(namesOf(shown)).toEqual(['list-tickets', 'delete-ticket']);
  });

  it('combines access, policy and differs', () => {
    const differing = { ...noFilters, onlyDiffering: true };
    expect(namesOf(shownRows(rows, noDraft, differing, asInCatalog))).toEqual(['add-note']);
    const asking = { ...noFilters, access: 'destructive', policy: 'approval_needed' } as const;
    expect(namesOf(shownRows(rows, noDraft, asking, asInCatalog))).toEqual(['delete-ticket']);
  });

  it('keeps a row in sight that was just edited away from the filter', () => {
    const draft: Draft = new Map([['list-tickets', 'disabled']]);
    expect(namesOf(shownRows(rows, draft, { ...noFilters, policy: 'auto' }, asInCatalog))).toContain(
      'list-tickets',
    );
  });

  it('sorts by what is saved, so that an edited row keeps its place', () => {
    const sorting = { by: 'policy', isDescending: false } as const;
    const before = namesOf(shownRows(rows, noDraft, noFilters, sorting));
    const draft: Draft = new Map([['list-tickets', 'disabled']]);
    expect(namesOf(shownRows(rows, draft, noFilters, sorting))).toEqual(before);
    expect(before).toEqual(['list-tickets', 'delete-ticket', 'add-note']);
  });

  it('puts the never used last when the newest come first', () => {
    const newest = shownRows(rows, noDraft, noFilters, { by: 'used', isDescending: true });
    expect(namesOf(newest)).toEqual(['add-note', 'list-tickets', 'delete-ticket']);
  });

  it('counts what differs with the edits', () => {
    const draft: Draft = new Map([['list-tickets', 'disabled']]);
    expect(countRows(rows, draft)).toEqual({ all: 3, read: 1, write: 1, destructive: 1, differing: 2 });
  });

  it('goes up, down and back to the catalog', () => {
    const up = nextSorting(asInCatalog, 'tool');
    const down = nextSorting(up, 'tool');
    expect([up, down, nextSorting(down, 'tool')]).toEqual([
      { by: 'tool', isDescending: false },
      { by: 'tool', isDescending: true },
      asInCatalog,
    ]);
  });
});

describe('selecting', () => {
  it('selects the range from the row touched last, in either direction', () => {
    const shown = ['a', 'b', 'c', 'd'];
    const first = toggled(nothingSelected, shown, 'c', false);
    expect([...toggled(first, shown, 'a', true).names].sort()).toEqual(['a', 'b', 'c']);
  });

  it('selects only the row itself when the beginning of the range is out of sight', () => {
    const first = toggled(nothingSelected, ['a', 'b', 'c'], 'a', false);
    expect([...toggled(first, ['b', 'c'], 'c', true).names]).toEqual(['a', 'c']);
  });

  it('takes a range away when its end was selected', () => {
    const all = { names: new Set(['a', 'b', 'c']), anchor: 'a' };
    expect([...toggled(all, ['a', 'b', 'c'], 'c', true).names]).toEqual([]);
  });
});

describe('the draft', () => {
  it('forgets an edit that leads back to what is saved', () => {
    const there = withEdits(noDraft, rows, () => 'auto');
    expect([...there.keys()]).toEqual(['delete-ticket', 'add-note']);
    expect(withEdits(there, rows, (one) => one.policy).size).toBe(0);
  });

  it('laid over newer rows, drops what is gone and what is so already', () => {
    const draft: Draft = new Map<string, Policy>([
      ['list-tickets', 'disabled'],
      ['add-note', 'auto'],
      ['gone', 'auto'],
    ]);
    const newer = [row('list-tickets', { policy: 'disabled' }), row('add-note', { policy: 'disabled' })];
    expect(editsOf(relaid(draft, newer))).toEqual([{ tool: 'add-note', policy: 'auto' }]);
  });
});
