/**
 * The one way of a call: name, policy, arguments, intent row, approval, a second look, the call, outcome row.
 * Refuses to let anything leave before its intent is on the disk.
 */
import { Fault, never } from '../../preload/contract/reply';
import type { ActivityEntry, Outcome } from '../activity/record';
import { askCapabilities } from '../mcp/asked-by-server';
import type { Clock } from '../ports';
import type { ApprovalDesk, Asked, Settlement } from './approval-desk';
import { askingIn } from './asking';
import type {
  ActivitySink,
  AgentBook,
  CallWay,
  GatewayTool,
  GatewayView,
  KnownAgent,
  Upstreams,
} from './core-ports';
import { type Routed, said } from './routed';
import { isInScope, isVisibleTo } from './scope';

export interface Present {
  readonly named: ReadonlyMap<string, GatewayTool>;
  /** Resources and prompts: one entry of each for a server that has them. */
  readonly surfaces: readonly GatewayTool[];
  /** Custom servers with anything that an agent may know of. */
  readonly servers: ReadonlySet<string>;
  readonly view: GatewayView;
  /** The same tool as it is now; undefined when no name leads to it any more. */
  find(tool: Pick<GatewayTool, 'connectionId' | 'tool'>): GatewayTool | undefined;
}

export interface RouteNeeds {
  readonly clock: Clock;
  readonly activity: ActivitySink;
  readonly agents: AgentBook;
  readonly upstreams: Upstreams;
  readonly desk: ApprovalDesk;
  /** The present tools by the name that agents see, and the view they came from. */
  readonly present: () => Present;
  readonly newCallId: () => string;
  /** How long a call is held while a person thinks; below the time after which clients give up. */
  readonly holdMs: number;
  readonly approvalMs: () => number;
}

interface Call {
  readonly agent: KnownAgent;
  readonly name: string;
  readonly tool: GatewayTool;
  readonly args: unknown;
  readonly callId: string;
  readonly startedMs: number;
  readonly way: CallWay;
}

/** @param args Untrusted. */
export async function routeCall(
  needs: RouteNeeds,
  agent: KnownAgent,
  name: string,
  args: unknown,
  way: CallWay,
): Promise<Routed> {
  return await routeTo(needs, agent, needs.present().named.get(name), name, args, way);
}

/**
 * @param tool What the name leads to, undefined for nothing.
 * @param name What was asked for, untrusted; it is written down where it leads to nothing.
 */
export async function routeTo(
  needs: RouteNeeds,
  agent: KnownAgent,
  tool: GatewayTool | undefined,
  name: string,
  args: unknown,
  way: CallWay,
): Promise<Routed> {
  const { view } = needs.present();
  if (tool === undefined || !isVisibleTo(agent, tool)) {
    await refused(needs, agent, tool, name, whyHidden(agent, tool));
    return { kind: 'unknown_tool' };
  }
  const health = view.healthy(tool.connectionId);
  if (!health.ok) {
    await refused(needs, agent, tool, name, health.why);
    return said(health.why);
  }
  const wrong = needs.upstreams.checkArguments(tool, args);
  if (wrong !== undefined) {
    await refused(needs, agent, tool, name, 'The arguments did not fit the schema.');
    return { kind: 'said', text: wrong, isError: true, isWrong: true };
  }
  const call: Call = {
    agent,
    name,
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
    detail: tool.policy === 'auto' ? 'Policy: auto.' : 'Waits for approval.',
    body: { arguments: needs.upstreams.redact(tool, args) },
  });
  if (tool.policy === 'auto') return await run(needs, call, 'allowed', 'Ran by policy.');
  return await askThenRun(needs, call, question(needs, call, view));
}

