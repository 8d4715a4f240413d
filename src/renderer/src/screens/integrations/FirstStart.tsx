/** What an empty application says of itself, and its two doors. */
import { call } from '../../bridge';
import { Button } from '../../parts/Button';
import { Problem } from '../../parts/Say';
import { useBusy } from '../../parts/use-busy';
import { useFacts } from '../../stores/facts';

export function FirstStart({ onConnect }: { readonly onConnect: () => void }) {
  const isPractice = useFacts((facts) => facts.status?.practice === true);
  const { isBusy, problem, run } = useBusy();
  return (
    <section
      aria-label="First start"
      className="flex shrink-0 flex-col gap-3 rounded-card border border-line bg-card p-4"
    >
      <p className="max-w-[76ch]">
        Gatehouse joins your tools to AI agents. You decide tool by tool what an agent may do, and it asks you
        where you want to be asked. Every call is written down, and your keys never leave this computer’s
        vault.
      </p>
      <div className="flex flex-wrap gap-2">
        <Button kind="primary" onClick={onConnect}>
          Connect your first app
        </Button>
        {isPractice ? null : (
          <Button disabled={isBusy} onClick={() => void run(() => call('app.openPractice', {}))}>
            Open the practice workspace
          </Button>
        )}
      </div>
      <Problem>{problem}</Problem>
    </section>
  );
}
