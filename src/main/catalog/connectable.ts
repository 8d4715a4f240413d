/**
 * Which apps of the catalog can be offered: only those that this version can sign in to. A card that cannot be connected would
 * be a promise that nobody keeps.
 */
import type { App } from './app';

const kinds: ReadonlySet<App['auth']['kind']> = new Set([
  'credentials',
  'tokenExchange',
  'clientCredentials',
]);

/** @param simulated In the practice workspace: the apps that are simulated. No other may be reached from there. */
export function connectableApps(
  apps: ReadonlyMap<string, App>,
  simulated?: ReadonlySet<string>,
): ReadonlyMap<string, App> {
  return new Map(
    [...apps].filter(
      ([appId, app]) => kinds.has(app.auth.kind) && (simulated === undefined || simulated.has(appId)),
    ),
  );
}
