/**
 * A call that asks a person: held while they think, answered "pending" when that takes too long, picked up once. Refuses to run without
 * the proof that only the desk can make, and after a second look at everything that the approval was bound to.
 */
import { never } from '../../preload/contract/reply';
import type { Asked, Settlement } from './approval-desk';
import type { CallWay, GatewayView, KnownAgent } from './core-ports';
import { type Routed, said } from './routed';
import { type Call, ended, endOf, ownWords, type RouteNeeds, run, whatOf, whyNotNow } from './run-call';
import { pausedWords } from './running-calls';

/** Picks up a question that was answered "pending" before. */
export async function awaitApproval(
  needs: RouteNeeds,
  agent: KnownAgent,
  approvalId: string,
  way: CallWay,
): Promise<Routed> {
  if (needs.mode() === 'paused') return said(pausedWords);
  const asked = needs.desk.find(approvalId, agent.agentId);
  if (asked === undefined)
    return said('There is no open question with this id. Call the tool again if it is still needed.');
  const { tool, args } = asked.question;
  if (tool.surface !== undefined)
    return said('This question is about a resource or a prompt. Send that request again to pick it up.');
  const call: Call = {
    agent,
    name: tool.shown,
    tool,
    args,
    callId: needs.newCallId(),
    startedMs: needs.clock.nowMs(),
    way,
  };
  await needs.activity.append({
    ...whatOf(call),
    kind: 'call_intent',
    decision: tool.policy,
    detail: 'Picks up its approval.',
  });
  return await askThenRun(needs, call, asked);
}

/** The question of this call; the same one where it waits already, or was answered and not picked up. */
export function question(needs: RouteNeeds, call: Call, view: GatewayView): Asked {
  const { agent, tool, args } = call;
  return needs.desk.ask({
    agent,
    tool,
    args,
    revision: view.revision(tool.connectionId),
    sentence: needs.upstreams.sentence(tool, args),
    argumentsJson: JSON.stringify(needs.upstreams.redact(tool, args), null, 2),
    approvalMs: needs.approvalMs(),
  });
}

export async function askThenRun(needs: RouteNeeds, call: Call, asked: Asked): Promise<Routed> {
  const settlement = await heldUntil(needs, asked, call.way.signal);
  if (settlement === 'gone') {
    needs.desk.voidWhere((one) => one === asked.question, 'The agent went away.');
    return await ended(needs, call, 'refused', 'The agent went away; nothing ran.');
  }
  if (settlement === 'pending') return await pending(needs, call, asked);
  if (settlement.kind === 'approved') return await runApproved(needs, call, asked);
  asked.read();
  switch (settlement.kind) {
    case 'denied':
      return await ended(
        needs,
        call,
        'denied',
        `Denied by ${settlement.by}${settlement.reason === '' ? '.' : `: ${settlement.reason}`}`,
      );
    case 'expired':
      return await ended(needs, call, 'denied', 'Nobody decided in time, so it was not run.');
    case 'voided':
      return await ended(needs, call, 'refused', `Not run: ${settlement.reason}`);
    default:
      return never(settlement);
  }
}

async function pending(needs: RouteNeeds, call: Call, { approvalId }: Asked): Promise<Routed> {
  const next =
    call.tool.surface === undefined
      ? 'Call gatehouse__await_approval with this id, or the same tool with the same arguments, to pick the decision up.'
      : 'Send the same request again to pick the decision up.';
  const text = `Pending: a technician has not decided yet (id ${approvalId}). Nothing has run. ${next}`;
  await needs.activity.append({ ...endOf(needs, call), outcome: 'waiting', detail: text });
  return { ...ownWords(call, text), pendingId: approvalId };
}

/** The second look: everything that the approval was bound to must still be so. */
async function runApproved(needs: RouteNeeds, call: Call, asked: Asked): Promise<Routed> {
  const { tool, revision } = asked.question;
  const why =
    needs.present().view.revision(tool.connectionId) === revision
      ? whyNotNow(needs, call)
      : 'its policies or its definition changed after it was asked';
  if (why !== undefined) return await ended(needs, call, 'refused', `Not run: ${why}.`);
  const proof = asked.use();
  if (proof === undefined)
    return await ended(needs, call, 'refused', 'Not run: this approval was used already.');
  return await run(needs, call, 'approved', `Approved by ${proof.by}.`);
}

async function heldUntil(
  needs: RouteNeeds,
  asked: Asked,
  signal: AbortSignal,
): Promise<Settlement | 'pending' | 'gone'> {
  if (signal.aborted) return 'gone';
  const release = asked.hold();
  return await new Promise((resolve) => {
    const finish = (value: Settlement | 'pending' | 'gone') => {
      release();
      stop();
      signal.removeEventListener('abort', gone);
      resolve(value);
    };
    const gone = () => finish('gone');
    const stop = needs.clock.after(needs.holdMs, () => finish('pending'));
    signal.addEventListener('abort', gone, { once: true });
    void asked.settled.then(finish);
  });
}
