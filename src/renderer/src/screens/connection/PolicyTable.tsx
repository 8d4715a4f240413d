/** The tools of a connection and what agents may do with them. Edits go into the draft; nothing is sent from here. */
import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from 'react';
import type { PoliciesView, ToolRowView } from '../../../../preload/contract/policy-shapes';
import type { Policy } from '../../../../preload/contract/shapes';
import { Button } from '../../parts/Button';
import { Empty } from '../../parts/Say';
import { useNarrow } from '../../parts/use-narrow';
import { type Column, type TableHandle, VirtualTable } from '../../parts/VirtualTable';
import { type Draft, withEdits } from '../../stores/draft';
import { PolicyFilters } from './PolicyFilters';
import { PolicyRow } from './PolicyRow';
import { ServerNotes } from './ServerNotes';
import { nothingSelected, toggled } from './selection';
import { asInCatalog, nextSorting, noFilters, policyNow, type Sorting, shownRows } from './shown-rows';
import { ToolDetail } from './ToolDetail';

type Item =
  | { readonly kind: 'tool'; readonly row: ToolRowView; readonly index: number }
  | { readonly kind: 'detail'; readonly tool: string };

export function PolicyTable(props: {
  readonly policies: PoliciesView;
  readonly draft: Draft;
  readonly onDraft: (change: (draft: Draft) => Draft) => void;
  /** What the search begins with. */
  readonly search: string;
}) {
  const { policies, draft, onDraft } = props;
  const [filters, setFilters] = useState({ ...noFilters, search: props.search });
  const [sorting, setSorting] = useState(asInCatalog);
  const [selection, setSelection] = useState(nothingSelected);
  const [opened, setOpened] = useState<string>();
  const table = useRef<TableHandle>(null);
  const isNarrow = useNarrow();

  const rows = useMemo(
    () => shownRows(policies.rows, draft, filters, sorting),
    [policies.rows, draft, filters, sorting],
  );
  const names = useMemo(() => rows.map((row) => row.name), [rows]);
  const items = useMemo(() => itemsOf(rows, opened), [rows, opened]);
  const chosen = rows.filter((row) => selection.names.has(row.name));

  const latest = useRef(names);
  latest.current = names;
  const onToggle = useCallback((name: string, isRange: boolean) => {
    setSelection((before) => toggled(before, latest.current, name, isRange));
  }, []);
  const onPolicy = useCallback(
    (row: ToolRowView, policy: Policy) => onDraft((before) => withEdits(before, [row], () => policy)),
    [onDraft],
  );
  const onOpen = useCallback((name: string) => {
    setOpened((before) => (before === name ? undefined : name));
  }, []);
  const setAll = (policy: Policy) => onDraft((before) => withEdits(before, chosen, () => policy));
  const selectShown = (isOn: boolean) =>
    setSelection({ names: new Set(isOn ? names : []), anchor: undefined });

  return (
    <>
      <ServerNotes
        policies={policies}
        onlyDrifted={filters.onlyDrifted}
        onOnlyDrifted={(onlyDrifted) => setFilters({ ...filters, onlyDrifted })}
      />
      <PolicyFilters
        policies={policies}
        draft={draft}
        filters={filters}
        onFilters={setFilters}
        selectedCount={chosen.length}
        onPolicy={setAll}
        onClear={() => setSelection(nothingSelected)}
        onReset={() => onDraft((before) => withEdits(before, policies.rows, (row) => row.defaultPolicy))}
      />
      {rows.length === 0 ? (
        <Empty action={<Button onClick={() => setFilters(noFilters)}>Show all tools</Button>}>
          {policies.rows.length === 0 ? 'This connection has no tools.' : 'No tool matches these filters.'}
        </Empty>
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: moves the focus between the checkboxes inside, nothing else.
        <div className="contents" onKeyDown={(event) => moveFocus(event, table.current)}>
          <VirtualTable
            label="Tool policies"
            handle={table}
            minWidthPx={620}
            columns={columnsOf({
              sorting,
              onSort: (by) => setSorting(nextSorting(sorting, by)),
              isAllSelected: chosen.length === rows.length,
              isSomeSelected: chosen.length > 0,
              onSelectShown: selectShown,
              isNarrow,
            })}
            items={items}
            keyOf={keyOf}
            heightPx={heightOf}
            row={(item, place) =>
              item.kind === 'detail' ? (
                <tr key={keyOf(item)} {...place}>
                  <td colSpan={isNarrow ? 5 : 6} className="border-b border-line bg-ground p-4">
                    <ToolDetail
                      connectionId={policies.connectionId}
                      tool={item.tool}
                      revision={policies.revision}
                    />
                  </td>
                </tr>
              ) : (
                <PolicyRow
                  key={item.row.name}
                  row={item.row}
                  policy={policyNow(draft, item.row)}
                  isSelected={selection.names.has(item.row.name)}
                  isOpen={opened === item.row.name}
                  isNarrow={isNarrow}
                  index={item.index}
                  dataIndex={place['data-index']}
                  rowIndex={place['aria-rowindex']}
                  onToggle={onToggle}
                  onPolicy={onPolicy}
                  onOpen={onOpen}
                />
              )
            }
          />
        </div>
      )}
    </>
  );
}

