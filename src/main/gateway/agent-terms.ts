/** What an agent may reach and how long its token works: checked, and said in words for the activity log. */
import { Fault } from '../../preload/contract/reply';
import type { AgentRecord, AgentScope, StateRecord } from '../store/state-record';

/** What a technician decides about an agent. */
export interface AgentTerms {
  readonly name: string;
  readonly scope: AgentScope;
  /** When the token stops working; null for never. */
  readonly expiresAtMs: number | null;
}

/** What is left out stays. */
export type GivenTerms = { readonly [Term in keyof AgentTerms]?: AgentTerms[Term] | undefined };

/** @throws Fault `not_found`, `label_taken`, `form_invalid` */
export function withTerms(
  state: StateRecord,
  agentId: string,
  given: GivenTerms,
  nowMs: number,
): StateRecord {
  const known = activeAgent(state, agentId);
  const { name = known.name, scope = known.scope, expiresAtMs = known.expiresAtMs } = given;
  // What was right when it was decided stays, while something else is changed.
  checkTerms(
    state,
    {
      name,
      ...(given.scope === undefined ? {} : { scope }),
      ...(expiresAtMs === known.expiresAtMs ? {} : { expiresAtMs }),
    },
    nowMs,
    agentId,
  );
  const changed = { ...known, name, scope, expiresAtMs };
  return { ...state, agents: state.agents.map((one) => (one === known ? changed : one)) };
}

/** One agent before and after. */
export const changedAgent = (before: StateRecord, after: StateRecord, agentId: string) => ({
  before: activeAgent(before, agentId),
  agent: activeAgent(after, agentId),
});

function activeAgent(state: StateRecord, agentId: string): AgentRecord {
  const known = state.agents.find((one) => one.agentId === agentId && one.revokedAtMs === null);
  if (known === undefined) throw new Fault('not_found', 'This agent was revoked already.');
  return known;
}

/**
 * @param except The agent whose terms these become; its own name is not taken.
 * @throws Fault `label_taken`, `form_invalid` naming the field.
 */
export function checkTerms(
  state: StateRecord,
  terms: Partial<AgentTerms>,
  nowMs: number,
  except?: string,
): void {
  const { name, scope, expiresAtMs } = terms;
  const isTaken = state.agents.some(
    (one) =>
      one.revokedAtMs === null && one.agentId !== except && one.name.toLowerCase() === name?.toLowerCase(),
  );
  if (isTaken)
    throw new Fault('label_taken', `There is already an agent called ${name}. Give this one another name.`);
  const known = new Set(state.connections.map(({ connectionId }) => connectionId));
  if (scope?.connectionIds?.some((connectionId) => !known.has(connectionId)) === true)
    throw wrong('scope', 'One of these connections was disconnected meanwhile. Choose again.');
  if (scope?.connectionIds?.length === 0)
    throw wrong('scope', 'Choose at least one connection, or all of them.');
  if (typeof expiresAtMs === 'number' && expiresAtMs <= nowMs)
    throw wrong('expiresAtMs', 'Choose a day that is still to come.');
}

/** "ConnectWise PSA and NinjaOne, read only, until 12 Nov 2026" */
export function termsInWords(
  { connections }: Pick<StateRecord, 'connections'>,
  { scope, expiresAtMs }: Pick<AgentRecord, 'scope' | 'expiresAtMs'>,
): string {
  const labels = scope.connectionIds?.map(
    (id) => connections.find(({ connectionId }) => connectionId === id)?.label ?? 'a connection that is gone',
  );
  const reach = labels === undefined ? 'every connection' : labels.join(', ');
  const access = scope.access === 'read' ? 'read only' : 'read and write';
  const day = (atMs: number) =>
    new Date(atMs).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
  return `${reach}; ${access}; ${expiresAtMs === null ? 'never expires' : `expires on ${day(expiresAtMs)}`}`;
}

function wrong(field: string, message: string): Fault {
  return new Fault('form_invalid', message, { fields: [{ field, message }] });
}
