/**
 * The whole contract between window and main process: what each call takes and gives, what each feed carries.
 * Both sides are derived from it; nothing that is not here can be registered or called.
 * Inputs are strict (an unknown key is refused) and bounded; outputs strip what they do not name.
 */
import { z } from 'zod';
import * as activity from './activity-shapes';
import * as client from './client-shapes';
import * as ending from './disconnect-shapes';
import { grantIdSchema, operatingModeSchema, stopView } from './gateway-shapes';
import type { CallName, FeedName } from './names';
import { policiesView, toolDetailView } from './policy-shapes';
import { vendorMoodSchema } from './practice-shapes';
import { probeView, serverToolsView } from './server-shapes';
import * as shape from './shapes';

const nothing = z.strictObject({});
const formValues = z
  .record(z.string().max(60), z.string().max(8000))
  .refine((values) => Object.keys(values).length <= 40, 'A form has at most 40 fields.');
const label = z.string().trim().min(1, 'Give the connection a label.').max(80);
const serverUrl = z.string().max(2000);
/** How one signs in at a custom server; secrets travel inwards only. */
const serverChoice = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('bearer'), token: z.string().max(8000) }),
  z.strictObject({
    kind: z.literal('headers'),
    headers: z.array(z.strictObject({ name: z.string().max(100), value: z.string().max(8000) })).max(20),
  }),
  z.strictObject({
    kind: z.literal('oauth'),
    clientId: z.string().max(2000),
    clientSecret: z.string().max(8000),
    allowWithoutPkce: z.boolean(),
  }),
]);
const agentName = z.string().trim().min(1, 'Give the agent a name.').max(60);
const agentScope = z.strictObject({ ...shape.agentScopeView.shape });
const expiresAtMs = z.number().int().nonnegative().nullable();
const passphrase = z.string().min(1, 'Type the passphrase.').max(1000);

const entry = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) => ({ input, output });
const done = z.object({});

