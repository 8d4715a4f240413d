/** Everything the command palette reaches: screens, connections, apps to connect, and the tools of connections. */
import MiniSearch from 'minisearch';
import type { AppCardView, ConnectionId, ConnectionView } from '../../../preload/contract/shapes';
import type { Route } from '../stores/view';

export interface PaletteEntry {
  readonly id: string;
  readonly title: string;
  /** What kind of thing it is, or where it lies. */
  readonly place: string;
  readonly route: Route;
}

const screens: readonly PaletteEntry[] = (
  ['integrations', 'approvals', 'activity', 'agents', 'settings'] as const
).map((kind) => ({
  id: kind,
  title: kind.charAt(0).toUpperCase() + kind.slice(1),
  place: 'Screen',
  route: { kind },
}));

const addServer: PaletteEntry = {
  id: 'add mcp server',
  title: 'Add MCP Server',
  place: 'Custom MCP',
  route: { kind: 'integrations', isAdding: true },
};

const stopping: readonly PaletteEntry[] = [
  {
    id: 'operating mode',
    title: 'Operating mode: Execute, Plan, Paused',
    place: 'Agents',
    route: { kind: 'agents' },
  },
  {
    id: 'stop everything',
    title: 'Stop everything',
    place: 'Agents',
    route: { kind: 'agents', isStopping: true },
  },
];

export function paletteEntries(
  apps: readonly AppCardView[],
  connections: readonly ConnectionView[],
  serverTools: ReadonlyMap<ConnectionId, readonly string[]>,
): readonly PaletteEntry[] {
  const byId = new Map(apps.map((app) => [app.appId, app]));
  const joined = connections.map(
    (one): PaletteEntry => ({
      id: one.connectionId,
      title: one.label,
      place: one.label === one.appName ? 'Connection' : `Connection, ${one.appName}`,
      route: { kind: 'connection', connectionId: one.connectionId },
    }),
  );
  const connectable = apps.map(
    (app): PaletteEntry => ({
      id: `connect ${app.appId}`,
      title: `Connect ${app.name}`,
      place: app.category,
      route: { kind: 'integrations', connecting: app.appId },
    }),
  );
  const tools = connections.flatMap((one) =>
    (serverTools.get(one.connectionId) ?? byId.get(one.appId)?.toolNames ?? []).map(
      (tool): PaletteEntry => ({
        id: `${one.connectionId} ${tool}`,
        title: tool,
        place: `Tool of ${one.label}`,
        route: { kind: 'connection', connectionId: one.connectionId, tool },
      }),
    ),
  );
  return [...screens, ...joined, addServer, ...stopping, ...connectable, ...tools];
}

const mostShown = 50;

/** @returns Finds the entries for a text, best first and at most 50; for an empty text what one goes to most. */
export function searchEntries(entries: readonly PaletteEntry[]): (text: string) => readonly PaletteEntry[] {
  const index = new MiniSearch({
    fields: ['title', 'place'],
    searchOptions: {
      boost: { title: 3 },
      combineWith: 'AND',
      prefix: true,
      fuzzy: (term) => (term.length < 4 ? false : 0.25),
    },
  });
  index.addAll(entries.map(({ id, title, place }) => ({ id, title, place })));
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return (text) =>
    text.trim() === ''
      ? entries.slice(0, mostShown)
      : index
          .search(text)
          .slice(0, mostShown)
          .flatMap((found) => byId.get(String(found.id)) ?? []);
}
