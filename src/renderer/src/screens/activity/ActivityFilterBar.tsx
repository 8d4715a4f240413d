/** Search, time, agent, connection, tool, outcome. */
import type { ActivityNamesView } from '../../../../preload/contract/activity-shapes';
import { Button } from '../../parts/Button';
import { Choice, SearchBox, Segments } from '../../parts/Entries';
import { useFacts } from '../../stores/facts';
import { capital } from '../../words';
import { type ActivityFilters, fieldOf, momentOf, noFilters, outcomes } from './activity-filters';

interface BarProps {
  readonly filters: ActivityFilters;
  readonly isFiltered: boolean;
  readonly onFilters: (filters: ActivityFilters) => void;
  /** Undefined until it is known. */
  readonly names: ActivityNamesView | undefined;
}

export function ActivityFilterBar({ filters, isFiltered, onFilters, names }: BarProps) {
  return (
    <>
      <SearchBox
        label="Search activity"
        value={filters.text}
        onChange={(text) => onFilters({ ...filters, text })}
        wide
      />
      <Segments
        label="Time"
        value={filters.span}
        onChange={(span) => onFilters({ ...filters, span })}
        options={[
          { value: 'today', label: 'Today' },
          { value: '7 days', label: '7 days' },
          { value: '30 days', label: '30 days' },
          { value: 'all', label: 'All' },
          { value: 'from to', label: 'From–to' },
        ]}
      />
      {filters.span === 'from to' ? <FromTo filters={filters} onFilters={onFilters} /> : null}
      <div className="flex flex-wrap gap-2">
        <Choices filters={filters} onFilters={onFilters} names={names} />
        {isFiltered ? (
          <Button kind="quiet" label="Clear filters" onClick={() => onFilters(noFilters)}>
            Clear
          </Button>
        ) : null}
      </div>
    </>
  );
}

function FromTo({ filters, onFilters }: Pick<BarProps, 'filters' | 'onFilters'>) {
  const isTurned =
    filters.fromMs !== undefined && filters.toMs !== undefined && filters.fromMs >= filters.toMs;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <input
        type="datetime-local"
        aria-label="From"
        className="entry w-[200px]"
        value={fieldOf(filters.fromMs)}
        onChange={(event) => onFilters({ ...filters, fromMs: momentOf(event.target.value) })}
      />
      <span aria-hidden="true" className="text-soft">
        –
      </span>
      <input
        type="datetime-local"
        aria-label="Before"
        aria-invalid={isTurned}
        aria-describedby={isTurned ? 'from-to-says' : undefined}
        className="entry w-[200px]"
        value={fieldOf(filters.toMs)}
        onChange={(event) => onFilters({ ...filters, toMs: momentOf(event.target.value) })}
      />
      {isTurned ? (
        <span id="from-to-says" className="text-small text-bad">
          The end has to be after the start.
        </span>
      ) : null}
    </div>
  );
}

/** What occurs in the log can be chosen, also connections that are gone. */
function Choices({ filters, onFilters, names }: Omit<BarProps, 'isFiltered'>) {
  const agents = useFacts((facts) => facts.agents) ?? [];
  const connections = useFacts((facts) => facts.connections) ?? [];
  const present = new Set<string>(connections.map((one) => one.connectionId));
  const gone = (names?.connections ?? []).filter((one) => !present.has(one.connectionId));
  return (
    <>
      <Choice
        label="Agent"
        className="w-[140px]"
        value={filters.agentId}
        onChange={(agentId) => onFilters({ ...filters, agentId })}
        options={[
          { value: '', label: 'All agents' },
          ...agents.map((agent) => ({ value: agent.agentId, label: agent.name })),
        ]}
      />
      <Choice
        label="Connection"
        className="w-[148px]"
        value={filters.connectionId}
        onChange={(connectionId) => onFilters({ ...filters, connectionId })}
        options={[
          { value: '', label: 'All connections' },
          ...connections.map((one) => ({ value: one.connectionId, label: one.label })),
          ...gone.map((one) => ({ value: one.connectionId, label: `${one.name} (gone)` })),
        ]}
      />
      <Choice
        label="Tool"
        className="w-[148px]"
        value={filters.tool}
        onChange={(tool) => onFilters({ ...filters, tool })}
        options={[
          { value: '', label: 'All tools' },
          ...(names?.tools ?? []).map((tool) => ({ value: tool, label: tool })),
        ]}
      />
      <Choice
        label="Outcome"
        className="w-[140px]"
        value={filters.outcome}
        onChange={(outcome) => onFilters({ ...filters, outcome })}
        options={[
          { value: '', label: 'All outcomes' },
          ...outcomes.map((outcome) => ({ value: outcome, label: capital(outcome) })),
        ]}
      />
    </>
  );
}
