/** One tool: name and title, access, policy, why it is so, when it was last used. Drawn again only when it changed. */
import { memo } from 'react';
import type { ToolRowView } from '../../../../preload/contract/policy-shapes';
import type { Policy } from '../../../../preload/contract/shapes';
import { Badge } from '../../parts/Badge';
import { Choice } from '../../parts/Entries';
import { accessTone, ago, driftLabel, driftWhy, policyDot, policyOptions } from '../../words';

export const PolicyRow = memo(function PolicyRow(props: {
  readonly row: ToolRowView;
  readonly policy: Policy;
  readonly isSelected: boolean;
  readonly isOpen: boolean;
  readonly isNarrow: boolean;
  /** Place among the tools that are shown. */
  readonly index: number;
  readonly dataIndex: number;
  readonly rowIndex: number;
  readonly onToggle: (name: string, isRange: boolean) => void;
  readonly onPolicy: (row: ToolRowView, policy: Policy) => void;
  readonly onOpen: (name: string) => void;
}) {
  const { row, policy } = props;
  const isChanged = policy !== row.policy;
  const why = row.drift === null ? row.why : driftWhy[row.drift];
  const colour = props.isSelected ? 'bg-accent-tint' : 'hover:bg-hover';
  return (
    <tr
      data-index={props.dataIndex}
      data-order={props.index}
      aria-rowindex={props.rowIndex}
      className={`h-12 ${colour} [&>td]:border-b [&>td]:border-line`}
    >
      <td className={`pl-3 ${isChanged ? 'shadow-[inset_2px_0_0_var(--accent)]' : ''}`}>
        <input
          type="checkbox"
          aria-label={`Select ${row.name}`}
          data-place={props.index}
          className="block"
          checked={props.isSelected}
          onChange={() => undefined}
          onClick={(event) => props.onToggle(row.name, event.shiftKey)}
        />
      </td>
      <td className="pr-3">
        <button
          type="button"
          aria-expanded={props.isOpen}
          onClick={() => props.onOpen(row.name)}
          title={row.name}
          className="mono block max-w-full truncate text-left hover:underline"
        >
          {row.name}
        </button>
        <div className="flex min-w-0 items-center gap-1.5">
          {row.drift === null ? null : (
            <Badge tone={row.drift === 'changed' ? 'warn' : 'quiet'} title={driftWhy[row.drift]}>
              {driftLabel[row.drift]}
            </Badge>
          )}
          {row.warning === '' ? null : (
            <Badge tone="warn" title={row.warning}>
              Warning
            </Badge>
          )}
          <span className="truncate text-small text-soft" title={row.title}>
            {row.title}
          </span>
        </div>
      </td>
      <td>
        <Badge tone={accessTone[row.access]}>{row.access}</Badge>
      </td>
      <td className="pr-3">
        <Choice
          small
          label={`Policy of ${row.name}`}
          className="w-[176px]"
          value={policy}
          dot={policyDot[policy]}
          onChange={(next) => props.onPolicy(row, next)}
          options={policyOptions}
        />
      </td>
      <td className="truncate pr-3 text-soft" title={isChanged ? undefined : why}>
        {isChanged ? 'Changed, not saved yet' : why}
      </td>
      {props.isNarrow ? null : (
        <td className="pr-3 text-small whitespace-nowrap text-soft">{ago(row.lastUsedAtMs, Date.now())}</td>
      )}
    </tr>
  );
});
