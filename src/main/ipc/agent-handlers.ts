/** Agents: who may knock, how far they reach, and until when. */
import type { Handlers } from '../../preload/contract/calls';
import type { Agents } from '../gateway/agents';
import type { Gateway } from '../gateway/gateway';
import type { AgentRecord } from '../store/state-record';
import type { VaultHandle } from '../store/vault';
import { agentView, agentViews, type LiveNeeds } from './live-views';

type AgentHandlers = Pick<Handlers, Extract<keyof Handlers, `agents.${string}`>>;

export interface AgentHandlerNeeds extends Pick<LiveNeeds, 'activity' | 'clock'> {
  readonly vault: VaultHandle;
  readonly agents: Agents;
  readonly gateway: Gateway;
  readonly gatewayUrl: () => string;
  /** @throws Fault `not_found` outside of the practice workspace, or when there are no tools for it. */
  readonly runSampleAgent: () => Promise<void>;
}

export function agentHandlers(needs: AgentHandlerNeeds): AgentHandlers {
  const { agents } = needs;
  const made = ({ agent, token }: { agent: AgentRecord; token: string }) => ({
    agent: agentView(needs, agent),
    token,
    url: needs.gatewayUrl(),
  });
  return {
    'agents.list': async () => agentViews(needs),
    'agents.create': async (input) => made(await agents.create(input)),
    'agents.change': async ({ agentId, ...given }) => {
      const changed = await agents.change(agentId, given);
      needs.gateway.listsDiffer();
      return agentView(needs, changed);
    },
    'agents.rotate': async ({ agentId }) => {
      const rotated = await agents.rotate(agentId);
      needs.gateway.agentEnded(agentId, 'the token of the agent was rotated.');
      return made(rotated);
    },
    'agents.runSample': async () => {
      await needs.runSampleAgent();
      return {};
    },
    'agents.revoke': async ({ agentId }) => {
      const revoked = await agents.revoke(agentId);
      needs.gateway.agentEnded(agentId, 'the agent was revoked.');
      return agentView(needs, revoked);
    },
  };
}