export const calls = {
  'app.status': entry(nothing, shape.statusView),
  'app.openPractice': entry(nothing, done),
  'vault.create': entry(z.strictObject({ passphrase }), shape.vaultView),
  'vault.unlock': entry(z.strictObject({ passphrase: passphrase.optional() }), shape.vaultView),
  'vault.lock': entry(nothing, shape.vaultView),
  'settings.show': entry(nothing, shape.settingsView),
  'settings.save': entry(z.strictObject({ ...shape.settingsView.shape }), shape.settingsView),
  'catalog.list': entry(nothing, z.array(shape.appCardView)),
  'catalog.show': entry(z.strictObject({ appId: shape.appIdSchema }), shape.appView),
  'catalog.openDocs': entry(z.strictObject({ appId: shape.appIdSchema }), done),
  'connections.list': entry(nothing, z.array(shape.connectionView)),
  'connections.test': entry(
    z.strictObject({ appId: shape.appIdSchema, values: formValues }),
    shape.testedView,
  ),
  'connections.connect': entry(
    z.strictObject({
      appId: shape.appIdSchema,
      label,
      values: formValues,
      /** Only for apps that sign in by OAuth; a popup where it is left out. */
      signInWith: shape.signInWaySchema.optional(),
    }),
    shape.connectionView,
  ),
  /** Ends what runs: a test or connect of an app, a check or reconnect of a connection. Nothing is saved then. */
  'connections.cancel': entry(
    z.strictObject({ attempt: z.union([shape.connectionIdSchema, shape.appIdSchema]) }),
    done,
  ),
  'connections.check': entry(
    z.strictObject({ connectionId: shape.connectionIdSchema }),
    shape.connectionView,
  ),
  'connections.reconnect': entry(
    z.strictObject({
      connectionId: shape.connectionIdSchema,
      /** A secret that is left empty stays as it is. */
      values: formValues,
      signInWith: shape.signInWaySchema.optional(),
    }),
    shape.connectionView,
  ),
  /** What was typed into the connect form, but for secrets. */
  'connections.form': entry(
    z.strictObject({ connectionId: shape.connectionIdSchema }),
    z.object({ values: z.record(z.string(), z.string()) }),
  ),
  'connections.rename': entry(
    z.strictObject({ connectionId: shape.connectionIdSchema, label }),
    shape.connectionView,
  ),
  'connections.dismissNotice': entry(z.strictObject({ connectionId: shape.connectionIdSchema }), done),
  'connections.previewDisconnect': entry(
    z.strictObject({ connectionId: shape.connectionIdSchema }),
    ending.disconnectPreviewView,
  ),
  'connections.disconnect': entry(
    z.strictObject({ connectionId: shape.connectionIdSchema }),
    ending.disconnectedView,
  ),
  'connections.unrevoked': entry(nothing, z.array(ending.unrevokedView)),
  'connections.retryRevoke': entry(
    z.strictObject({ connectionId: shape.connectionIdSchema }),
    ending.disconnectedView,
  ),
  /** Deletes credentials that were kept to revoke their access: it may live on at the vendor. */
  'connections.giveUpRevoke': entry(z.strictObject({ connectionId: shape.connectionIdSchema }), done),
  'servers.tools': entry(nothing, serverToolsView),
  /** Looks at what answers at an address. Sends no credentials, saves nothing. */
  'servers.probe': entry(z.strictObject({ url: serverUrl }), probeView),
  /** Ends a probe or an attempt to connect. Nothing is saved then. */
  'servers.cancel': entry(z.strictObject({ connectionId: shape.connectionIdSchema.optional() }), done),
  'servers.connect': entry(
    z.strictObject({
      url: serverUrl,
      name: label,
      choice: serverChoice,
      signInWith: shape.signInWaySchema.optional(),
    }),
    shape.connectionView,
  ),
  'servers.reconnect': entry(
    z.strictObject({
      connectionId: shape.connectionIdSchema,
      choice: serverChoice,
      signInWith: shape.signInWaySchema.optional(),
    }),
    shape.connectionView,
  ),
  /** What a custom server may ask of agents in the middle of a call; everything else is refused. */
  'servers.allow': entry(
    z.strictObject({ connectionId: shape.connectionIdSchema, mayAsk: z.array(shape.mayAskSchema).max(3) }),
    shape.connectionView,
  ),
  'policies.show': entry(z.strictObject({ connectionId: shape.connectionIdSchema }), policiesView),
  'policies.tool': entry(
    z.strictObject({ connectionId: shape.connectionIdSchema, tool: shape.toolNameSchema }),
    toolDetailView,
  ),
  'policies.save': entry(
    z.strictObject({
      connectionId: shape.connectionIdSchema,
      baseRevision: z.number().int().nonnegative(),
      edits: z
        .array(z.strictObject({ tool: shape.toolNameSchema, policy: shape.policySchema }))
        .min(1)
        .max(20_000),
    }),
    policiesView,
  ),
  /** Takes changed definitions of a custom server's tools for looked at. */
  'policies.accept': entry(
    z.strictObject({
      connectionId: shape.connectionIdSchema,
      baseRevision: z.number().int().nonnegative(),
      tools: z.array(shape.toolNameSchema).min(1).max(10_000),
    }),
    policiesView,
  ),
  'approvals.list': entry(nothing, shape.approvalsView),
  'approvals.decide': entry(
    z.strictObject({
      approvalId: shape.approvalIdSchema,
      decision: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('approve') }),
        z.strictObject({ kind: z.literal('grant') }),
        z.strictObject({ kind: z.literal('deny'), reason: z.string().max(500) }),
      ]),
    }),
    shape.decidedApprovalView,
  ),
  'approvals.endGrant': entry(z.strictObject({ grantId: grantIdSchema }), shape.approvalsView),
  'activity.list': entry(
    activity.activityFilter.extend({
      beforeSeq: z.number().int().optional(),
      limit: z.number().int().min(1).max(200),
    }),
    shape.activityPageView,
  ),
  /** Calls by outcome over time, for the same filters as the list. */
  'activity.chart': entry(activity.activityFilter, activity.activityChartView),
  /** Asks where to save, then writes everything that matches. */
  'activity.export': entry(activity.exportWish, activity.exportedView),
  'activity.cancelExport': entry(nothing, done),
  /** What would be closed now if activity were kept for so many days. */
  'activity.previewRetention': entry(
    z.strictObject({ keepDays: z.number().int().min(1).max(36_500) }),
    activity.daysAndRecords,
  ),
  'activity.names': entry(nothing, activity.activityNamesView),
  'activity.show': entry(z.strictObject({ seq: z.number().int().positive() }), shape.activityRecordView),
  'activity.verify': entry(nothing, shape.verifyView),
  'gateway.setMode': entry(z.strictObject({ mode: operatingModeSchema }), done),
  /** What Stop everything would end now. */
  'gateway.previewStop': entry(nothing, stopView),
  'gateway.stopEverything': entry(nothing, stopView),
  'agents.list': entry(nothing, z.array(shape.agentView)),
  'agents.create': entry(
    z.strictObject({
      name: agentName,
      kind: z.string().trim().min(1).max(40),
      scope: agentScope.default({ connectionIds: null, access: 'all' }),
      expiresAtMs: expiresAtMs.default(null),
    }),
    shape.newAgentView,
  ),
  /** What is left out stays. The token stays too. */
  'agents.change': entry(
    z.strictObject({
      agentId: shape.agentIdSchema,
      name: agentName.optional(),
      scope: agentScope.optional(),
      expiresAtMs: expiresAtMs.optional(),
    }),
    shape.agentView,
  ),
  'agents.rotate': entry(z.strictObject({ agentId: shape.agentIdSchema }), shape.newAgentView),
  /** Practice workspace only: the sample agent lists tickets, reads one and asks to add a note. */
  'agents.runSample': entry(nothing, done),
  /** Practice workspace only: how the simulated vendor behaves from now on. */
  'practice.show': entry(z.strictObject({ appId: shape.appIdSchema }), z.object({ mood: vendorMoodSchema })),
  'practice.set': entry(
    z.strictObject({ appId: shape.appIdSchema, mood: vendorMoodSchema }),
    z.object({ mood: vendorMoodSchema }),
  ),
  'agents.revoke': entry(z.strictObject({ agentId: shape.agentIdSchema }), shape.agentView),
  /** Programs whose configuration Gatehouse can write, with their files on this computer. */
  'clients.list': entry(nothing, client.clientsView),
  /** What writing the token would change. The token travels inwards only; what comes back is masked. */
  'clients.preview': entry(client.wantedWrite, client.previewView),
  /** Writes what was shown: `basis` is from the preview. */
  'clients.write': entry(
    z.strictObject({ ...client.wantedWrite.shape, basis: client.basisSchema }),
    client.writtenView,
  ),
  'clients.undo': entry(
    z.strictObject({ undoId: client.undoIdSchema }),
    z.object({ path: z.string().max(1000) }),
  ),
  /** Other MCP servers in the files of clients. */
  'clients.found': entry(nothing, client.foundView),
  /** Connects one of them with the credentials that stand in the file, and takes it out of the file. */
  'clients.import': entry(client.wantedImport, client.importedView),
} as const satisfies Record<CallName, { input: z.ZodType; output: z.ZodType }>;

