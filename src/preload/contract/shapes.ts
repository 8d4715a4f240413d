/**
 * What may cross to the window. Every shape strips what it does not name, so that a secret has no way
 * through: no shape here has room for one, but the token that is shown once when an agent is made.
 */
import { z } from 'zod';
import { accessSchema } from './access';
import { grantView, operatingModeSchema } from './gateway-shapes';

const line = (max: number) => z.string().max(max);
const atMs = z.number().int().nonnegative();

export const policySchema = z.enum(['auto', 'approval_needed', 'disabled']);
export type Policy = z.infer<typeof policySchema>;

export { type Access, accessSchema } from './access';

export const connectionIdSchema = z
  .string()
  .regex(/^con_[a-z0-9]{8,32}$/)
  .brand<'ConnectionId'>();
export type ConnectionId = z.infer<typeof connectionIdSchema>;
export const agentIdSchema = z
  .string()
  .regex(/^agt_[a-z0-9]{8,32}$/)
  .brand<'AgentId'>();
export type AgentId = z.infer<typeof agentIdSchema>;
export const approvalIdSchema = z
  .string()
  .regex(/^apr_[a-z0-9]{8,32}$/)
  .brand<'ApprovalId'>();
export const appIdSchema = z.string().regex(/^[a-z0-9-]{1,60}$/);
export const toolNameSchema = z.string().min(1).max(128);

export const protectorView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('keychain'), name: line(80) }),
  z.object({ kind: z.literal('passphrase') }),
]);

export const vaultView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('unlocked'), protector: protectorView }),
  z.object({ kind: z.literal('locked'), protector: protectorView, why: line(400).optional() }),
  z.object({ kind: z.literal('needs_passphrase'), why: line(400) }),
  z.object({ kind: z.literal('unreadable'), why: line(600), keptAs: line(300) }),
]);
export type VaultView = z.infer<typeof vaultView>;

export const gatewayView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('listening'), url: line(100), port: z.number() }),
  z.object({ kind: z.literal('port_taken'), port: z.number(), nextFreePort: z.number() }),
  z.object({ kind: z.literal('stopped'), why: line(300) }),
]);
export type GatewayView = z.infer<typeof gatewayView>;

export const statusView = z.object({
  version: line(60),
  /** True in the practice workspace: marked on every screen. */
  practice: z.boolean(),
  vault: vaultView,
  gateway: gatewayView,
  mode: operatingModeSchema,
  /** What a start or a save wants the technician to know, for example a store recovered from its last good copy. */
  notices: z.array(line(600)).max(20),
});
export type StatusView = z.infer<typeof statusView>;

/** Where the vendor's sign-in page is shown. */
export const signInWaySchema = z.enum(['popup', 'browser']);
export type SignInWay = z.infer<typeof signInWaySchema>;

export const settingsView = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  gatewayPort: z.number().int().min(1024).max(65535),
  approvalMinutes: z.number().int().min(1).max(60),
  /** Above this number of tools an agent gets a search in place of the list. */
  mostListedTools: z.number().int().min(1).max(10_000),
  idleLockMinutes: z.number().int().min(1).max(480).nullable(),
  signInWith: signInWaySchema,
  /** Days of activity older than this are replaced by signed summaries; null keeps everything. */
  retentionDays: z.number().int().min(1).max(36_500).nullable(),
  /** Where the organisation publishes Gatehouse's client id metadata document (draft-ietf-oauth-client-id-metadata-document); may be empty. */
  clientDocumentUrl: line(2000).refine(
    (url) => url === '' || /^https:\/\/[^/?#@\s]+\/[^?#\s]+$/.test(url),
    'The client ID metadata document needs an https:// address with a path, for example https://contoso.example/gatehouse.json.',
  ),
});
export type SettingsView = z.infer<typeof settingsView>;

