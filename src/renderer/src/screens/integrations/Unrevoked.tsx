/** What was disconnected here but still has access at its vendor: why, and the two ways out. */
import { useState } from 'react';
import type { UnrevokedView } from '../../../../preload/contract/disconnect-shapes';
import { call } from '../../bridge';
import { Button } from '../../parts/Button';
import { Question } from '../../parts/Modal';
import { Problem } from '../../parts/Say';
import { useBusy } from '../../parts/use-busy';
import { useFacts } from '../../stores/facts';
import { tell } from '../../stores/view';
import { timeOf } from '../../words';

export function UnrevokedNotices() {
  const unrevoked = useFacts((facts) => facts.unrevoked) ?? [];
  if (unrevoked.length === 0) return null;
  return (
    <ul aria-label="Not revoked" className="flex shrink-0 flex-col gap-2">
      {unrevoked.map((one) => (
        <Unrevoked key={one.connectionId} one={one} />
      ))}
    </ul>
  );
}

function Unrevoked({ one }: { readonly one: UnrevokedView }) {
  const { connectionId, label, appName } = one;
  const { isBusy, problem, run } = useBusy();
  const [isAsking, setAsking] = useState(false);
  const again = () =>
    run(async () => {
      const { revocation } = await call('connections.retryRevoke', { connectionId });
      // What failed again is said here, with its time.
      if (revocation.kind !== 'failed') tell(`${label}: ${revocation.sentence}`);
    });
  return (
    <li className="flex flex-col gap-2 rounded-control bg-warn-tint px-3 py-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <p role="status" className="min-w-[280px] flex-1 text-warn [overflow-wrap:anywhere]">
          {`${label} was disconnected, but its access at ${appName} was not revoked: ${one.reason.replace(/\.$/, '')}. Last tried ${timeOf(one.triedAtMs, Date.now())}.`}
        </p>
        <div className="flex flex-wrap gap-2">
          <Button
            size="small"
            disabled={isBusy}
            label={`Try again for ${label}`}
            onClick={() => void again()}
          >
            {isBusy ? 'Trying' : 'Try again'}
          </Button>
          <Button
            size="small"
            disabled={isBusy}
            label={`Delete the credentials anyway for ${label}`}
            onClick={() => setAsking(true)}
          >
            Delete the credentials anyway
          </Button>
        </div>
      </div>
      <Problem>{problem}</Problem>
      {isAsking ? <GiveUp one={one} onClose={() => setAsking(false)} /> : null}
    </li>
  );
}

function GiveUp({ one, onClose }: { readonly one: UnrevokedView; readonly onClose: () => void }) {
  const { connectionId, label, appName } = one;
  const { isBusy, problem, run } = useBusy();
  const giveUp = () =>
    run(async () => {
      await call('connections.giveUpRevoke', { connectionId });
      onClose();
      tell(`The credentials of ${label} were deleted. Its access at ${appName} may live on.`);
    });
  return (
    <Question
      title={`Delete the credentials of ${label}?`}
      no="Cancel"
      yes={isBusy ? 'Deleting' : 'Delete'}
      problem={problem}
      disabled={isBusy}
      onNo={onClose}
      onYes={() => void giveUp()}
    >
      <p>
        The access at {appName} may live on, and Gatehouse can no longer revoke it. Revoke it there by hand.
      </p>
      <p className="text-soft">This cannot be undone.</p>
    </Question>
  );
}
