/**
 * Signs in at the authorization server of a custom server: who we are there (a client id metadata document, a registration, or an
 * ID that was made by hand), then the page for the person, then tokens. Refuses a server that does not offer PKCE, unless it was
 * allowed for this one by name; a registration is never shown to another issuer.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization
 */

import { handRedirect } from '../../preload/contract/redirect';
import { Fault } from '../../preload/contract/reply';
import type { SignInWay } from '../../preload/contract/shapes';
import type { ClientAuth, OAuthNeeds, OAuthTokens } from '../oauth/protocol';
import { clientAuthOf, registerClient } from '../oauth/register';
import { type SignInWays, signInByOAuth } from '../oauth/sign-in';
import type { Clock } from '../ports';
import type { AuthorizationFound } from './discover-authorization';

/** Who we are at one authorization server. Bound to its issuer. */
export interface ClientIdentity {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly clientAuth: ClientAuth;
  readonly by: 'document' | 'registration' | 'hand';
  /** The port of the loopback address that is registered. */
  readonly port: number;
}

export interface SignInChoices {
  /** Typed by a person; goes before everything else. */
  readonly byHand: Pick<ClientIdentity, 'clientId' | 'clientSecret'> | undefined;
  /** Where our client id metadata document lies; undefined where there is none. */
  readonly documentUrl: string | undefined;
  /** From an earlier sign-in; used only at the same issuer. */
  readonly known: ClientIdentity | undefined;
  /** Goes on although the metadata does not name PKCE. It is used all the same. */
  readonly allowsWithoutPkce: boolean;
  /** Instead of the scope that was found; space separated. */
  readonly scope: string | undefined;
}

export interface SignedIn {
  readonly client: ClientIdentity;
  readonly tokens: OAuthTokens;
}

/** The path of the address that the sign-in comes back to. */
export const redirectPath = handRedirect.path;
/** Its port where a person has registered it, by hand or in a document; any free one otherwise (RFC 8252 §7.3). */
export const handPort = handRedirect.port;

/** @throws Fault `oauth_failed` and the others of a sign-in; `port_taken`. */
export async function signInToServer(
  needs: OAuthNeeds & SignInWays & { readonly clock: Clock },
  found: AuthorizationFound,
  choices: SignInChoices,
  how: SignInWay,
  signal: AbortSignal,
): Promise<SignedIn> {
  if (found.pkce !== 'S256' && !choices.allowsWithoutPkce) {
    throw new Fault(
      'oauth_failed',
      `The sign-in at ${found.issuer} does not offer PKCE with S256. Allow it for this server if you know that it does.`,
    );
  }
  const known = choices.known?.issuer === found.issuer ? choices.known : undefined;
  const isFixed =
    choices.byHand !== undefined || (choices.documentUrl !== undefined && found.takesMetadataDocument);
  const port = isFixed ? handPort : known?.port;
  let client: ClientIdentity | undefined;
  const setup = async (redirectUri: string) => {
    client = await identify(needs, found, { ...choices, known }, redirectUri, signal);
    const { clientId, clientSecret, clientAuth } = client;
    const scope = choices.scope ?? found.scope;
    const asksOffline = scope?.split(' ').includes('offline_access') === true;
    return {
      authorizeUrl: found.authorizeUrl,
      tokenUrl: found.tokenUrl,
      clientId,
      clientSecret,
      clientAuth,
      resource: found.resource,
      scope,
      issuer: found.issuer,
      namesIssuer: found.namesIssuer,
      // OpenID Connect Core §11: without it no refresh token comes.
      authorizeParams: asksOffline ? { prompt: 'consent' } : {},
      redirectUri,
    };
  };
  const redirect = { host: '127.0.0.1', port, path: redirectPath } as const;
  const signIn = (place: Parameters<SignInWays['openLoopback']>[0]) =>
    signInByOAuth(needs, { redirect: place, setup }, how, signal);
  const tokens = await signIn(redirect).catch((error: unknown) => {
    // Another program has the port: a registration of our own is made anew, a document names both, one by hand cannot be changed.
    const isTaken = error instanceof Fault && error.code === 'port_taken';
    if (!isTaken || choices.byHand !== undefined || port === undefined) throw error;
    return signIn({ ...redirect, port: undefined });
  });
  if (client === undefined) throw new Error('Signed in as nobody.');
  return { client, tokens };
}

async function identify(
  needs: OAuthNeeds,
  found: AuthorizationFound,
  choices: SignInChoices,
  redirectUri: string,
  signal: AbortSignal,
): Promise<ClientIdentity> {
  const { issuer, clientAuthMethods, registerUrl, scope } = found;
  const port = Number(new URL(redirectUri).port);
  const clientAuth = clientAuthOf(clientAuthMethods);
  const { byHand, known, documentUrl } = choices;
  if (byHand !== undefined) return { issuer, ...byHand, clientAuth, by: 'hand', port };
  if (documentUrl !== undefined && found.takesMetadataDocument)
    return { issuer, clientId: documentUrl, clientSecret: undefined, clientAuth, by: 'document', port };
  if (known !== undefined && (known.by !== 'registration' || known.port === port)) return known;
  if (registerUrl === undefined) {
    throw new Fault(
      'oauth_failed',
      `${issuer} takes no registrations. Register Gatehouse there by hand and type the client ID.`,
    );
  }
  const wanted = { issuer, registerUrl, redirectUri, clientAuthMethods, scope: choices.scope ?? scope };
  return { issuer, ...(await registerClient(needs, wanted, signal)), by: 'registration', port };
}
