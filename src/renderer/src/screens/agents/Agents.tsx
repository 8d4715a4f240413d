/** The AI clients that may call, and the address they call. A token is shown once. */
import { useState } from 'react';
import type { AgentView, GatewayView, NewAgentView } from '../../../../preload/contract/shapes';
import { call } from '../../bridge';
import { Badge } from '../../parts/Badge';
import { Button } from '../../parts/Button';
import { Question } from '../../parts/Modal';
import { FactList, Page } from '../../parts/Page';
import { Empty, Problem, Skeleton } from '../../parts/Say';
import { useBusy } from '../../parts/use-busy';
import { useNow } from '../../parts/use-now';
import { useFacts } from '../../stores/facts';
import { go, tell } from '../../stores/view';
import { ago, sentenceOf } from '../../words';
import { NewAgent } from './NewAgent';
import { TokenOnce } from './TokenOnce';

type Open =
  | { readonly kind: 'new' }
  | { readonly kind: 'token'; readonly made: NewAgentView }
  | { readonly kind: 'rotate'; readonly agent: AgentView }
  | { readonly kind: 'revoke'; readonly agent: AgentView };

export function Agents() {
  const agents = useFacts((facts) => facts.agents);
  const gateway = useFacts((facts) => facts.status?.gateway);
  const isPractice = useFacts((facts) => facts.status?.practice === true);
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const newAgent = (
    <Button kind="primary" onClick={() => setOpen({ kind: 'new' })}>
      New agent
    </Button>
  );
  return (
    <Page
      title="Agents"
      actions={
        <>
          {isPractice ? <SampleAgent /> : null}
          {newAgent}
        </>
      }
    >
      {gateway === undefined ? null : <Gateway gateway={gateway} />}
      {agents === undefined ? <Skeleton rows={3} label="Loading the agents" /> : null}
      {agents?.length === 0 ? (
        <Empty>
          No agent yet. Each AI client gets a token of its own, so that one can see what it did and stop it
          alone.
        </Empty>
      ) : null}
      {agents === undefined || agents.length === 0 ? null : (
        <Table
          agents={agents}
          onRotate={(agent) => setOpen({ kind: 'rotate', agent })}
          onRevoke={(agent) => setOpen({ kind: 'revoke', agent })}
        />
      )}
      {open?.kind === 'new' ? (
        <NewAgent onClose={close} onMade={(made) => setOpen({ kind: 'token', made })} />
      ) : null}
      {open?.kind === 'token' ? <TokenOnce made={open.made} onClose={close} /> : null}
      {open?.kind === 'rotate' ? (
        <RotateQuestion
          agent={open.agent}
          onClose={close}
          onMade={(made) => setOpen({ kind: 'token', made })}
        />
      ) : null}
      {open?.kind === 'revoke' ? <RevokeQuestion agent={open.agent} onClose={close} /> : null}
    </Page>
  );
}

/** Plays a short ticket story through the gateway, so that one sees what an agent's call is like. */
function SampleAgent() {
  const { isBusy, run } = useBusy();
  const play = () =>
    run(
      async () => {
        await call('agents.runSample', {});
        go({ kind: 'approvals' });
        tell('The sample agent has listed tickets, read one, and now asks to add a note. Decide here.');
      },
      (error) => tell(sentenceOf(error)),
    );
  return (
    <Button disabled={isBusy} onClick={() => void play()}>
      {isBusy ? 'The sample agent works' : 'Run the sample agent'}
    </Button>
  );
}

function Gateway({ gateway }: { readonly gateway: GatewayView }) {
  switch (gateway.kind) {
    case 'listening':
      return (
        <FactList
          facts={[
            [
              'Tool Gateway',
              <span key="url" className="mono select-all">
                {gateway.url}
              </span>,
            ],
            [
              'State',
              <Badge key="state" tone="good">
                Listening
              </Badge>,
            ],
          ]}
        />
      );
    case 'port_taken':
      return (
        <Problem>{`Port ${gateway.port} is taken by another program, so no agent can call. Port ${gateway.nextFreePort} is free: choose it in Settings.`}</Problem>
      );
    case 'stopped':
      return <Problem>{`The gateway is stopped, so no agent can call. ${gateway.why}`}</Problem>;
  }
}

function Table(props: {
  readonly agents: readonly AgentView[];
  readonly onRotate: (agent: AgentView) => void;
  readonly onRevoke: (agent: AgentView) => void;
}) {
  const nowMs = useNow(30_000);
  return (
    <div className="overflow-x-auto rounded-card border border-line bg-card">
      <table
        aria-label="Agents"
        className="w-full min-w-[680px] table-fixed border-separate border-spacing-0 [&_td]:pr-3 [&_th]:pr-3"
      >
        <thead>
          <tr className="h-9 [&>th]:border-b [&>th]:border-line">
            <th className="pl-3">Name</th>
            <th className="w-[20%]">Kind</th>
            <th className="w-[110px]">Last seen</th>
            <th className="w-[96px] text-right">Calls today</th>
            <th className="w-[72px] text-right">Tools</th>
            <th className="w-[168px]">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.agents.map((agent) => (
            <tr key={agent.agentId} className="h-11 [&:not(:last-child)>td]:border-b [&>td]:border-line">
              <td className="truncate pl-3" title={agent.name}>
                {agent.name}
              </td>
              <td className="truncate text-soft" title={agent.kind}>
                {agent.kind}
              </td>
              <td className="text-soft">{ago(agent.lastSeenAtMs, nowMs)}</td>
              <td className="text-right">{agent.callsToday.toLocaleString('en-GB')}</td>
              <td className="text-right">{agent.revokedAtMs === null ? agent.toolCount : '–'}</td>
              <td className="text-right whitespace-nowrap">
                {agent.revokedAtMs === null ? (
                  <>
                    <Button size="small" label={`Rotate ${agent.name}`} onClick={() => props.onRotate(agent)}>
                      Rotate
                    </Button>{' '}
                    <Button
                      size="small"
                      kind="link"
                      label={`Revoke ${agent.name}`}
                      onClick={() => props.onRevoke(agent)}
                    >
                      Revoke
                    </Button>
                  </>
                ) : (
                  <Badge tone="quiet">Revoked</Badge>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RotateQuestion(props: {
  readonly agent: AgentView;
  readonly onClose: () => void;
  readonly onMade: (made: NewAgentView) => void;
}) {
  const { isBusy, problem, run } = useBusy();
  const { agentId, name } = props.agent;
  return (
    <Question
      title={`Rotate the token of ${name}?`}
      no="Cancel"
      yes="Rotate"
      problem={problem}
      disabled={isBusy}
      onNo={props.onClose}
      onYes={() => void run(async () => props.onMade(await call('agents.rotate', { agentId })))}
    >
      <p>
        The present token stops working at once. The new one is shown once, to be put into the agent’s
        settings.
      </p>
    </Question>
  );
}

function RevokeQuestion({ agent, onClose }: { readonly agent: AgentView; readonly onClose: () => void }) {
  const { isBusy, problem, run } = useBusy();
  const { agentId, name } = agent;
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
      <p>Its token stops working at once, and what it waits for is refused. This cannot be undone.</p>
    </Question>
  );
}
