/** What waits for a person, with everything needed to decide; and what was decided. */
import { useEffect, useState } from 'react';
import type { ApprovalsView, ApprovalView, DecidedApprovalView } from '../../../../preload/contract/shapes';
import { Badge } from '../../parts/Badge';
import { Segments } from '../../parts/Entries';
import { Page } from '../../parts/Page';
import { Empty, Skeleton } from '../../parts/Say';
import { useKeys } from '../../parts/use-keys';
import { useNow } from '../../parts/use-now';
import { useFacts } from '../../stores/facts';
import { accessTone, plural, timeLeft } from '../../words';
import { Decided, decisionOf } from './Decided';
import { Grants } from './Grants';
import { QuestionCard } from './QuestionCard';

export function Approvals({ wanted }: { readonly wanted: string | undefined }) {
  const approvals = useFacts((facts) => facts.approvals);
  if (approvals === undefined) {
    return (
      <Page title="Approvals">
        <Skeleton rows={3} height={84} label="Loading the approvals" />
      </Page>
    );
  }
  return <Known approvals={approvals} wanted={wanted} />;
}

function Known(props: { readonly approvals: ApprovalsView; readonly wanted: string | undefined }) {
  const { approvals, wanted } = props;
  const { waiting, decided } = approvals;
  const [shown, setShown] = useState<'waiting' | 'decided'>('waiting');
  return (
    <Page
      title="Approvals"
      scrolls={shown === 'waiting'}
      actions={
        <Segments
          label="Show"
          value={shown}
          onChange={setShown}
          options={[
            { value: 'waiting', label: 'Waiting', count: waiting.length },
            { value: 'decided', label: 'Decided', count: decided.length },
          ]}
        />
      }
    >
      {shown === 'decided' ? (
        <Decided decided={decided} />
      ) : (
        <>
          <Grants grants={approvals.grants} />
          <Waiting waiting={waiting} decided={decided} wanted={wanted} />
        </>
      )}
    </Page>
  );
}

function Waiting(props: {
  readonly waiting: readonly ApprovalView[];
  readonly decided: readonly DecidedApprovalView[];
  readonly wanted: string | undefined;
}) {
  const { waiting, decided, wanted } = props;
  const [chosen, setChosen] = useState(wanted);
  const nowMs = useNow(1000);
  const index = waiting.findIndex((one) => one.approvalId === chosen);
  const current = waiting[index];
  // The first question is in front by itself. One that leaves is never replaced under the technician's fingers.
  const first = waiting[0]?.approvalId;
  const gone = decided.find((one) => one.approvalId === chosen);
  useEffect(() => {
    setChosen((before) => (first === undefined ? undefined : (before ?? first)));
  }, [first]);
  const move = (step: number) => {
    const next = index === -1 ? waiting[0] : waiting[index + step];
    if (next !== undefined) setChosen(next.approvalId);
  };
  useKeys({ j: () => move(1), k: () => move(-1) });
  if (waiting.length === 0) {
    return (
      <Empty>
        Nothing waits. When an agent calls a tool whose policy is Approval needed, the call is held and
        appears here.
      </Empty>
    );
  }
  return (
    <>
      <p role="status" className="sr-only">
        {plural(waiting.length, 'call waits', 'calls wait')} for approval
      </p>
      <div className="grid min-h-0 flex-1 grid-cols-[minmax(200px,35%)_minmax(0,1fr)] gap-3.5">
        <ul aria-label="Waiting" className="flex min-h-0 list-none flex-col gap-2 overflow-auto p-0.5">
          {waiting.map((one) => (
            <li key={one.approvalId}>
              <Entry
                approval={one}
                isCurrent={one === current}
                nowMs={nowMs}
                onChoose={() => setChosen(one.approvalId)}
              />
            </li>
          ))}
        </ul>
        {current === undefined ? (
          <div className="flex flex-col gap-3">
            {gone === undefined ? null : <Settled decided={gone} />}
            <Empty>Choose a question on the left, or press J for the first one.</Empty>
          </div>
        ) : (
          <QuestionCard key={current.approvalId} approval={current} nowMs={nowMs} />
        )}
      </div>
    </>
  );
}

function Entry(props: {
  readonly approval: ApprovalView;
  readonly isCurrent: boolean;
  readonly nowMs: number;
  readonly onChoose: () => void;
}) {
  const { approval } = props;
  return (
    <button
      type="button"
      aria-current={props.isCurrent}
      onClick={props.onChoose}
      className={`flex w-full flex-col gap-1 rounded-card border bg-card p-3 text-left ${props.isCurrent ? 'border-accent shadow-[inset_0_0_0_1px_var(--accent)]' : 'border-line hover:bg-hover'}`}
    >
      <span className="flex w-full gap-2">
        <strong className="line-clamp-2 min-w-0 flex-1 font-semibold [overflow-wrap:anywhere]">
          {approval.sentence}
        </strong>
        <span className="mono text-soft">{timeLeft(approval, props.nowMs)}</span>
      </span>
      <span className="max-w-full truncate text-small text-soft">
        {approval.agentName} · {approval.connectionLabel}
      </span>
      <span>
        <Badge tone={accessTone[approval.access]}>{approval.access}</Badge>
      </span>
    </button>
  );
}

/** The question that was in front a moment ago, and how it ended. */
function Settled({ decided }: { readonly decided: DecidedApprovalView }) {
  return (
    <div role="status" className="flex items-center gap-3 rounded-card border border-line bg-card px-4 py-3">
      <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{decided.sentence}</span>
      <span className="text-soft">{decisionOf(decided)}</span>
    </div>
  );
}
