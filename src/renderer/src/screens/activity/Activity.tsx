/** Everything that happened, newest first, and the proof that nothing was changed. */
import { useDeferredValue, useMemo, useState } from 'react';
import type { ActivityNamesView } from '../../../../preload/contract/activity-shapes';
import type { ActivityPageView, VerifyView } from '../../../../preload/contract/shapes';
import { call } from '../../bridge';
import { Badge } from '../../parts/Badge';
import { Button } from '../../parts/Button';
import { Code } from '../../parts/Code';
import { Page } from '../../parts/Page';
import { Empty, Problem, Skeleton } from '../../parts/Say';
import { useAsked } from '../../parts/use-asked';
import { useBusy } from '../../parts/use-busy';
import { useNarrow } from '../../parts/use-narrow';
import { type Column, type RowPlace, VirtualTable } from '../../parts/VirtualTable';
import { useFacts } from '../../stores/facts';
import { capital, clockTime, outcomeTone, plural, timeOf } from '../../words';
import { ActivityChart } from './ActivityChart';
import { ActivityFilterBar } from './ActivityFilterBar';
import { noFilters, questionOf } from './activity-filters';
import { ExportDialog } from './ExportDialog';
import { useActivityPages } from './use-activity-pages';

type Row = ActivityPageView['rows'][number];
type Item =
  | { readonly kind: 'record'; readonly row: Row }
  | { readonly kind: 'detail'; readonly seq: number };

export function Activity() {
  const lastSeq = useFacts((facts) => facts.lastSeq);
  const [filters, setFilters] = useState(noFilters);
  const [opened, setOpened] = useState<number>();
  const [verified, setVerified] = useState<VerifyView>();
  const [isExporting, setExporting] = useState(false);
  const known = useAsked('activity.names', {}).asked;
  const names = known.kind === 'known' ? known.value : undefined;
  const verifying = useBusy();
  const isNarrow = useNarrow();
  const columns = isNarrow ? narrowColumns : [...narrowColumns, took];
  const question = questionOf(useDeferredValue(filters), Date.now());
  const pages = useActivityPages(question, lastSeq);
  const items = useMemo(() => itemsOf(pages.rows ?? [], opened), [pages.rows, opened]);
  const verify = () => verifying.run(async () => setVerified(await call('activity.verify', {})));
  const isFiltered = JSON.stringify(filters) !== JSON.stringify(noFilters);
  const isSearching = pages.lookedBackToMs !== null;
  return (
    <Page
      title="Activity"
      scrolls
      badge={verified?.kind === 'intact' ? <Intact atMs={verified.atMs} /> : null}
      actions={
        <>
          <Button onClick={() => setExporting(true)}>Export</Button>
          <Button disabled={verifying.isBusy} onClick={() => void verify()}>
            {verifying.isBusy ? 'Verifying' : 'Verify log'}
          </Button>
        </>
      }
      bar={
        <ActivityFilterBar filters={filters} isFiltered={isFiltered} onFilters={setFilters} names={names} />
      }
    >
      <Problem>{verifying.problem}</Problem>
      <Problem>{verified === undefined ? '' : brokenIn(verified)}</Problem>
      <Problem again={pages.again}>{pages.problem}</Problem>
      <ActivityChart
        question={question}
        freshness={`${lastSeq} ${pages.lookedBackToMs ?? ''}`}
        heightPx={isNarrow ? 44 : 72}
        onTime={(fromMs, toMs) => setFilters({ ...filters, span: 'from to', fromMs, toMs })}
      />
      {pages.rows === undefined && pages.problem === '' ? (
        <Skeleton rows={10} height={36} label="Loading the activity" />
      ) : null}
      {pages.rows?.length === 0 && !isSearching ? (
        <Empty
          action={isFiltered ? <Button onClick={() => setFilters(noFilters)}>Show everything</Button> : null}
        >
          {isFiltered
            ? 'No record matches these filters.'
            : 'Nothing here yet. Every call, connect and policy change will be written down.'}
        </Empty>
      ) : null}
      {items.length === 0 ? null : (
        <VirtualTable
          label="Activity"
          minWidthPx={620}
          columns={columns}
          items={items}
          keyOf={keyOf}
          heightPx={heightOf}
          onEnd={pages.more}
          row={(item, place) =>
            item.kind === 'detail' ? (
              <tr key={keyOf(item)} {...place}>
                <td colSpan={columns.length} className="border-b border-line bg-ground p-4">
                  <Records seq={item.seq} />
                </td>
              </tr>
            ) : (
              <RecordRow
                key={item.row.seq}
                row={item.row}
                place={place}
                isOpen={opened === item.row.seq}
                isNarrow={isNarrow}
                onOpen={() => setOpened(opened === item.row.seq ? undefined : item.row.seq)}
              />
            )
          }
        />
      )}
      {items.length === 0 && !isSearching ? null : (
        <p role="status" className="shrink-0 text-small text-soft">
          {plural(pages.matched, 'record')}
          {isFiltered ? ' match' : ''}
          {pages.lookedBackToMs === null
            ? ''
            : ` so far: searched back to ${timeOf(pages.lookedBackToMs, Date.now())}`}
          {names === undefined || names.closed.days === 0 ? '' : ` · Older: ${closedInWords(names.closed)}`}
        </p>
      )}
      {isExporting ? (
        <ExportDialog
          question={question}
          matched={pages.matched}
          isFiltered={isFiltered}
          onClose={() => setExporting(false)}
        />
      ) : null}
    </Page>
  );
}

