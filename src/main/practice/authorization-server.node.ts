/**
 * A real authorization server for the simulated vendors that sign in by OAuth: authorization code with PKCE, rotating refresh
 * tokens, and a small sign-in page of its own. Knows one client, the one of the sample values, and the scopes of the catalog.
 * Refuses everything else, as the library does.
 *
 * @see https://github.com/panva/node-oidc-provider
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Adapter, AdapterPayload, default as Provider } from 'oidc-provider';
import type { App } from '../catalog/app';
import { redirectAddress } from '../catalog/redirect-address';
import { type FormValues, fill } from '../catalog/request-template';
import type { Random } from '../ports';
import type { AuthorizationServer } from './serve-vendor.node';
import { signInPage } from './sign-in-page';

const person = 'anna.keller';
const accessSeconds = 3600;
const refreshSeconds = 90 * 24 * 3600;

/**
 * @param file Where this vendor remembers what it has granted (samples only), so that a connection survives a restart; undefined
 *   keeps it in memory.
 */
export async function openAuthorizationServer(
  app: App,
  values: FormValues,
  origin: string,
  needs: { readonly random: Random; readonly file: string | undefined },
): Promise<AuthorizationServer> {
  const { auth } = app;
  if (auth.kind !== 'oauth2') throw new Error(`${app.id} does not sign in by OAuth.`);
  // Loaded when it is needed: only the practice workspace and tests have vendors here.
  const { Provider } = await import('oidc-provider');
  const authorizePath = new URL(fill(auth.authorizeUrl, values)).pathname;
  const tokenPath = new URL(fill(auth.tokenUrl, values)).pathname;
  const revokePath =
    app.revoke.kind === 'rfc7009' ? new URL(fill(app.revoke.url, values)).pathname : '/oidc/revoke';
  const scopes = fill(auth.scope, values).split(' ').filter(Boolean);
  const secret = auth.clientSecret === undefined ? '' : fill(auth.clientSecret, values);
  const records = openRecords(needs.file);
  const provider = new Provider(origin, {
    adapter: records.adapter,
    clients: [
      {
        client_id: fill(auth.clientId, values),
        ...(secret === ''
          ? { token_endpoint_auth_method: 'none' as const }
          : { client_secret: secret, token_endpoint_auth_method: 'client_secret_post' as const }),
        application_type: 'native',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: [redirectAddress(auth.redirect)],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: [await signingKey()] },
    cookies: { keys: [hex(needs.random.bytes(24))] },
    scopes,
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
    },
    issueRefreshToken: async () => true,
    // What was granted outlives the cookie of the sign-in page.
    expiresWithSession: async () => false,
    rotateRefreshToken: true,
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_context, interaction) => `/practice-sign-in/${interaction.uid}` },
    routes: { authorization: authorizePath, token: tokenPath, revocation: revokePath, jwks: '/oidc/keys' },
    ttl: {
      AccessToken: accessSeconds,
      AuthorizationCode: 60,
      Grant: refreshSeconds,
      IdToken: accessSeconds,
      Interaction: 3600,
      RefreshToken: refreshSeconds,
      Session: 3600,
    },
    renderError: (context, out) => {
      context.type = 'html';
      context.body = signInPage({
        kind: 'failed',
        app: app.name,
        why: `${out.error}: ${out.error_description ?? ''}`,
      });
    },
  });
  const callback = provider.callback();
  const ours = (path: string) =>
    path === authorizePath ||
    path.startsWith(`${authorizePath}/`) ||
    path === tokenPath ||
    path === revokePath ||
    path.startsWith('/oidc/') ||
    path.startsWith('/practice-sign-in/');
  return {
    handles: ours,
    handle(request, response) {
      const path = new URL(request.url ?? '/', origin).pathname;
      // Microsoft's word for a choice of accounts, of which there is one here; the library knows only those of OpenID.
      if (path === authorizePath)
        request.url = request.url?.replace('prompt=select_account', 'prompt=login') ?? '';
      if (!path.startsWith('/practice-sign-in/')) {
        void callback(request, response);
        return;
      }
      interact(provider, app, scopes, request, response).catch((error: unknown) => {
        response.writeHead(400, pageHeaders);
        response.end(
          signInPage({ kind: 'failed', app: app.name, why: error instanceof Error ? error.message : '' }),
        );
      });
    },
    isGood: async (token) => (await provider.AccessToken.find(token)) !== undefined,
    expireTokens: records.forget,
  };
}

