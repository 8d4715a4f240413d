/** Search, time, agent, connection, outcome. */
import { Choice, SearchBox, Segments } from '../../parts/Entries';
import { useFacts } from '../../stores/facts';
import { capital } from '../../words';
import { type ActivityFilters, outcomes } from './activity-filters';

export function ActivityFilterBar(props: {
  readonly filters: ActivityFilters;
  readonly onFilters: (filters: ActivityFilters) => void;
}) {
  const { filters, onFilters } = props;
  const agents = useFacts((facts) => facts.agents) ?? [];
  const connections = useFacts((facts) => facts.connections) ?? [];
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
        ]}
      />
      <div className="ml-auto flex flex-wrap gap-2">
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
          className="w-[156px]"
          value={filters.connectionId}
          onChange={(connectionId) => onFilters({ ...filters, connectionId })}
          options={[
            { value: '', label: 'All connections' },
            ...connections.map((one) => ({ value: one.connectionId, label: one.label })),
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
      </div>
    </>
  );
}