function itemsOf(rows: readonly ToolRowView[], opened: string | undefined): readonly Item[] {
  return rows.flatMap((row, index): Item[] =>
    row.name === opened
      ? [
          { kind: 'tool', row, index },
          { kind: 'detail', tool: row.name },
        ]
      : [{ kind: 'tool', row, index }],
  );
}

const keyOf = (item: Item) => (item.kind === 'tool' ? item.row.name : `detail of ${item.tool}`);
const heightOf = (item: Item) => (item.kind === 'tool' ? 48 : 320);

function columnsOf(by: {
  readonly sorting: Sorting;
  readonly onSort: (by: Sorting['by']) => void;
  readonly isAllSelected: boolean;
  readonly isSomeSelected: boolean;
  readonly onSelectShown: (isOn: boolean) => void;
  readonly isNarrow: boolean;
}): readonly Column[] {
  const sortable = (key: Sorting['by'], head: string, className: string): Column => ({
    key,
    head,
    className,
    onSort: () => by.onSort(key),
    sorted: by.sorting.by !== key ? 'none' : by.sorting.isDescending ? 'descending' : 'ascending',
  });
  const all = (
    <input
      type="checkbox"
      aria-label="Select all shown"
      className="block"
      checked={by.isAllSelected}
      ref={(element) => {
        if (element !== null) element.indeterminate = by.isSomeSelected && !by.isAllSelected;
      }}
      onChange={(event) => by.onSelectShown(event.target.checked)}
    />
  );
  return [
    { key: 'select', head: all, className: 'w-[42px] pl-3' },
    sortable('tool', 'Tool', 'w-[26%]'),
    sortable('access', 'Access', 'w-[112px]'),
    sortable('policy', 'Policy', 'w-[196px]'),
    { key: 'why', head: 'Why' },
    ...(by.isNarrow ? [] : [sortable('used', 'Last used', 'w-[104px]')]),
  ];
}

/** Up and down move between the checkboxes; the table scrolls along. */
function moveFocus(event: KeyboardEvent<HTMLDivElement>, table: TableHandle | null): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const target = event.target;
  if (step === 0 || !(target instanceof HTMLInputElement) || target.dataset.place === undefined) return;
  event.preventDefault();
  const body = target.closest('tbody');
  const next = Number(target.dataset.place) + step;
  const focus = () => {
    const box = body?.querySelector<HTMLInputElement>(`input[data-place="${next}"]`);
    box?.focus({ preventScroll: true });
    return box !== null && box !== undefined;
  };
  const row = body?.querySelector(`tr[data-order="${next}"]`);
  if (row instanceof HTMLElement) table?.show(Number(row.dataset.index));
  if (!focus()) requestAnimationFrame(focus);
}
