/** The AI clients that may call, and the address they call. A token is shown once. */
import { useState } from 'react';
import type { AgentView, GatewayView, NewAgentView } from '../../../../preload/contract/shapes';
import { call } from '../../bridge';
import { Badge } from '../../parts/Badge';
import { Button } from '../../parts/Button';
import { FactList, Page } from '../../parts/Page';
import { Empty, Problem, Skeleton } from '../../parts/Say';
import { useAsked } from '../../parts/use-asked';
import { useBusy } from '../../parts/use-busy';
import { useFacts } from '../../stores/facts';
import { go, tell } from '../../stores/view';
import { sentenceOf } from '../../words';
import { EditAgent, NewAgent } from './AgentDialog';
import { RevokeQuestion, RotateQuestion } from './AgentQuestions';
import { AgentTable } from './AgentTable';
import { ImportServers } from './ImportServers';
import { OperatingMode } from './OperatingMode';
import { TokenOnce } from './TokenOnce';

type Open =
  | { readonly kind: 'new' | 'import' }
  | { readonly kind: 'token'; readonly made: NewAgentView }
  | { readonly kind: 'rotate' | 'edit' | 'revoke'; readonly agent: AgentView };

export function Agents({ isStopping = false }: { readonly isStopping?: boolean }) {
  const agents = useFacts((facts) => facts.agents);
  const gateway = useFacts((facts) => facts.status?.gateway);
  const isPractice = useFacts((facts) => facts.status?.practice === true);
  const [open, setOpen] = useState<Open>();
  const { asked } = useAsked('clients.list', {});
  // Without an answer there is still “Other”.
  const clientNames = asked.kind === 'known' ? asked.value.clients.map(({ name }) => name) : [];
  return (
    <Page
      title="Agents"
      actions={
        <>
          {isPractice ? <SampleAgent /> : null}
          <Button onClick={() => setOpen({ kind: 'import' })}>Import servers</Button>
          <Button kind="primary" onClick={() => setOpen({ kind: 'new' })}>
            New agent
          </Button>
        </>
      }
    >
      <OperatingMode isStopping={isStopping} />
      {gateway === undefined ? null : <Gateway gateway={gateway} />}
      {agents === undefined ? <Skeleton rows={3} label="Loading the agents" /> : null}
      {agents?.length === 0 ? (
        <Empty>
          No agent yet. Each AI client gets a token of its own, so that one can see what it did and stop it
          alone.
        </Empty>
      ) : null}
      {agents === undefined || agents.length === 0 ? null : (
        <AgentTable
          agents={agents}
          onRotate={(agent) => setOpen({ kind: 'rotate', agent })}
          onEdit={(agent) => setOpen({ kind: 'edit', agent })}
          onRevoke={(agent) => setOpen({ kind: 'revoke', agent })}
        />
      )}
      {open === undefined ? null : <OpenDialog open={open} clientNames={clientNames} onOpen={setOpen} />}
    </Page>
  );
}

function OpenDialog(props: {
  readonly open: Open;
  readonly clientNames: readonly string[];
  readonly onOpen: (open: Open | undefined) => void;
}) {
  const { open, onOpen } = props;
  const close = () => onOpen(undefined);
  const showToken = (made: NewAgentView) => onOpen({ kind: 'token', made });
  switch (open.kind) {
    case 'new':
      return <NewAgent clientNames={props.clientNames} onClose={close} onMade={showToken} />;
    case 'import':
      return <ImportServers onClose={close} />;
    case 'token':
      return <TokenOnce made={open.made} onClose={close} />;
    case 'rotate':
      return <RotateQuestion agent={open.agent} onClose={close} onMade={showToken} />;
    case 'edit':
      return <EditAgent agent={open.agent} onClose={close} />;
    case 'revoke':
      return <RevokeQuestion agent={open.agent} onClose={close} />;
  }
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
