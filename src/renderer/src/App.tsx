/** The frame: sidebar, the screen in front, and what comes before anything else (the vault, unsaved edits). */
import { CSPProvider } from '@base-ui/react/csp-provider';
import { useEffect, useState } from 'react';
import { LeaveQuestion } from './frame/LeaveQuestion';
import { ModeMark } from './frame/ModeMark';
import { Notices } from './frame/Notices';
import { Palette } from './frame/Palette';
import { PracticeMark } from './frame/PracticeMark';
import { Sidebar } from './frame/Sidebar';
import { VaultGate } from './frame/VaultGate';
import { Problem } from './parts/Say';
import { Activity } from './screens/activity/Activity';
import { Agents } from './screens/agents/Agents';
import { Approvals } from './screens/approvals/Approvals';
import { Connection } from './screens/connection/Connection';
import { Integrations } from './screens/integrations/Integrations';
import { Settings } from './screens/settings/Settings';
import { followFeeds, loadFacts, useFacts } from './stores/facts';
import { useView } from './stores/view';
import { sentenceOf } from './words';

export function App() {
  const status = useFacts((facts) => facts.status);
  const [problem, setProblem] = useState('');
  const [round, setRound] = useState(0);
  const vaultKind = status?.vault.kind;
  // biome-ignore lint/correctness/useExhaustiveDependencies: facts are asked for again when the vault opens, or by hand.
  useEffect(() => {
    setProblem('');
    loadFacts().catch((error: unknown) => setProblem(sentenceOf(error)));
  }, [vaultKind, round]);
  useEffect(followFeeds, []);
  const again = () => setRound(round + 1);
  return (
    // The page's policy allows no inline style elements, so no component may make one.
    <CSPProvider disableStyleElements>
      <div className="isolate flex h-screen flex-col">
        {status?.practice === true ? <PracticeMark /> : null}
        {status?.vault.kind === 'unlocked' ? <ModeMark mode={status.mode} /> : null}
        {status === undefined ? (
          <div className="p-6">
            <Problem again={again}>{problem}</Problem>
          </div>
        ) : status.vault.kind === 'unlocked' ? (
          <div className="flex min-h-0 flex-1">
            <Sidebar status={status} />
            <div className="flex min-w-0 flex-1 flex-col">
              <Notices texts={status.notices} problem={problem} again={again} />
              <Screen />
            </div>
          </div>
        ) : (
          <VaultGate vault={status.vault} />
        )}
      </div>
      {status?.vault.kind === 'unlocked' ? <Palette /> : null}
      <LeaveQuestion />
    </CSPProvider>
  );
}

function Screen() {
  const route = useView((view) => view.route);
  switch (route.kind) {
    case 'integrations':
      return (
        <Integrations
          key={`${route.connecting} ${route.isAdding}`}
          connecting={route.connecting}
          isAdding={route.isAdding === true}
        />
      );
    case 'connection':
      return (
        <Connection
          key={`${route.connectionId} ${route.tool ?? ''}`}
          connectionId={route.connectionId}
          tool={route.tool}
        />
      );
    case 'approvals':
      return <Approvals key={route.approvalId} wanted={route.approvalId} />;
    case 'activity':
      return <Activity />;
    case 'agents':
      return <Agents key={String(route.isStopping)} isStopping={route.isStopping === true} />;
    case 'settings':
      return <Settings />;
  }
}
