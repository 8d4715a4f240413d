/**
 * The shape of an app in the catalog: how one signs in, where its API lies, and its tools as one request each.
 * Data and no code. Refuses what it does not know, so that a misspelt key cannot silently do nothing.
 */
import { z } from 'zod';
import { accessSchema, appIdSchema, policySchema } from '../../preload/contract/shapes';

export const categories = [
  'PSA',
  'RMM',
  'Microsoft 365',
  'Documentation',
  'Identity',
  'Security',
  'Backup',
  'Network',
  'Collaboration',
  'Finance',
  'Custom MCP',
] as const;

const httpsAddress = z.url({ protocol: /^https$/ });
const regexText = z.string().refine((text) => {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch (cause) {
    return cause === undefined;
  }
}, 'This is not a regular expression.');

/** One field of the connect form. `name` is what templates refer to as `{name}`. */
export const fieldSchema = z.strictObject({
  name: z.string().regex(/^[a-zA-Z][a-zA-Z0-9]*$/),
  /** The vendor's own word. */
  label: z.string().min(1).max(80),
  /** Where to find the value. */
  help: z.string().min(1).max(400),
  secret: z.boolean(),
  required: z.boolean().default(true),
  pattern: regexText.optional(),
  patternMessage: z.string().max(200).optional(),
  choices: z.array(z.strictObject({ value: z.string(), label: z.string() })).optional(),
  allowCustomChoice: z.boolean().optional(),
  default: z.string().optional(),
  /** `origin`: an https address reduced to scheme, host and port; a path, query or user name in it is refused. */
  normalize: z.enum(['trim', 'origin']).default('trim'),
});
export type AppField = z.infer<typeof fieldSchema>;

/**
 * Header values are templates over the form's fields: `{field}`. `basic` is a pair that becomes
 * `Basic base64(user:password)` (RFC 7617).
 */
const credentialsAuth = z.strictObject({
  kind: z.literal('credentials'),
  fields: z.array(fieldSchema).min(1),
  basic: z.strictObject({ user: z.string(), password: z.string() }).optional(),
  headers: z.record(z.string(), z.string()).default({}),
});

/** RFC 6749 §4.1 with PKCE S256 (RFC 7636). */
const oauthAuth = z.strictObject({
  kind: z.literal('oauth2'),
  fields: z.array(fieldSchema),
  authorizeUrl: z.string(),
  tokenUrl: z.string(),
  scopes: z.array(z.string()),
});

/** RFC 6749 §4.4. */
const clientCredentialsAuth = z.strictObject({
  kind: z.literal('clientCredentials'),
  fields: z.array(fieldSchema).min(1),
  tokenUrl: z.string(),
  scopes: z.array(z.string()),
});

/** A login request of the vendor's own; `token` and `expiresIn` say where they lie in the answer. */
const tokenExchangeAuth = z.strictObject({
  kind: z.literal('tokenExchange'),
  fields: z.array(fieldSchema).min(1),
  login: z.strictObject({ method: z.string(), path: z.string(), body: z.record(z.string(), z.string()) }),
  token: z.string(),
  expiresIn: z.string().optional(),
});

export const authSchema = z.discriminatedUnion('kind', [
  credentialsAuth,
  oauthAuth,
  clientCredentialsAuth,
  tokenExchangeAuth,
]);

/**
 * How arguments become one request. A string that is exactly `{name}` takes the argument with its type and
 * leaves the entry out when it is absent; other text is sent as it is. `bodyFrom` sends one argument whole.
 */
export const requestTemplateSchema = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  path: z.string().regex(/^\/[A-Za-z0-9/_.{}-]*$/),
  query: z.array(z.string()).default([]),
  body: z.array(z.string()).optional(),
  bodyFrom: z.string().optional(),
});

const jsonSchemaObject = z.looseObject({
  type: z.literal('object'),
  properties: z.record(z.string(), z.looseObject({})).default({}),
  required: z.array(z.string()).default([]),
  additionalProperties: z.literal(false),
});

export const toolSchema = z
  .strictObject({
    /** kebab-case, verb first, no vendor prefix. */
    name: z.string().regex(/^[a-z]+(-[a-z0-9]+)+$/),
    title: z.string().min(1).max(80),
    /** For the agent: what it does, when to use it, what it returns, limits. */
    description: z.string().min(20).max(1200),
    access: accessSchema,
    policy: policySchema.optional(),
    reason: z.string().max(200).optional(),
    unconfirmed: z.boolean().optional(),
    input: jsonSchemaObject,
    request: requestTemplateSchema,
    /** Names of fields in the answer that are masked before an agent sees it. */
    reveals: z.array(z.string()).default([]),
    /** The sentence on the approval card, blanks filled from the arguments: "Add a note to ticket {id}: {text}". */
    summary: z.string().min(1).max(200),
  })
  .refine((tool) => tool.policy === undefined || tool.reason !== undefined, {
    message: 'A vendor rule needs a reason.',
  });
export type AppTool = z.infer<typeof toolSchema>;

export const revokeSchema = z.discriminatedUnion('kind', [
  /** The vendor has no way to revoke: the sentence tells where to delete the key by hand. */
  z.strictObject({ kind: z.literal('byHand'), sentence: z.string().min(10).max(400) }),
  /** RFC 7009. */
  z.strictObject({ kind: z.literal('rfc7009'), url: z.string() }),
  z.strictObject({ kind: z.literal('endpoint'), method: z.string(), path: z.string() }),
]);

export const appSchema = z.strictObject({
  id: appIdSchema,
  name: z.string().min(1).max(80),
  vendor: z.string().min(1).max(80),
  category: z.enum(categories),
  summary: z.string().min(1).max(200),
  website: httpsAddress,
  docs: httpsAddress,
  logo: z.strictObject({ initials: z.string().min(1).max(3), colour: z.string().regex(/^#[0-9a-f]{6}$/) }),
  keywords: z.array(z.string()).default([]),
  /** The first part of tool names that agents see. */
  alias: z.string().regex(/^[a-z0-9]{2,16}$/),
  auth: authSchema,
  /** Sent with every request; templates over the fields that are not secret. */
  headers: z.record(z.string(), z.string()).default({}),
  /** Template over the fields that are not secret, for example `{siteUrl}/v4_6_release/apis/3.0`. */
  baseUrl: z.string(),
  /** How the connection names its account, for example `{companyId}`. */
  account: z.string(),
  /** The field that says where the account lives. */
  regionField: z.string().optional(),
  /** The cheap real request behind Test connection; `expect` are fields that a true answer has. */
  test: z.strictObject({ path: z.string(), expect: z.array(z.string()) }),
  revoke: revokeSchema,
  limits: z.strictObject({
    concurrency: z.number().int().min(1).max(64),
    unconfirmed: z.boolean().optional(),
  }),
  /** Where the vendor's own words lie in a failed answer. */
  errors: z.strictObject({
    message: z.string(),
    list: z.string().optional(),
    listMessage: z.string().optional(),
  }),
  tools: z.array(toolSchema).min(1),
});
export type App = z.infer<typeof appSchema>;

export const catalogSchema = z.array(appSchema);
