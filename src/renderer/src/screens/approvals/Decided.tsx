/** What was decided, newest first, by whom and why. */
import type { DecidedApprovalView } from '../../../../preload/contract/shapes';
import { Badge } from '../../parts/Badge';
import { Empty } from '../../parts/Say';
import { useNow } from '../../parts/use-now';
import { ago, capital, type Tone } from '../../words';

const tone: Readonly<Record<DecidedApprovalView['decision'], Tone>> = {
  approved: 'accent',
  denied: 'warn',
  expired: 'quiet',
  voided: 'quiet',
};

/** "Denied by m.weber: not for this ticket." */
export function decisionOf(decided: DecidedApprovalView): string {
  const by = decided.by === '' ? '' : ` by ${decided.by}`;
  return `${capital(decided.decision)}${by}${decided.reason === '' ? '' : `: ${decided.reason}`}`;
}

export function Decided({ decided }: { readonly decided: readonly DecidedApprovalView[] }) {
  const nowMs = useNow(30_000);
  if (decided.length === 0) return <Empty>Nothing was decided yet.</Empty>;
  return (
    <table
      aria-label="Decided"
      className="w-full table-fixed border-separate border-spacing-0 rounded-card border border-line bg-card"
    >
      <thead>
        <tr className="h-9 [&>th]:border-b [&>th]:border-line [&>th]:pr-3">
          <th className="w-28 pl-3">Decision</th>
          <th>What</th>
          <th className="w-[18%]">Agent</th>
          <th className="w-[26%]">By</th>
          <th className="w-28">When</th>
        </tr>
      </thead>
      <tbody>
        {decided.map((one) => (
          <tr
            key={one.approvalId}
            className="h-9 [&:not(:last-child)>td]:border-b [&>td]:border-line [&>td]:pr-3"
          >
            <td className="pl-3">
              <Badge tone={tone[one.decision]}>{capital(one.decision)}</Badge>
            </td>
            <td className="truncate" title={one.sentence}>
              {one.sentence}
            </td>
            <td className="truncate text-soft" title={one.agentName}>
              {one.agentName}
            </td>
            <td
              className="truncate text-soft"
              title={`${one.by}${one.reason === '' ? '' : `: ${one.reason}`}`}
            >
              {one.by}
              {one.reason === '' ? '' : `: ${one.reason}`}
            </td>
            <td className="text-small text-soft">{ago(one.decidedAtMs, nowMs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
