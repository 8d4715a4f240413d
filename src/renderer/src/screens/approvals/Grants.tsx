/** What was approved for 30 minutes, with the time that is left, and the way to end it. */
import type { GrantView } from '../../../../preload/contract/gateway-shapes';
import { call } from '../../bridge';
import { Badge } from '../../parts/Badge';
import { Button } from '../../parts/Button';
import { Problem } from '../../parts/Say';
import { useBusy } from '../../parts/use-busy';
import { useNow } from '../../parts/use-now';
import { clockTime, plural, timeLeft } from '../../words';

export function Grants({ grants }: { readonly grants: readonly GrantView[] }) {
  const nowMs = useNow(1000);
  const { isBusy, problem, run } = useBusy();
  if (grants.length === 0) return null;
  return (
    <section aria-label="Approved for 30 minutes" className="flex shrink-0 flex-col gap-2">
      <h2 className="font-semibold">Approved for 30 minutes</h2>
      <Problem>{problem}</Problem>
      <ul className="flex max-h-[30vh] list-none flex-col gap-2 overflow-auto">
        {grants.map((grant) => (
          <li
            key={grant.grantId}
            className="flex items-center gap-3 rounded-card border border-line bg-card px-4 py-2.5"
          >
            <span className="min-w-0 flex-1">
              <span className="mono block truncate" title={grant.tool}>
                {grant.tool}
              </span>
              <span className="block truncate text-small text-soft">
                {grant.agentName} on {grant.connectionLabel}, by {grant.by} until{' '}
                {clockTime(grant.expiresAtMs)}; {plural(grant.uses, 'call')} so far
              </span>
            </span>
            <span aria-hidden="true">
              <Badge tone="warn">
                {timeLeft({ askedAtMs: grant.startedAtMs, expiresAtMs: grant.expiresAtMs }, nowMs)} left
              </Badge>
            </span>
            <Button
              size="small"
              label={`End the approval of ${grant.tool} for ${grant.agentName}`}
              disabled={isBusy}
              onClick={() => void run(() => call('approvals.endGrant', { grantId: grant.grantId }))}
            >
              End
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