/** Picks up a question that was answered "pending" before. */
export async function awaitApproval(
  needs: RouteNeeds,
  agent: KnownAgent,
  approvalId: string,
  way: CallWay,
): Promise<Routed> {
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

function question(needs: RouteNeeds, call: Call, view: GatewayView): Asked {
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

async function askThenRun(needs: RouteNeeds, call: Call, asked: Asked): Promise<Routed> {
  const settlement = await heldUntil(needs, asked, call.way.signal);
  if (settlement === 'gone') {
    needs.desk.voidWhere((one) => one === asked.question, 'The agent went away.');
    return await ended(needs, call, 'refused', 'The agent went away; nothing ran.');
  }
  if (settlement === 'pending') {
    const next =
      call.tool.surface === undefined
        ? 'Call gatehouse__await_approval with this id, or the same tool with the same arguments, to pick the decision up.'
        : 'Send the same request again to pick the decision up.';
    const text = `Pending: a technician has not decided yet (id ${asked.approvalId}). Nothing has run. ${next}`;
    await ended(needs, call, 'waiting', text, false);
    return { kind: 'said', text, isError: false, pendingId: asked.approvalId };
  }
  switch (settlement.kind) {
    case 'approved':
      return await runApproved(needs, call, asked);
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

/** The second look: everything that the approval was bound to must still be so. */
async function runApproved(needs: RouteNeeds, call: Call, asked: Asked): Promise<Routed> {
  const { view, find } = needs.present();
  const { tool, revision } = asked.question;
  const now = find(tool);
  const agent = needs.agents.byId(call.agent.agentId);
  const why =
    agent === undefined
      ? 'the agent was revoked, or its time is over'
      : now !== undefined && !isInScope(agent.scope, now)
        ? 'the agent may not reach this tool any more'
        : now === undefined || now.policy === 'disabled'
          ? 'the tool was disabled'
          : now.definitionHash !== tool.definitionHash || view.revision(tool.connectionId) !== revision
            ? 'its policies or its definition changed after it was asked'
            : call.way.signal.aborted
              ? 'the agent went away'
              : undefined;
  if (why !== undefined) return await ended(needs, call, 'refused', `Not run: ${why}.`);
  const proof = asked.use();
  if (proof === undefined)
    return await ended(needs, call, 'refused', 'Not run: this approval was used already.');
  return await run(needs, call, 'approved', `Approved by ${proof.by}.`);
}

async function run(
  needs: RouteNeeds,
  call: Call,
  outcome: 'allowed' | 'approved',
  detail: string,
): Promise<Routed> {
  try {
    const { asker, ...heard } = call.way;
    const mayAsk = needs.upstreams.mayAsk(call.tool);
    const onAsked = askingIn(needs.activity, whatOf(call), mayAsk, asker, call.tool.connectionLabel);
    const capabilities = asker === undefined ? {} : askCapabilities(mayAsk, asker.offers);
    const answer = await needs.upstreams.call(call.tool, call.args, { ...heard, onAsked, capabilities });
    const failed = answer.result.isError;
    await needs.activity.append({
      ...endOf(needs, call),
      outcome: failed ? 'failed' : outcome,
      detail: failed ? `${detail} The vendor answered ${answer.status ?? 'with an error'}.` : detail,
      status: answer.status,
      bytes: answer.bytes,
    });
    return { kind: 'result', result: answer.result };
  } catch (error) {
    if (error instanceof Fault && error.code === 'activity_write_failed') throw error;
    if (error instanceof Fault) return await ended(needs, call, 'failed', error.message);
    await ended(needs, call, 'failed', 'An unexpected error; it may or may not have reached the vendor.');
    throw error;
  }
}

async function heldUntil(
  needs: RouteNeeds,
  asked: Asked,
  signal: AbortSignal,
): Promise<Settlement | 'pending' | 'gone'> {
  if (signal.aborted) return 'gone';
  return await new Promise((resolve) => {
    const finish = (value: Settlement | 'pending' | 'gone') => {
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

async function ended(
  needs: RouteNeeds,
  call: Call,
  outcome: Outcome,
  text: string,
  isError = true,
): Promise<Routed> {
  await needs.activity.append({ ...endOf(needs, call), outcome, detail: text });
  return said(text, isError);
}

function whyHidden(agent: KnownAgent, tool: GatewayTool | undefined): string {
  if (tool === undefined) return 'No such tool.';
  return isInScope(agent.scope, tool) ? 'Policy: disabled.' : 'Not in the scope of this agent.';
}

/** An attempt on a tool that is hidden, unhealthy or wrongly called leaves one row and no intent. */
async function refused(
  needs: RouteNeeds,
  agent: KnownAgent,
  tool: GatewayTool | undefined,
  name: string,
  detail: string,
): Promise<void> {
  const callId = needs.newCallId();
  await needs.activity.append({
    kind: 'call_outcome',
    who: { kind: 'agent', name: agent.name, id: agent.agentId },
    agentId: agent.agentId,
    what: tool?.shown ?? name,
    connectionId: tool?.connectionId,
    callId,
    outcome: 'refused',
    detail,
    tookMs: 0,
  });
}

function whatOf(call: Call): Omit<ActivityEntry, 'kind' | 'detail'> {
  return {
    who: { kind: 'agent', name: call.agent.name, id: call.agent.agentId },
    agentId: call.agent.agentId,
    what: call.tool.shown,
    connectionId: call.tool.connectionId,
    callId: call.callId,
  };
}

function endOf(needs: RouteNeeds, call: Call): Omit<ActivityEntry, 'detail'> {
  return { ...whatOf(call), kind: 'call_outcome', tookMs: Math.max(0, needs.clock.nowMs() - call.startedMs) };
}
