/**
 * A table that draws only the rows in sight, so that five thousand rows scroll like fifty. The head stays; the table says
 * how many rows there really are. A row's height may differ (an opened one is measured).
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useRef } from 'react';

export interface Column {
  readonly key: string;
  readonly head: ReactNode;
  /** Width and alignment; one column is left without a width and takes the rest. */
  readonly className?: string;
  readonly sorted?: 'ascending' | 'descending' | 'none';
  readonly onSort?: () => void;
}

/** What a row puts on its `<tr>`: its place, and the measure of its real height. */
export interface RowPlace {
  readonly 'data-index': number;
  readonly 'aria-rowindex': number;
  readonly ref: (element: HTMLTableRowElement | null) => void;
}

export interface TableHandle {
  /** Brings a row into sight; it is drawn in the next frame. */
  show(index: number): void;
}

export function VirtualTable<Item>(props: {
  readonly label: string;
  readonly columns: readonly Column[];
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  readonly heightPx: (item: Item) => number;
  readonly row: (item: Item, place: RowPlace) => ReactNode;
  /** Narrower than this the table scrolls sideways instead of squeezing its columns. */
  readonly minWidthPx: number;
  /** Told when the last row comes into sight. */
  readonly onEnd?: () => void;
  readonly handle?: Ref<TableHandle>;
}) {
  const { items, keyOf, heightPx, onEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
    estimateSize: (index) => {
      const item = items[index];
      return item === undefined ? 0 : heightPx(item);
    },
    scrollPaddingStart: 36,
    overscan: 8,
  });
  useImperativeHandle(props.handle, () => ({ show: (index) => virtual.scrollToIndex(index) }), [virtual]);
  const drawn = virtual.getVirtualItems();
  const first = drawn[0];
  const last = drawn.at(-1);
  const isAtEnd = last !== undefined && last.index >= items.length - 1;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a longer list may have come to its end again.
  useEffect(() => {
    if (isAtEnd) onEnd?.();
  }, [isAtEnd, items.length, onEnd]);
  const after = last === undefined ? 0 : virtual.getTotalSize() - last.end;
  return (
    <div ref={scroller} className="min-h-0 overflow-auto rounded-card border border-line bg-card">
      <table
        aria-label={props.label}
        aria-rowcount={items.length + 1}
        className="w-full table-fixed border-separate border-spacing-0 [&_tbody>tr:last-child>td]:border-b-0"
        style={{ minWidth: props.minWidthPx }}
      >
        <thead className="sticky top-0 z-10 bg-card">
          <tr aria-rowindex={1} className="h-9">
            {props.columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                aria-sort={column.sorted}
                className={`border-b border-line pr-3 whitespace-nowrap ${column.className ?? ''}`}
              >
                <Head column={column} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {first === undefined || first.start === 0 ? null : (
            <Gap heightPx={first.start} columns={props.columns} />
          )}
          {drawn.map((one) => {
            const item = items[one.index];
            return item === undefined
              ? null
              : props.row(item, {
                  'data-index': one.index,
                  'aria-rowindex': one.index + 2,
                  ref: virtual.measureElement,
                });
          })}
          {after <= 0 ? null : <Gap heightPx={after} columns={props.columns} />}
        </tbody>
      </table>
    </div>
  );
}

function Head({ column }: { readonly column: Column }) {
  if (column.onSort === undefined) return column.head;
  const Arrow = column.sorted === 'descending' ? ArrowDown : ArrowUp;
  return (
    <button type="button" onClick={column.onSort} className="inline-flex items-center gap-1 hover:text-ink">
      {column.head}
      <Arrow
        size={12}
        aria-hidden="true"
        className={column.sorted === undefined || column.sorted === 'none' ? 'invisible' : ''}
      />
    </button>
  );
}

/** Stands for the rows that are not drawn. */
function Gap({ heightPx, columns }: { readonly heightPx: number; readonly columns: readonly Column[] }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it can be focused; it only takes up the height.
    <tr aria-hidden="true">
      <td colSpan={columns.length} className="p-0" style={{ height: heightPx }} />
    </tr>
  );
}
