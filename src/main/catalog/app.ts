/**
 * The shape of an app in the catalog: how one signs in, where its API lies, and its tools as one request each.
 * Data and no code. Refuses what it does not know, so that a misspelt key cannot silently do nothing.
 */
import { z } from 'zod';
import { accessSchema, appIdSchema, policySchema } from '../../preload/contract/shapes';

/** The app id of every custom MCP server; no app of the catalog has it. */
export const customAppId = 'custom-mcp';

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

/** A request of the sign-in itself. Every text is a template over all fields, secret ones too. */
const signInRequest = z.strictObject({
  method: z.enum(['GET', 'POST']),
  /** A whole https address, for example `{serverUrl}/api/auth/authenticate`. */
  url: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
  /** Becomes `Basic base64(user:password)` (RFC 7617). */
  basic: z.strictObject({ user: z.string(), password: z.string() }).optional(),
  body: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('json'), values: z.record(z.string(), z.string()) }),
      z.strictObject({ kind: z.literal('form'), values: z.record(z.string(), z.string()) }),
      z.strictObject({ kind: z.literal('text'), text: z.string() }),
      /** A JSON string, quotes and all. */
      z.strictObject({ kind: z.literal('jsonText'), text: z.string() }),
    ])
    .optional(),
});
export type SignInRequest = z.infer<typeof signInRequest>;

/** Header values are templates over all fields; where the app hands out tokens, also over `{token}`. */
const signInHeaders = z.record(z.string(), z.string());

/** The values of the form themselves are put on every request. */
const credentialsAuth = z.strictObject({
  kind: z.literal('credentials'),
  fields: z.array(fieldSchema).min(1),
  basic: z.strictObject({ user: z.string(), password: z.string() }).optional(),
  headers: signInHeaders.default({}),
});

/** RFC 6749 §4.1 with PKCE S256 (RFC 7636), in a popup or in the system browser. */
const oauthAuth = z.strictObject({
  kind: z.literal('oauth2'),
  /** What is asked before the popup opens, for example the client ID that the MSP registered. */
  fields: z.array(fieldSchema),
  authorizeUrl: z.string(),
  tokenUrl: z.string(),
  clientId: z.string(),
  /** A template that may come out empty: then the client is a public one. */
  clientSecret: z.string().optional(),
  /** How the secret is shown (RFC 6749 §2.3.1): in the form where this is left out. */
  clientAuth: z.enum(['form', 'basic']).optional(),
  /** RFC 8707; a template. */
  resource: z.string().optional(),
  /** Space separated; a template. */
  scope: z.string(),
  /** Sent to the authorize address besides, for example `prompt`. */
  authorizeParams: z.record(z.string(), z.string()).default({}),
  /** The loopback address that the MSP registers. Without `port` any free one is used (RFC 8252 §7.3). */
  redirect: z.strictObject({
    host: z.enum(['127.0.0.1', 'localhost']),
    port: z.number().int().min(1024).max(65535).optional(),
    path: z.string().regex(/^\/[a-z/]*$/),
  }),
  headers: signInHeaders.default({ Authorization: 'Bearer {token}' }),
});

/** RFC 6749 §4.4, asked again when the token ends. */
const clientCredentialsAuth = z.strictObject({
  kind: z.literal('clientCredentials'),
  fields: z.array(fieldSchema).min(1),
  tokenUrl: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
  scope: z.string(),
  /** How the vendor wants them: RFC 6749 knows `form` and `basic`, ConnectWise RMM takes JSON. */
  send: z.enum(['form', 'basic', 'json']),
  headers: signInHeaders.default({ Authorization: 'Bearer {token}' }),
});

/** A login request of the vendor's own. Places in the answer are dotted: `tokens.access.token`. */
const tokenExchangeAuth = z.strictObject({
  kind: z.literal('tokenExchange'),
  fields: z.array(fieldSchema).min(1),
  login: signInRequest,
  token: z.string(),
  /** Lifetime in seconds, or the moment it ends as a date; the default is for vendors that say neither. */
  expiresInSeconds: z.string().optional(),
  expiresAt: z.string().optional(),
  lifetimeSeconds: z.number().int().min(60).default(3600),
  /** Said when the answer is fine but holds no token, for example because a second factor is asked for. */
  noToken: z.string().max(300).default('The sign-in was answered without a token.'),
  headers: signInHeaders.default({ Authorization: 'Bearer {token}' }),
});

