/**
 * A custom server as it is kept: the fields of its connection that are no secret, and the app that they make. To the rest of the
 * house a custom server is an app of its own, so that signing in, renewing, checking and disconnecting are one code for all.
 * Addresses that came out of metadata stand for themselves: no template is ever made of them.
 */
import { z } from 'zod';
import { type App, customAppId } from '../catalog/app';
import { askKinds } from './asked-by-server';
import { redirectPath } from './sign-in-to-server';

const customLogo = { initials: '{}', colour: '#475569' } as const;

/** Header names, one in each line. */
const names = z.string().transform((text) => text.split('\n').filter((name) => name !== ''));

/** What agents may be asked for, one in each line; a word that nobody knows is nothing. */
const asks = z
  .string()
  .default('')
  .transform((text) => askKinds.filter((kind) => text.split('\n').includes(kind)));

const base = {
  url: z.string(),
  transport: z.enum(['streamable_http', 'http_sse']),
  /** Undefined until the server has told it. */
  protocol: z.string().optional(),
  /** What the server may ask agents for in the middle of a call, because a technician allowed it. */
  mayAsk: asks,
};
const serverValuesSchema = z.discriminatedUnion('auth', [
  z.object({ ...base, auth: z.literal('none') }),
  z.object({ ...base, auth: z.literal('bearer') }),
  z.object({ ...base, auth: z.literal('headers'), headerNames: names }),
  z.object({
    ...base,
    auth: z.literal('oauth'),
    issuer: z.string(),
    authorizeUrl: z.string(),
    tokenUrl: z.string(),
    revokeUrl: z.string().optional(),
    resource: z.string(),
    scope: z.string().optional(),
    /** What the server asked for besides when it refused a call; a person grants it at the next sign-in. */
    moreScope: z.string().optional(),
    clientId: z.string(),
    clientAuth: z.enum(['form', 'basic']),
    clientBy: z.enum(['document', 'registration', 'hand']),
    clientPort: z.coerce.number().int(),
    /** Signed in although the metadata did not name PKCE, because a technician allowed it for this server. */
    withoutPkce: z.literal('allowed').optional(),
  }),
]);
export type ServerFacts = z.infer<typeof serverValuesSchema>;

/** @throws Error for a record that no custom server has made. */
export function readServer(values: Readonly<Record<string, string>>): ServerFacts {
  return serverValuesSchema.parse(values);
}

export function serverValues(facts: ServerFacts): Record<string, string> {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) =>
      value === undefined || (Array.isArray(value) && value.length === 0)
        ? []
        : [[name, Array.isArray(value) ? value.join('\n') : String(value)]],
    ),
  );
}

/** The name of the secret behind a header. */
export const headerSecret = (index: number) => `header${index}`;

const secretField = (name: string, label: string) => ({
  name,
  label,
  help: 'Kept in the vault, sent to this server only.',
  secret: true,
  required: true,
  normalize: 'trim' as const,
});

/** The app that a custom server is. It has no tools of its own: those are pinned elsewhere. */
export function serverApp(values: Readonly<Record<string, string>>): App {
  const facts = readServer(values);
  const { host } = new URL(facts.url);
  return {
    id: customAppId,
    name: host,
    vendor: host,
    category: 'Custom MCP',
    summary: `Custom MCP server at ${host}`,
    website: facts.url,
    docs: facts.url,
    logo: customLogo,
    keywords: [],
    alias: 'mcp',
    auth: authOf(facts),
    headers: {},
    baseUrl: '{url}',
    account: '',
    test: { path: '', expect: [] },
    revoke: revokeOf(facts),
    limits: { concurrency: 8 },
    errors: { message: 'error_description' },
    tools: [],
  };
}

function authOf(facts: ServerFacts): App['auth'] {
  switch (facts.auth) {
    case 'none':
      return { kind: 'credentials', fields: [], headers: {} };
    case 'bearer':
      return {
        kind: 'credentials',
        fields: [secretField('token', 'Bearer token')],
        headers: { Authorization: 'Bearer {token}' },
      };
    case 'headers':
      return {
        kind: 'credentials',
        fields: facts.headerNames.map((name, index) => secretField(headerSecret(index), name)),
        headers: Object.fromEntries(
          facts.headerNames.map((name, index) => [name, `{${headerSecret(index)}}`]),
        ),
      };
    case 'oauth':
      return {
        kind: 'oauth2',
        fields: [],
        authorizeUrl: '{authorizeUrl}',
        tokenUrl: '{tokenUrl}',
        clientId: '{clientId}',
        clientSecret: '{clientSecret}',
        clientAuth: facts.clientAuth,
        resource: '{resource}',
        scope: '{scope}',
        authorizeParams: {},
        redirect: { host: '127.0.0.1', path: redirectPath },
        headers: { Authorization: 'Bearer {token}' },
      };
  }
}

function revokeOf(facts: ServerFacts): App['revoke'] {
  switch (facts.auth) {
    case 'none':
      return { kind: 'nothing' };
    case 'bearer':
      return { kind: 'byHand', sentence: 'Delete the token where you made it.' };
    case 'headers':
      return { kind: 'byHand', sentence: 'Delete the keys where you made them.' };
    case 'oauth':
      return facts.revokeUrl === undefined
        ? { kind: 'byHand', sentence: `Remove Gatehouse from the apps that you allowed at ${facts.issuer}.` }
        : { kind: 'rfc7009', url: '{revokeUrl}' };
  }
}
