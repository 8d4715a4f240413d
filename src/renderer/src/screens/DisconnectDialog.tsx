/** The question before a disconnect, with real numbers. */
import { useEffect, useState } from 'react';
import type { ConnectionView, DisconnectPreviewView } from '../../../preload/contract/shapes';
import { call } from '../bridge';
import { Button, Modal, Problem } from '../parts/parts';
import { useView } from '../stores/view';
import { plural, sentenceOf } from '../words';

export function DisconnectDialog({
  connection,
  onClose,
}: {
  readonly connection: ConnectionView;
  readonly onClose: () => void;
}) {
  const { connectionId, label } = connection;
  const [preview, setPreview] = useState<DisconnectPreviewView>();
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    call('connections.previewDisconnect', { connectionId }).then(setPreview, (error: unknown) =>
      setProblem(sentenceOf(error)),
    );
  }, [connectionId]);
  const disconnect = async () => {
    setBusy(true);
    try {
      const done = await call('connections.disconnect', { connectionId });
      useView.setState({
        route: { kind: 'integrations' },
        hasDraft: false,
        notice: `${done.label} was disconnected. ${done.revocation}`,
      });
      onClose();
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  };
  return (
    <Modal title={`Disconnect ${label}?`} role="alertdialog" onClose={onClose}>
      {preview === undefined ? null : (
        <ul className="m-0 flex list-disc flex-col gap-1 pl-5">
          <li>The integration is removed from Gatehouse.</li>
          <li>
            All {plural(preview.toolCount, 'tool policy', 'tool policies')} are deleted,{' '}
            {preview.customisedCount} of them customised by you.
          </li>
          <li>The connected account is revoked. {preview.revocation}</li>
          <li>
            {preview.agents.length === 0
              ? 'No agent loses tools.'
              : preview.agents
                  .map((agent) => `${agent.name} loses ${plural(agent.toolCount, 'tool')}`)
                  .join(', ')}
            {preview.agents.length === 0 ? '' : '.'}{' '}
            {preview.waitingApprovals === 0
              ? 'No approval waits.'
              : `${plural(preview.waitingApprovals, 'waiting approval is', 'waiting approvals are')} refused.`}
          </li>
        </ul>
      )}
      <p className="text-soft">
        This cannot be undone. If you connect again later, policies start from their defaults.
      </p>
      <Problem>{problem}</Problem>
      <div className="flex justify-end gap-2">
        <Button focused onClick={onClose}>
          Cancel
        </Button>
        <Button kind="danger" disabled={isBusy || preview === undefined} onClick={() => void disconnect()}>
          Disconnect
        </Button>
      </div>
    </Modal>
  );
}
