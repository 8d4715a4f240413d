/** An app of the catalog that no vendor has, with whatever a test needs of it. */
import { type App, appSchema } from '../../src/main/catalog/app';
import type { GrantedTokens } from '../../src/main/connections/sign-in';

const field = (name: string, secret: boolean) => ({ name, label: name, help: 'Where it is.', secret });

const byHeader = {
  kind: 'credentials',
  fields: [field('site', false), field('key', true)],
  headers: { 'X-Key': '{key}' },
};

/** An OAuth client with an optional secret of its own. */
export const oauth = {
  kind: 'oauth2',
  fields: [field('clientId', false), field('clientSecret', true)],
  authorizeUrl: 'https://vendor.example/authorize',
  tokenUrl: 'https://vendor.example/token',
  clientId: '{clientId}',
  clientSecret: '{clientSecret}',
  scope: 'read',
  redirect: { host: '127.0.0.1', path: '/' },
};

export function madeUpApp(revoke: App['revoke'], auth: Record<string, unknown> = byHeader): App {
  return appSchema.parse({
    id: 'vendor',
    name: 'Vendor',
    vendor: 'Vendor',
    category: 'RMM',
    summary: 'A vendor',
    website: 'https://vendor.example',
    docs: 'https://vendor.example/docs',
    logo: { initials: 'V', colour: '#000000' },
    alias: 'vendor',
    auth,
    baseUrl: 'https://api.vendor.example/v1',
    account: 'acme',
    test: { path: '/me', expect: ['id'] },
    revoke,
    limits: { concurrency: 2 },
    errors: { message: ['message', 'error_description', 'error'] },
    tools: ['list', 'delete'].map((verb) => ({
      name: `${verb}-thing`,
      title: `${verb} things`,
      description: 'Does something to a thing that is only there for a test.',
      access: verb === 'list' ? 'read' : 'destructive',
      input: { type: 'object', additionalProperties: false },
      request: { method: verb === 'list' ? 'GET' : 'DELETE', path: '/thing' },
      summary: `${verb} a thing`,
    })),
  });
}

export const byEndpoint: App['revoke'] = { kind: 'endpoint', method: 'DELETE', path: '/sites/{site}/access' };
export const byToken: App['revoke'] = { kind: 'rfc7009', url: 'https://vendor.example/revoke' };
export const byHand: App['revoke'] = { kind: 'byHand', sentence: 'Delete the key under Settings.' };

/** For apps at whose page nobody signs in. */
export const noGrants: GrantedTokens = {
  read: () => Promise.reject(new Error('Nothing was granted here.')),
  keep: () => Promise.reject(new Error('Nothing is granted here.')),
  refresh: () => Promise.reject(new Error('Nothing can be renewed here.')),
};

/** A technician who never comes to the sign-in page. */
export const nobodySignsIn = () => Promise.reject(new Error('Nobody signs in here.'));
