/**
 * The composition root: makes every adapter once and hands it to whoever needs it. Wiring only; no rule is here.
 * The desktop (index.ts) and the plain Node process (headless.ts) build the same house.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { Fault } from '../preload/contract/reply';
import type { StatusView } from '../preload/contract/shapes';
import type { ActivityEntry } from './activity/record';
import { customAppId } from './catalog/app';
import { loadCatalog } from './catalog/load.node';
import { clock } from './clock.node';
import { type AppOf, createConnections, findConnection } from './connections/connect';
import { keepTokens } from './connections/granted';
import { watchHealth } from './connections/health';
import { createSignIn } from './connections/sign-in';
import { catalogUpstreams, catalogView } from './gateway/catalog-source';
import { createMcpSource } from './gateway/mcp-source';
import { composeViews } from './gateway/sources';
import { createHouseActivity } from './house-activity';
import { openClients } from './house-clients';
import { openGateway } from './house-gateway';
import type { HouseOptions } from './house-options';
import { openOutside } from './house-outside';
import { openServers, openUpstreams } from './house-servers';
import { createHandlers, type HandlerNeeds } from './ipc/handlers';
import { agentViews, connectionViews, unrevokedViews } from './ipc/live-views';
import { isCustom } from './ipc/server-handlers';
import { type Emit, tellWindow } from './ipc/tell-window';
import { serverApp } from './mcp/server-record';
import { playStory } from './practice/sample-agent.node';
import { createVendorMoods } from './practice/vendor-mood';
import { sha256 } from './sha256.node';
import { documentInFolder } from './store/document-folder.node';
import { holdFolder } from './store/folder-hold.node';
import { keytarKeychain } from './store/keychain-keytar.node';
import { SealedVault } from './store/sealed-vault';
import { nodeSealing } from './store/sealing.node';

export type House = Awaited<ReturnType<typeof buildHouse>>;

export async function buildHouse(options: HouseOptions) {
  mkdirSync(options.dataFolder, { recursive: true, mode: 0o700 });
  const letGoOfFolder = await holdFolder(options.dataFolder);
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

  let emit: Emit = () => undefined;

  const activity = createHouseActivity({
    options,
    vault,
    technician,
    emit: (feed, value) => emit(feed, value),
    onAppended: (lastSeq) => tell.appended(lastSeq),
    onReady: () => tell.vault(),
    onPastDecisions: (past) => gateway.desk.remember(past),
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
    hash: sha256,
    newId: () => `con_${randomBytes(10).toString('hex')}`,
    technician,
  });
  const servers = openUpstreams(options, (connectionId, kind) =>
    gateway.serverListChanged(connectionId, kind),
  );
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
  const { agents, gateway, modes, settings, door } = openGateway({
    options,
    vault,
    record,
    technician,
    catalog: catalogUpstreams({
      apps,
      vault,
      send,
      signIn,
      hash: sha256,
      onRefused: (connectionId) => health.refused(connectionId),
    }),
    custom,
    onChanged: () => tell.status(),
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
    gateway.setView(composeViews([catalogView({ apps, hash: sha256 }, vault.read()), custom.view()]));
  };

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
      gateway: door.state(),
      mode: modes.now(),
      notices: [...notices, ...vault.notices().map((notice) => notice.message)].slice(-20),
    };
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
    options.applyTheme(settings().theme);
    refreshView();
    if (door.state().kind !== 'listening') await door.listen(options.port ?? settings().gatewayPort);
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
    if (vendors === undefined || gatewayUrl() === '')
      throw new Fault(
        'not_found',
        'The sample agent lives in the practice workspace, while its gateway listens.',
      );
    const { token } = await agents.createOrRotate('Sample agent', 'Other');
    const onBroken = (why: string) => options.log.note('the sample agent broke off', { why });
    await playStory({ url: gatewayUrl(), token, version: options.version, onBroken });
  };

  const gatewayUrl = () => {
    const state = door.state();
    return state.kind === 'listening' ? state.url : '';
  };
  const needs: HandlerNeeds = {
    ...openClients({ options, vault, agents, custom: joined.custom, record, technician, gatewayUrl }),
    apps,
    vault,
    signIn,
    connections,
    agents,
    modes,
    gateway,
    clock,
    technician,
    samples: (appId) => vendors?.sampleValues(appId) ?? {},
    status,
    vaultOpened,
    lockVault,
    ...activity.forHandlers,
    gatewayUrl,
    custom: joined.custom,
    definitions: joined.definitions,
    appOf,
    applySettings: async ({ theme, gatewayPort }) => {
      options.applyTheme(theme);
      gateway.listsDiffer();
      activity.closeOldDays();
      const state = door.state();
      const port = options.port ?? gatewayPort;
      if (state.kind !== 'listening' || (options.port === undefined && state.port !== port))
        await door.listen(port);
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
      await door.close();
      await servers.close();
      await joined.close();
      await activity.close();
      vault.lock();
      await outside.close();
      letGoOfFolder();
    },
  };
}
