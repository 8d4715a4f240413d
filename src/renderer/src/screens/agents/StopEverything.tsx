/** The question before everything is stopped, with what would be lost. */
import { call } from '../../bridge';
import { Question } from '../../parts/Modal';
import { useAsked } from '../../parts/use-asked';
import { useBusy } from '../../parts/use-busy';
import { tell } from '../../stores/view';
import { plural } from '../../words';

export function StopEverything({ onClose }: { readonly onClose: () => void }) {
  const { asked } = useAsked('gateway.previewStop', {});
  const { isBusy, problem, run } = useBusy();
  const stop = () =>
    void run(async () => {
      const { agents, questions, running } = await call('gateway.stopEverything', {});
      onClose();
      tell(
        `Everything is stopped: ${plural(agents, 'token')} revoked, ${plural(questions, 'question')} refused, ${plural(running, 'call')} ended. To go on, make new agents and choose Execute.`,
      );
    });
  return (
    <Question
      title="Stop everything?"
      no="Cancel"
      yes={isBusy ? 'Stopping' : 'Stop everything'}
      // What cannot be counted can be stopped all the same.
      problem={problem === '' && asked.kind === 'failed' ? asked.problem : problem}
      disabled={isBusy}
      onNo={onClose}
      onYes={stop}
    >
      <p>The gateway pauses at once, and no agent can call any tool.</p>
      {asked.kind === 'known' ? (
        <ul className="flex list-disc flex-col gap-1 pl-5">
          <li>{plural(asked.value.agents, 'agent loses its token', 'agents lose their tokens')}</li>
          <li>
            {plural(
              asked.value.questions,
              'question that waits is refused',
              'questions that wait are refused',
            )}
          </li>
          <li>{plural(asked.value.running, 'running call is ended', 'running calls are ended')}</li>
        </ul>
      ) : null}
      <p className="text-soft">
        A call that a vendor has received already may still have an effect there. Tokens cannot be brought
        back: each agent needs a new one.
      </p>
    </Question>
  );
}