export const appCardView = z.object({
  appId: line(60),
  name: line(80),
  vendor: line(80),
  category: line(40),
  summary: line(200),
  logo: z.object({ initials: line(3), colour: line(9) }),
  keywords: z.array(line(60)).max(40),
  toolNames: z.array(line(128)).max(5000),
});
export type AppCardView = z.infer<typeof appCardView>;

export const fieldView = z.object({
  name: line(60),
  label: line(80),
  help: line(400),
  secret: z.boolean(),
  required: z.boolean(),
  pattern: line(400).optional(),
  patternMessage: line(200).optional(),
  choices: z.array(z.object({ value: line(300), label: line(100) })).optional(),
  allowCustomChoice: z.boolean().optional(),
  /** The catalog's default; in the practice workspace the sample credential, which opens nothing real. */
  default: line(400).optional(),
});
export type FieldView = z.infer<typeof fieldView>;

export const appView = appCardView.extend({
  /** `oauth` shows the vendor's sign-in page after the form. */
  signIn: z.enum(['form', 'oauth']),
  /** The address that the MSP registers at the vendor; only with `oauth`. */
  redirectUri: line(200).optional(),
  /** False where the system browser cannot reach the vendor: in the practice workspace. */
  browserAllowed: z.boolean(),
  /** What Settings say, for the first choice. */
  signInWith: signInWaySchema,
  docs: line(300),
  fields: z.array(fieldView),
  defaultLabel: line(80),
});
export type AppView = z.infer<typeof appView>;

export const connectionStateView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connected') }),
  z.object({ kind: z.literal('connecting') }),
  z.object({ kind: z.literal('needs_authorization'), reason: line(600) }),
  z.object({ kind: z.literal('needs_sign_in'), reason: line(600) }),
  z.object({ kind: z.literal('error'), reason: line(600) }),
]);
export type ConnectionStateView = z.infer<typeof connectionStateView>;

/** A question to the person in front of the agent, or a text from the agent's model. */
export const mayAskSchema = z.enum(['elicitation', 'sampling', 'roots']);

/** How one signs in at a custom MCP server. */
export const serverAuthSchema = z.enum(['none', 'bearer', 'headers', 'oauth']);

export const connectionView = z.object({
  connectionId: connectionIdSchema,
  appId: line(60),
  appName: line(80),
  category: line(40),
  logo: z.object({ initials: line(3), colour: line(9) }),
  label: line(80),
  /** The first part of every tool name that an agent sees: `<alias>__<tool>`. */
  alias: line(40),
  state: connectionStateView,
  account: line(200),
  region: line(200),
  /** Only of custom MCP servers. */
  server: z
    .object({
      url: line(2000),
      /** The version of MCP that it speaks; empty until it was told. */
      protocol: line(40),
      auth: serverAuthSchema,
      /** Signed in although PKCE was not offered: waived by a technician for this server. */
      withoutPkce: z.boolean(),
      /** The names of the headers that carry its credentials. */
      headerNames: z.array(line(100)).max(20),
      /** Only where Gatehouse was registered by hand. */
      clientId: line(2000),
      /** What it may ask of an agent in the middle of a call. */
      mayAsk: z.array(mayAskSchema).max(3),
    })
    .nullable(),
  connectedAtMs: atMs,
  lastCheckedAtMs: atMs,
  lastCheckTookMs: z.number().nonnegative(),
  toolCount: z.number().int().nonnegative(),
  counts: z.object({ auto: z.number(), approvalNeeded: z.number(), disabled: z.number() }),
  callsToday: z.object({ calls: z.number(), failed: z.number() }),
  /** When the access in use ends, and whether it renews itself then; null where nothing ends or it is not known. */
  signInEnd: z.object({ atMs, renews: z.boolean() }).nullable(),
  /** The notice after connecting, until it is dismissed. */
  noticeOpen: z.boolean(),
});
export type ConnectionView = z.infer<typeof connectionView>;

export const testedView = z.object({ account: line(200), tookMs: z.number() });
export type TestedView = z.infer<typeof testedView>;

