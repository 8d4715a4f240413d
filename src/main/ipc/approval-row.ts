/**
 * The row of Activity that a decision leaves, and the history that is read back from such rows after a start. Takes no words of a row
 * for a reason that a technician gave: what an agent sent stands in the same line. Expired and withdrawn questions left no row of this kind.
 */
import {
  approvalIdSchema,
  type DecidedApprovalView,
  maxDecidedApprovals,
} from '../../preload/contract/shapes';
import type { ActivityLog } from '../activity/activity-log';
import type { ActivityRow } from '../activity/row-columns';
import type { Decision } from '../gateway/approval-desk';

const grantWords = 'For 30 minutes, whatever the arguments.';
const maxAgentNameChars = 80;

/** "Triage bot: Add a note to ticket 7. Reason: Not this one." */
export function decisionDetail(
  kind: Decision['kind'],
  { agentName, sentence, reason }: Pick<DecidedApprovalView, 'agentName' | 'sentence' | 'reason'>,
): string {
  const asked = `${agentName}: ${sentence}`;
  if (kind === 'grant') return `${grantWords} ${asked}`;
  return kind === 'deny' && reason !== '' ? `${asked} Reason: ${reason}` : asked;
}

/**
 * What people decided in earlier runs, newest first. @throws Fault `activity_unreadable`.
 *
 * @param untilMs Exclusive; when this run began.
 */
export async function pastDecisions(
  log: Pick<ActivityLog, 'list'>,
  untilMs: number,
): Promise<DecidedApprovalView[]> {
  const rowsOf = async (outcome: 'approved' | 'denied') => {
    const filter = { kinds: ['approval'] as const, outcome, toMs: untilMs, limit: maxDecidedApprovals };
    return (await log.list(filter)).rows.map((row) => ({ row, decided: decidedIn(row, outcome) }));
  };
  return [...(await rowsOf('approved')), ...(await rowsOf('denied'))]
    .sort((one, other) => other.row.seq - one.row.seq)
    .slice(0, maxDecidedApprovals)
    .map(({ decided }) => decided);
}

function decidedIn(row: ActivityRow, decision: 'approved' | 'denied'): DecidedApprovalView {
  const isGrant = decision === 'approved' && row.detail.startsWith(`${grantWords} `);
  const asked = isGrant ? row.detail.slice(grantWords.length + 1) : row.detail;
  const colon = asked.indexOf(': ');
  const hasAgent = colon > 0 && colon <= maxAgentNameChars;
  return {
    // The letters are none of a number in hex: no open question can have this id.
    approvalId: approvalIdSchema.parse(`apr_log${String(row.seq).padStart(16, '0')}`),
    agentName: hasAgent ? asked.slice(0, colon) : '',
    tool: row.what,
    sentence: hasAgent ? asked.slice(colon + 2) : asked,
    decision,
    decidedAtMs: row.atMs,
    by: row.who,
    reason: isGrant ? grantWords : '',
  };
}
