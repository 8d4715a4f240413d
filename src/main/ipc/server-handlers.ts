/** The calls about custom servers, and what the policy calls need to know of their tools. No rule is decided here. */
import type { Handlers } from '../../preload/contract/calls';
import type { PoliciesView } from '../../preload/contract/policy-shapes';
import { connectionIdSchema } from '../../preload/contract/shapes';
import type { App } from '../catalog/app';
import { customAppId } from '../catalog/app';
import { findConnection } from '../connections/connect';
import { type ShownTool, shownTools } from '../connections/views';
import type { CustomConnections } from '../mcp/custom-connections';
import type { Definitions } from '../mcp/definitions';
import { probeView, shownRefused, shownServerTools } from '../mcp/server-views';
import type { ConnectionRecord } from '../store/state-record';
import type { VaultHandle } from '../store/vault';
import { connectionViewOf, type LiveNeeds } from './live-views';

export interface ServerHandlerNeeds extends Omit<LiveNeeds, 'gateway'> {
  readonly vault: VaultHandle;
  readonly custom: CustomConnections;
  readonly definitions: Definitions;
}

type ServerCalls = Extract<keyof Handlers, `servers.${string}` | 'policies.accept'>;

export function serverHandlers(
  needs: ServerHandlerNeeds,
  show: Handlers['policies.show'],
): Pick<Handlers, ServerCalls> {
  const { custom, vault } = needs;
  const preferred = () => vault.read().settings.signInWith;
  return {
    'servers.tools': async () =>
      vault
        .read()
        .connections.filter(isCustom)
        .map(({ connectionId }) => ({
          connectionId: connectionIdSchema.parse(connectionId),
          toolNames: Object.keys(vault.readPolicies()[connectionId]?.tools ?? {}),
        })),
    'servers.probe': async ({ url }) => probeView(await custom.probe(url), preferred()),
    'servers.cancel': async ({ connectionId }) => {
      custom.cancel();
      if (connectionId !== undefined) custom.cancel(connectionId);
      return {};
    },
    'servers.connect': async ({ url, name, choice, signInWith }) => {
      const made = await custom.connect({ url, name, choice, how: signInWith ?? preferred() });
      return connectionViewOf(needs, made.connectionId);
    },
    'servers.reconnect': async ({ connectionId, choice, signInWith }) => {
      await custom.reconnect(connectionId, choice, signInWith ?? preferred());
      return connectionViewOf(needs, connectionId);
    },
    'servers.allow': async ({ connectionId, mayAsk }) => {
      await custom.allow(connectionId, mayAsk);
      return connectionViewOf(needs, connectionId);
    },
    'policies.accept': async ({ connectionId, tools, baseRevision }) => {
      await custom.accept(connectionId, tools, baseRevision);
      return await show({ connectionId });
    },
  };
}

export const isCustom = ({ appId }: Pick<ConnectionRecord, 'appId'>) => appId === customAppId;

/** The tools of a connection as people read of them, with the first part of their whole names. */
export function toolsOf(
  needs: Pick<ServerHandlerNeeds, 'vault' | 'definitions' | 'appOf'>,
  connectionId: string,
): {
  readonly tools: readonly ShownTool[];
  readonly refused: PoliciesView['refused'];
  readonly prefix: string;
} {
  const { definitions } = needs;
  const record = findConnection(needs.vault.read(), connectionId);
  if (isCustom(record)) {
    const policies = needs.vault.readPolicies()[connectionId] ?? { revision: 0, label: '', tools: {} };
    const { origin } = new URL(record.values.url ?? 'https://unknown.invalid');
    const tools = shownServerTools(definitions, connectionId, policies, origin);
    return { tools, refused: shownRefused(definitions, connectionId), prefix: `mcp:${record.label}` };
  }
  const app: App | undefined = needs.appOf(record);
  return { tools: app === undefined ? [] : shownTools(app), refused: [], prefix: record.appId };
}
