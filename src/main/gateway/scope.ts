/** What an agent may reach at most. Policies decide within it; what lies outside does not exist for the agent. */
import type { AgentScope } from '../store/state-record';
import type { GatewayTool, KnownAgent } from './core-ports';

export function isInScope(
  { connectionIds, access }: AgentScope,
  tool: Pick<GatewayTool, 'connectionId' | 'access'>,
): boolean {
  const isReached = connectionIds === null || connectionIds.includes(tool.connectionId);
  return isReached && (access === 'all' || tool.access === 'read');
}

/** What this agent may know of. */
export const isVisibleTo = ({ scope }: Pick<KnownAgent, 'scope'>, tool: GatewayTool): boolean =>
  tool.policy !== 'disabled' && isInScope(scope, tool);

/** Agents of one scope see one list. */
export const scopeKey = ({ connectionIds, access }: AgentScope): string =>
  `${access} ${connectionIds === null ? '*' : [...connectionIds].sort().join(' ')}`;
