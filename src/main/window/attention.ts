/**
 * What the system tells a technician who looks elsewhere: that calls wait. Names the agent and the tool; refuses
 * to hold arguments, sentences or reasons, because a notification is seen by whoever passes the screen.
 */
import type { ApprovalView } from '../../preload/contract/shapes';

export interface Attention {
  readonly title: string;
  readonly body: string;
  /** The question that a click opens. */
  readonly approvalId: ApprovalView['approvalId'];
}

/**
 * What is new since the last look; undefined when nothing is.
 *
 * @param known Ids that were waiting at the last look.
 */
export function attentionFor(
  known: ReadonlySet<string>,
  waiting: readonly ApprovalView[],
): Attention | undefined {
  const fresh = waiting.filter((one) => !known.has(one.approvalId));
  const [first] = fresh;
  if (first === undefined) return undefined;
  const title = 'Approval needed';
  const { approvalId } = first;
  if (fresh.length > 1) return { title, body: `${fresh.length} calls wait for approval.`, approvalId };
  return { title, body: `${oneLine(first.agentName)} wants to call ${oneLine(first.tool)}.`, approvalId };
}

/** A custom server names its own tools: no line breaks, no characters that turn the text around. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 120);
}
