/**
 * The composition root: makes every adapter once and hands it to whoever needs it. Wiring only; no rule is here.
 * The desktop (index.ts) and the plain Node process (headless.ts) build the same house.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { Fault } from '../preload/contract/reply';
import type { GatewayView as GatewayStateView, SettingsView, StatusView } from '../preload/contract/shapes';
import type { ActivityEntry } from './activity/record';
import { customAppId } from './catalog/app';
import { loadCatalog } from './catalog/load.node';
import { clock } from './clock.node';
import { type AppOf, createConnections, findConnection } from './connections/connect';
import { keepTokens } from './connections/granted';
import { watchHealth } from './connections/health';
import { createSignIn } from './connections/sign-in';
import { createAgents } from './gateway/agents';
import { catalogUpstreams, catalogView } from './gateway/catalog-source';
import { createCustomServers } from './gateway/custom-servers';
import { freePortAfter } from './gateway/free-port.node';
import { createGateway } from './gateway/gateway';
import { createMcpSource } from './gateway/mcp-source';
import { type ServedGateway, serveGateway } from './gateway/server.node';
import { composeUpstreams, composeViews } from './gateway/sources';
import { createHouseActivity } from './house-activity';
import type { HouseOptions } from './house-options';
import { openOutside } from './house-outside';
import { openServers } from './house-servers';
import { createHandlers, type HandlerNeeds } from './ipc/handlers';
import { agentViews, connectionViews, unrevokedViews } from './ipc/live-views';
import { isCustom } from './ipc/server-handlers';
import { type Emit, tellWindow } from './ipc/tell-window';
import { openCallPipe } from './mcp/call-pipe.node';
import { ServerLink } from './mcp/server-link.node';
import { serverApp } from './mcp/server-record';
import type { Random } from './ports';
import { playStory } from './practice/sample-agent.node';
import { createVendorMoods } from './practice/vendor-mood';
import { documentInFolder } from './store/document-folder.node';
import { keytarKeychain } from './store/keychain-keytar.node';
import { SealedVault } from './store/sealed-vault';
import { nodeSealing } from './store/sealing.node';
import { emptyState } from './store/state-record';

const random: Random = { bytes: (count) => randomBytes(count) };
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

export type House = Awaited<ReturnType<typeof buildHouse>>;

export async function buildHouse(options: HouseOptions) {
  mkdirSync(options.dataFolder, { recursive: true, mode: 0o700 });
  const catalog = loadCatalog(options.catalogPath);
  const notices: string[] = [];
  const vault = new SealedVault({
    file: documentInFolder({
      folder: options.dataFolder,
      openStore: options.openStore,
      nowMs: clock.nowMs,
      onTrouble: (message) => notices.push(message),
    }),
    keychain: keytarKeychain({ service: options.practice ? 'Gatehouse practice' : 'Gatehouse' }),
    sealing: nodeSealing,
  });
  const outside = await openOutside(options, catalog);
  const { apps, vendors, send } = outside;
  const technician = userInfo().username;

  let served: ServedGateway | undefined;
  let gatewayState: GatewayStateView = { kind: 'stopped', why: 'The vault is not open yet.' };
  let emit: Emit = () => undefined;

  const activity = createHouseActivity({
    options,
    vault,
    technician,
    emit: (feed, value) => emit(feed, value),
    onAppended: (lastSeq) => tell.appended(lastSeq),
    onReady: () => tell.vault(),
  });
  const { record, opened: openLog } = activity;
  const signIn = createSignIn({
    clock,
    send,
    granted: {
      read: (connectionId) => vault.readSecret(connectionId),
      keep: (connectionId, used, tokens) => keepTokens(vault, connectionId, used, tokens),
      refresh: outside.refresh,
    },
  });
  const appOf: AppOf = (one) => (one.appId === customAppId ? serverApp(one.values) : apps.get(one.appId));
  const connections = createConnections({
    signIn,
    appOf,
    authorize: outside.authorize,
    apps,
    vault,
    send,
    record,
    clock,
    hash,
    newId: () => `con_${randomBytes(10).toString('hex')}`,
    technician,
  });
  const servers = createCustomServers({
    wanted: options.upstreams ?? [],
    policy: options.upstreamPolicy,
    clock,
    link: (wanted, onChanged) => {
      const pipe = openCallPipe(wanted.url, options.allowLoopback === true ? 'this computer too' : 'public');
      return new ServerLink({ ...wanted, version: options.version, pipe, hash, clock, onChanged });
    },
  });
  const joined = openServers({
    options,
    vault,
    outside,
    signIn,
    record,
    technician,
    onChanged: () => refreshView(),
    onListChanged: (connectionId, kind) => gateway.serverListChanged(connectionId, kind),
  });
  const custom = createMcpSource(() => [...servers.listed(), ...joined.listed()], options.unprefixed);
  const agents = createAgents({ vault, clock, random, hash, record, technician });
  const gateway = createGateway({
    clock,
    random,
    activity: { append: record },
    agents,
    upstreams: composeUpstreams({
      catalog: catalogUpstreams({ apps, vault, send, signIn, hash, onRefused: (id) => health.refused(id) }),
      mcp: custom.upstreams,
    }),
    lists: custom.lists,
    options: {
      holdMs: 45_000,
      approvalMs: () => currentSettings().approvalMinutes * 60_000,
      unprefixed: options.unprefixed ?? false,
    },
  });

  const health = watchHealth({
    clock,
    isOnline: options.isOnline ?? (() => true),
    connectionIds: () =>
      vault.state().kind === 'unlocked' ? vault.read().connections.map((one) => one.connectionId) : [],
    look: (connectionId) =>
      (isCustom(findConnection(vault.read(), connectionId)) ? joined.custom : connections).check(
        connectionId,
        'quietly',
      ),
    onFault: (error) => options.log.failure('health check', error),
  });

  const refreshView = (): void => {
    if (vault.state().kind !== 'unlocked') return;
    gateway.setView(composeViews([catalogView({ apps, hash }, vault.read()), custom.view()]));
  };

  const currentSettings = (): SettingsView =>
    vault.state().kind === 'unlocked' ? vault.read().settings : emptyState().settings;

  const tell = tellWindow({
    clock,
    emit: (feed, value) => emit(feed, value),
    status: () => status(),
    connections: () =>
      activity.isOpen() ? connectionViews({ appOf, vault, activity: openLog, clock, signIn }) : [],
    unrevoked: () => unrevokedViews({ appOf, vault }),
    agents: () => (activity.isOpen() ? agentViews({ vault, gateway, activity: openLog, clock }) : []),
    approvals: () => gateway.desk.view(),
    policies: () => vault.readPolicies(),
    attend: options.attend,
  });

  const status = (): StatusView => {
    const state = vault.state();
    return {
      version: options.version,
      practice: options.practice,
      vault: state,
      gateway: gatewayState,
      mode: 'execute',
      notices: [...notices, ...vault.notices().map((notice) => notice.message)].slice(-20),
    };
  };

  const listen = async (port: number): Promise<void> => {
    await served?.close();
    served = undefined;
    try {
      served = await serveGateway({
        gateway,
        port,
        isLocked: () => vault.state().kind !== 'unlocked',
        onFault: (error) => options.log.failure('gateway', error),
      });
      gatewayState = { kind: 'listening', url: served.url, port: served.port };
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'port_taken') throw error;
      gatewayState = { kind: 'port_taken', port, nextFreePort: await freePortAfter(port) };
    }
    tell.status();
  };

  const vaultOpened = async (): Promise<void> => {
    if (vault.state().kind !== 'unlocked') return;
    await activity.open();
    // Asks vendors, so nobody waits for it.
    connections
      .finishDisconnects()
      .catch((error: unknown) => options.log.failure('finishing a disconnect', error));
    await joined.tidy().catch((error: unknown) => options.log.failure('tidying definitions', error));
    await connections.resync();
    joined.sync();
    options.applyTheme(currentSettings().theme);
    refreshView();
    if (served === undefined) await listen(options.port ?? currentSettings().gatewayPort);
  };

  const changed = (): void => {
    joined.sync();
    refreshView();
    if (vault.state().kind !== 'unlocked') {
      agents.forget();
      signIn.forgetAll();
    }
    tell.vault();
  };

  const lockVault = (
    why: string,
    by: ActivityEntry['who'] = { kind: 'gatehouse', name: 'Gatehouse' },
  ): void => {
    gateway.voidAll('The vault was locked.');
    activity.noteLock(why, by);
    vault.lock(why);
  };

  const runSampleAgent = async (): Promise<void> => {
    if (vendors === undefined || served === undefined)
      throw new Fault(
        'not_found',
        'The sample agent lives in the practice workspace, while its gateway listens.',
      );
    const { token } = await agents.createOrRotate('Sample agent', 'Other');
    const onBroken = (why: string) => options.log.note('the sample agent broke off', { why });
    await playStory({ url: served.url, token, version: options.version, onBroken });
  };

  const needs: HandlerNeeds = {
    apps,
    vault,
    signIn,
    connections,
    agents,
    gateway,
    clock,
    technician,
    samples: (appId) => vendors?.sampleValues(appId) ?? {},
    status,
    vaultOpened,
    lockVault,
    ...activity.forHandlers,
    gatewayUrl: () => (gatewayState.kind === 'listening' ? gatewayState.url : ''),
    custom: joined.custom,
    definitions: joined.definitions,
    appOf,
    applySettings: async (settings) => {
      options.applyTheme(settings.theme);
      activity.closeOldDays();
      const port = options.port ?? settings.gatewayPort;
      if (gatewayState.kind !== 'listening' || (options.port === undefined && gatewayState.port !== port)) {
        await listen(port);
      }
    },
    runSampleAgent,
    moods: vendors === undefined ? undefined : createVendorMoods(vendors, clock.after),
    openPractice: options.openPractice,
    openLink: options.openLink,
  };

  return {
    handlers: createHandlers(needs),
    agents,
    vault,
    status,
    /** Null while the vault is not open. */
    idleLockMinutes: () => (vault.state().kind === 'unlocked' ? vault.read().settings.idleLockMinutes : null),
    lockVault,
    /** Opens the vault and, where that worked, log and gateway. */
    async start(emitFeed: Emit): Promise<void> {
      emit = emitFeed;
      servers.start(refreshView);
      await vault.open();
      tell.begin();
      vault.onChanged(changed);
      gateway.desk.onChanged(tell.approvals);
      await vaultOpened();
      health.start();
    },
    upstreamsTried: () => servers.tried(2_000),
    async stop(): Promise<void> {
      health.stop();
      gateway.voidAll('Gatehouse was closed.');
      await served?.close();
      await servers.close();
      await joined.close();
      await activity.close();
      vault.lock();
      await outside.close();
    },
  };
}
