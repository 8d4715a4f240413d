/** What happened on connect, until it is read. */
import { Check } from 'lucide-react';
import type { ConnectionView } from '../../../../preload/contract/shapes';
import { call } from '../../bridge';
import { Button } from '../../parts/Button';
import { Problem } from '../../parts/Say';
import { useBusy } from '../../parts/use-busy';
import { plural } from '../../words';

export function Seeded({ connection }: { readonly connection: ConnectionView }) {
  const { counts, connectionId } = connection;
  const { isBusy, problem, run } = useBusy();
  const steps = [
    connection.server === null
      ? `${plural(connection.toolCount, 'tool')} synced from the catalog`
      : `${plural(connection.toolCount, 'tool')} discovered`,
    'Policies seeded',
    'Agents updated',
  ];
  const disabled = counts.disabled === 0 ? '' : `, ${counts.disabled} disabled`;
  return (
    <div className="shrink-0 rounded-card bg-accent-tint px-4 py-3">
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <p role="status">
            Policies were set to their defaults: {counts.auto} auto, {counts.approvalNeeded} approval needed
            {disabled}. Review them before your agents start.
          </p>
          <ul className="mt-1 flex list-none flex-wrap gap-x-4 p-0 text-small text-good">
            {steps.map((step) => (
              <li key={step} className="flex items-center gap-1">
                <Check size={13} aria-label="Done:" role="img" />
                {step}
              </li>
            ))}
          </ul>
        </div>
        <Button
          size="small"
          disabled={isBusy}
          onClick={() => void run(() => call('connections.dismissNotice', { connectionId }))}
        >
          Got it
        </Button>
      </div>
      <Problem>{problem}</Problem>
    </div>
  );
}
