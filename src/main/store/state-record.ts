/**
 * Everything Gatehouse remembers between two starts, but for secrets: those are sealed one by one beside it.
 * Has a version and a table of upgrades; refuses a record that a newer Gatehouse wrote.
 */
import { z } from 'zod';
import { operatingModeSchema } from '../../preload/contract/gateway-shapes';
import { Fault } from '../../preload/contract/reply';
import { policyBookSchema } from './policy-book';

export const stateVersion = 3;

const atMs = z.number().nonnegative();

/** Short, and safe as a key of an object and as a part of associated data. */
export const storeIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);

export const connectionRecordSchema = z.object({
  connectionId: storeIdSchema,
  appId: z.string(),
  label: z.string(),
  alias: z.string(),
  /** Fields of the connect form that are no secret, for example a region or a base address. */
  values: z.record(z.string(), z.string()),
  /** Who the vendor says we are; empty where it does not say. */
  account: z.string(),
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('connected') }),
    /** The credentials are good; the consent or a permission is missing. */
    z.object({ kind: z.literal('needs_authorization'), reason: z.string() }),
    z.object({ kind: z.literal('needs_sign_in'), reason: z.string() }),
    z.object({ kind: z.literal('error'), reason: z.string() }),
  ]),
  connectedAtMs: atMs,
  lastCheckedAtMs: atMs,
  lastCheckTookMs: z.number().nonnegative(),
  /** The note shown once after connecting has not been closed yet. */
  noticeOpen: z.boolean(),
  toolsHash: z.string(),
  /** When a sign-in that cannot renew itself ends. */
  signInEndsAtMs: atMs.optional(),
});
export type ConnectionRecord = z.infer<typeof connectionRecordSchema>;

const disconnectedSchema = z.object({
  connectionId: storeIdSchema,
  appId: z.string(),
  label: z.string(),
  account: z.string(),
  /** As in the connection that went: where its vendor is. */
  values: z.record(z.string(), z.string()),
});

/** A disconnect that has begun: the connection is gone, its credentials are not yet. */
export const pendingDisconnectSchema = disconnectedSchema.extend({
  startedAtMs: atMs,
  /** `due` where the vendor has a way to revoke. */
  revocation: z.enum(['due', 'none']),
});
export type PendingDisconnect = z.infer<typeof pendingDisconnectSchema>;

/** Disconnected here, but not revoked at the vendor: the credentials stay sealed, for the next try. */
export const unrevokedSchema = disconnectedSchema.extend({ triedAtMs: atMs, reason: z.string() });
export type UnrevokedRecord = z.infer<typeof unrevokedSchema>;

/** What an agent may reach at most; policies decide within it. */
export const agentScopeSchema = z.object({
  /** Null for every connection, also those that come later. */
  connectionIds: z.array(storeIdSchema).nullable(),
  access: z.enum(['read', 'all']),
});
export type AgentScope = z.infer<typeof agentScopeSchema>;

/** What an agent gets that nobody narrows. */
export const fullScope: AgentScope = { connectionIds: null, access: 'all' };

export const agentRecordSchema = z.object({
  agentId: storeIdSchema,
  name: z.string(),
  kind: z.string(),
  /** SHA-256 of the agent's token; the token itself is shown once and never kept. */
  tokenHash: z.string().regex(/^[0-9a-f]{64}$/),
  createdAtMs: atMs,
  lastSeenAtMs: atMs.nullable(),
  revokedAtMs: atMs.nullable(),
  scope: agentScopeSchema,
  /** When the token stops working; null for never. */
  expiresAtMs: atMs.nullable(),
});
export type AgentRecord = z.infer<typeof agentRecordSchema>;

export const settingsRecordSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  gatewayPort: z.number().int().min(1024).max(65_535),
  approvalMinutes: z.number().int().min(1).max(60),
  /** Minutes without use after which the vault locks itself; null is never. */
  idleLockMinutes: z.number().int().positive().nullable(),
  /** Where sign-in pages of vendors are shown, unless one chooses otherwise. */
  signInWith: z.enum(['popup', 'browser']),
  /** Days of activity older than this are closed; null keeps everything. */
  retentionDays: z.number().int().min(1).max(36_500).nullable().default(null),
  /** Of the client id metadata document; empty where there is none. */
  clientDocumentUrl: z.string().default(''),
  /** Above this number of tools an agent gets a search in place of the list. */
  mostListedTools: z.number().int().min(1).max(10_000).default(60),
});

/** Where the activity log ended, so that a log cut short is noticed. */
export const logAnchorSchema = z.object({ lastSeq: z.number().int(), lastHash: z.string(), day: z.string() });