const narrowColumns: readonly Column[] = [
  { key: 'time', head: 'Time', className: 'w-[132px] pl-3' },
  { key: 'who', head: 'Who', className: 'w-[13%]' },
  { key: 'what', head: 'What', className: 'w-[26%]' },
  { key: 'outcome', head: 'Outcome', className: 'w-[112px]' },
  { key: 'detail', head: 'Detail' },
];
const took: Column = { key: 'took', head: 'Took', className: 'w-[84px] text-right' };

function itemsOf(rows: readonly Row[], opened: number | undefined): readonly Item[] {
  return rows.flatMap((row): Item[] =>
    row.seq === opened
      ? [
          { kind: 'record', row },
          { kind: 'detail', seq: row.seq },
        ]
      : [{ kind: 'record', row }],
  );
}

const keyOf = (item: Item) => (item.kind === 'record' ? `${item.row.seq}` : `detail of ${item.seq}`);
const heightOf = (item: Item) => (item.kind === 'record' ? 36 : 360);

function RecordRow(props: {
  readonly row: Row;
  readonly place: RowPlace;
  readonly isOpen: boolean;
  readonly isNarrow: boolean;
  readonly onOpen: () => void;
}) {
  const { row } = props;
  return (
    <tr {...props.place} className="h-9 hover:bg-hover [&>td]:border-b [&>td]:border-line [&>td]:pr-3">
      <td className="mono pl-3 whitespace-nowrap" title={new Date(row.atMs).toISOString()}>
        {timeOf(row.atMs, Date.now())}
      </td>
      <td className="truncate" title={row.who}>
        {row.who}
      </td>
      <td>
        <button
          type="button"
          aria-expanded={props.isOpen}
          onClick={props.onOpen}
          title={row.what}
          className="mono block max-w-full truncate text-left hover:underline"
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
      {props.isNarrow ? null : (
        <td className="text-right whitespace-nowrap text-soft">
          {row.tookMs === null ? '–' : `${Math.round(row.tookMs).toLocaleString('en-GB')} ms`}
        </td>
      )}
    </tr>
  );
}

/** Every record that belongs to one row, whole. */
function Records({ seq }: { readonly seq: number }) {
  const { asked, again } = useAsked('activity.show', { seq });
  if (asked.kind === 'asking') return <div className="skeleton h-24" role="status" aria-label="Loading" />;
  if (asked.kind === 'failed') return <Problem again={again}>{asked.problem}</Problem>;
  return (
    <div className="flex flex-col gap-2">
      {asked.value.records.map((record, index) => (
        <Code key={record} label={`Record ${index + 1}`} className="max-h-72 !bg-card">
          {record}
        </Code>
      ))}
    </div>
  );
}

function Intact({ atMs }: { readonly atMs: number }) {
  return (
    <span role="status">
      <Badge tone="good">{`Log intact · verified ${clockTime(atMs).slice(0, 5)}`}</Badge>
    </span>
  );
}

const closedInWords = ({ days, records }: ActivityNamesView['closed']) =>
  `${plural(days, 'day')} closed, ${plural(records, 'record')}`;

/** Empty for a log that is intact. */
function brokenIn(result: VerifyView): string {
  if (result.kind === 'intact') return '';
  const line = result.line === 0 ? '' : `, line ${result.line}`;
  const place = result.file === '' ? '' : `${result.file}${line}: `;
  return `Broken: ${place}${result.problem}`;
}
