/**
 * What main knows, mirrored: filled once, then kept true by feeds. Nothing here is edited by the window.
 * `undefined` means not known yet, which is not the same as none.
 */
import { create } from 'zustand';
import type { UnrevokedView } from '../../../preload/contract/disconnect-shapes';
import type {
  AgentView,
  AppCardView,
  ApprovalsView,
  ConnectionId,
  ConnectionView,
  StatusView,
} from '../../../preload/contract/shapes';
import { call, onFeed } from '../bridge';
import { go } from './view';

interface Facts {
  readonly status: StatusView | undefined;
  readonly apps: readonly AppCardView[] | undefined;
  readonly connections: readonly ConnectionView[] | undefined;
  /** Disconnected here, but not revoked at the vendor. */
  readonly unrevoked: readonly UnrevokedView[] | undefined;
  readonly approvals: ApprovalsView | undefined;
  readonly agents: readonly AgentView[] | undefined;
  readonly lastSeq: number;
  /** The names of the tools of each custom server, for search. */
  readonly serverTools: ReadonlyMap<ConnectionId, readonly string[]>;
}

export const useFacts = create<Facts>(() => ({
  status: undefined,
  apps: undefined,
  connections: undefined,
  unrevoked: undefined,
  approvals: undefined,
  agents: undefined,
  lastSeq: 0,
  serverTools: new Map(),
}));

/** Asks for everything once; what the vault does not give yet comes when it is open. */
export async function loadFacts(): Promise<void> {
  const status = await call('app.status', {});
  useFacts.setState({ status });
  const apps = await call('catalog.list', {});
  useFacts.setState({ apps });
  if (status.vault.kind !== 'unlocked') return;
  const [connections, unrevoked, approvals, agents] = await Promise.all([
    call('connections.list', {}),
    call('connections.unrevoked', {}),
    call('approvals.list', {}),
    call('agents.list', {}),
  ]);
  useFacts.setState({ connections, unrevoked, approvals, agents });
  await loadServerTools(connections);
}

let serverToolsOf = '';

/** Asked for again when a custom server comes, goes, or has another number of tools. */
async function loadServerTools(connections: readonly ConnectionView[]): Promise<void> {
  const servers = connections.filter((one) => one.server !== null);
  const key = servers.map((one) => `${one.connectionId} ${one.toolCount}`).join(',');
  if (key === serverToolsOf) return;
  serverToolsOf = key;
  try {
    const all = servers.length === 0 ? [] : await call('servers.tools', {});
    useFacts.setState({
      serverTools: new Map(all.map(({ connectionId, toolNames }) => [connectionId, toolNames])),
    });
  } catch (error) {
    serverToolsOf = '';
    throw error;
  }
}

/** @returns Ends the following. */
export function followFeeds(): () => void {
  const ends = [
    onFeed('app.changed', (status) => useFacts.setState({ status })),
    onFeed('connections.changed', (connections) => {
      useFacts.setState({ connections });
      // Search goes without them until the next change.
      loadServerTools(connections).catch(() => undefined);
    }),
    onFeed('unrevoked.changed', (unrevoked) => useFacts.setState({ unrevoked })),
    onFeed('approvals.changed', (approvals) => useFacts.setState({ approvals })),
    onFeed('agents.changed', (agents) => useFacts.setState({ agents })),
    onFeed('activity.appended', ({ lastSeq }) => useFacts.setState({ lastSeq })),
    onFeed('approvals.opened', ({ approvalId }) => go({ kind: 'approvals', approvalId })),
  ];
  return () => {
    for (const end of ends) end();
  };
}
