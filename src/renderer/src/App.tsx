/** The frame: sidebar, the screen in front, and what is asked before anything else (the vault, unsaved edits). */
import { useEffect, useState } from 'react';
import { Button, Modal, Problem } from './parts/parts';
import { Activity } from './screens/Activity';
import { Agents } from './screens/Agents';
import { Approvals } from './screens/Approvals';
import { Connection } from './screens/Connection';
import { Integrations } from './screens/Integrations';
import { Settings } from './screens/Settings';
import { Sidebar } from './screens/Sidebar';
import { VaultGate } from './screens/VaultGate';
import { followFeeds, loadFacts, useFacts } from './stores/facts';
import { useView } from './stores/view';
import { sentenceOf } from './words';

export function App() {
  const status = useFacts((facts) => facts.status);
  const notice = useView((view) => view.notice);
  const [problem, setProblem] = useState('');
  const vaultKind = status?.vault.kind;
  // biome-ignore lint/correctness/useExhaustiveDependencies: facts are asked for again when the vault opens.
  useEffect(() => {
    loadFacts().catch((error: unknown) => setProblem(sentenceOf(error)));
  }, [vaultKind]);
  useEffect(followFeeds, []);
  if (status === undefined) return <Problem>{problem}</Problem>;
  if (status.vault.kind !== 'unlocked') return <VaultGate vault={status.vault} />;
  return (
    <div className="flex h-screen">
      <Sidebar status={status} />
      <div className="flex min-w-0 flex-1 flex-col">
        {status.practice ? (
          <p className="m-0 bg-warn-tint px-6 py-1 text-warn">
            <strong>Practice workspace.</strong> Simulated vendors and sample data; nothing here is real.
          </p>
        ) : null}
        {status.notices.map((text) => (
          <p key={text} role="status" className="m-0 bg-warn-tint px-6 py-1 text-warn">
            {text}
          </p>
        ))}
        {problem === '' ? null : <Problem>{problem}</Problem>}
        {notice === '' ? null : (
          <p role="status" className="m-0 bg-accent-tint px-6 py-2">
            {notice}
          </p>
        )}
        <Screen />
      </div>
      <LeaveQuestion />
    </div>
  );
}

function Screen() {
  const route = useView((view) => view.route);
  switch (route.kind) {
    case 'integrations':
      return <Integrations />;
    case 'connection':
      return <Connection key={route.connectionId} connectionId={route.connectionId} />;
    case 'approvals':
      return <Approvals />;
    case 'activity':
      return <Activity />;
    case 'agents':
      return <Agents />;
    case 'settings':
      return <Settings />;
  }
}

function LeaveQuestion() {
  const leavingTo = useView((view) => view.leavingTo);
  if (leavingTo === undefined) return null;
  const stay = () => useView.setState({ leavingTo: undefined });
  const leave = () =>
    useView.setState({ route: leavingTo, leavingTo: undefined, hasDraft: false, notice: '' });
  return (
    <Modal title="Leave without saving?" role="alertdialog" onClose={stay}>
      <p>Your changes of the policies are not saved yet.</p>
      <div className="flex justify-end gap-2">
        <Button focused onClick={stay}>
          Stay
        </Button>
        <Button kind="danger" onClick={leave}>
          Leave and discard
        </Button>
      </div>
    </Modal>
  );
}