export const approvalView = z.object({
  approvalId: approvalIdSchema,
  agentName: line(80),
  connectionLabel: line(80),
  /** `connectwise-psa:add-ticket-note` */
  tool: line(200),
  access: accessSchema,
  /** What will happen, in one sentence made by the catalog. */
  sentence: line(600),
  /** The exact arguments, pretty printed, secrets masked. */
  argumentsJson: line(70_000),
  /** "POST /service/tickets/{id}/notes" */
  request: line(600),
  /** Whether it can be approved for 30 minutes. */
  mayGrant: z.boolean(),
  askedAtMs: atMs,
  expiresAtMs: atMs,
});
export type ApprovalView = z.infer<typeof approvalView>;

/** The history holds no more; older decisions are in Activity. */
export const maxDecidedApprovals = 200;

const decidedQuestion = approvalView.pick({ approvalId: true, agentName: true, tool: true, sentence: true });
export const decidedApprovalView = decidedQuestion.extend({
  decision: z.enum(['approved', 'denied', 'expired', 'voided']),
  decidedAtMs: atMs,
  by: line(80),
  reason: line(500),
});
export type DecidedApprovalView = z.infer<typeof decidedApprovalView>;

export const approvalsView = z.object({
  waiting: z.array(approvalView).max(1000),
  decided: z.array(decidedApprovalView).max(maxDecidedApprovals),
  grants: z.array(grantView).max(200),
});
export type ApprovalsView = z.infer<typeof approvalsView>;

/** What an agent may reach at most; policies decide within it. */
export const agentScopeView = z.object({
  /** Null for every connection, also those that come later. */
  connectionIds: z.array(connectionIdSchema).max(500).nullable(),
  access: z.enum(['read', 'all']),
});
export type AgentScopeView = z.infer<typeof agentScopeView>;

export const agentView = z.object({
  agentId: agentIdSchema,
  name: line(80),
  kind: line(40),
  createdAtMs: atMs,
  lastSeenAtMs: atMs.nullable(),
  callsToday: z.number(),
  toolCount: z.number(),
  /** About how many tokens the list of its tools costs it. */
  toolTokens: z.number().int().nonnegative(),
  revokedAtMs: atMs.nullable(),
  scope: agentScopeView,
  /** When its token stops working; null for never. */
  expiresAtMs: atMs.nullable(),
});
export type AgentView = z.infer<typeof agentView>;

/** The only shape that carries a token: shown once, when it is made, and never again. */
export const newAgentView = z.object({ agent: agentView, token: line(200), url: line(100) });
export type NewAgentView = z.infer<typeof newAgentView>;

export const outcomeSchema = z.enum([
  'allowed',
  'approved',
  'denied',
  'refused',
  'failed',
  'waiting',
  'planned',
  'unknown',
  'changed',
  'connected',
  'disconnected',
  'created',
  'revoked',
  'noted',
]);
export type Outcome = z.infer<typeof outcomeSchema>;

export const activityRowView = z.object({
  seq: z.number().int(),
  atMs,
  kind: line(40),
  who: line(80),
  what: line(260),
  outcome: outcomeSchema,
  detail: line(600),
  tookMs: z.number().nullable(),
});

export const activityPageView = z.object({
  rows: z.array(activityRowView).max(500),
  /** As far as was looked. */
  matched: z.number(),
  more: z.boolean(),
  /** How far back a search in texts has looked; null for all of it. The same question again looks further. */
  lookedBackToMs: z.number().nullable(),
});
export type ActivityPageView = z.infer<typeof activityPageView>;

/** Every record that belongs to one row, pretty printed, bodies opened and redacted. */
export const activityRecordView = z.object({ seq: z.number(), records: z.array(line(140_000)).max(10) });

export const verifyView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('intact'), records: z.number(), files: z.number(), atMs }),
  z.object({
    kind: z.literal('broken'),
    file: line(100),
    line: z.number(),
    problem: line(600),
    atMs,
  }),
]);
export type VerifyView = z.infer<typeof verifyView>;
