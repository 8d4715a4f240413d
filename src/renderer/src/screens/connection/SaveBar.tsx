/** The bar at the bottom, only while there are unsaved changes. */
import { useEffect } from 'react';
import { Button } from '../../parts/Button';
import { Problem } from '../../parts/Say';
import { plural } from '../../words';
import type { PolicyDraft } from './use-policy-draft';

export function SaveBar({ edits }: { readonly edits: Extract<PolicyDraft, { kind: 'known' }> }) {
  const { draft, save } = edits;
  const count = draft.size;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (count > 0) save();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [count, save]);
  if (count === 0) return null;
  return (
    <section
      aria-label="Unsaved changes"
      className="comes flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-t border-line bg-card px-6 py-3"
    >
      <strong role="status">{plural(count, 'unsaved change')}</strong>
      <span className="text-soft">Agents keep the saved policies until you save.</span>
      <div className="ml-auto flex gap-2">
        <Button disabled={edits.isSaving} onClick={edits.discard}>
          Discard
        </Button>
        <Button kind="primary" disabled={edits.isSaving} onClick={save}>
          {edits.isSaving ? 'Saving' : `Save ${plural(count, 'change')}`}
        </Button>
      </div>
      {edits.saveProblem === '' ? null : (
        <div className="basis-full">
          <Problem>{edits.saveProblem}</Problem>
        </div>
      )}
    </section>
  );
}
