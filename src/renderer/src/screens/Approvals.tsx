/** What waits for a person, with everything needed to decide; the decided ones below. */
import { useEffect, useState } from 'react';
import type { ApprovalView } from '../../../preload/contract/shapes';
import { call } from '../bridge';
import { Badge, Button, Empty, Page, Problem } from '../parts/parts';
import { useFacts } from '../stores/facts';
import { accessTone, ago, capital, countdown, sentenceOf } from '../words';

export function Approvals() {
  const { waiting, decided } = useFacts((facts) => facts.approvals);
  const [chosen, setChosen] = useState<string>();
  const [nowMs, setNowMs] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const index = waiting.findIndex((one) => one.approvalId === chosen);
  const current = waiting[index];
  // The only question is in front by itself. One that leaves is never replaced under the technician's fingers.
  const first = waiting[0]?.approvalId;
  useEffect(() => {
    setChosen((before) => (first === undefined ? undefined : (before ?? first)));
  }, [first]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey) return;
      const step = event.key === 'j' ? 1 : event.key === 'k' ? -1 : 0;
      const next = waiting[index + step];
      if (step !== 0 && next !== undefined) setChosen(next.approvalId);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [waiting, index]);
  return (
    <Page title="Approvals">
      {waiting.length === 0 ? <Empty>Nothing waits. Calls that need approval appear here.</Empty> : null}
      {waiting.length === 0 ? null : (
        <div className="grid grid-cols-[minmax(240px,360px)_1fr] gap-4">
          <ul aria-label="Waiting" className="m-0 flex list-none flex-col gap-2 p-0">
            {waiting.map((one) => (
              <li key={one.approvalId}>
                <button
                  type="button"
                  aria-current={one === current}
                  onClick={() => setChosen(one.approvalId)}
                  className={`w-full rounded-lg border bg-card p-3 text-left ${one === current ? 'border-accent' : 'border-line'}`}
                >
                  <span className="flex gap-2">
                    <strong className="min-w-0 flex-1 truncate">{one.sentence}</strong>
                    <span className="font-mono text-[12px] text-soft">
                      {countdown(one.expiresAtMs, nowMs)}
                    </span>
                  </span>
                  <span className="block text-[12px] text-soft">
                    {one.agentName} · {one.connectionLabel}
                  </span>
                  <Badge tone={accessTone[one.access]}>{one.access}</Badge>
                </button>
              </li>
            ))}
          </ul>
          {current === undefined ? (
            <Empty>That question is gone. Choose another one.</Empty>
          ) : (
            <Question key={current.approvalId} approval={current} nowMs={nowMs} />
          )}
        </div>
      )}
      {decided.length === 0 ? null : (
        <section aria-label="Decided">
          <h2 className="text-base font-semibold">Decided</h2>
          <ul className="m-0 list-none p-0">
            {decided.map((one) => (
              <li key={one.approvalId} className="flex gap-3 border-b border-line py-1">
                <Badge tone={one.decision === 'approved' ? 'accent' : 'warn'}>{capital(one.decision)}</Badge>
                <span className="min-w-0 flex-1 truncate">{one.sentence}</span>
                <span className="text-soft">
                  {one.by}
                  {one.reason === '' ? '' : `: ${one.reason}`} · {ago(one.decidedAtMs, nowMs)}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Page>
  );
}

function Question({ approval, nowMs }: { readonly approval: ApprovalView; readonly nowMs: number }) {
  const { approvalId } = approval;
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState('');
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (
        event.target instanceof HTMLInputElement ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        event.repeat
      )
        return;
      const decision =
        event.key === 'a'
          ? ({ kind: 'approve' } as const)
          : event.key === 'd'
            ? ({ kind: 'deny', reason: '' } as const)
            : undefined;
      if (decision !== undefined)
        call('approvals.decide', { approvalId, decision }).catch((error: unknown) =>
          setProblem(sentenceOf(error)),
        );
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [approvalId]);
  const decide = (decision: { kind: 'approve' } | { kind: 'deny'; reason: string }) =>
    void call('approvals.decide', { approvalId, decision }).catch((error: unknown) =>
      setProblem(sentenceOf(error)),
    );
  return (
    <section
      aria-label={approval.sentence}
      className="flex flex-col gap-3 rounded-lg border border-line bg-card p-4"
    >
      <div className="flex gap-3">
        <h2 className="m-0 min-w-0 flex-1 text-base font-semibold">{approval.sentence}</h2>
        <Badge tone="warn">waits {countdown(approval.expiresAtMs, nowMs)}</Badge>
      </div>
      <dl className="m-0 grid grid-cols-[auto_1fr] gap-x-4">
        <dt className="text-soft">Agent</dt>
        <dd className="m-0">{approval.agentName}</dd>
        <dt className="text-soft">Connection</dt>
        <dd className="m-0">{approval.connectionLabel}</dd>
        <dt className="text-soft">Tool</dt>
        <dd className="m-0 font-mono text-[12px]">{approval.tool}</dd>
        <dt className="text-soft">Request</dt>
        <dd className="m-0 font-mono text-[12px]">{approval.request}</dd>
        <dt className="text-soft">Access</dt>
        <dd className="m-0">
          <Badge tone={accessTone[approval.access]}>{approval.access}</Badge>
        </dd>
      </dl>
      <pre className="m-0 max-h-72 overflow-auto rounded-md border border-line bg-ground p-3 font-mono text-[12px]">
        {approval.argumentsJson}
      </pre>
      <p className="m-0 text-soft">
        Exactly this call is approved, once. If anything about it changes, it asks again.
      </p>
      <Problem>{problem}</Problem>
      <div className="flex items-center gap-2">
        <Button kind="primary" onClick={() => decide({ kind: 'approve' })}>
          Approve
        </Button>
        <label className="ml-auto flex items-center gap-2">
          Reason{' '}
          <input
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.target.value)}
            placeholder="optional, the agent reads it"
          />
        </label>
        <Button kind="danger" onClick={() => decide({ kind: 'deny', reason })}>
          Deny
        </Button>
      </div>
    </section>
  );
}
