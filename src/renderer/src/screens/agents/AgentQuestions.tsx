/** What is asked before a token dies, with what that costs. */
import type { AgentView, NewAgentView } from '../../../../preload/contract/shapes';
import { call } from '../../bridge';
import { Question } from '../../parts/Modal';
import { useBusy } from '../../parts/use-busy';
import { useFacts } from '../../stores/facts';
import { plural } from '../../words';
import { reachInWords } from './agent-words';

export function RotateQuestion(props: {
  readonly agent: AgentView;
  readonly onClose: () => void;
  readonly onMade: (made: NewAgentView) => void;
}) {
  const { isBusy, problem, run } = useBusy();
  const { agentId, name, expiresAtMs } = props.agent;
  const isOver = expiresAtMs !== null && expiresAtMs <= Date.now();
  return (
    <Question
      title={`Rotate the token of ${name}?`}
      no="Cancel"
      yes="Rotate"
      problem={
        isOver
          ? 'Its time is over, so a new token would not work either. Give it a new end with Edit first.'
          : problem
      }
      disabled={isBusy || isOver}
      onNo={props.onClose}
      onYes={() => void run(async () => props.onMade(await call('agents.rotate', { agentId })))}
    >
      <p>
        The present token stops working at once. The new one is shown once, and can be written into the
        client’s settings right away.
      </p>
    </Question>
  );
}

export function RevokeQuestion({
  agent,
  onClose,
}: {
  readonly agent: AgentView;
  readonly onClose: () => void;
}) {
  const { isBusy, problem, run } = useBusy();
  const connections = useFacts((facts) => facts.connections);
  const waiting = useFacts((facts) => facts.approvals?.waiting);
  const { agentId, name, kind, toolCount } = agent;
  const asked = waiting?.filter((one) => one.agentName === name).length ?? 0;
  const { short } = reachInWords(agent, connections);
  const of = agent.scope.connectionIds === null ? 'all connections' : short;
  return (
    <Question
      title={`Revoke ${name}?`}
      no="Cancel"
      yes="Revoke"
      problem={problem}
      disabled={isBusy}
      onNo={onClose}
      onYes={() =>
        void run(async () => {
          await call('agents.revoke', { agentId });
          onClose();
        })
      }
    >
      <ul className="flex list-disc flex-col gap-1.5 pl-5 [overflow-wrap:anywhere]">
        <li>Its token stops working at once, for good.</li>
        <li>
          It loses {plural(toolCount, 'tool')} of {of}.
        </li>
        {asked === 0 ? null : (
          <li>{plural(asked, 'waiting approval is', 'waiting approvals are')} refused.</li>
        )}
        <li>
          {kind.toLowerCase() === 'other'
            ? 'Its settings still hold the dead token'
            : `${kind} still holds the dead token`}
          ; take the entry out there.
        </li>
        <li>What it did stays in Activity.</li>
      </ul>
      <p className="text-soft">This cannot be undone. A new agent gets a token of its own.</p>
    </Question>
  );
}
