/**
 * Cards in as many columns as fit, of which only those in sight are drawn. Each is an article of a feed that knows its place
 * among all of them; the arrow keys go from card to card.
 *
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/feed/
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';

const gapPx = 12;

/** What a card puts on its `<article>`. */
export interface CardPlace {
  readonly 'aria-posinset': number;
  readonly 'aria-setsize': number;
  readonly 'data-card': number;
}

export function VirtualGrid<Item>(props: {
  readonly label: string;
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  readonly minColumnPx: number;
  readonly rowPx: number;
  readonly card: (item: Item, place: CardPlace) => ReactNode;
}) {
  const { items, keyOf, minColumnPx, rowPx } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const columns = useColumns(scroller, minColumnPx);
  const virtual = useVirtualizer({
    count: Math.ceil(items.length / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx + gapPx,
    overscan: 2,
  });
  const focusCard = (index: number) => {
    const card = scroller.current?.querySelector(`[data-card="${index}"]`);
    card?.querySelector('button')?.focus({ preventScroll: true });
    return card !== null && card !== undefined;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const at = event.target instanceof Element ? event.target.closest('[data-card]') : null;
    const step = stepOf(event.key, columns);
    if (step === undefined || !(at instanceof HTMLElement)) return;
    const next = Math.min(Math.max(Number(at.dataset.card) + step, 0), items.length - 1);
    event.preventDefault();
    virtual.scrollToIndex(Math.floor(next / columns));
    if (!focusCard(next)) requestAnimationFrame(() => requestAnimationFrame(() => focusCard(next)));
  };
  return (
    <div
      ref={scroller}
      role="feed"
      aria-label={props.label}
      onKeyDown={onKeyDown}
      className="-m-0.5 min-h-0 flex-1 overflow-auto p-0.5"
    >
      <div className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((row) => (
          <div
            key={row.key}
            className="absolute inset-x-0 top-0 grid gap-3"
            style={{
              gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
              transform: `translateY(${row.start}px)`,
            }}
          >
            {items.slice(row.index * columns, (row.index + 1) * columns).map((item, column) => {
              const index = row.index * columns + column;
              return (
                <div key={keyOf(item)} className="contents">
                  {props.card(item, {
                    'aria-posinset': index + 1,
                    'aria-setsize': items.length,
                    'data-card': index,
                  })}
                </div>
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}

function stepOf(key: string, columns: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return 1;
    case 'ArrowLeft':
      return -1;
    case 'ArrowDown':
      return columns;
    case 'ArrowUp':
      return -columns;
    default:
      return undefined;
  }
}

/** How many columns fit, told again when the width changes. */
function useColumns(scroller: { readonly current: HTMLDivElement | null }, minColumnPx: number): number {
  const [columns, setColumns] = useState(4);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const watch = new ResizeObserver(() => {
      const fits = Math.floor((element.clientWidth + gapPx) / (minColumnPx + gapPx));
      setColumns(Math.max(1, fits));
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, [scroller, minColumnPx]);
  return columns;
}
