/**
 * Registers Gatehouse at an authorization server that takes strangers (RFC 7591), as a native client for one loopback address.
 * Refuses a registration that would not let us sign in.
 */
import * as oauth from 'oauth4webapi';
import { Fault } from '../../preload/contract/reply';
import { asked, type ClientAuth, type OAuthNeeds, wayOut } from './protocol';

export interface Registration {
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly clientAuth: ClientAuth;
}

export interface WantedRegistration {
  readonly issuer: string;
  readonly registerUrl: string;
  readonly redirectUri: string;
  /** As the server lists them; empty where it does not. */
  readonly clientAuthMethods: readonly string[];
  readonly scope: string | undefined;
}

/** @throws Fault of the way out; `oauth_failed` with the server's words. */
export async function registerClient(
  needs: OAuthNeeds,
  wanted: WantedRegistration,
  signal?: AbortSignal,
): Promise<Registration> {
  const { issuer, registerUrl, redirectUri, clientAuthMethods, scope } = wanted;
  return await asked(needs, 'oauth_failed', async () => {
    const response = await oauth.dynamicClientRegistrationRequest(
      { issuer, registration_endpoint: registerUrl },
      {
        ...clientMetadata(redirectUri),
        token_endpoint_auth_method: methodFor(clientAuthMethods),
        ...(scope === undefined ? {} : { scope }),
      },
      {
        [oauth.customFetch]: wayOut(needs, signal),
        [oauth.allowInsecureRequests]: registerUrl.startsWith('http:'),
      },
    );
    const made = await oauth.processDynamicClientRegistrationResponse(await mended(response));
    const method = made.token_endpoint_auth_method;
    const secret =
      typeof made.client_secret === 'string' && method !== 'none' ? made.client_secret : undefined;
    return {
      clientId: made.client_id,
      clientSecret: secret,
      clientAuth: clientAuthOf(typeof method === 'string' ? [method] : clientAuthMethods),
    };
  });
}

/** What an authorization server gets to know of us; also the content of a client id metadata document. */
export function clientMetadata(redirectUri: string) {
  return {
    client_name: 'Gatehouse',
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    application_type: 'native',
  };
}

/** A public client where that is possible: a secret that every copy of a program holds is none. */
function methodFor(offered: readonly string[]): string {
  const known = ['none', 'client_secret_basic', 'client_secret_post'].find((one) => offered.includes(one));
  if (known !== undefined || offered.length === 0) return known ?? 'none';
  throw new Fault(
    'oauth_failed',
    `The sign-in wants clients to prove themselves by ${offered.slice(0, 3).join(', ').slice(0, 100)}, which Gatehouse does not know.`,
  );
}

/** How a secret is shown: the basic scheme unless only the form is offered (RFC 8414 §2). */
export function clientAuthOf(offered: readonly string[]): ClientAuth {
  return offered.includes('client_secret_post') && !offered.includes('client_secret_basic')
    ? 'form'
    : 'basic';
}

/** RFC 7591 §3.2.1 asks for status 201 and says when a secret ends; many servers say 200, and nothing for a secret that stays. */
async function mended(response: Response): Promise<Response> {
  if (response.status !== 200 && response.status !== 201) return response;
  const said: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  if (typeof said !== 'object' || said === null) return response;
  const ends = 'client_secret' in said ? { client_secret_expires_at: 0 } : {};
  return Response.json({ ...ends, ...said }, { status: 201 });
}
