/**
 * Agents and their tokens. A token is shown once and kept only as a SHA-256; looking one up compares hashes, so
 * that time tells nothing about the token. Refuses revoked agents.
 */
import { Fault } from '../../preload/contract/reply';
import type { ActivityEntry } from '../activity/record';
import type { Clock, Random } from '../ports';
import { type AgentRecord, fullScope, type StateRecord } from '../store/state-record';
import type { VaultHandle } from '../store/vault';
import {
  type AgentTerms,
  changedAgent,
  checkTerms,
  type GivenTerms,
  termsInWords,
  withTerms,
} from './agent-terms';
import type { KnownAgent } from './core-ports';

export interface AgentsNeeds {
  readonly vault: Pick<VaultHandle, 'read' | 'update' | 'state'>;
  readonly clock: Clock;
  readonly random: Random;
  /** SHA-256, lower-case hex. */
  readonly hash: (text: string) => string;
  readonly record: (entry: ActivityEntry) => Promise<unknown>;
  readonly technician: string;
}

export type Agents = ReturnType<typeof createAgents>;

interface Active extends KnownAgent {
  readonly expiresAtMs: number | null;
}

/** `lastSeenAtMs` is kept in memory and joins the store with the next change of it: a call is not worth a write. */
export function createAgents(needs: AgentsNeeds) {
  const { vault, clock } = needs;
  let byHash: ReadonlyMap<string, Active> = new Map();
  let builtFrom: StateRecord | undefined;

  const lookup = (): ReadonlyMap<string, Active> => {
    if (vault.state().kind !== 'unlocked') return new Map();
    const state = vault.read();
    if (state !== builtFrom) {
      const active = state.agents.filter((agent) => agent.revokedAtMs === null);
      byHash = new Map(
        active.map(({ tokenHash, agentId, name, scope, expiresAtMs }) => [
          tokenHash,
          { agentId, name, scope, expiresAtMs },
        ]),
      );
      builtFrom = state;
    }
    return byHash;
  };

  const inTime = (agent: Active | undefined): KnownAgent | undefined =>
    agent === undefined || (agent.expiresAtMs !== null && agent.expiresAtMs <= clock.nowMs())
      ? undefined
      : agent;

  return {
    byToken: (token: string): KnownAgent | undefined => inTime(lookup().get(needs.hash(token))),
    byId: (agentId: string): KnownAgent | undefined =>
      inTime([...lookup().values()].find((agent) => agent.agentId === agentId)),
    /** Drops the tokens' hashes and the state they came from, when the vault was locked. */
    forget(): void {
      byHash = new Map();
      builtFrom = undefined;
    },
    active: (): readonly KnownAgent[] => [...lookup().values()].flatMap((agent) => inTime(agent) ?? []),

    /** @throws Fault `label_taken`, `form_invalid` */
    async create(
      input: AgentTerms & { readonly kind: string },
    ): Promise<{ agent: AgentRecord; token: string }> {
      const { name, kind, scope, expiresAtMs } = input;
      const token = newToken(needs.random);
      const agent: AgentRecord = {
        agentId: `agt_${hex(needs.random.bytes(10))}`,
        name,
        kind,
        tokenHash: needs.hash(token),
        createdAtMs: clock.nowMs(),
        lastSeenAtMs: null,
        revokedAtMs: null,
        scope,
        expiresAtMs,
      };
      const after = await vault.update((state) => {
        checkTerms(state, input, clock.nowMs());
        return { ...state, agents: [...state.agents, agent] };
      });
      const terms = termsInWords(after, agent);
      await noteAgent(needs, agent, 'created', `Agent made; its token was shown once. It may use: ${terms}.`);
      return { agent, token };
    },

    /** What is given of name, scope and expiry; the token stays. @throws Fault `not_found`, `label_taken`, `form_invalid` */
    async change(agentId: string, given: GivenTerms): Promise<AgentRecord> {
      let was: StateRecord = vault.read();
      const after = await vault.update((state) => {
        was = state;
        return withTerms(state, agentId, given, clock.nowMs());
      });
      const { before, agent } = changedAgent(was, after, agentId);
      const renamed = before.name === agent.name ? '' : ` Renamed from ${before.name}.`;
      const detail = `Before: ${termsInWords(was, before)}. Now: ${termsInWords(after, agent)}.${renamed}`;
      await noteAgent(needs, agent, 'changed', detail);
      return agent;
    },

    /** An agent of this name with a new token, whether there was one or not; the token before stops working. */
    async createOrRotate(name: string, kind: string): Promise<{ agent: AgentRecord; token: string }> {
      const known = [...lookup().values()].find((agent) => agent.name === name);
      return known === undefined
        ? await this.create({ name, kind, scope: fullScope, expiresAtMs: null })
        : await this.rotate(known.agentId);
    },

    async rotate(agentId: string): Promise<{ agent: AgentRecord; token: string }> {
      const token = newToken(needs.random);
      const agent = await change(needs, agentId, { tokenHash: needs.hash(token) });
      await noteAgent(needs, agent, 'changed', 'Token rotated; the old one stopped working.');
      return { agent, token };
    },

    async revoke(agentId: string): Promise<AgentRecord> {
      const agent = await change(needs, agentId, { revokedAtMs: clock.nowMs() });
      await noteAgent(needs, agent, 'revoked', 'Token revoked.');
      return agent;
    },

    /** Written at most once a minute for each agent. */
    seen(agentId: string): void {
      const agent = vault.read().agents.find((one) => one.agentId === agentId);
      const nowMs = clock.nowMs();
      if (agent === undefined || nowMs - (agent.lastSeenAtMs ?? 0) < 60_000) return;
      void change(needs, agentId, { lastSeenAtMs: nowMs }).catch((error: unknown) =>
        needs.record({
          kind: 'agent',
          who: { kind: 'gatehouse', name: 'Gatehouse' },
          what: agent.name,
          detail: `Last seen could not be written: ${error instanceof Fault ? error.code : 'unexpected'}.`,
        }),
      );
    },
  };
}

async function change(
  needs: AgentsNeeds,
  agentId: string,
  fields: Partial<AgentRecord>,
): Promise<AgentRecord> {
  const state = await needs.vault.update((before) => {
    const known = before.agents.find((one) => one.agentId === agentId);
    if (known === undefined || known.revokedAtMs !== null)
      throw new Fault('not_found', 'This agent was revoked already.');
    return {
      ...before,
      agents: before.agents.map((one) => (one.agentId === agentId ? { ...one, ...fields } : one)),
    };
  });
  const changed = state.agents.find((one) => one.agentId === agentId);
  if (changed === undefined) throw new Fault('not_found', 'This agent is gone.');
  return changed;
}

async function noteAgent(
  needs: AgentsNeeds,
  agent: AgentRecord,
  outcome: 'created' | 'changed' | 'revoked',
  detail: string,
): Promise<void> {
  await needs.record({
    kind: 'agent',
    who: { kind: 'technician', name: needs.technician },
    what: agent.name,
    agentId: agent.agentId,
    outcome,
    detail,
  });
}

/** 256 random bits behind a prefix that secret scanners can find. */
function newToken(random: Random): string {
  return `ghs_${hex(random.bytes(32))}`;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