export const feeds = {
  'app.changed': shape.statusView,
  'connections.changed': z.array(shape.connectionView),
  'unrevoked.changed': z.array(ending.unrevokedView),
  'policies.changed': z.object({ connectionId: shape.connectionIdSchema, revision: z.number() }),
  'approvals.changed': shape.approvalsView,
  /** The notification of the system was clicked: Approvals is wanted, with this question first. */
  'approvals.opened': z.object({ approvalId: shape.approvalIdSchema }),
  'agents.changed': z.array(shape.agentView),
  'activity.exporting': activity.exportProgress,
  'activity.appended': z.object({ lastSeq: z.number() }),
} as const satisfies Record<FeedName, z.ZodType>;

/** What the window hands in; branded ids are plain strings there until they are parsed. */
export type CallInput<Name extends CallName> = z.input<(typeof calls)[Name]['input']>;
/** What the handler gets: parsed. */
export type ParsedInput<Name extends CallName> = z.output<(typeof calls)[Name]['input']>;
export type CallOutput<Name extends CallName> = z.output<(typeof calls)[Name]['output']>;
export type FeedValue<Name extends FeedName> = z.output<(typeof feeds)[Name]>;

/** Main's side: one function per call, no more and no fewer. */
export type Handlers = {
  readonly [Name in CallName]: (input: ParsedInput<Name>) => Promise<CallOutput<Name>>;
};