const pageHeaders = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  // No form-action: Chromium holds the redirect back to the application against it.
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
};

/** The sign-in page: GET shows it, POST is one of its two buttons. */
async function interact(
  provider: Provider,
  app: App,
  scopes: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  const clientId = String(params.client_id);
  if (request.method === 'POST') {
    const form = new URLSearchParams(await bodyText(request));
    if (form.get('answer') !== 'sign in') {
      const denied = { error: 'access_denied', error_description: 'The person denied the request.' };
      return await provider.interactionFinished(request, response, denied, {
        mergeWithLastSubmission: false,
      });
    }
    const grant = new provider.Grant({ accountId: person, clientId });
    grant.addOIDCScope(scopes.join(' '));
    const grantId = await grant.save();
    const result = { login: { accountId: person }, consent: { grantId } };
    return await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }
  response.writeHead(200, pageHeaders);
  response.end(signInPage({ kind: 'ask', app: app.name, person, scopes }));
}

async function bodyText(request: IncomingMessage): Promise<string> {
  const parts: string[] = [];
  request.setEncoding('utf8');
  for await (const part of request) {
    parts.push(String(part));
    if (parts.length > 16) throw new Error('The form is too large.');
  }
  return parts.join('');
}

/** A key for this run; nothing that it signs is kept. */
async function signingKey(): Promise<Record<string, unknown>> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ]);
  const { key_ops: _ops, ext: _ext, ...jwk } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  return { ...jwk, use: 'sig', alg: 'ES256' };
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

interface Kept {
  readonly payload: AdapterPayload;
  /** Milliseconds since 1970. */
  readonly endsAtMs: number | undefined;
}

/** What the vendor has granted, by kind and id; the long-lived kinds in a file. */
function openRecords(file: string | undefined) {
  const lasting = new Set(['Grant', 'RefreshToken']);
  const kept = new Map<string, Kept>(
    file !== undefined && existsSync(file) ? Object.entries(JSON.parse(readFileSync(file, 'utf8'))) : [],
  );
  const save = (): void => {
    if (file === undefined) return;
    const rest = [...kept].filter(([key]) => lasting.has(key.split(':')[0] ?? ''));
    writeFileSync(`${file}.new`, JSON.stringify(Object.fromEntries(rest)), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  const find = (key: string): AdapterPayload | undefined => {
    const found = kept.get(key);
    return found?.endsAtMs !== undefined && found.endsAtMs <= Date.now() ? undefined : found?.payload;
  };
  const adapter = (name: string): Adapter => ({
    async upsert(id, payload, expiresIn) {
      const endsAtMs =
        expiresIn === undefined || Number.isNaN(expiresIn) ? undefined : Date.now() + expiresIn * 1000;
      kept.set(`${name}:${id}`, { payload, endsAtMs });
      if (lasting.has(name)) save();
    },
    find: async (id) => find(`${name}:${id}`),
    async findByUid(uid) {
      const found = [...kept].find(([key, one]) => key.startsWith(`${name}:`) && one.payload.uid === uid);
      return found === undefined ? undefined : find(found[0]);
    },
    findByUserCode: async () => undefined,
    async consume(id) {
      const found = kept.get(`${name}:${id}`);
      if (found === undefined) return;
      const payload = { ...found.payload, consumed: Math.floor(Date.now() / 1000) };
      kept.set(`${name}:${id}`, { ...found, payload });
      if (lasting.has(name)) save();
    },
    async destroy(id) {
      kept.delete(`${name}:${id}`);
      if (lasting.has(name)) save();
    },
    async revokeByGrantId(grantId) {
      for (const [key, one] of kept) if (one.payload.grantId === grantId) kept.delete(key);
      save();
    },
  });
  const forget = (how: 'access only' | 'everything'): void => {
    for (const key of kept.keys())
      if (how === 'everything' || key.startsWith('AccessToken:')) kept.delete(key);
    save();
  };
  return { adapter, forget };
}
