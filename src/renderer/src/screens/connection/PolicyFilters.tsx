/** The row above the table: what is shown, and, once rows are selected, what becomes of them. */
import type { PoliciesView } from '../../../../preload/contract/policy-shapes';
import type { Policy } from '../../../../preload/contract/shapes';
import { Button } from '../../parts/Button';
import { Choice, SearchBox, Segments } from '../../parts/Entries';
import type { Draft } from '../../stores/draft';
import { policyOptions } from '../../words';
import { countRows, type Filters } from './shown-rows';

export function PolicyFilters(props: {
  readonly policies: PoliciesView;
  readonly draft: Draft;
  readonly filters: Filters;
  readonly onFilters: (filters: Filters) => void;
  readonly selectedCount: number;
  readonly onPolicy: (policy: Policy) => void;
  readonly onClear: () => void;
  readonly onReset: () => void;
}) {
  const { filters, onFilters } = props;
  const counts = countRows(props.policies.rows, props.draft);
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-2">
      <SearchBox
        label="Search tools"
        value={filters.search}
        onChange={(search) => onFilters({ ...filters, search })}
      />
      <Segments
        label="Access"
        value={filters.access}
        onChange={(access) => onFilters({ ...filters, access })}
        options={[
          { value: 'all', label: 'All', count: counts.all },
          { value: 'read', label: 'Read', count: counts.read },
          { value: 'write', label: 'Write', count: counts.write },
          { value: 'destructive', label: 'Destructive', count: counts.destructive },
        ]}
      />
      {props.selectedCount === 0 ? (
        <>
          <Choice
            label="Policy"
            className="w-[132px]"
            value={filters.policy}
            onChange={(policy) => onFilters({ ...filters, policy })}
            options={[{ value: 'all', label: 'All policies' }, ...policyOptions]}
          />
          <Button
            kind="quiet"
            pressed={filters.onlyDiffering}
            onClick={() => onFilters({ ...filters, onlyDiffering: !filters.onlyDiffering })}
          >
            Differs from default <span className="text-soft">{counts.differing}</span>
          </Button>
          <div className="ml-auto">
            <Button onClick={props.onReset}>Reset to defaults</Button>
          </div>
        </>
      ) : (
        <div className="ml-auto flex items-center gap-2">
          <span className="text-soft">{props.selectedCount} selected</span>
          <Choice
            label={`Set policy of ${props.selectedCount} selected`}
            className="w-[160px]"
            value="none"
            onChange={(policy) => (policy === 'none' ? undefined : props.onPolicy(policy))}
            options={[{ value: 'none', label: 'Set policy' }, ...policyOptions]}
          />
          <Button onClick={props.onClear}>Clear selection</Button>
        </div>
      )}
    </div>
  );
}
