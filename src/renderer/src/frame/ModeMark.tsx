/** Says on every screen that agents cannot do what their policies say. */
import type { StatusView } from '../../../preload/contract/shapes';
import { Button } from '../parts/Button';
import { go } from '../stores/view';
import { modeLabel, modeWords } from '../words';

export function ModeMark({ mode }: { readonly mode: StatusView['mode'] }) {
  if (mode === 'execute') return null;
  return (
    <div
      role="status"
      className={`flex shrink-0 items-center gap-3 px-6 py-1.5 ${mode === 'paused' ? 'bg-bad-tint text-bad' : 'bg-accent-tint'}`}
    >
      <p className="min-w-0 flex-1">
        <strong>{modeLabel[mode]}.</strong> {modeWords[mode]}
      </p>
      <Button size="small" kind="quiet" onClick={() => go({ kind: 'agents' })}>
        Change mode
      </Button>
    </div>
  );
}
