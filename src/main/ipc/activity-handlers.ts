/** The calls about activity. No rule is decided here. */
import type { Handlers } from '../../preload/contract/calls';
import { Fault } from '../../preload/contract/reply';
import { connectionIdSchema } from '../../preload/contract/shapes';
import type { ActivityLog } from '../activity/activity-log';
import { type ChartEdges, chartEdges } from '../activity/chart';
import type { Exporter } from '../activity/exporter';
import type { ActivityEntry } from '../activity/record';
import type { Clock } from '../ports';

export interface ActivityHandlerNeeds {
  /** @throws Fault `vault_locked` before the vault was opened once. */
  readonly activity: () => ActivityLog;
  readonly exporter: Pick<Exporter, 'run' | 'cancel'>;
  readonly technician: string;
  readonly clock: Pick<Clock, 'nowMs'>;
}

type ActivityCalls = Extract<keyof Handlers, `activity.${string}`>;

export function activityHandlers(needs: ActivityHandlerNeeds): Pick<Handlers, ActivityCalls> {
  const byHand = (entry: Omit<ActivityEntry, 'who'>) =>
    needs.activity().append({ ...entry, who: { kind: 'technician', name: needs.technician } });
  return {
    'activity.list': async (filter) => {
      const page = await needs.activity().list(filter);
      return { ...page, rows: [...page.rows] };
    },
    'activity.chart': async (filter) => {
      let edges: ChartEdges = { unit: 'hour', edges: [] };
      const toMs = filter.toMs ?? needs.clock.nowMs() + 1;
      const bars = await needs.activity().chart(filter, (firstAtMs) => {
        edges = chartEdges(filter.fromMs ?? firstAtMs ?? toMs, toMs);
        return edges.edges;
      });
      return {
        unit: edges.unit,
        bars: bars.map((calls, bar) => ({
          fromMs: edges.edges[bar] ?? 0,
          toMs: edges.edges[bar + 1] ?? 0,
          calls: [...calls],
        })),
      };
    },
    'activity.export': (wish) => needs.exporter.run(wish),
    'activity.cancelExport': async () => {
      needs.exporter.cancel();
      return {};
    },
    'activity.previewRetention': async ({ keepDays }) => {
      await needs.activity().ready();
      return await needs.activity().closed.preview(keepDays);
    },
    'activity.names': async () => {
      const { tools, connections } = await needs.activity().names();
      return {
        closed: needs.activity().closed.total(),
        tools: tools.slice(0, 2_000).sort(),
        connections: [...connections].slice(0, 2_000).flatMap(([id, name]) => {
          const connectionId = connectionIdSchema.safeParse(id).data;
          return connectionId === undefined ? [] : [{ connectionId, name }];
        }),
      };
    },
    'activity.show': async ({ seq }) => {
      const shown = await needs.activity().show(seq);
      return {
        seq: shown.seq,
        records: shown.records.map(({ record, body }) =>
          JSON.stringify(
            body.kind === 'none'
              ? record
              : { ...record, body: body.kind === 'opened' ? body.value : body.why },
            null,
            2,
          ),
        ),
      };
    },
    'activity.verify': async () => {
      const found = await needs.activity().verify();
      const written = byHand({
        kind: 'log',
        what: 'Activity log',
        outcome: found.kind === 'intact' ? 'noted' : 'failed',
        detail:
          found.kind === 'intact'
            ? `Verified, and intact: ${found.records} records in ${found.files} files.`
            : `Verified, and broken at ${found.file}, line ${found.line}: ${found.problem}`,
      });
      // A log that was changed may take no row: what was found is said all the same.
      await written.catch((error: unknown) => {
        if (found.kind === 'intact' || !(error instanceof Fault)) throw error;
      });
      return found;
    },
  };
}
