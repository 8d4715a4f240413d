/** The table "Tool policies": what each tool may do, why, and the edits on top. */
import { Fragment, useEffect, useState } from 'react';
import type {
  Access,
  PoliciesView,
  Policy,
  ToolDetailView,
  ToolRowView,
} from '../../../preload/contract/shapes';
import { call } from '../bridge';
import { Badge, Button, Empty, Problem } from '../parts/parts';
import { type Draft, withEdits } from '../stores/draft';
import { accessTone, ago, policyLabel, sentenceOf } from '../words';

type Filter = 'all' | Access | 'differs';

export function PolicyTable(props: {
  readonly policies: PoliciesView;
  readonly draft: Draft;
  readonly onDraft: (draft: Draft) => void;
}) {
  const { policies, draft, onDraft } = props;
  const [search, setSearch] = useState('');
  const [filter, setFilter] = useState<Filter>('all');
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [last, setLast] = useState<number>();
  const [opened, setOpened] = useState<string>();
  const policyOf = (row: ToolRowView) => draft.get(row.name) ?? row.policy;
  const passes = (row: ToolRowView, by: Filter) =>
    by === 'all' || (by === 'differs' ? policyOf(row) !== row.defaultPolicy : row.access === by);
  const wanted = search.trim().toLowerCase();
  const rows = policies.rows.filter(
    (row) => passes(row, filter) && `${row.name} ${row.title}`.toLowerCase().includes(wanted),
  );
  const chosen = policies.rows.filter((row) => selected.has(row.name));

  const toggle = (index: number, isRange: boolean) => {
    const [from, to] =
      isRange && last !== undefined ? [Math.min(last, index), Math.max(last, index)] : [index, index];
    const next = new Set(selected);
    const isOn = !selected.has(rows[index]?.name ?? '');
    for (const row of rows.slice(from, to + 1)) isOn ? next.add(row.name) : next.delete(row.name);
    setSelected(next);
    setLast(index);
  };
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <input
          type="search"
          aria-label="Search tools"
          placeholder="Search tools"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          className="w-56"
        />
        <div role="radiogroup" aria-label="Access" className="m-0 flex gap-3 border-0 p-0">
          {(['all', 'read', 'write', 'destructive', 'differs'] as const).map((name) => (
            <label key={name} className="flex items-center gap-1">
              <input type="radio" name="access" checked={filter === name} onChange={() => setFilter(name)} />
              {filterLabel[name]}{' '}
              <span className="text-soft">{policies.rows.filter((row) => passes(row, name)).length}</span>
            </label>
          ))}
        </div>
        <div className="ml-auto flex items-center gap-2">
          {chosen.length === 0 ? null : (
            <select
              aria-label={`Set policy of ${chosen.length} selected`}
              value=""
              onChange={(event) => onDraft(withEdits(draft, chosen, () => event.target.value as Policy))}
            >
              <option value="" disabled>
                Set policy of {chosen.length} selected
              </option>
              <PolicyOptions />
            </select>
          )}
          <Button onClick={() => onDraft(withEdits(draft, policies.rows, (row) => row.defaultPolicy))}>
            Reset to defaults
          </Button>
        </div>
      </div>
      {rows.length === 0 ? <Empty>No tool matches.</Empty> : null}
      <table aria-label="Tool policies" className="w-full table-fixed border-collapse rounded-lg bg-card">
        <thead className="sticky top-0 bg-card">
          <tr className="h-9 border-b border-line">
            <th className="w-9 pl-3">
              <input
                type="checkbox"
                aria-label="Select all shown"
                checked={rows.length > 0 && rows.every((row) => selected.has(row.name))}
                onChange={(event) =>
                  setSelected(event.target.checked ? new Set(rows.map((row) => row.name)) : new Set())
                }
              />
            </th>
            <th className="w-[26%]">Tool</th>
            <th className="w-28">Access</th>
            <th className="w-44">Policy</th>
            <th>Why</th>
            <th className="w-24">Last used</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <Fragment key={row.name}>
              <tr
                className={`h-12 border-b border-line ${selected.has(row.name) ? 'bg-accent-tint' : ''} ${draft.has(row.name) ? 'shadow-[inset_2px_0_0_var(--accent)]' : ''}`}
              >
                <td className="pl-3">
                  <input
                    type="checkbox"
                    aria-label={`Select ${row.name}`}
                    checked={selected.has(row.name)}
                    onChange={() => undefined}
                    onClick={(event) => toggle(index, event.shiftKey)}
                  />
                </td>
                <td className="truncate pr-2">
                  <button
                    type="button"
                    aria-expanded={opened === row.name}
                    onClick={() => setOpened(opened === row.name ? undefined : row.name)}
                    title={row.name}
                    className="text-left font-mono text-[12px]"
                  >
                    {row.name}
                  </button>
                  <div className="truncate text-[12px] text-soft">{row.title}</div>
                </td>
                <td>
                  <Badge tone={accessTone[row.access]}>{row.access}</Badge>
                </td>
                <td>
                  <select
                    aria-label={`Policy of ${row.name}`}
                    value={policyOf(row)}
                    onChange={(event) => onDraft(withEdits(draft, [row], () => event.target.value as Policy))}
                  >
                    <PolicyOptions />
                  </select>
                </td>
                <td className="truncate pr-2 text-soft" title={row.why}>
                  {draft.has(row.name) ? 'Changed, not saved yet' : row.why}
                </td>
                <td className="text-[12px] text-soft">{ago(row.lastUsedAtMs, Date.now())}</td>
              </tr>
              {opened === row.name ? (
                <tr>
                  <td colSpan={6} className="p-3">
                    <ToolDetail policies={policies} tool={row.name} />
                  </td>
                </tr>
              ) : null}
            </Fragment>
          ))}
        </tbody>
      </table>
    </>
  );
}

const filterLabel: Readonly<Record<Filter, string>> = {
  all: 'All',
  read: 'Read',
  write: 'Write',
  destructive: 'Destructive',
  differs: 'Differs from default',
};

function PolicyOptions() {
  return Object.entries(policyLabel).map(([policy, label]) => (
    <option key={policy} value={policy}>
      {label}
    </option>
  ));
}

function ToolDetail({ policies, tool }: { readonly policies: PoliciesView; readonly tool: string }) {
  const [detail, setDetail] = useState<ToolDetailView>();
  const [problem, setProblem] = useState('');
  const { connectionId } = policies;
  useEffect(() => {
    call('policies.tool', { connectionId, tool }).then(setDetail, (error: unknown) =>
      setProblem(sentenceOf(error)),
    );
  }, [connectionId, tool]);
  if (detail === undefined) return <Problem>{problem}</Problem>;
  return (
    <div className="flex flex-col gap-2">
      <p className="m-0 max-w-[80ch]">{detail.description}</p>
      <code className="font-mono text-[12px]">{detail.request}</code>
      <pre className="m-0 max-h-64 overflow-auto rounded-md border border-line bg-ground p-3 font-mono text-[12px]">
        {detail.inputSchema}
      </pre>
      {detail.lastCalls.map((one) => (
        <div key={one.seq} className="text-[12px] text-soft">
          {ago(one.atMs, Date.now())} · {one.agent} · {one.outcome}
        </div>
      ))}
    </div>
  );
}
