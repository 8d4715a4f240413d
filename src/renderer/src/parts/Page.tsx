/**
 * The frame of a screen: crumb, title with state, actions right; a row of filters; then content to the edge.
 * `scrolls` leaves scrolling to the content (tables keep their head in sight).
 */
import type { ReactNode } from 'react';

export function Page(props: {
  readonly title: string;
  readonly crumb?: ReactNode;
  readonly logo?: ReactNode;
  readonly badge?: ReactNode;
  readonly actions?: ReactNode;
  readonly bar?: ReactNode;
  /** The content fills the page and scrolls by itself. */
  readonly scrolls?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <main className="flex min-h-0 min-w-0 flex-1 flex-col">
      <header className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 px-6 pt-4 pb-3">
        {props.logo}
        <div className="min-w-0 flex-1 basis-64">
          {props.crumb === undefined ? null : <div className="text-small text-soft">{props.crumb}</div>}
          <div className="flex min-w-0 flex-wrap items-center gap-x-3">
            <h1 className="truncate text-title font-semibold" title={props.title}>
              {props.title}
            </h1>
            {props.badge}
          </div>
        </div>
        {props.actions === undefined ? null : <div className="flex flex-wrap gap-2">{props.actions}</div>}
      </header>
      {props.bar === undefined ? null : (
        <div className="flex shrink-0 flex-wrap items-center gap-x-2 gap-y-2 px-6 pb-3">{props.bar}</div>
      )}
      <div
        className={`flex min-h-0 flex-1 flex-col gap-3 px-6 pb-6 ${props.scrolls === true ? 'overflow-hidden' : 'overflow-auto'}`}
      >
        {props.children}
      </div>
    </main>
  );
}

/** Names and values in a row, as many as fit. */
export function FactList({ facts }: { readonly facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="flex max-w-full shrink-0 flex-wrap gap-x-8 gap-y-2">
      {facts.map(([name, value]) => (
        <div key={name} className="min-w-0">
          <dt className="text-small text-soft">{name}</dt>
          <dd className="[overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
