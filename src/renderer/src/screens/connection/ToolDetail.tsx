/** What an opened row shows: the description agents read, the input schema, the request, the last calls. */
import type { ConnectionId } from '../../../../preload/contract/shapes';
import { Code } from '../../parts/Code';
import { Problem } from '../../parts/Say';
import { useAsked } from '../../parts/use-asked';
import { ago, capital } from '../../words';
import { Drift } from './Drift';

export function ToolDetail({
  connectionId,
  tool,
  revision,
}: {
  readonly connectionId: ConnectionId;
  readonly tool: string;
  /** Of the policies in the table: with another one it is asked again. */
  readonly revision: number;
}) {
  const { asked, again } = useAsked('policies.tool', { connectionId, tool }, revision);
  if (asked.kind === 'asking') return <div className="skeleton h-24" role="status" aria-label="Loading" />;
  if (asked.kind === 'failed') return <Problem again={again}>{asked.problem}</Problem>;
  const { description, request, inputSchema, lastCalls, warning } = asked.value;
  return (
    <div className="flex flex-col gap-3">
      {warning === '' ? null : (
        <p className="rounded-control bg-warn-tint px-3 py-2 text-warn [overflow-wrap:anywhere]">{warning}</p>
      )}
      <Drift connectionId={connectionId} detail={asked.value} onAccepted={again} />
      <p className="max-w-[90ch] whitespace-pre-line">{description}</p>
      <Part title="Request">
        <code className="mono [overflow-wrap:anywhere]">{request}</code>
      </Part>
      <Part title="Input schema">
        <Code label={`Input schema of ${tool}`} className="max-h-64">
          {inputSchema}
        </Code>
      </Part>
      <Part title="Last calls">
        {lastCalls.length === 0 ? (
          <span className="text-soft">No agent has called it yet.</span>
        ) : (
          <ul className="list-none p-0 text-small text-soft">
            {lastCalls.map((one) => (
              <li key={one.seq}>
                {ago(one.atMs, Date.now())} · {one.agent} · {capital(one.outcome)}
                {one.tookMs === null ? '' : ` · ${Math.round(one.tookMs)} ms`}
              </li>
            ))}
          </ul>
        )}
      </Part>
    </div>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <div className="flex flex-col gap-1">
      <h2 className="text-small text-soft">{title}</h2>
      {children}
    </div>
  );
}
