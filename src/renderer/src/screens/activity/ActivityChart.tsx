/** Calls by outcome over time. A bar filters to its time; arrow keys walk over the bars; a table says the same in words. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { ActivityChartView } from '../../../../preload/contract/activity-shapes';
import { type OutcomeGroup, outcomeGroups } from '../../../../preload/contract/outcome-groups';
import { Problem } from '../../parts/Say';
import { useAsked } from '../../parts/use-asked';
import type { Question } from './activity-filters';
import { type Bar, barInWords, groupLabel, sumOf, tickOf, timeOfBar, type Unit } from './bar-words';

const fills: Readonly<Record<OutcomeGroup, string>> = {
  allowed: 'var(--good)',
  approved: 'var(--accent)',
  denied: 'var(--warn)',
  refused: 'var(--quiet)',
  failed: 'var(--bad)',
  open: 'var(--edge)',
};
const swatches: Readonly<Record<OutcomeGroup, string>> = {
  allowed: 'bg-good',
  approved: 'bg-accent',
  denied: 'bg-warn',
  refused: 'bg-quiet',
  failed: 'bg-bad',
  open: 'bg-edge',
};
const widestBarPx = 40;
const tickEveryPx = 84;

export function ActivityChart(props: {
  readonly question: Question;
  /** Asked again whenever this changes. */
  readonly freshness: string | number;
  readonly heightPx: number;
  readonly onTime: (fromMs: number, toMs: number) => void;
}) {
  const { asked, again } = useAsked('activity.chart', props.question, props.freshness);
  if (asked.kind === 'failed') return <Problem again={again}>{asked.problem}</Problem>;
  const height = props.heightPx + 40;
  if (asked.kind === 'asking')
    return (
      <div className="skeleton shrink-0" style={{ height }} role="status" aria-label="Loading the chart" />
    );
  const { bars } = asked.value;
  const hasCalls = bars.some((bar) => sumOf(bar.calls) > 0);
  return (
    <section
      aria-label="Calls over time"
      className="flex shrink-0 flex-col gap-1 rounded-card border border-line bg-card px-3 pt-2 pb-1.5"
    >
      <Legend view={asked.value} />
      {hasCalls ? (
        <>
          <BarsOf view={asked.value} heightPx={props.heightPx} onTime={props.onTime} />
          <WordsOf view={asked.value} />
        </>
      ) : (
        <p className="flex items-center justify-center text-soft" style={{ height: props.heightPx + 16 }}>
          No calls in this time.
        </p>
      )}
    </section>
  );
}

function Legend({ view: { bars, unit } }: { readonly view: ActivityChartView }) {
  const most = mostIn(bars);
  return (
    <ul className="flex flex-wrap items-center gap-x-4 gap-y-0.5 p-0 text-small text-soft">
      {outcomeGroups.map((group, index) => (
        <li key={group} className="flex list-none items-center gap-1.5">
          <span aria-hidden="true" className={`size-2 rounded-[2px] ${swatches[group]}`} />
          {groupLabel(group)}
          <span className="text-ink">
            {bars.reduce((sum, bar) => sum + (bar.calls[index] ?? 0), 0).toLocaleString('en-GB')}
          </span>
        </li>
      ))}
      {most === 0 ? null : (
        <li className="ml-auto list-none">{`Up to ${most.toLocaleString('en-GB')} ${unit === 'hour' ? 'an' : 'a'} ${unit}`}</li>
      )}
    </ul>
  );
}

