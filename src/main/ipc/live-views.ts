/**
 * Connections and agents as the window shows them now: what is stored, joined with today's calls. Reads only.
 */
import type { UnrevokedView } from '../../preload/contract/disconnect-shapes';
import {
  type AgentView,
  agentIdSchema,
  type ConnectionView,
  connectionIdSchema,
} from '../../preload/contract/shapes';
import type { ActivityLog } from '../activity/activity-log';
import { type AppOf, findConnection } from '../connections/connect';
import type { SignIn } from '../connections/sign-in';
import { connectionView, unrevokedView } from '../connections/views';
import type { Gateway } from '../gateway/gateway';
import type { Clock } from '../ports';
import type { AgentRecord } from '../store/state-record';
import type { VaultHandle } from '../store/vault';
import { localMidnightMs } from './local-midnight';

/** What views are made from. */
export interface LiveNeeds {
  readonly appOf: AppOf;
  readonly vault: Pick<VaultHandle, 'read' | 'state'>;
  readonly gateway: Pick<Gateway, 'toolCountFor' | 'listBytesFor'>;
  readonly activity: () => Pick<ActivityLog, 'callsSince'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly signIn: Pick<SignIn, 'end'>;
}

type ConnectionNeeds = Pick<LiveNeeds, 'appOf' | 'vault' | 'activity' | 'clock' | 'signIn'>;

/** Every connection as the window shows it; empty while the vault is locked. */
export function connectionViews(needs: ConnectionNeeds): ConnectionView[] {
  if (needs.vault.state().kind !== 'unlocked') return [];
  return needs.vault.read().connections.map((one) => connectionViewOf(needs, one.connectionId));
}

/** @throws Fault `not_found`, `vault_locked` */
export function connectionViewOf(needs: ConnectionNeeds, connectionId: string): ConnectionView {
  const state = needs.vault.read();
  const record = findConnection(state, connectionId);
  const sinceMs = localMidnightMs(needs.clock.nowMs());
  const today = needs.activity().callsSince({ connectionId, sinceMs });
  const end = needs.signIn.end(connectionId);
  return connectionView(record, needs.appOf(record), state.policies[connectionId], today, end);
}

/** What was disconnected but not revoked; empty while the vault is locked. */
export function unrevokedViews(needs: Pick<LiveNeeds, 'appOf' | 'vault'>): UnrevokedView[] {
  if (needs.vault.state().kind !== 'unlocked') return [];
  return needs.vault.read().unrevoked.map((one) => unrevokedView(one, needs.appOf(one)));
}

type AgentViewNeeds = Pick<LiveNeeds, 'vault' | 'gateway' | 'activity' | 'clock'>;

/** Agents, newest last; empty while the vault is locked. */
export function agentViews(needs: AgentViewNeeds): AgentView[] {
  if (needs.vault.state().kind !== 'unlocked') return [];
  return needs.vault.read().agents.map((agent) => agentView(needs, agent));
}

export function agentView(needs: AgentViewNeeds, agent: AgentRecord): AgentView {
  const { calls } = needs
    .activity()
    .callsSince({ agentId: agent.agentId, sinceMs: localMidnightMs(needs.clock.nowMs()) });
  return {
    agentId: agentIdSchema.parse(agent.agentId),
    name: agent.name,
    kind: agent.kind,
    createdAtMs: agent.createdAtMs,
    lastSeenAtMs: agent.lastSeenAtMs,
    callsToday: calls,
    toolCount: agent.revokedAtMs === null ? needs.gateway.toolCountFor(agent.agentId) : 0,
    // Four bytes of English and JSON are about one token.
    toolTokens: agent.revokedAtMs === null ? Math.round(needs.gateway.listBytesFor(agent.agentId) / 4) : 0,
    revokedAtMs: agent.revokedAtMs,
    scope: {
      connectionIds: agent.scope.connectionIds?.map((id) => connectionIdSchema.parse(id)) ?? null,
      access: agent.scope.access,
    },
    expiresAtMs: agent.expiresAtMs,
  };
}
