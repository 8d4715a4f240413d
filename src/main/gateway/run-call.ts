/**
 * One call on its way: what is known of it, its rows, and the one place where it leaves. Refuses to run what is no longer what was judged.
 */
import type { OperatingMode } from '../../preload/contract/gateway-shapes';
import { Fault } from '../../preload/contract/reply';
import type { ActivityEntry, Outcome } from '../activity/record';
import { askCapabilities } from '../mcp/asked-by-server';
import type { CallOptions } from '../mcp/tool-server';
import type { Clock } from '../ports';
import type { ApprovalDesk } from './approval-desk';
import { askingIn } from './asking';
import type {
  ActivitySink,
  AgentBook,
  CallAnswer,
  CallWay,
  GatewayTool,
  GatewayView,
  KnownAgent,
  ToolResult,
  Upstreams,
} from './core-ports';
import { type Routed, said } from './routed';
import type { RunningCalls } from './running-calls';
import { isInScope } from './scope';

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
  readonly mode: () => OperatingMode;
  readonly running: RunningCalls;
}

export interface Call {
  readonly agent: KnownAgent;
  readonly name: string;
  readonly tool: GatewayTool;
  readonly args: unknown;
  readonly callId: string;
  readonly startedMs: number;
  readonly way: CallWay;
}

/** Why a call that was judged before may not go on; undefined where everything still is as it was. */
export function whyNotNow(needs: RouteNeeds, { agent, tool, way }: Call): string | undefined {
  const now = needs.present().find(tool);
  const known = needs.agents.byId(agent.agentId);
  if (known === undefined) return 'the agent was revoked, or its time is over';
  if (now === undefined || now.policy === 'disabled') return 'the tool was disabled';
  if (!isInScope(known.scope, now)) return 'the agent may not reach this tool any more';
  if (now.definitionHash !== tool.definitionHash || now.policy !== tool.policy)
    return 'its policies or its definition changed';
  const mode = needs.mode();
  if (mode === 'paused' || (mode === 'plan' && tool.access !== 'read'))
    return 'Gatehouse is no longer in Execute mode';
  return way.signal.aborted ? 'the agent went away' : undefined;
}

export async function run(
  needs: RouteNeeds,
  call: Call,
  outcome: 'allowed' | 'approved',
  detail: string,
): Promise<Routed> {
  const why = whyNotNow(needs, call);
  if (why !== undefined) return await ended(needs, call, 'refused', `Not run: ${why}.`);
  const leave = needs.running.enter(call.agent.agentId, call.way);
  try {
    const answer = await needs.upstreams.call(call.tool, call.args, optionsOf(needs, call));
    const failed = answer.result.isError;
    await writeAnswer(needs, call, answer, {
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
  } finally {
    leave();
  }
}

/** It did run, so that it is written down whatever is true by now; where the vault was locked meanwhile, without what it answered. */
async function writeAnswer(
  needs: RouteNeeds,
  call: Call,
  { result }: CallAnswer,
  entry: ActivityEntry,
): Promise<void> {
  if (result.error !== undefined) return void (await needs.activity.append(entry));
  try {
    await needs.activity.append({ ...entry, body: { result: keptOf(needs, call, result) } });
  } catch (error) {
    if (!(error instanceof Fault && error.code === 'vault_locked')) throw error;
    await needs.activity.append(entry);
  }
}

function keptOf({ upstreams }: RouteNeeds, { tool }: Call, result: ToolResult): unknown {
  try {
    return upstreams.keep(tool, result);
  } catch (error) {
    if (error instanceof Fault) return `Not kept: ${error.message}`;
    throw error;
  }
}

/** What is asked in the middle reaches the agent of this call; its answer goes on only where the call still may. */
function optionsOf(needs: RouteNeeds, call: Call): Omit<CallOptions, 'isRead'> {
  const { asker, abort: _ours, isModern: _era, ...heard } = call.way;
  const mayAsk = needs.upstreams.mayAsk(call.tool);
  const ask = askingIn(needs.activity, whatOf(call), mayAsk, asker, call.tool.connectionLabel);
  const onAsked: CallOptions['onAsked'] =
    ask === undefined
      ? undefined
      : async (questions) => {
          const answers = await ask(questions);
          const why = whyNotNow(needs, call);
          if (why !== undefined) throw new Fault('vendor_refused', `Not gone on with: ${why}.`);
          return answers;
        };
  const capabilities = asker === undefined ? {} : askCapabilities(mayAsk, asker.offers);
  return { ...heard, onAsked, capabilities };
}

/** A result that is no error, in our own words; a tool that promised a structure can only be answered without one as an error. */
export function ownWords({ tool }: Call, text: string): Extract<Routed, { kind: 'said' }> {
  return { kind: 'said', text, isError: tool.more?.outputSchema !== undefined };
}

export async function ended(needs: RouteNeeds, call: Call, outcome: Outcome, text: string): Promise<Routed> {
  await needs.activity.append({ ...endOf(needs, call), outcome, detail: text });
  return said(text, true);
}

export function whatOf(call: Call): Omit<ActivityEntry, 'kind' | 'detail'> {
  return {
    who: { kind: 'agent', name: call.agent.name, id: call.agent.agentId },
    agentId: call.agent.agentId,
    what: call.tool.shown,
    connectionId: call.tool.connectionId,
    callId: call.callId,
  };
}

export function endOf(needs: RouteNeeds, call: Call): Omit<ActivityEntry, 'detail'> {
  return { ...whatOf(call), kind: 'call_outcome', tookMs: Math.max(0, needs.clock.nowMs() - call.startedMs) };
}
