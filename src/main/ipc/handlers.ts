/**
 * The table: one function for each call of the contract. Each turns parsed input into a use case and its answer
 * into a view; no rule is decided here.
 */

import type { Handlers } from '../../preload/contract/calls';
import type { VendorMood } from '../../preload/contract/practice-shapes';
import { Fault } from '../../preload/contract/reply';
import type { SettingsView, StatusView } from '../../preload/contract/shapes';
import type { ActivityEntry, Outcome } from '../activity/record';
import type { App } from '../catalog/app';
import { type Connections, findConnection } from '../connections/connect';
import type { SignIn } from '../connections/sign-in';
import {
  appCardView,
  appView,
  disconnectPreviewView,
  policiesView,
  toolDetailView,
  typedValues,
} from '../connections/views';
import type { Agents } from '../gateway/agents';
import type { Gateway } from '../gateway/gateway';
import type { OperatingModes } from '../gateway/operating-mode';
import { applyEdits } from '../policies/save';
import type { Clock } from '../ports';
import { type ActivityHandlerNeeds, activityHandlers } from './activity-handlers';
import { type AgentHandlerNeeds, agentHandlers } from './agent-handlers';
import { type ClientHandlerNeeds, clientHandlers } from './client-handlers';
import { approvalHandlers, gatewayHandlers } from './gateway-handlers';
import { connectionViewOf, connectionViews, unrevokedViews } from './live-views';
import { isCustom, type ServerHandlerNeeds, serverHandlers, toolsOf } from './server-handlers';
import { settingsRow } from './settings-row';

export interface HandlerNeeds
  extends AgentHandlerNeeds,
    ServerHandlerNeeds,
    ClientHandlerNeeds,
    ActivityHandlerNeeds {
  readonly apps: ReadonlyMap<string, App>;
  readonly signIn: Pick<SignIn, 'end'>;
  readonly connections: Connections;
  readonly agents: Agents;
  readonly gateway: Gateway;
  readonly modes: OperatingModes;
  readonly activity: ActivityHandlerNeeds['activity'];
  readonly clock: Clock;
  /** Sample credentials of the practice workspace; empty elsewhere. */
  readonly samples: (appId: string) => Readonly<Record<string, string>>;
  readonly status: () => StatusView;
  /** Opens the log and the gateway after the vault became readable. */
  readonly vaultOpened: () => Promise<void>;
  /** Refuses what waits and forgets every key. The sentence is shown to the technician. */
  readonly lockVault: (why: string, by?: ActivityEntry['who']) => void;
  /** A row about the vault; nothing where no log is open yet. */
  readonly noteVault: (outcome: Outcome, detail: string, who: ActivityEntry['who']) => Promise<void>;
  readonly gatewayUrl: () => string;
  readonly applySettings: (settings: SettingsView) => Promise<void>;
  /** @throws Fault `not_found` outside of the practice workspace, or when there are no tools for it. */
  readonly runSampleAgent: () => Promise<void>;
  /** How the simulated vendors behave; undefined outside of the practice workspace. */
  readonly moods: { of(appId: string): VendorMood; set(appId: string, mood: VendorMood): void } | undefined;
  readonly openPractice: () => void;
  readonly openLink: (url: string) => Promise<void>;
}

export function createHandlers(needs: HandlerNeeds): Handlers {
  return {
    ...deskHandlers(needs),
    ...connectionHandlers(needs),
    ...policyHandlers(needs),
    ...activityHandlers(needs),
    ...approvalHandlers(needs),
    ...agentHandlers(needs),
    ...gatewayHandlers(needs.modes),
    ...clientHandlers(needs),
    ...practiceHandlers(needs),
  };
}

type Part<Prefix extends string> = Pick<Handlers, Extract<keyof Handlers, `${Prefix}.${string}`>>;

function deskHandlers(needs: HandlerNeeds): Part<'app' | 'vault' | 'settings' | 'catalog'> {
  const { vault } = needs;
  const technician = { kind: 'technician', name: needs.technician } as const;
  const appOf = (appId: string): App => {
    const app = needs.apps.get(appId);
    if (app === undefined) throw new Fault('not_found', `The catalog has no app called ${appId}.`);
    return app;
  };
  return {
    'app.status': async () => needs.status(),
    'app.openPractice': async () => {
      needs.openPractice();
      return {};
    },
    'vault.create': async ({ passphrase }) => {
      await vault.createWithPassphrase(passphrase);
      await needs.vaultOpened();
      await needs.noteVault('created', 'The vault was put under a passphrase.', technician);
      return vault.state();
    },
    'vault.unlock': async ({ passphrase }) => {
      try {
        await vault.unlock(passphrase);
      } catch (error) {
        if (error instanceof Fault && error.code === 'vault_wrong_passphrase')
          await needs.noteVault('refused', 'A wrong passphrase was typed.', technician);
        throw error;
      }
      await needs.vaultOpened();
      await needs.noteVault('noted', 'The vault was unlocked.', technician);
      return vault.state();
    },
    'vault.lock': async () => {
      needs.lockVault('Locked by you.', technician);
      return vault.state();
    },
    'settings.show': async () => vault.read().settings,
    'settings.save': async (settings) => {
      const before = vault.read().settings;
      await vault.update((state) => ({ ...state, settings }));
      await needs.applySettings(settings);
      const row = settingsRow(before, settings, needs.technician);
      if (row !== undefined) await needs.activity().append(row);
      return settings;
    },
    'catalog.list': async () => [...needs.apps.values()].map(appCardView),
    'catalog.show': async ({ appId }) =>
      appView(appOf(appId), needs.samples(appId), vault.read().settings.signInWith),
    'catalog.openDocs': async ({ appId }) => {
      await needs.openLink(appOf(appId).docs);
      return {};
    },
  };
}