export const authSchema = z.discriminatedUnion('kind', [
  credentialsAuth,
  oauthAuth,
  clientCredentialsAuth,
  tokenExchangeAuth,
]);

/** Any JSON in which a text that is exactly `{name}` stands for an argument. */
const bodyTemplate: z.ZodType<BodyTemplate> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.array(bodyTemplate), z.record(z.string(), bodyTemplate)]),
);
export type BodyTemplate =
  | string
  | number
  | boolean
  | readonly BodyTemplate[]
  | { readonly [name: string]: BodyTemplate };

/**
 * How arguments become one request.
 *
 * `query` and `body` as a list name arguments that are sent under their own names. As a mapping they say what is sent under
 * which name: a text that is exactly `{name}` takes the argument with its type and drops the entry when it is absent; any other
 * text, number or boolean is sent as it is. An object or list that loses all of its entries is dropped too. `bodyFrom` sends one
 * argument whole.
 */
export const requestTemplateSchema = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  path: z
    .string()
    .regex(/^\/[A-Za-z0-9/_.{}()'=,:@$-]*$/)
    .refine(
      (path) => !/(^|\/)\.{1,2}(\/|$)|\/\//.test(path),
      'A path has no dot segments and no empty ones.',
    ),
  query: z
    .union([z.array(z.string()), z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))])
    .default([]),
  body: z.union([z.array(z.string()), z.record(z.string(), bodyTemplate)]).optional(),
  /** Wraps the body in a list of one (HaloPSA). */
  inList: z.boolean().optional(),
  bodyFrom: z.string().optional(),
  /** Constant headers of this one request, for example a content type of the vendor's own. */
  headers: z.record(z.string(), z.string()).default({}),
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
  /** There are no credentials that could be revoked. */
  z.strictObject({ kind: z.literal('nothing') }),
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
  /**
   * One request without credentials that finds out where the account lives. `values` are places in the answer; what lies there
   * must be a whole https address below one of `hosts`, and joins the fields as if it had been typed.
   */
  discover: z
    .strictObject({
      url: z.string(),
      values: z.record(z.string(), z.string()),
      hosts: z.array(z.string()).min(1),
    })
    .optional(),
  /** Sent with every request; templates over the fields that are not secret. */
  headers: z.record(z.string(), z.string()).default({}),
  /** Template over the fields that are not secret, for example `{siteUrl}/v4_6_release/apis/3.0`. */
  baseUrl: z.string(),
  /** How the connection names its account, for example `{companyId}`. */
  account: z.string(),
  /** The field that says where the account lives. */
  regionField: z.string().optional(),
  /** The cheap real request behind Test connection; `expect` are fields that a true answer has. */
  test: z.strictObject({
    path: z.string(),
    /** Dotted places that a true answer has; none for an answer that is a bare list. */
    expect: z.array(z.string()),
    /** The answer is a bare JSON list. */
    isList: z.boolean().optional(),
  }),
  revoke: revokeSchema,
  limits: z.strictObject({
    concurrency: z.number().int().min(1).max(64),
    /** As the vendor says it, for people: "600 requests in 60 seconds per account". */
    rate: z.string().max(200).optional(),
    unconfirmed: z.boolean().optional(),
  }),
  /** How lists go on, for people and for the simulator. */
  pagination: z
    .strictObject({
      page: z.string(),
      size: z.string(),
      first: z.number().int(),
      items: z.string().optional(),
    })
    .optional(),
  /** Where the vendor's own words lie in a failed answer. */
  errors: z.strictObject({
    /** Dotted place; several are tried in their order. */
    message: z.union([z.string(), z.array(z.string()).min(1)]),
    list: z.string().optional(),
    /** Place within an entry of the list; left out where the entries are texts. */
    listMessage: z.string().optional(),
  }),
  tools: z.array(toolSchema).min(1),
});
export type App = z.infer<typeof appSchema>;

export const catalogSchema = z.array(appSchema);
