/** The question before a disconnect, with real numbers. */
import type { DisconnectPreviewView } from '../../../../preload/contract/disconnect-shapes';
import type { ConnectionView } from '../../../../preload/contract/shapes';
import { call } from '../../bridge';
import { Question } from '../../parts/Modal';
import { useAsked } from '../../parts/use-asked';
import { useBusy } from '../../parts/use-busy';
import { leaveTo, tell, useView } from '../../stores/view';
import { list, plural } from '../../words';

export function DisconnectDialog({
  connection,
  onClose,
}: {
  readonly connection: ConnectionView;
  readonly onClose: () => void;
}) {
  const { connectionId, label } = connection;
  const { asked } = useAsked('connections.previewDisconnect', { connectionId });
  const { isBusy, problem, run } = useBusy();
  const disconnect = () =>
    run(async () => {
      const done = await call('connections.disconnect', { connectionId });
      onClose();
      const notice = `${done.label} was disconnected. ${done.revocation.sentence}`;
      // A vendor may take its time, and the connection is gone at once: who went elsewhere meanwhile stays there.
      const { route } = useView.getState();
      const isHere =
        route.kind === 'integrations' || (route.kind === 'connection' && route.connectionId === connectionId);
      if (isHere) leaveTo({ kind: 'integrations' }, notice);
      else tell(notice);
    });
  return (
    <Question
      title={`Disconnect ${label}?`}
      no="Cancel"
      yes={isBusy ? 'Disconnecting' : 'Disconnect'}
      problem={asked.kind === 'failed' ? asked.problem : problem}
      disabled={isBusy || asked.kind !== 'known'}
      onNo={onClose}
      onYes={() => void disconnect()}
    >
      {asked.kind === 'known' ? (
        <Consequences preview={asked.value} />
      ) : asked.kind === 'asking' ? (
        <div role="status" aria-label="Counting what is lost" className="flex h-[140px] flex-col gap-3 pt-2">
          <div className="skeleton h-3 w-1/2" />
          <div className="skeleton h-3 w-3/4" />
          <div className="skeleton h-3 w-2/3" />
        </div>
      ) : null}
      <p className="text-soft">
        This cannot be undone. If you connect again later, policies start from their defaults.
      </p>
    </Question>
  );
}

function Consequences({ preview }: { readonly preview: DisconnectPreviewView }) {
  const losses = preview.agents.map((agent) => `${agent.name} loses ${plural(agent.toolCount, 'tool')}`);
  return (
    <ul className="flex list-disc flex-col gap-1.5 pl-5">
      <li>The integration is removed from Gatehouse.</li>
      <li>
        All {plural(preview.toolCount, 'tool policy', 'tool policies')} are deleted, {preview.customisedCount}{' '}
        of them customised by you.
      </li>
      <li>{preview.revocation}</li>
      <li>{losses.length === 0 ? 'No agent loses tools.' : `${list(losses)}.`}</li>
      {preview.waitingApprovals === 0 ? null : (
        <li>{plural(preview.waitingApprovals, 'waiting approval is', 'waiting approvals are')} refused.</li>
      )}
    </ul>
  );
}
