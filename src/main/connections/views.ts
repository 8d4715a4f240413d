/**
 * Records as the window may see them. Pure copies without secrets.
 */
import type { DisconnectPreviewView, UnrevokedView } from '../../preload/contract/disconnect-shapes';
import type { PoliciesView, ToolDetailView } from '../../preload/contract/policy-shapes';
import type { AppCardView, AppView, ConnectionView, SignInWay } from '../../preload/contract/shapes';
import { connectionIdSchema, mayAskSchema } from '../../preload/contract/shapes';
import { type App, customAppId } from '../catalog/app';
import { isPracticeAddress } from '../catalog/practice-address';
import { redirectAddress } from '../catalog/redirect-address';
import { describeRequest } from '../catalog/request-template';
import { countPolicies, whyOf } from '../policies/save';
import type { ConnectionPolicies } from '../store/policy-book';
import type { ConnectionRecord, UnrevokedRecord } from '../store/state-record';
import type { SignInEnd } from './sign-in';

export function appCardView(app: App): AppCardView {
  return {
    appId: app.id,
    name: app.name,
    vendor: app.vendor,
    category: app.category,
    summary: app.summary,
    logo: app.logo,
    keywords: [...app.keywords],
    toolNames: app.tools.map((tool) => tool.name),
  };
}

/** @param samples Sample credentials of the practice workspace, by field; empty elsewhere. */
export function appView(app: App, samples: Readonly<Record<string, string>>, preferred: SignInWay): AppView {
  const { auth } = app;
  return {
    ...appCardView(app),
    signIn: auth.kind === 'oauth2' ? 'oauth' : 'form',
    ...(auth.kind === 'oauth2' ? { redirectUri: redirectAddress(auth.redirect) } : {}),
    browserAllowed: Object.keys(samples).length === 0,
    signInWith: Object.keys(samples).length === 0 ? preferred : 'popup',
    docs: app.docs,
    defaultLabel: app.name,
    fields: app.auth.fields.map((field) => ({
      name: field.name,
      label: field.label,
      help: field.help,
      secret: field.secret,
      required: field.required,
      pattern: field.pattern,
      patternMessage: field.patternMessage,
      choices: choicesOf(field.choices, samples[field.name]),
      allowCustomChoice: field.allowCustomChoice,
      default: samples[field.name] ?? field.default,
    })),
  };
}

/** What was typed into the form, but for secrets; what was found out besides is left out. */
export function typedValues(record: ConnectionRecord, app: App | undefined): Record<string, string> {
  const typed = new Set(app?.auth.fields.filter((field) => !field.secret).map((field) => field.name));
  return Object.fromEntries(Object.entries(record.values).filter(([name]) => typed.has(name)));
}

function choicesOf(choices: App['auth']['fields'][number]['choices'], sample: string | undefined) {
  if (choices === undefined || sample === undefined || choices.some(({ value }) => value === sample))
    return choices;
  return [{ value: sample, label: 'Practice workspace' }, ...choices];
}

export interface CallCounts {
  readonly calls: number;
  readonly failed: number;
}

export function connectionView(
  record: ConnectionRecord,
  app: App | undefined,
  policies: ConnectionPolicies | undefined,
  callsToday: CallCounts,
  end: SignInEnd | undefined,
): ConnectionView {
  const counts = policies === undefined ? undefined : countPolicies(policies);
  return {
    connectionId: connectionIdSchema.parse(record.connectionId),
    appId: record.appId,
    appName: app?.name ?? record.appId,
    category: app?.category ?? 'Custom MCP',
    logo: app?.logo ?? { initials: '{}', colour: '#475569' },
    label: record.label,
    alias: record.alias,
    state: record.state,
    account: record.account,
    region: regionOf(record, app),
    server: record.appId === customAppId ? serverView(record.values) : null,
    connectedAtMs: record.connectedAtMs,
    lastCheckedAtMs: record.lastCheckedAtMs,
    lastCheckTookMs: record.lastCheckTookMs,
    toolCount: policies === undefined ? 0 : Object.keys(policies.tools).length,
    counts: {
      auto: counts?.auto ?? 0,
      approvalNeeded: counts?.approvalNeeded ?? 0,
      disabled: counts?.disabled ?? 0,
    },
    callsToday: { calls: callsToday.calls, failed: callsToday.failed },
    signInEnd:
      record.signInEndsAtMs === undefined ? (end ?? null) : { atMs: record.signInEndsAtMs, renews: false },
    noticeOpen: record.noticeOpen,
  };
}

