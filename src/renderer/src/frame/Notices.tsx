/** What the start or the last action wants to tell. Each stays until it is read and dismissed. */
import { useState } from 'react';
import { Button } from '../parts/Button';
import { Problem } from '../parts/Say';
import { tell, useView } from '../stores/view';

export function Notices(props: {
  readonly texts: readonly string[];
  readonly problem: string;
  readonly again: () => void;
}) {
  const notice = useView((view) => view.notice);
  const [read, setRead] = useState<ReadonlySet<string>>(new Set());
  const open = props.texts.filter((text) => !read.has(text));
  if (open.length === 0 && props.problem === '' && notice === '') return null;
  return (
    <section
      aria-label="Notices"
      className="flex max-h-[30vh] shrink-0 flex-col gap-2 overflow-auto px-6 pt-4"
    >
      <Problem again={props.again}>{props.problem}</Problem>
      {open.map((text) => (
        <Notice key={text} tone="warn" text={text} onRead={() => setRead(new Set([...read, text]))} />
      ))}
      {notice === '' ? null : <Notice tone="accent" text={notice} onRead={() => tell('')} />}
    </section>
  );
}

function Notice(props: {
  readonly tone: 'warn' | 'accent';
  readonly text: string;
  readonly onRead: () => void;
}) {
  const colours = props.tone === 'warn' ? 'bg-warn-tint text-warn' : 'bg-accent-tint';
  return (
    <div role="status" className={`flex items-center gap-3 rounded-control px-3 py-2 ${colours}`}>
      <p className="min-w-0 flex-1 [overflow-wrap:anywhere]">{props.text}</p>
      <Button size="small" kind="quiet" label="Dismiss this notice" onClick={props.onRead}>
        Dismiss
      </Button>
    </div>
  );
}
