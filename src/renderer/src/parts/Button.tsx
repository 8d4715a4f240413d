/** The one button: what it does is its text; the kind says how much weight it has. */
import type { ReactNode, Ref } from 'react';

const kinds = {
  primary: 'bg-accent text-accent-ink border-transparent font-medium',
  plain: 'bg-card border-edge hover:bg-hover',
  danger: 'bg-card border-edge text-bad hover:bg-bad-tint',
  destroy: 'bg-bad-fill text-white border-transparent font-medium',
  link: 'border-transparent text-bad hover:bg-bad-tint',
  quiet: 'border-transparent hover:bg-hover',
} as const;

export function Button(props: {
  readonly children: ReactNode;
  readonly onClick?: () => void;
  readonly kind?: keyof typeof kinds;
  readonly size?: 'small' | 'normal';
  readonly disabled?: boolean;
  readonly submit?: boolean;
  /** For screen readers, where the visible text alone does not say which one. Begins with the visible text. */
  readonly label?: string | undefined;
  readonly pressed?: boolean;
  /** A key that does the same, shown behind the text. */
  readonly hotkey?: string;
  readonly ref?: Ref<HTMLButtonElement>;
  /** Shows the focus even when a click brought it there: for the safe answer of a question. */
  readonly showsFocus?: boolean;
}) {
  const narrow = props.kind === 'link' ? 'px-[3px]' : 'px-[6px]';
  const size = props.size === 'small' ? `h-[26px] ${narrow} text-small` : 'h-8 px-3';
  return (
    <button
      ref={props.ref}
      type={props.submit === true ? 'submit' : 'button'}
      onClick={props.onClick}
      disabled={props.disabled}
      aria-label={props.label}
      aria-pressed={props.pressed}
      aria-keyshortcuts={props.hotkey}
      className={`inline-flex shrink-0 items-center justify-center gap-2 rounded-control border whitespace-nowrap disabled:opacity-50 ${size} ${kinds[props.kind ?? 'plain']} ${props.pressed === true ? 'bg-accent-tint border-accent text-accent' : ''} ${props.showsFocus === true ? 'shows-focus' : ''}`}
    >
      {props.children}
      {props.hotkey === undefined ? null : (
        <span aria-hidden="true" className="text-small opacity-75">
          {props.hotkey.toUpperCase()}
        </span>
      )}
    </button>
  );
}
