/** A word with a colour behind it. The word carries the meaning, the colour only helps. */
import type { ReactNode } from 'react';
import type { Tone } from '../words';

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
  readonly title?: string | undefined;
}) {
  return (
    <span
      title={title}
      className={`inline-block shrink-0 align-middle rounded px-[6px] text-small leading-5 font-semibold whitespace-nowrap ${tones[tone]}`}
    >
      {children}
    </span>
  );
}
