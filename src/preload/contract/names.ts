/**
 * Every name that may cross the bridge. Strings only: the sandboxed preload holds these and nothing else,
 * so that it stays small. Inputs and outputs are in calls.ts, which is held to this list by its type.
 */
export const callNames = [
  'app.status',
  'app.openPractice',
  'vault.create',
  'vault.unlock',
  'vault.lock',
  'settings.show',
  'settings.save',
  'catalog.list',
  'catalog.show',
  'catalog.openDocs',
  'connections.list',
  'connections.test',
  'connections.connect',
  'connections.cancel',
  'connections.check',
  'connections.reconnect',
  'connections.form',
  'connections.rename',
  'connections.dismissNotice',
  'connections.previewDisconnect',
  'connections.disconnect',
  'connections.unrevoked',
  'connections.retryRevoke',
  'connections.giveUpRevoke',
  'servers.tools',
  'servers.probe',
  'servers.cancel',
  'servers.connect',
  'servers.reconnect',
  'servers.allow',
  'policies.show',
  'policies.tool',
  'policies.save',
  'policies.accept',
  'approvals.list',
  'approvals.decide',
  'activity.list',
  'activity.chart',
  'activity.export',
  'activity.cancelExport',
  'activity.previewRetention',
  'activity.names',
  'activity.show',
  'activity.verify',
  'agents.list',
  'agents.create',
  'agents.rotate',
  'agents.revoke',
  'agents.runSample',
  'practice.show',
  'practice.set',
] as const;

export const feedNames = [
  'app.changed',
  'connections.changed',
  'unrevoked.changed',
  'policies.changed',
  'approvals.changed',
  'approvals.opened',
  'agents.changed',
  'activity.appended',
  'activity.exporting',
] as const;

export type CallName = (typeof callNames)[number];
export type FeedName = (typeof feedNames)[number];

/** Both directions travel on these two channels of Electron. */
export const callChannel = 'gatehouse:call';
export const feedChannel = 'gatehouse:feed';
