/** One question: what will happen, for whom, with exactly which arguments; and the answer, given once. */
import { useState } from 'react';
import type { ApprovalView } from '../../../../preload/contract/shapes';
import { call } from '../../bridge';
import { Badge } from '../../parts/Badge';
import { Button } from '../../parts/Button';
import { Code } from '../../parts/Code';
import { FactList } from '../../parts/Page';
import { Problem } from '../../parts/Say';
import { useBusy } from '../../parts/use-busy';
import { useKeys } from '../../parts/use-keys';
import { accessTone, timeLeft } from '../../words';

export function QuestionCard({
  approval,
  nowMs,
}: {
  readonly approval: ApprovalView;
  readonly nowMs: number;
}) {
  const { approvalId } = approval;
  const [reason, setReason] = useState('');
  const { isBusy, problem, run } = useBusy();
  const approve = () =>
    void run(() => call('approvals.decide', { approvalId, decision: { kind: 'approve' } }));
  const grant = () => {
    if (approval.mayGrant)
      void run(() => call('approvals.decide', { approvalId, decision: { kind: 'grant' } }));
  };
  const deny = () =>
    void run(() =>
      call('approvals.decide', { approvalId, decision: { kind: 'deny', reason: reason.trim() } }),
    );
  useKeys({ a: approve, g: grant, d: deny });
  return (
    <section
      aria-label={approval.sentence}
      className="flex min-h-0 flex-col rounded-card border border-line bg-card"
    >
      <div className="flex min-h-0 flex-col gap-3.5 overflow-auto p-4">
        <div className="flex items-start gap-3">
          <h2 className="min-w-0 flex-1 text-head font-semibold [overflow-wrap:anywhere]">
            {approval.sentence}
          </h2>
          <Badge tone="warn">waits {timeLeft(approval, nowMs)}</Badge>
        </div>
        <FactList
          facts={[
            ['Agent', approval.agentName],
            ['Connection', approval.connectionLabel],
            [
              'Access',
              <Badge key="access" tone={accessTone[approval.access]}>
                {approval.access}
              </Badge>,
            ],
            [
              'Tool',
              <span key="tool" className="mono">
                {approval.tool}
              </span>,
            ],
            [
              'Request',
              <span key="request" className="mono">
                {approval.request}
              </span>,
            ],
          ]}
        />
        <Code label="Arguments" className="min-h-[72px]">
          {approval.argumentsJson}
        </Code>
        <p className="text-soft">
          {approval.mayGrant
            ? 'Approve lets exactly this call run, once. Approve for 30 minutes lets this agent call this tool with any arguments, until you end it.'
            : 'Exactly this call is approved, once. If anything about it changes, it asks again. A destructive tool is never approved for longer.'}
        </p>
        <Problem>{problem}</Problem>
      </div>
      <div className="flex shrink-0 flex-wrap items-center gap-2 border-t border-line px-4 py-3">
        <Button kind="primary" hotkey="a" disabled={isBusy} onClick={approve}>
          Approve
        </Button>
        {approval.mayGrant ? (
          <Button hotkey="g" disabled={isBusy} onClick={grant}>
            Approve for 30 minutes
          </Button>
        ) : null}
        <label className="flex min-w-[210px] flex-1 items-center justify-end gap-2">
          <span className="text-soft">Reason</span>
          <input
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') deny();
            }}
            placeholder="optional, the agent reads it"
            className="entry w-full max-w-[240px] min-w-[96px] shrink"
          />
        </label>
        <Button kind="danger" hotkey="d" disabled={isBusy} onClick={deny}>
          Deny
        </Button>
      </div>
    </section>
  );
}
