/**
 * The one way of a call: name, scope, mode, policy, arguments, intent row, approval, a second look, the call, outcome row.
 * Refuses to let anything leave before its intent is on the disk.
 */
import { askThenRun, question } from './ask-call';
import type { CallWay, GatewayTool, KnownAgent } from './core-ports';
import { type Routed, said } from './routed';
import { type Call, endOf, ownWords, type RouteNeeds, run, whatOf } from './run-call';
import { pausedWords } from './running-calls';
import { isInScope, isVisibleTo } from './scope';

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
  if (needs.mode() === 'paused') {
    await refused(needs, agent, tool, name, 'Paused.');
    return said(pausedWords);
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
  if (needs.mode() === 'plan' && tool.access !== 'read') return await planned(needs, call);
  const grant =
    tool.policy === 'auto' ? undefined : needs.desk.granted(agent, tool, view.revision(tool.connectionId));
  const isAsking = tool.policy !== 'auto' && grant === undefined;
  await needs.activity.append({
    ...whatOf(call),
    kind: 'call_intent',
    decision: tool.policy,
    detail: isAsking ? 'Waits for approval.' : (grant?.words ?? 'Policy: auto.'),
    body: { arguments: needs.upstreams.redact(tool, args) },
  });
  if (isAsking) return await askThenRun(needs, call, question(needs, call, view));
  return grant === undefined
    ? await run(needs, call, 'allowed', 'Ran by policy.')
    : await runGranted(needs, call, view.revision(tool.connectionId));
}

/** The grant is looked at again after the intent was written: it may have been ended meanwhile. */
async function runGranted(needs: RouteNeeds, call: Call, revision: number): Promise<Routed> {
  const grant = needs.desk.granted(call.agent, call.tool, revision);
  if (grant === undefined) return await askThenRun(needs, call, question(needs, call, needs.present().view));
  const proof = grant.use();
  return await run(needs, call, 'approved', `Approved by ${proof.by} ${proof.how}.`);
}

/** In Plan mode a write is only described; it needs no approval, and nothing of it leaves. */
async function planned(needs: RouteNeeds, call: Call): Promise<Routed> {
  const { tool, args } = call;
  const shownArguments = needs.upstreams.redact(tool, args);
  const words = `It would have: ${needs.upstreams.sentence(tool, args)} (${tool.request})`;
  await needs.activity.append({
    ...endOf(needs, call),
    outcome: 'planned',
    detail: `Plan mode, so it was not done. ${words}`,
    body: { arguments: shownArguments },
  });
  return ownWords(
    call,
    `Not done: Gatehouse is in Plan mode, where only reads run. ${words}\nArguments: ${JSON.stringify(shownArguments, null, 2)}`,
  );
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
  await needs.activity.append({
    kind: 'call_outcome',
    who: { kind: 'agent', name: agent.name, id: agent.agentId },
    agentId: agent.agentId,
    what: tool?.shown ?? name,
    connectionId: tool?.connectionId,
    callId: needs.newCallId(),
    outcome: 'refused',
    detail,
    tookMs: 0,
  });
}