function practiceHandlers(needs: HandlerNeeds): Part<'practice'> {
  const moods = (appId: string) => {
    if (needs.moods === undefined || !needs.apps.has(appId))
      throw new Fault('not_found', 'Only the practice workspace has simulated vendors.');
    return needs.moods;
  };
  return {
    'practice.show': async ({ appId }) => ({ mood: moods(appId).of(appId) }),
    'practice.set': async ({ appId, mood }) => {
      moods(appId).set(appId, mood);
      return { mood: moods(appId).of(appId) };
    },
  };
}

function connectionHandlers(needs: HandlerNeeds): Part<'connections'> {
  const { connections, vault } = needs;
  const view = (connectionId: string) => connectionViewOf(needs, connectionId);
  return {
    'connections.list': async () => connectionViews(needs),
    'connections.form': async ({ connectionId }) => {
      const record = findConnection(vault.read(), connectionId);
      return { values: typedValues(record, needs.appOf(record)) };
    },
    'connections.test': ({ appId, values }) => connections.test(appId, values),
    'connections.connect': async ({ appId, label, values, signInWith }) =>
      view((await connections.connect(appId, label, values, signInWith)).connectionId),
    'connections.cancel': async ({ attempt }) => {
      connections.cancel(attempt);
      needs.custom.cancel(attempt);
      return {};
    },
    'connections.check': async ({ connectionId }) => {
      const isServer = isCustom(findConnection(vault.read(), connectionId));
      await (isServer ? needs.custom : connections).check(connectionId);
      return view(connectionId);
    },
    'connections.reconnect': async ({ connectionId, values, signInWith }) =>
      view((await connections.reconnect(connectionId, values, signInWith)).connectionId),
    'connections.rename': async ({ connectionId, label }) => {
      await connections.rename(connectionId, label);
      return view(connectionId);
    },
    'connections.dismissNotice': async ({ connectionId }) => {
      await connections.dismissNotice(connectionId);
      return {};
    },
    'connections.previewDisconnect': async ({ connectionId }) => {
      const record = findConnection(vault.read(), connectionId);
      return disconnectPreviewView(
        record,
        needs.appOf(record),
        vault.readPolicies()[connectionId],
        needs.agents.active().map((agent) => agent.name),
        needs.gateway.waitingFor(connectionId),
      );
    },
    'connections.disconnect': async ({ connectionId }) => {
      const isServer = isCustom(findConnection(vault.read(), connectionId));
      if (isServer) needs.custom.cancel(connectionId);
      const gone = await connections.disconnect(connectionId);
      if (isServer) await needs.custom.forget(connectionId);
      return gone;
    },
    'connections.unrevoked': async () => unrevokedViews(needs),
    'connections.retryRevoke': ({ connectionId }) => connections.retryRevoke(connectionId),
    'connections.giveUpRevoke': async ({ connectionId }) => {
      await connections.giveUpRevoke(connectionId);
      return {};
    },
  };
}

function policyHandlers(needs: HandlerNeeds): Part<'policies' | 'servers'> {
  const { vault } = needs;
  const show = (connectionId: string) => {
    const policies = vault.readPolicies()[connectionId];
    if (policies === undefined)
      throw new Fault('not_found', 'This connection is gone; it was disconnected meanwhile.');
    const { tools, refused } = toolsOf(needs, connectionId);
    const lastUsed = needs.activity().lastUsed(connectionId);
    return policiesView(connectionId, policies, tools, lastUsed, dayInWords, refused);
  };
  return {
    ...serverHandlers(needs, async ({ connectionId }) => show(connectionId)),
    'policies.show': async ({ connectionId }) => show(connectionId),
    'policies.tool': async ({ connectionId, tool }) => {
      const { tools, prefix } = toolsOf(needs, connectionId);
      const revision = vault.readPolicies()[connectionId]?.revision ?? 0;
      const shown = `${prefix}:${tool}`;
      const page = await needs.activity().list({ connectionId, text: shown, limit: 5 });
      const lastCalls = page.rows
        .filter((row) => row.what === shown)
        .map((row) => ({
          seq: row.seq,
          atMs: row.atMs,
          agent: row.who,
          outcome: row.outcome,
          tookMs: row.tookMs,
        }));
      const found = tools.find(({ name }) => name === tool);
      if (found === undefined)
        throw new Fault(
          'not_found',
          `Nothing is known here of a tool called ${tool}. Test the connection to list them.`,
        );
      return toolDetailView(found, revision, lastCalls);
    },
    'policies.save': async ({ connectionId, baseRevision, edits }) => {
      const label = findConnection(vault.read(), connectionId).label;
      let changed: readonly { tool: string; before: string; after: string }[] = [];
      await vault.update((state) => {
        const before = state.policies[connectionId];
        if (before === undefined) throw new Fault('not_found', 'This connection is gone; nothing was saved.');
        const { after, changes } = applyEdits(
          before,
          baseRevision,
          edits,
          needs.technician,
          needs.clock.nowMs(),
        );
        changed = changes;
        return { ...state, policies: { ...state.policies, [connectionId]: after } };
      });
      await needs.activity().append({
        kind: 'policies',
        who: { kind: 'technician', name: needs.technician },
        what: `Policies of ${label}`,
        connectionId,
        outcome: 'changed',
        detail: `${changed.length} ${changed.length === 1 ? 'tool' : 'tools'}, revision ${baseRevision + 1}.`,
        body: { changes: changed },
      });
      return show(connectionId);
    },
  };
}

function dayInWords(atMs: number): string {
  return new Date(atMs).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
}