/** Where a custom server is, and how one signs in there. */
function serverView(values: ConnectionRecord['values']): NonNullable<ConnectionView['server']> {
  const auth = values.auth ?? 'none';
  return {
    url: values.url ?? '',
    protocol: values.protocol ?? '',
    auth: auth === 'bearer' || auth === 'headers' || auth === 'oauth' ? auth : 'none',
    withoutPkce: values.withoutPkce !== undefined,
    headerNames: (values.headerNames ?? '').split('\n').filter((name) => name !== ''),
    mayAsk: mayAskSchema.options.filter((kind) => (values.mayAsk ?? '').split('\n').includes(kind)),
    clientId: values.clientBy === 'hand' ? (values.clientId ?? '') : '',
  };
}

function regionOf(record: ConnectionRecord, app: App | undefined): string {
  if (app?.regionField === undefined) return '';
  const value = record.values[app.regionField] ?? '';
  const field = app.auth.fields.find((one) => one.name === app.regionField);
  if (isPracticeAddress(value)) return 'Practice workspace';
  return field?.choices?.find((choice) => choice.value === value)?.label ?? value;
}

/** A tool as people read of it, whether the catalog or a custom server defines it. */
export interface ShownTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: unknown;
  /** "POST /service/tickets/{id}/notes" */
  readonly request: string;
  /** What is conspicuous about its definition. */
  readonly warning?: string | undefined;
  /** What a custom server says of it now, field by field, until somebody has accepted it. */
  readonly changes?: ToolDetailView['changes'];
}

export function shownTools(app: App): readonly ShownTool[] {
  return app.tools.map((tool) => ({
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: tool.input,
    request: describeRequest(tool),
  }));
}

/** Rows in the order of the tools; those that are not among them any more come last. */
export function policiesView(
  connectionId: string,
  policies: ConnectionPolicies,
  tools: readonly ShownTool[],
  lastUsed: ReadonlyMap<string, number>,
  formatDay: (atMs: number) => string,
  refused: PoliciesView['refused'],
): PoliciesView {
  const known = new Map(tools.map((tool) => [tool.name, tool]));
  const order = new Map(tools.map((tool, index) => [tool.name, index]));
  const names = Object.keys(policies.tools).sort(
    (a, b) => (order.get(a) ?? Number.MAX_SAFE_INTEGER) - (order.get(b) ?? Number.MAX_SAFE_INTEGER),
  );
  return {
    connectionId: connectionIdSchema.parse(connectionId),
    revision: policies.revision,
    refused,
    rows: names.flatMap((name) => {
      const row = policies.tools[name];
      if (row === undefined) return [];
      return {
        name,
        title: known.get(name)?.title ?? name,
        drift: row.drift?.kind ?? null,
        warning: known.get(name)?.warning ?? '',
        access: row.access,
        policy: row.policy,
        defaultPolicy: row.defaultPolicy,
        why: whyOf(row, formatDay),
        lastUsedAtMs: lastUsed.get(name) ?? null,
      };
    }),
  };
}

export function toolDetailView(
  tool: ShownTool,
  revision: number,
  lastCalls: ToolDetailView['lastCalls'],
): ToolDetailView {
  const { name, description, request, warning = '', changes = [] } = tool;
  const inputSchema = JSON.stringify(tool.inputSchema, null, 2);
  return { revision, name, description, inputSchema, request, warning, changes, lastCalls };
}

export function disconnectPreviewView(
  record: ConnectionRecord,
  app: App | undefined,
  policies: ConnectionPolicies | undefined,
  agents: readonly string[],
  waitingApprovals: number,
): DisconnectPreviewView {
  const counts = policies === undefined ? undefined : countPolicies(policies);
  const toolCount = policies === undefined ? 0 : Object.keys(policies.tools).length;
  const visible = toolCount - (counts?.disabled ?? 0);
  return {
    label: record.label,
    toolCount,
    customisedCount: counts?.customised ?? 0,
    agents: agents.map((name) => ({ name, toolCount: visible })),
    waitingApprovals,
    revocation: revocationSentence(app),
  };
}

/** What will become of the account at the vendor. */
function revocationSentence(app: App | undefined): string {
  if (app === undefined) return 'The credentials are deleted from the vault.';
  switch (app.revoke.kind) {
    case 'nothing':
      return 'There are no credentials, so there is nothing to revoke.';
    case 'byHand':
      return `The connected account has to be revoked by hand. ${app.revoke.sentence}`;
    case 'rfc7009':
    case 'endpoint':
      return `The connected account is revoked at ${app.name}.`;
  }
}

export function unrevokedView(record: UnrevokedRecord, app: App | undefined): UnrevokedView {
  return {
    connectionId: connectionIdSchema.parse(record.connectionId),
    label: record.label,
    appName: app?.name ?? record.appId,
    reason: record.reason,
    triedAtMs: record.triedAtMs,
  };
}
