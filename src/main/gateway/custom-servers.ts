/**
 * Custom servers of the command line (`--upstream`), for tests and measurements: connects them together, tells of changes in one
 * go, closes them together. Their policies live in memory.
 */
import type { Policy } from '../../preload/contract/shapes';
import type { AskKind } from '../mcp/asked-by-server';
import type { ToolServer } from '../mcp/tool-server';
import { resyncPolicies, seedPolicies } from '../policies/seed';
import type { Clock } from '../ports';
import type { ConnectionPolicies } from '../store/policy-book';
import type { ListedServer } from './mcp-source';

export interface LinkedServer extends ToolServer {
  /** Never rejects. */
  connect(): Promise<void>;
  close(): Promise<void>;
}

export interface CustomServers {
  listed(): readonly ListedServer[];
  /** Starts connecting. `onChanged` is told soon after states or tools have changed, once for many of them. */
  start(onChanged: () => void): void;
  /** Every server was tried once, or `timeoutMs` have gone by. */
  tried(timeoutMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Servers that come up together are shown together. */
const gatherMs = 20;

export function createCustomServers<Wanted>(needs: {
  readonly wanted: readonly Wanted[];
  readonly policy: Policy | undefined;
  /** What each of them may ask agents for; nothing when left out. */
  readonly mayAsk?: readonly AskKind[] | undefined;
  readonly clock: Clock;
  readonly link: (wanted: Wanted, onChanged: () => void) => LinkedServer;
}): CustomServers {
  const { clock } = needs;
  let tell: () => void = () => undefined;
  let stopTelling: (() => void) | undefined;
  let firstTry: Promise<unknown> = Promise.resolve();
  const changed = () => {
    stopTelling ??= clock.after(gatherMs, () => {
      stopTelling = undefined;
      tell();
    });
  };
  const links = needs.wanted.map((wanted) => needs.link(wanted, changed));
  return {
    listed: listUpstreams(links, needs.policy, needs.mayAsk),
    start(onChanged) {
      tell = onChanged;
      firstTry = Promise.all(links.map((link) => link.connect()));
    },
    async tried(timeoutMs) {
      let stop: (() => void) | undefined;
      const late = new Promise<void>((resolve) => {
        stop = clock.after(timeoutMs, resolve);
      });
      await Promise.race([firstTry, late]);
      stop?.();
      tell();
    },
    async close() {
      tell = () => undefined;
      stopTelling?.();
      await Promise.all(links.map((link) => link.close()));
    },
  };
}

export const upstreamId = ({ name }: { readonly name: string }): string => `mcp_${name.toLowerCase()}`;

/** @param fixed One policy for every tool; without it each is seeded by the rules. */
export function listUpstreams(
  servers: readonly ToolServer[],
  fixed: Policy | undefined,
  mayAsk: readonly AskKind[] = [],
): () => readonly ListedServer[] {
  const known = new Map<ToolServer, Pick<ListedServer, 'tools' | 'policies'>>();
  return () =>
    servers.map((server) => {
      const tools = server.tools();
      const before = known.get(server);
      const policies = before?.tools === tools ? before.policies : policiesOf(server, before);
      known.set(server, { tools, policies });
      const alias = server.name.toLowerCase();
      return {
        connectionId: upstreamId(server),
        label: server.name,
        alias,
        origin: server.origin,
        state: () => server.state(),
        tools,
        policies,
        fixed,
        mayAsk,
        call: (tool, args, options) => server.call(tool, args, options),
        request: (method, params, options) => server.request(method, params, options),
        list: (kind) => server.list(kind),
        abilities: () => server.abilities(),
        watch: (uri, onUpdated) => server.watch(uri, onUpdated),
      };
    });
}

function policiesOf(
  server: ToolServer,
  before: Pick<ListedServer, 'tools' | 'policies'> | undefined,
): ConnectionPolicies {
  const seeds = server.tools().map((tool) => ({ ...tool, annotations: tool.hints }));
  const hadTools = before !== undefined && before.tools.length > 0;
  return hadTools ? resyncPolicies(before.policies, seeds) : seedPolicies(server.name, seeds);
}
