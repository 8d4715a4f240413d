/** What a screen says when there is no table to show: a problem, nothing yet, or not yet. */
import type { ReactNode } from 'react';
import { Button } from './Button';

/** A failure, with the sentence of what to do; with `again` where trying again can help. */
export function Problem({
  children,
  again,
}: {
  readonly children: string;
  readonly again?: (() => void) | undefined;
}) {
  if (children === '') return null;
  return (
    <div
      role="alert"
      className="flex items-center gap-3 rounded-control bg-bad-tint px-3 py-2 text-bad [overflow-wrap:anywhere]"
    >
      <p className="min-w-0 flex-1">{children}</p>
      {again === undefined ? null : (
        <Button size="small" onClick={again}>
          Try again
        </Button>
      )}
    </div>
  );
}

export function Empty({ children, action }: { readonly children: ReactNode; readonly action?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-3 rounded-card border border-dashed border-line px-8 py-10 text-center text-soft">
      <div className="max-w-[60ch]">{children}</div>
      {action}
    </div>
  );
}

/** Rows of grey where rows will be; invisible for the first 150 ms. */
export function Skeleton({
  rows,
  height = 48,
  label,
}: {
  readonly rows: number;
  readonly height?: number;
  readonly label: string;
}) {
  return (
    <div role="status" aria-label={label} className="flex flex-col gap-px overflow-hidden rounded-card">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move.
        <div key={index} className="flex items-center gap-4 bg-card px-4" style={{ height }}>
          <div className="skeleton h-3 w-1/4" />
          <div className="skeleton h-3 w-16" />
          <div className="skeleton h-3 flex-1" />
        </div>
      ))}
    </div>
  );
}
