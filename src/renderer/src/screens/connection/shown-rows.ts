/** Which tools the table shows, and in which order. Pure, and quick for thousands of rows. */
import type { ToolRowView } from '../../../../preload/contract/policy-shapes';
import type { Access, Policy } from '../../../../preload/contract/shapes';
import type { Draft } from '../../stores/draft';

export interface Filters {
  readonly search: string;
  readonly access: Access | 'all';
  readonly policy: Policy | 'all';
  readonly onlyDiffering: boolean;
  /** Only tools whose server says something else of them by now. */
  readonly onlyDrifted: boolean;
}

export interface Sorting {
  readonly by: 'catalog' | 'tool' | 'access' | 'policy' | 'used';
  readonly isDescending: boolean;
}

export const noFilters: Filters = {
  search: '',
  access: 'all',
  policy: 'all',
  onlyDiffering: false,
  onlyDrifted: false,
};
export const asInCatalog: Sorting = { by: 'catalog', isDescending: false };

export const policyNow = (draft: Draft, row: ToolRowView): Policy => draft.get(row.name) ?? row.policy;

const accessOrder: Readonly<Record<Access, number>> = { read: 0, write: 1, destructive: 2 };
const policyOrder: Readonly<Record<Policy, number>> = { auto: 0, approval_needed: 1, disabled: 2 };

export function shownRows(
  rows: readonly ToolRowView[],
  draft: Draft,
  filters: Filters,
  sorting: Sorting,
): readonly ToolRowView[] {
  const words = filters.search.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = rows.filter((row) => {
    // What is saved counts as well as what is edited: a row never disappears because it was just changed.
    const policies = [row.policy, policyNow(draft, row)];
    if (filters.access !== 'all' && row.access !== filters.access) return false;
    if (filters.policy !== 'all' && !policies.includes(filters.policy)) return false;
    if (filters.onlyDiffering && policies.every((policy) => policy === row.defaultPolicy)) return false;
    if (filters.onlyDrifted && row.drift === null) return false;
    if (words.length === 0) return true;
    const text = `${row.name} ${row.title}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  if (sorting.by === 'catalog') return shown;
  const order = orders[sorting.by];
  const direction = sorting.isDescending ? -1 : 1;
  return shown.sort((a, b) => direction * order(a, b) || (a.name < b.name ? -1 : 1));
}

type Order = (a: ToolRowView, b: ToolRowView) => number;

/** By what is saved, so that an edited row keeps its place. */
const orders: Readonly<Record<Exclude<Sorting['by'], 'catalog'>, Order>> = {
  tool: (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  access: (a, b) => accessOrder[a.access] - accessOrder[b.access],
  policy: (a, b) => policyOrder[a.policy] - policyOrder[b.policy],
  used: (a, b) => (a.lastUsedAtMs ?? 0) - (b.lastUsedAtMs ?? 0),
};

/** How many rows each filter would leave, so that nobody clicks into nothing. */
export function countRows(rows: readonly ToolRowView[], draft: Draft) {
  const counts = { all: rows.length, read: 0, write: 0, destructive: 0, differing: 0 };
  for (const row of rows) {
    counts[row.access] += 1;
    if (policyNow(draft, row) !== row.defaultPolicy) counts.differing += 1;
  }
  return counts;
}

/** The next order of a column: up, down, as in the catalog. */
export function nextSorting(now: Sorting, by: Sorting['by']): Sorting {
  if (now.by !== by) return { by, isDescending: false };
  return now.isDescending ? asInCatalog : { by, isDescending: true };
}
