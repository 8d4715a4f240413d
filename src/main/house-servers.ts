/** Wires the custom servers: their links, their pinned tools, and their use cases. Wiring only; no rule is here. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ActivityEntry } from './activity/record';
import { customAppId } from './catalog/app';
import { clock } from './clock.node';
import type { SignIn } from './connections/sign-in';
import { type CustomServers, createCustomServers, upstreamId } from './gateway/custom-servers';
import type { ListedServer } from './gateway/mcp-source';
import type { HouseOptions } from './house-options';
import type { Outside } from './house-outside';
import { askCapabilities } from './mcp/asked-by-server';
import { openCallPipe } from './mcp/call-pipe.node';
import { withCredentials } from './mcp/credentials';
import { createCustomConnections } from './mcp/custom-connections';
import { definitionFiles } from './mcp/definition-files.node';
import { createDefinitions } from './mcp/definitions';
import { ServerLink } from './mcp/server-link.node';
import { createServerLinks } from './mcp/server-links';
import { readServer } from './mcp/server-record';
import { type ListKind, noAbilities } from './mcp/tool-server';
import { sha256 } from './sha256.node';
import type { VaultHandle } from './store/vault';

export interface ServersNeeds {
  readonly options: HouseOptions;
  readonly vault: VaultHandle;
  readonly outside: Outside;
  readonly signIn: SignIn;
  readonly record: (entry: ActivityEntry) => Promise<unknown>;
  readonly technician: string;
  readonly onChanged: () => void;
  readonly onListChanged: (connectionId: string, kind: ListKind) => void;
}

export function openServers(needs: ServersNeeds) {
  const { options, vault, outside, signIn } = needs;
  const reach = options.allowLoopback === true ? 'this computer too' : 'public';
  const files = definitionFiles(join(options.dataFolder, 'servers'), options.log);
  const definitions = createDefinitions(files, sha256);
  const links = createServerLinks({
    signIn,
    readSecret: (connectionId) => vault.readSecret(connectionId),
    open: ({ credentials, mayAsk, ...wanted }) =>
      new ServerLink({
        ...wanted,
        version: options.version,
        capabilities: askCapabilities(mayAsk),
        pipe: withCredentials(openCallPipe(wanted.url, reach, outside.extraCaPem), credentials),
        hash: sha256,
        clock,
      }),
    onListed: (connectionId, listing) => {
      custom
        .relisted(connectionId, listing)
        .catch((error: unknown) => options.log.failure('tools listed anew', error));
    },
    onListChanged: needs.onListChanged,
    onChanged: needs.onChanged,
    onRefused: (connectionId) => {
      custom.refused(connectionId).catch((error: unknown) => options.log.failure('a refused call', error));
    },
  });
  const custom = createCustomConnections({
    vault,
    links,
    definitions,
    signIn,
    probe: outside.probe,
    authorize: outside.authorizeServer,
    record: needs.record,
    clock,
    hash: sha256,
    newId: () => `con_${randomBytes(10).toString('hex')}`,
    technician: needs.technician,
  });
  const records = () =>
    vault.state().kind === 'unlocked'
      ? vault.read().connections.filter(({ appId }) => appId === customAppId)
      : [];

  return {
    custom,
    definitions,
    /** Opens and closes links as the vault says. */
    sync: (): void => links.sync(records()),
    /** A crash in the middle of a disconnect leaves definitions of nobody. */
    tidy: (): Promise<void> => definitions.removeOthers(records().map(({ connectionId }) => connectionId)),
    /** What agents may know of, from the pinned definitions: also while a server is away. */
    listed: (): readonly ListedServer[] =>
      records().flatMap(({ connectionId, label, alias, values, state }) => {
        const policies = vault.read().policies[connectionId];
        if (policies === undefined) return [];
        const server = () => links.of(connectionId).server;
        const { origin } = new URL(values.url ?? '');
        return {
          connectionId,
          label,
          alias,
          origin,
          state: () =>
            // What the last check met, or rights that one call lacks, hold back no other call.
            state.kind === 'needs_sign_in'
              ? { kind: 'lost' as const, why: state.reason, code: 'vendor_refused' as const }
              : (links.find(connectionId)?.server.state() ?? { kind: 'connecting' as const }),
          tools: definitions.pinned(connectionId, policies),
          policies,
          mayAsk: readServer(values).mayAsk,
          call: (tool, args, callOptions) => server().call(tool, args, callOptions),
          request: (method, params, callOptions) => server().request(method, params, callOptions),
          list: (kind) => server().list(kind),
          abilities: () => links.find(connectionId)?.server.abilities() ?? noAbilities,
          watch: (uri, onUpdated) => server().watch(uri, onUpdated),
        };
      }),
    close: (): Promise<void> => links.close(),
  };
}

/** Servers of the command line: tests and measurements only. */
export function openUpstreams(
  options: HouseOptions,
  onListChanged: ServersNeeds['onListChanged'],
): CustomServers {
  const reach = options.allowLoopback === true ? 'this computer too' : 'public';
  return createCustomServers({
    wanted: options.upstreams ?? [],
    policy: options.upstreamPolicy,
    mayAsk: options.upstreamsMayAsk,
    clock,
    link: (wanted, onChanged) =>
      new ServerLink({
        ...wanted,
        version: options.version,
        capabilities: askCapabilities(options.upstreamsMayAsk ?? []),
        pipe: openCallPipe(wanted.url, reach),
        hash: sha256,
        clock,
        onChanged,
        onListChanged: (kind) => onListChanged(upstreamId(wanted), kind),
      }),
  });
}