export const stateRecordSchema = z.object({
  version: z.literal(stateVersion),
  connections: z.array(connectionRecordSchema),
  agents: z.array(agentRecordSchema),
  settings: settingsRecordSchema,
  /** For all agents: `plan` runs reads and only describes the rest, `paused` runs nothing. */
  mode: operatingModeSchema,
  log: logAnchorSchema.nullable(),
  policies: policyBookSchema,
  /** Finished at once, or at the next start after a crash. */
  pendingDisconnects: z.array(pendingDisconnectSchema),
  /** Until revoking worked or the technician gave it up. */
  unrevoked: z.array(unrevokedSchema),
});
export type StateRecord = z.infer<typeof stateRecordSchema>;

/** What a new vault begins with. */
export function emptyState(): StateRecord {
  return {
    version: stateVersion,
    connections: [],
    agents: [],
    settings: {
      theme: 'system',
      gatewayPort: 8417,
      approvalMinutes: 10,
      idleLockMinutes: null,
      signInWith: 'popup',
      retentionDays: null,
      clientDocumentUrl: '',
      mostListedTools: 60,
    },
    mode: 'execute',
    log: null,
    policies: {},
    pendingDisconnects: [],
    unrevoked: [],
  };
}

/** From the version that is the key to the next one. Takes and gives plain JSON. */
export type StateUpgrades = Readonly<
  Record<number, (older: Record<string, unknown>) => Record<string, unknown>>
>;

/** Every new version adds the step from the one before it. */
export const stateUpgrades: StateUpgrades = { 1: toVersion2, 2: toVersion3 };

/**
 * Version 1 kept the ids of disconnects alone: only the credentials can still go, for nothing says at which vendor they were good.
 * It knew no sign-in pages.
 */
function toVersion2(older: Record<string, unknown>): Record<string, unknown> {
  const ids = z.array(z.string()).catch([]).parse(older.pendingDisconnects);
  const pendingDisconnects = ids.map((connectionId) => ({
    connectionId,
    appId: '',
    label: connectionId,
    account: '',
    values: {},
    startedAtMs: 0,
    revocation: 'none',
  }));
  const settings = { ...z.looseObject({}).catch({}).parse(older.settings), signInWith: 'popup' };
  return { ...older, settings, pendingDisconnects, unrevoked: [] };
}

/** Version 2 knew no scopes, no expiry and one operating mode: everything stays as wide as it was. */
function toVersion3(older: Record<string, unknown>): Record<string, unknown> {
  const agents = z.array(z.looseObject({})).catch([]).parse(older.agents);
  return {
    ...older,
    agents: agents.map((agent) => ({ ...agent, scope: fullScope, expiresAtMs: null })),
    mode: 'execute',
  };
}

/**
 * Brings stored JSON to the current version, step by step, without looking at its details.
 *
 * @throws Fault `store_from_future` for a newer version, `store_unreadable` when a step is missing.
 */
export function upgradeState(
  stored: unknown,
  upgrades: StateUpgrades = stateUpgrades,
  currentVersion: number = stateVersion,
): Record<string, unknown> {
  const versioned = z.looseObject({ version: z.number().int().nonnegative() }).safeParse(stored);
  if (!versioned.success) throw new Fault('store_unreadable', 'The stored state does not say its version.');
  let record: Record<string, unknown> = versioned.data;
  if (versioned.data.version > currentVersion) {
    throw new Fault(
      'store_from_future',
      `The stored state has version ${versioned.data.version}, and this Gatehouse knows ${currentVersion}. Use the newer Gatehouse that wrote it.`,
    );
  }
  for (let version = versioned.data.version; version < currentVersion; version += 1) {
    const step = upgrades[version];
    if (step === undefined) {
      throw new Fault(
        'store_unreadable',
        `There is no way from version ${version} of the stored state to the next.`,
      );
    }
    record = { ...step(record), version: version + 1 };
  }
  return record;
}

/**
 * Checks a whole record. The answer is a frozen copy: nothing that is held in memory can be changed in passing.
 *
 * @throws Fault `store_unreadable` naming the fields that are wrong, never what was in them.
 */
export function parseState(value: unknown): StateRecord {
  const parsed = stateRecordSchema.safeParse(value);
  if (parsed.success) return freezeDeep(parsed.data);
  const places = parsed.error.issues.slice(0, 5).map((issue) => issue.path.join('.') || 'the record');
  throw new Fault(
    'store_unreadable',
    `The state record does not have the expected shape at ${places.join(', ')}.`,
  );
}

function freezeDeep<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const inner of Object.values(value)) freezeDeep(inner);
    Object.freeze(value);
  }
  return value;
}
