/**
 * What main knows, mirrored: filled once, then kept true by feeds. Nothing here is edited by the window.
 */
import { create } from 'zustand';
import type {
  AgentView,
  AppCardView,
  ApprovalsView,
  ConnectionView,
  StatusView,
} from '../../../preload/contract/shapes';
import { call, onFeed } from '../bridge';

interface Facts {
  readonly status: StatusView | undefined;
  readonly apps: readonly AppCardView[];
  readonly connections: readonly ConnectionView[];
  readonly approvals: ApprovalsView;
  readonly agents: readonly AgentView[];
  readonly lastSeq: number;
}

export const useFacts = create<Facts>(() => ({
  status: undefined,
  apps: [],
  connections: [],
  approvals: { waiting: [], decided: [] },
  agents: [],
  lastSeq: 0,
}));

/** Asks for everything once; what the vault does not give yet comes when it is open. */
export async function loadFacts(): Promise<void> {
  const [status, apps] = await Promise.all([call('app.status', {}), call('catalog.list', {})]);
  useFacts.setState({ status, apps });
  if (status.vault.kind !== 'unlocked') return;
  const [connections, approvals, agents] = await Promise.all([
    call('connections.list', {}),
    call('approvals.list', {}),
    call('agents.list', {}),
  ]);
  useFacts.setState({ connections, approvals, agents });
}

export function followFeeds(): void {
  onFeed('app.changed', (status) => useFacts.setState({ status }));
  onFeed('connections.changed', (connections) => useFacts.setState({ connections }));
  onFeed('approvals.changed', (approvals) => useFacts.setState({ approvals }));
  onFeed('agents.changed', (agents) => useFacts.setState({ agents }));
  onFeed('activity.appended', ({ lastSeq }) => useFacts.setState({ lastSeq }));
}
