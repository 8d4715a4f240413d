/** A gateway with a real log on a real disk, a real door, and custom servers behind it. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { ActivityLog } from '../../src/main/activity/activity-log';
import { openActivityLog } from '../../src/main/activity/log-files.node';
import type { ActivityRecord } from '../../src/main/activity/record';
import { createSignIn } from '../../src/main/connections/sign-in';
import { createAgents } from '../../src/main/gateway/agents';
import { catalogUpstreams, catalogView } from '../../src/main/gateway/catalog-source';
import { createCustomServers } from '../../src/main/gateway/custom-servers';
import { createGateway, type Gateway } from '../../src/main/gateway/gateway';
import { createMcpSource } from '../../src/main/gateway/mcp-source';
import { serveGateway } from '../../src/main/gateway/server.node';
import { composeUpstreams, composeViews } from '../../src/main/gateway/sources';
import { type AskKind, askCapabilities } from '../../src/main/mcp/asked-by-server';
import { openCallPipe } from '../../src/main/mcp/call-pipe.node';
import { ServerLink } from '../../src/main/mcp/server-link.node';
import type { Clock } from '../../src/main/ports';
import type { AgentRecord } from '../../src/main/store/state-record';
import type { OperatingMode } from '../../src/preload/contract/gateway-shapes';
import { Fault } from '../../src/preload/contract/reply';
import type { Policy } from '../../src/preload/contract/shapes';
import { seal, signatures, unseal } from './activity-disk';
import { noGrants } from './made-up-app';
import { vaultBench } from './vault-bench';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const random = { bytes: (count: number) => randomBytes(count) };
const clock: Clock = {
  nowMs: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

export interface UpstreamBench {
  readonly gateway: Gateway;
  readonly log: ActivityLog;
  readonly url: string;
  readonly token: string;
  /** Everything that is on the disk, in order; may be asked in the middle of a call. */
  records(): ActivityRecord[];
  /** @param client What it offers and how it answers, where that matters. */
  agent(client?: Client, token?: string): Promise<Client>;
  /** The token of one more agent, which may reach everything where nothing else is said. */
  newToken(name: string, limits?: Partial<Pick<AgentRecord, 'scope' | 'expiresAtMs'>>): Promise<string>;
  /** The gateway's door closes and opens again at the same place, as after a restart. */
  restart(): Promise<void>;
  /** Puts a technician's policy in place of that of all tools. */
  setPolicy(policy: Policy): void;
  setMode(mode: OperatingMode): void;
  /** An agent of 2026-07-28. */
  modernAgent(client?: ModernClient, token?: string): Promise<ModernClient>;
  close(): Promise<void>;
}

/**
 * Opens when every server was tried once.
 *
 * @param diskSays A record counts as written only when this has resolved too.
 */
export async function openUpstreamBench(
  upstreams: Readonly<Record<string, string>>,
  policy: Policy | undefined = 'auto',
  diskSays: Promise<void> = Promise.resolve(),
  more: {
    readonly mayAsk?: readonly AskKind[];
    readonly holdMs?: number;
    readonly mostListed?: number;
    readonly mostPerSecond?: number;
  } = {},
): Promise<UpstreamBench> {
  const dir = mkdtempSync(join(tmpdir(), 'upstreams-'));
  const { vault } = vaultBench();
  await vault.open();
  const log = await openActivityLog({
    dir,
    clock,
    seal,
    open: unseal,
    signatures,
    anchor: null,
    onAnchor: () => undefined,
  });
  await log.ready();
  const agents = createAgents({ vault, clock, random, hash, record: async () => undefined, technician: 't' });
  const servers = createCustomServers({
    wanted: Object.entries(upstreams).map(([name, url]) => ({ name, url })),
    policy,
    mayAsk: more.mayAsk,
    clock,
    link: (wanted, onChanged) =>
      new ServerLink({
        ...wanted,
        capabilities: askCapabilities(more.mayAsk ?? []),
        onListChanged: (kind) => gateway.serverListChanged(`mcp_${wanted.name}`, kind),
        version: '0',
        pipe: openCallPipe(wanted.url, 'this computer too'),
        hash,
        clock,
        onChanged,
      }),
  });
  const apps = new Map();
  const send = () => Promise.reject(new Fault('request_invalid', 'There is no vendor here.'));
  let current = policy;
  let mode: OperatingMode = 'execute';
  const source = createMcpSource(() => servers.listed().map((one) => ({ ...one, fixed: current })));
  const show = () =>
    gateway.setView(composeViews([catalogView({ apps, hash }, vault.read()), source.view()]));
  const gateway = createGateway({
    clock,
    random,
    activity: {
      append: async (entry) => {
        await log.append(entry);
        await diskSays;
      },
    },
    agents,
    upstreams: composeUpstreams({
      catalog: catalogUpstreams({
        apps,
        vault,
        send,
        signIn: createSignIn({ clock, send, granted: noGrants }),
        hash,
      }),
      mcp: source.upstreams,
    }),
    lists: source.lists,
    options: {
      holdMs: more.holdMs ?? 30_000,
      approvalMs: () => 600_000,
      mostListed: () => more.mostListed ?? 10_000,
      mode: () => mode,
      unprefixed: false,
    },
  });
  servers.start(show);
  await servers.tried(10_000);
  const { token } = await agents.createOrRotate('Triage bot', 'other');
  const { mostPerSecond } = more;
  const door = { gateway, mostPerSecond, onFault: (error: unknown) => `unexpected ${String(error)}` };
  let served = await serveGateway({ ...door, port: 0 });
  const clients: Client[] = [];
  const modernClients: ModernClient[] = [];
  return {
    gateway,
    log,
    url: served.url,
    token,
    records: () =>
      readdirSync(dir)
        .sort()
        .flatMap((name) => readFileSync(join(dir, name), 'utf8').split('\n').slice(0, -1))
        .map((line) => JSON.parse(line)),
    newToken: async (name, limits = {}) => {
      const { token: made, agent } = await agents.createOrRotate(name, 'other');
      // Also a time that is over already, which no technician could set.
      await vault.update((state) => ({
        ...state,
        agents: state.agents.map((one) => (one.agentId === agent.agentId ? { ...one, ...limits } : one)),
      }));
      return made;
    },
    restart: async () => {
      await served.close();
      served = await serveGateway({ ...door, port: served.port });
    },
    setMode(next) {
      mode = next;
      gateway.modeChanged();
    },
    setPolicy(next) {
      current = next;
      show();
    },
    modernAgent: async (
      client = new ModernClient({ name: 'peer', version: '2' }, { versionNegotiation: { mode: 'auto' } }),
      key = token,
    ) => {
      const requestInit = { headers: { Authorization: `Bearer ${key}` } };
      await client.connect(new ModernTransport(new URL(served.url), { requestInit }));
      modernClients.push(client);
      return client;
    },
    agent: async (client = new Client({ name: 'peer', version: '1' }), key = token) => {
      const requestInit = { headers: { Authorization: `Bearer ${key}` } };
      const transport = new StreamableHTTPClientTransport(new URL(served.url), { requestInit });
      await client.connect(transport as Parameters<Client['connect']>[0]);
      clients.push(client);
      return client;
    },
    close: async () => {
      await Promise.all([...clients, ...modernClients].map((client) => client.close()));
      await served.close();
      await servers.close();
      await log.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
