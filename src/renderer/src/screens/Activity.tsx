/** Everything that happened, newest first, and the proof that nothing was changed. */
import { Fragment, useEffect, useState } from 'react';
import type { ActivityPageView, Outcome, VerifyView } from '../../../preload/contract/shapes';
import { call } from '../bridge';
import { Badge, Button, Empty, Page, Problem } from '../parts/parts';
import { useFacts } from '../stores/facts';
import { capital, clockTime, outcomeTone, sentenceOf } from '../words';

const outcomes: readonly Outcome[] = [
  'allowed',
  'approved',
  'denied',
  'refused',
  'failed',
  'waiting',
  'unknown',
  'changed',
  'connected',
  'disconnected',
  'created',
  'revoked',
];

export function Activity() {
  const lastSeq = useFacts((facts) => facts.lastSeq);
  const [text, setText] = useState('');
  const [outcome, setOutcome] = useState<Outcome | ''>('');
  const [limit, setLimit] = useState(50);
  const [page, setPage] = useState<ActivityPageView>();
  const [opened, setOpened] = useState<{ readonly seq: number; readonly records: readonly string[] }>();
  const [verified, setVerified] = useState<VerifyView>();
  const [problem, setProblem] = useState('');
  const fail = (error: unknown) => setProblem(sentenceOf(error));
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new record asks again.
  useEffect(() => {
    const filter = { limit, ...(text === '' ? {} : { text }), ...(outcome === '' ? {} : { outcome }) };
    let isWanted = true;
    call('activity.list', filter).then(
      (fresh) => isWanted && setPage(fresh),
      (error: unknown) => isWanted && setProblem(sentenceOf(error)),
    );
    // A slower answer to an older question must not replace a newer one.
    return () => {
      isWanted = false;
    };
  }, [text, outcome, limit, lastSeq]);
  const toggle = (seq: number) =>
    opened?.seq === seq ? setOpened(undefined) : void call('activity.show', { seq }).then(setOpened, fail);
  return (
    <Page
      title="Activity"
      badge={verified === undefined ? null : <Verified result={verified} />}
      actions={
        <Button onClick={() => void call('activity.verify', {}).then(setVerified, fail)}>Verify log</Button>
      }
    >
      <div className="flex gap-3">
        <input
          type="search"
          aria-label="Search activity"
          placeholder="Search activity"
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="w-64"
        />
        <select
          aria-label="Outcome"
          value={outcome}
          onChange={(event) => setOutcome(event.target.value as Outcome | '')}
        >
          <option value="">All outcomes</option>
          {outcomes.map((one) => (
            <option key={one} value={one}>
              {capital(one)}
            </option>
          ))}
        </select>
        <span className="self-center text-soft">{page === undefined ? '' : `${page.matched} records`}</span>
      </div>
      <Problem>{problem}</Problem>
      {page?.rows.length === 0 ? (
        <Empty>Nothing here yet. Every call, connect and policy change will be written down.</Empty>
      ) : null}
      <table aria-label="Activity" className="w-full table-fixed border-collapse bg-card">
        <thead>
          <tr className="h-9 border-b border-line">
            <th className="w-24 pl-3">Time</th>
            <th className="w-32">Who</th>
            <th>What</th>
            <th className="w-28">Outcome</th>
            <th>Detail</th>
            <th className="w-20 pr-3 text-right">Took</th>
          </tr>
        </thead>
        <tbody>
          {page?.rows.map((row) => (
            <Fragment key={row.seq}>
              <tr className="h-9 border-b border-line">
                <td className="pl-3 font-mono text-[12px]">{clockTime(row.atMs)}</td>
                <td className="truncate">{row.who}</td>
                <td className="truncate pr-2">
                  <button
                    type="button"
                    aria-expanded={opened?.seq === row.seq}
                    onClick={() => toggle(row.seq)}
                    title={row.what}
                    className="font-mono text-[12px]"
                  >
                    {row.what}
                  </button>
                </td>
                <td>
                  <Badge tone={outcomeTone(row.outcome)}>{capital(row.outcome)}</Badge>
                </td>
                <td className="truncate text-soft" title={row.detail}>
                  {row.detail}
                </td>
                <td className="pr-3 text-right text-soft">
                  {row.tookMs === null ? '–' : `${Math.round(row.tookMs)} ms`}
                </td>
              </tr>
              {opened?.seq === row.seq ? (
                <tr>
                  <td colSpan={6} className="p-3">
                    {opened.records.map((record) => (
                      <pre
                        key={record}
                        className="m-0 mb-2 max-h-72 overflow-auto rounded-md border border-line bg-ground p-3 font-mono text-[12px]"
                      >
                        {record}
                      </pre>
                    ))}
                  </td>
                </tr>
              ) : null}
            </Fragment>
          ))}
        </tbody>
      </table>
      {page?.more === true && limit < 200 ? (
        <Button onClick={() => setLimit(Math.min(200, limit + 50))}>Show more</Button>
      ) : null}
    </Page>
  );
}

function Verified({ result }: { readonly result: VerifyView }) {
  if (result.kind === 'intact')
    return <Badge tone="good">{`Log intact · verified ${clockTime(result.atMs).slice(0, 5)}`}</Badge>;
  return <Badge tone="bad">{`Broken: ${result.file}, line ${result.line}: ${result.problem}`}</Badge>;
}