function BarsOf(props: {
  readonly view: ActivityChartView;
  readonly heightPx: number;
  readonly onTime: (fromMs: number, toMs: number) => void;
}) {
  const { unit, bars } = props.view;
  const { heightPx } = props;
  const frame = useRef<HTMLDivElement>(null);
  const widthPx = useWidth(frame);
  const [at, setAt] = useState(bars.length - 1);
  const current = Math.min(at, bars.length - 1);
  const most = Math.max(1, mostIn(bars));
  const step = widthPx / Math.max(1, bars.length);
  const wide = Math.max(1, Math.min(widestBarPx, step - (step > 6 ? 2 : step > 3 ? 1 : 0)));
  const onKeyDown = (event: KeyboardEvent<SVGElement>) => {
    const to = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0, End: bars.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(bars.length - 1, to));
    setAt(next);
    event.currentTarget.querySelectorAll<SVGGElement>('[role="button"]')[next]?.focus();
  };
  return (
    <div ref={frame}>
      <svg
        role="toolbar"
        aria-label="Calls over time: choose a bar to see its time only"
        width="100%"
        height={heightPx + 1}
        className="block overflow-visible"
        onKeyDown={onKeyDown}
      >
        <line x1={0} x2={widthPx} y1={heightPx + 0.5} y2={heightPx + 0.5} stroke="var(--line)" />
        {bars.map((bar, index) => (
          <BarColumn
            key={bar.fromMs}
            bar={bar}
            unit={unit}
            left={index * step}
            step={step}
            wide={wide}
            heightPx={heightPx}
            most={most}
            isCurrent={index === current}
            onChoose={() => {
              setAt(index);
              props.onTime(bar.fromMs, bar.toMs);
            }}
          />
        ))}
      </svg>
      <Ticks unit={unit} bars={bars} step={step} />
    </div>
  );
}

function BarColumn(props: {
  readonly bar: Bar;
  readonly unit: Unit;
  readonly left: number;
  readonly step: number;
  readonly wide: number;
  readonly heightPx: number;
  readonly most: number;
  readonly isCurrent: boolean;
  readonly onChoose: () => void;
}) {
  const { bar, left, step, wide, heightPx, most } = props;
  const words = barInWords(props.unit, bar);
  let y = heightPx;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a part of a drawing cannot be a button element.
    <g
      role="button"
      tabIndex={props.isCurrent ? 0 : -1}
      aria-label={words}
      onClick={props.onChoose}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        props.onChoose();
      }}
      className="group cursor-default"
    >
      <title>{words}</title>
      <rect
        x={left}
        y={0}
        width={step}
        height={heightPx}
        className="fill-transparent group-hover:fill-hover"
      />
      {outcomeGroups.map((group, index) => {
        const calls = bar.calls[index] ?? 0;
        if (calls === 0) return null;
        // What happened is seen, however few it was.
        const high = Math.max(1.5, (calls / most) * (heightPx - 4));
        y -= high;
        return (
          <rect
            key={group}
            x={left + (step - wide) / 2}
            y={y}
            width={wide}
            height={high}
            fill={fills[group]}
            shapeRendering="crispEdges"
          />
        );
      })}
    </g>
  );
}

function Ticks(props: { readonly unit: Unit; readonly bars: readonly Bar[]; readonly step: number }) {
  const { unit, bars, step } = props;
  const every = Math.max(1, Math.ceil(tickEveryPx / Math.max(1, step)));
  return (
    <svg aria-hidden="true" width="100%" height={16} className="block overflow-visible fill-soft text-small">
      {bars.map((bar, index) =>
        index % every === 0 && (index + every <= bars.length || index === 0) ? (
          <text key={bar.fromMs} x={index * step} y={13}>
            {tickOf(unit, bar.fromMs)}
          </text>
        ) : null,
      )}
    </svg>
  );
}

function WordsOf({ view }: { readonly view: ActivityChartView }) {
  return (
    <table className="sr-only">
      <caption>{`Calls by ${view.unit} and outcome`}</caption>
      <thead>
        <tr>
          <th scope="col">Time</th>
          {outcomeGroups.map((group) => (
            <th key={group} scope="col">
              {groupLabel(group)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {view.bars
          .filter((bar) => sumOf(bar.calls) > 0)
          .map((bar) => (
            <tr key={bar.fromMs}>
              <th scope="row">{timeOfBar(view.unit, bar)}</th>
              {outcomeGroups.map((group, index) => (
                <td key={group}>{bar.calls[index]}</td>
              ))}
            </tr>
          ))}
      </tbody>
    </table>
  );
}

const mostIn = (bars: readonly Bar[]) => Math.max(0, ...bars.map((bar) => sumOf(bar.calls)));

function useWidth(frame: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const { current } = frame;
    if (current === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    observer.observe(current);
    return () => observer.disconnect();
  }, [frame]);
  return width;
}
