/** Small shared parts: buttons, badges, notices, dialogs. They know no facts. */
import { type ReactNode, useEffect, useRef } from 'react';
import type { Tone } from '../words';

const kinds = {
  primary: 'bg-accent text-accent-ink border-transparent',
  plain: 'bg-card border-line',
  danger: 'bg-card border-line text-bad',
  link: 'border-transparent text-bad',
} as const;

export function Button(props: {
  readonly children: ReactNode;
  readonly onClick?: () => void;
  readonly kind?: keyof typeof kinds;
  readonly disabled?: boolean;
  readonly submit?: boolean;
  readonly label?: string;
  readonly focused?: boolean;
}) {
  const own = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (props.focused === true) own.current?.focus();
  }, [props.focused]);
  return (
    <button
      ref={own}
      type={props.submit === true ? 'submit' : 'button'}
      onClick={props.onClick}
      disabled={props.disabled}
      aria-label={props.label}
      className={`h-8 rounded-md border px-3 whitespace-nowrap disabled:opacity-50 ${kinds[props.kind ?? 'plain']}`}
    >
      {props.children}
    </button>
  );
}

const tones: Readonly<Record<Tone, string>> = {
  good: 'bg-good-tint text-good',
  warn: 'bg-warn-tint text-warn',
  bad: 'bg-bad-tint text-bad',
  quiet: 'bg-quiet-tint text-soft',
  accent: 'bg-accent-tint text-accent',
};

export function Badge({
  tone,
  children,
  title,
}: {
  readonly tone: Tone;
  readonly children: ReactNode;
  readonly title?: string;
}) {
  return (
    <span
      title={title}
      className={`inline-block rounded px-2 text-[12px] font-semibold whitespace-nowrap ${tones[tone]}`}
    >
      {children}
    </span>
  );
}

export function Logo({ logo }: { readonly logo: { readonly initials: string; readonly colour: string } }) {
  return (
    <svg width="32" height="32" aria-hidden="true" className="shrink-0">
      <rect width="32" height="32" rx="7" fill={logo.colour} />
      <text x="16" y="20.5" textAnchor="middle" fill="#ffffff" fontSize="12" fontWeight="700">
        {logo.initials}
      </text>
    </svg>
  );
}

export function Problem({ children }: { readonly children: string }) {
  return children === '' ? null : (
    <p role="alert" className="m-0 rounded-md bg-bad-tint px-3 py-2 text-bad">
      {children}
    </p>
  );
}

export function Empty({ children }: { readonly children: ReactNode }) {
  return <p className="rounded-lg border border-dashed border-line p-8 text-center text-soft">{children}</p>;
}

/** A native modal dialog: traps focus, closes with Escape, gives the focus back. */
export function Modal(props: {
  readonly title: string;
  readonly role?: 'dialog' | 'alertdialog';
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const own = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = own.current;
    if (dialog !== null && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={own}
      role={props.role ?? 'dialog'}
      aria-label={props.title}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      className="max-h-[90vh] w-[520px] overflow-auto rounded-[10px] border border-line bg-card p-5"
    >
      <h2 className="m-0 mb-3 text-base font-semibold">{props.title}</h2>
      {props.children}
    </dialog>
  );
}

export function Page(props: {
  readonly title: string;
  readonly crumb?: ReactNode;
  readonly badge?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <main className="flex min-h-0 min-w-0 flex-1 flex-col gap-4 overflow-auto p-6">
      <header className="flex items-end gap-3">
        <div className="min-w-0">
          {props.crumb === undefined ? null : <div className="text-[12px] text-soft">{props.crumb}</div>}
          <h1 className="m-0 truncate text-xl font-semibold" title={props.title}>
            {props.title}
          </h1>
        </div>
        {props.badge}
        <div className="ml-auto flex gap-2">{props.actions}</div>
      </header>
      {props.children}
    </main>
  );
}
