/**
 * The policies of one connection as they are saved, and the edits on top of them. A save sends what was in the draft when
 * it began; what is edited meanwhile stays. When someone else saved first, the draft is laid over the new policies.
 */
import { useCallback, useEffect, useState } from 'react';
import type { PoliciesView } from '../../../../preload/contract/policy-shapes';
import { Fault } from '../../../../preload/contract/reply';
import type { ConnectionId } from '../../../../preload/contract/shapes';
import { call, onFeed } from '../../bridge';
import { useBusy } from '../../parts/use-busy';
import { type Draft, editsOf, relaid } from '../../stores/draft';
import { useView } from '../../stores/view';
import { sentenceOf } from '../../words';

export type PolicyDraft =
  | { readonly kind: 'asking' }
  | { readonly kind: 'failed'; readonly problem: string; readonly again: () => void }
  | {
      readonly kind: 'known';
      readonly policies: PoliciesView;
      readonly draft: Draft;
      readonly isSaving: boolean;
      readonly saveProblem: string;
      readonly change: (change: (draft: Draft) => Draft) => void;
      readonly save: () => void;
      readonly discard: () => void;
    };

const noEdits: Draft = new Map();

export function usePolicyDraft(connectionId: ConnectionId): PolicyDraft {
  const [policies, setPolicies] = useState<PoliciesView>();
  const [draft, setDraft] = useState<Draft>(noEdits);
  const [loadProblem, setLoadProblem] = useState('');
  const { isBusy, problem, run, setProblem } = useBusy();

  const lay = useCallback((fresh: PoliciesView) => {
    setPolicies((before) => (before !== undefined && before.revision > fresh.revision ? before : fresh));
    setDraft((before) => relaid(before, fresh.rows));
  }, []);
  const load = useCallback(async () => {
    setLoadProblem('');
    try {
      lay(await call('policies.show', { connectionId }));
    } catch (error) {
      setLoadProblem(sentenceOf(error));
    }
  }, [connectionId, lay]);
  useEffect(() => {
    void load();
    return onFeed('policies.changed', (changed) => {
      if (changed.connectionId === connectionId) void load();
    });
  }, [connectionId, load]);
  const hasDraft = draft.size > 0;
  useEffect(() => {
    useView.setState({ hasDraft });
    return () => useView.setState({ hasDraft: false });
  }, [hasDraft]);

  if (policies === undefined) {
    if (loadProblem === '') return { kind: 'asking' };
    return { kind: 'failed', problem: loadProblem, again: () => void load() };
  }
  const save = () =>
    run(
      async () => {
        const edits = editsOf(draft);
        lay(await call('policies.save', { connectionId, baseRevision: policies.revision, edits }));
      },
      (error) => {
        if (error instanceof Fault && error.code === 'policy_conflict') void load();
      },
    );
  const discard = () => {
    setDraft(noEdits);
    setProblem('');
  };
  return {
    kind: 'known',
    policies,
    draft,
    isSaving: isBusy,
    saveProblem: problem === '' ? loadProblem : problem,
    change: setDraft,
    save: () => void save(),
    discard,
  };
}
