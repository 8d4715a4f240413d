/** What stands in the grid: the apps of the catalog, and each custom MCP server as a card of its own. Pure. */
import type { AppCardView, ConnectionId, ConnectionView } from '../../../../preload/contract/shapes';

export interface CardItem {
  readonly app: AppCardView;
  readonly connection: ConnectionView | undefined;
}

/** Custom servers after the apps, each under the id of its connection. */
export function cardsOf(
  apps: readonly AppCardView[],
  connections: readonly ConnectionView[],
  serverTools: ReadonlyMap<ConnectionId, readonly string[]>,
): readonly AppCardView[] {
  const servers = connections.flatMap(({ connectionId, server, label, appName, category, logo }) =>
    server === null
      ? []
      : {
          appId: connectionId,
          name: label,
          vendor: appName,
          category,
          summary: server.url,
          logo,
          keywords: ['mcp', 'custom'],
          toolNames: [...(serverTools.get(connectionId) ?? [])],
        },
  );
  return [...apps, ...servers];
}

/** Changes only when the card of a custom server would. */
export function keyOfServers(connections: readonly ConnectionView[]): string {
  return connections
    .flatMap(({ connectionId, server, label }) => (server === null ? [] : [connectionId, label, server.url]))
    .join('\n');
}

/** The connections of each card: several of one app, one of a custom server. */
export function byCard(
  connections: readonly ConnectionView[],
): ReadonlyMap<string, readonly ConnectionView[]> {
  const groups = new Map<string, ConnectionView[]>();
  for (const one of connections) {
    const key = one.server === null ? one.appId : one.connectionId;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return groups;
}

/** All first, then the categories as they stand; each with how many of what is found lie in it. */
export function categoriesOf(cards: readonly AppCardView[], reached: readonly AppCardView[]) {
  const names = [...new Set(cards.map((card) => card.category))];
  return [
    { value: 'All', label: 'All', count: reached.length },
    ...names.map((name) => ({
      value: name,
      label: name,
      count: reached.filter((card) => card.category === name).length,
    })),
  ];
}
