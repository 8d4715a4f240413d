/**
 * A custom MCP server behind a real authorization server (`oidc-provider`): protected resource metadata, dynamic registration, resource
 * indicators, and a v1 server that takes the tokens and nothing else. A person is played who agrees at once.
 */
import type { RequestListener } from 'node:http';
import { Provider } from 'oidc-provider';
import { Agent, fetch as through } from 'undici';
import { type Peer, v1Peer } from './mcp-peers';

export interface GuardedOptions {
  /** As if the authorization server did not name PKCE. */
  readonly hidesPkce?: boolean;
  /** Told every token that is handed out. */
  readonly onToken?: (token: string) => void;
  /** While true, every request of a session wants `orders.write` too. */
  readonly wantsMore?: () => boolean;
  /** No registration endpoint: only the client that was made by hand is known. */
  readonly byHand?: {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly redirectUri: string;
  };
}

export interface GuardedMcp {
  readonly listener: RequestListener;
  readonly peer: Peer;
  /** Ends every access at once, as an administrator does. */
  revokeAll(): Promise<void>;
  /** Requests of the authorization server, in order: `POST /token`. */
  readonly asked: string[];
}

const person = 'anna.keller';
const scope = 'orders.read';
const wider = 'orders.write';

/** @param origin Of the listener, known when its port is. */
export async function guardedMcp(origin: () => string, options: GuardedOptions = {}): Promise<GuardedMcp> {
  const peer = v1Peer({ sessions: true });
  const asked: string[] = [];
  const grants = new Set<string>();
  let opened: Promise<Provider> | undefined;
  const open = async (): Promise<Provider> => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign']);
    const { key_ops: _ops, ext: _ext, ...jwk } = await crypto.subtle.exportKey('jwk', pair.privateKey);
    const { byHand } = options;
    const provider = new Provider(origin(), {
      clients:
        byHand === undefined
          ? []
          : [
              {
                client_id: byHand.clientId,
                client_secret: byHand.clientSecret,
                application_type: 'native',
                grant_types: ['authorization_code', 'refresh_token'],
                redirect_uris: [byHand.redirectUri],
                id_token_signed_response_alg: 'ES256',
              },
            ],
      clientDefaults: { id_token_signed_response_alg: 'ES256' },
      jwks: { keys: [{ ...jwk, use: 'sig', alg: 'ES256' }] },
      cookies: { keys: ['planted-cookie-key'] },
      scopes: [scope, wider, 'offline_access'],
      pkce: { required: () => true },
      features: {
        devInteractions: { enabled: false },
        registration: { enabled: byHand === undefined },
        revocation: { enabled: true, allowedPolicy: async () => true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: async () => ({
            scope: `${scope} ${wider}`,
            accessTokenFormat: 'opaque',
            accessTokenTTL: 3600,
          }),
          useGrantedResource: async () => true,
        },
      },
      issueRefreshToken: async () => true,
      rotateRefreshToken: true,
      expiresWithSession: async () => false,
      findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
      interactions: { url: (_context, { uid }) => `/agree/${uid}` },
    });
    provider.on('access_token.issued', ({ jti }) => options.onToken?.(jti));
    provider.on('refresh_token.saved', ({ jti }) => options.onToken?.(jti));
    return provider;
  };
  const theProvider = () => (opened ??= open());

  const listener: RequestListener = (request, response) => {
    const { pathname } = new URL(request.url ?? '/', origin());
    const json = (value: unknown) =>
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
    const work = async (): Promise<void> => {
      const provider = await theProvider();
      if (pathname.startsWith('/.well-known/oauth-protected-resource'))
        return void json({
          resource: `${origin()}/mcp`,
          authorization_servers: [origin()],
          scopes_supported: [scope],
        });
      if (pathname === '/mcp') {
        const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
        const known = token === undefined ? undefined : await provider.AccessToken.find(token);
        const isGood = known?.aud === `${origin()}/mcp` && known.isValid;
        const lacks = options.wantsMore?.() === true && known?.scope?.includes(wider) !== true;
        if (isGood && lacks && request.headers['mcp-session-id'] !== undefined) {
          response.setHeader('WWW-Authenticate', `Bearer error="insufficient_scope", scope="${wider}"`);
          return void response.writeHead(403).end();
        }
        if (isGood) return peer.listener(request, response);
        const metadata = `${origin()}/.well-known/oauth-protected-resource/mcp`;
        response.setHeader('WWW-Authenticate', `Bearer resource_metadata="${metadata}", scope="${scope}"`);
        return void response.writeHead(401).end();
      }
      if (pathname.startsWith('/agree/')) return await agree(provider, grants, request, response);
      asked.push(`${request.method} ${pathname}`);
      if (pathname === '/.well-known/openid-configuration' && options.hidesPkce === true) {
        const { code_challenge_methods_supported: _hidden, ...rest } = await metadataOf(provider, origin());
        return void json(rest);
      }
      if (pathname === '/.well-known/oauth-authorization-server' && options.hidesPkce === true)
        return void response.writeHead(404).end();
      provider.callback()(request, response);
    };
    work().catch((error: unknown) => {
      response.writeHead(500).end(error instanceof Error ? error.message : '');
    });
  };
  return {
    listener,
    peer,
    asked,
    async revokeAll() {
      const provider = await theProvider();
      for (const grantId of grants) {
        await provider.AccessToken.revokeByGrantId(grantId);
        await provider.RefreshToken.revokeByGrantId(grantId);
      }
    },
  };
}

async function agree(
  provider: Provider,
  grants: Set<string>,
  ...[request, response]: Parameters<RequestListener>
): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: person, clientId: String(params.client_id) });
  const asked = String(params.scope).split(' ');
  const granted = [scope, wider].filter((one) => asked.includes(one)).join(' ');
  grant.addResourceScope(String(params.resource), granted);
  grant.addOIDCScope(`${granted} offline_access`);
  const grantId = await grant.save();
  grants.add(grantId);
  const result = { login: { accountId: person }, consent: { grantId } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

/** What the library would answer, written down: it has no way to leave one member out. */
async function metadataOf(provider: Provider, origin: string): Promise<Record<string, unknown>> {
  const path = (name: string) => provider.urlFor(name, { mountPath: '' });
  const url = (name: string) => new URL(new URL(path(name), origin).pathname, origin).href;
  return {
    issuer: origin,
    authorization_endpoint: url('authorization'),
    token_endpoint: url('token'),
    registration_endpoint: url('registration'),
    revocation_endpoint: url('revocation'),
    code_challenge_methods_supported: ['S256'],
    response_types_supported: ['code'],
    token_endpoint_auth_methods_supported: ['none'],
    authorization_response_iss_parameter_supported: true,
  };
}

/** The person's browser: follows redirects and keeps cookies, to the very end at the loopback listener. */
export async function walkThrough(address: string, caPem: string): Promise<void> {
  const dispatcher = new Agent({ connect: { ca: caPem } });
  const cookies = new Map<string, string>();
  let url = address;
  for (let step = 0; step < 12; step += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await through(url, { dispatcher, redirect: 'manual', headers: { cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    const next = answer.headers.get('location');
    if (next === null) {
      await answer.text();
      break;
    }
    url = new URL(next, url).href;
  }
  await dispatcher.close();
}
