/** The agents, one row each: who, what it may use and until when, what it did, what can be done about it. */
import type { AgentView } from '../../../../preload/contract/shapes';
import { Badge } from '../../parts/Badge';
import { Button } from '../../parts/Button';
import { useNarrow } from '../../parts/use-narrow';
import { useNow } from '../../parts/use-now';
import { useFacts } from '../../stores/facts';
import { ago, plural } from '../../words';
import { endInWords, reachInWords } from './agent-words';

const shortCount = (count: number) =>
  count < 1_000 ? String(count) : `${(count / 1_000).toFixed(count < 9_950 ? 1 : 0)}k`;

interface RowActions {
  readonly onRotate: (agent: AgentView) => void;
  readonly onEdit: (agent: AgentView) => void;
  readonly onRevoke: (agent: AgentView) => void;
}

/** In a narrow window calls and expiry move below what they belong to. */
export function AgentTable({ agents, ...actions }: RowActions & { readonly agents: readonly AgentView[] }) {
  const nowMs = useNow(30_000);
  const isNarrow = useNarrow();
  return (
    <div className="overflow-x-auto rounded-card border border-line bg-card">
      <table
        aria-label="Agents"
        className="w-full min-w-[640px] table-fixed border-separate border-spacing-0 [&_td]:pr-3 [&_th]:pr-3"
      >
        <thead className="sticky top-0 z-10 bg-card">
          <tr className="h-9 [&>th]:border-b [&>th]:border-line">
            <th className="pl-3">Name and kind</th>
            <th>May use</th>
            {isNarrow ? null : <th className="w-[116px]">Token expires</th>}
            <th className="w-[106px]">Last seen</th>
            {isNarrow ? null : <th className="w-[92px] text-right">Calls today</th>}
            <th className="w-[92px] text-right">Tools</th>
            <th className="w-[172px]">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {agents.map((agent) => (
            <AgentRow key={agent.agentId} agent={agent} nowMs={nowMs} isNarrow={isNarrow} {...actions} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function AgentRow({
  agent,
  nowMs,
  isNarrow,
  ...actions
}: RowActions & { readonly agent: AgentView; readonly nowMs: number; readonly isNarrow: boolean }) {
  const isActive = agent.revokedAtMs === null;
  const calls = agent.callsToday.toLocaleString('en-GB');
  return (
    <tr className="h-12 [&:not(:last-child)>td]:border-b [&>td]:border-line">
      <td className="pl-3">
        <Line title={agent.name}>{agent.name}</Line>
        <Line title={agent.kind} isSmall>
          {agent.kind}
        </Line>
      </td>
      <MayUse agent={agent} nowMs={nowMs} withEnd={isNarrow && isActive} />
      {isNarrow ? null : (
        <td className="whitespace-nowrap">{isActive ? <End agent={agent} nowMs={nowMs} /> : '–'}</td>
      )}
      <td className="text-soft">
        <Line>{ago(agent.lastSeenAtMs, nowMs)}</Line>
        {isNarrow ? <Line isSmall>{`${plural(agent.callsToday, 'call')} today`}</Line> : null}
      </td>
      {isNarrow ? null : <td className="text-right">{calls}</td>}
      <td className="text-right">
        {isActive ? <Line>{agent.toolCount.toLocaleString('en-GB')}</Line> : '–'}
        {isActive ? (
          <Line isSmall title={`Their list costs this agent about ${plural(agent.toolTokens, 'token')}.`}>
            {`≈ ${shortCount(agent.toolTokens)} tokens`}
          </Line>
        ) : null}
      </td>
      <td className="text-right whitespace-nowrap">
        {isActive ? <Actions agent={agent} {...actions} /> : <Badge tone="quiet">Revoked</Badge>}
      </td>
    </tr>
  );
}

function Line(props: { readonly children: string; readonly title?: string; readonly isSmall?: boolean }) {
  return (
    <span
      title={props.title}
      className={`block truncate ${props.isSmall === true ? 'text-small text-soft' : ''}`}
    >
      {props.children}
    </span>
  );
}

function MayUse(props: { readonly agent: AgentView; readonly nowMs: number; readonly withEnd: boolean }) {
  const { agent } = props;
  const connections = useFacts((facts) => facts.connections);
  const { short, long } = reachInWords(agent, connections);
  const access = agent.scope.access === 'read' ? 'Read only' : 'Read and write';
  return (
    <td>
      <Line title={long}>{short}</Line>
      <span className="flex min-w-0 items-center gap-1">
        <Line isSmall>{access}</Line>
        {props.withEnd && agent.expiresAtMs !== null ? (
          <span className="text-small whitespace-nowrap text-soft">
            <End agent={agent} nowMs={props.nowMs} />
          </span>
        ) : null}
      </span>
    </td>
  );
}

function End({ agent, nowMs }: { readonly agent: AgentView; readonly nowMs: number }) {
  const { text, tone } = endInWords(agent, nowMs);
  if (tone === undefined) return <span className="text-soft">{text}</span>;
  const title =
    agent.expiresAtMs === null
      ? undefined
      : `The token ends ${new Date(agent.expiresAtMs).toLocaleString('en-GB')}.`;
  return (
    <Badge tone={tone} title={title}>
      {text}
    </Badge>
  );
}

function Actions({ agent, onRotate, onEdit, onRevoke }: RowActions & { readonly agent: AgentView }) {
  const { name } = agent;
  return (
    <>
      <Button size="small" label={`Rotate ${name}`} onClick={() => onRotate(agent)}>
        Rotate
      </Button>{' '}
      <Button size="small" label={`Edit ${name}`} onClick={() => onEdit(agent)}>
        Edit
      </Button>{' '}
      <Button size="small" kind="link" label={`Revoke ${name}`} onClick={() => onRevoke(agent)}>
        Revoke
      </Button>
    </>
  );
}
