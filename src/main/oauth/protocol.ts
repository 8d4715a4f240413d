/**
 * OAuth 2.1 as a native client: authorization code with PKCE, refresh, revocation (RFC 6749, 7636, 8252, 7009, 9207). The protocol
 * itself is oauth4webapi's; here it gets our way out and its errors become sentences. Refuses to put a code, a token or a secret
 * into any of them.
 */
import * as oauth from 'oauth4webapi';
import { Fault, type FaultCode } from '../../preload/contract/reply';
import type { InboundAnswer, OutboundRequest } from '../ports';

/** What is known of the client and its authorization server. Addresses are whole https addresses. */
export interface OAuthClient {
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  /** Undefined for a public client (RFC 6749 §2.1). */
  readonly clientSecret: string | undefined;
  /** How the client shows its secret (RFC 6749 §2.3.1): in the form where this is left out. */
  readonly clientAuth?: ClientAuth | undefined;
  /** The server that the token is for (RFC 8707). */
  readonly resource?: string | undefined;
}

export type ClientAuth = 'form' | 'basic';

export interface OAuthSetup extends OAuthClient {
  /** Space separated; undefined leaves it to the vendor. */
  readonly scope: string | undefined;
  readonly authorizeParams: Readonly<Record<string, string>>;
  readonly redirectUri: string;
  /** Where it is known, RFC 9207 is held to it, letter by letter; otherwise to the origin of the authorize address. */
  readonly issuer?: string | undefined;
  /** The answer must name its issuer, as its metadata has promised. */
  readonly namesIssuer?: boolean | undefined;
}

/** One attempt: what the sign-in page is opened with, and what its answer is held against. */
export interface PreparedSignIn {
  readonly url: string;
  readonly state: string;
  readonly verifier: string;
}

export interface OAuthTokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** Milliseconds since 1970; undefined where the vendor does not say. */
  readonly expiresAtMs: number | undefined;
}

export interface OAuthNeeds {
  readonly nowMs: () => number;
  readonly send: (request: OutboundRequest, signal?: AbortSignal) => Promise<InboundAnswer>;
  /** The vendor, for sentences. */
  readonly name: string;
}

/** @see RFC 7636 §4, RFC 8252 §8.1 */
export async function prepareSignIn(setup: OAuthSetup): Promise<PreparedSignIn> {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const url = new URL(setup.authorizeUrl);
  const asked = {
    ...setup.authorizeParams,
    response_type: 'code',
    client_id: setup.clientId,
    redirect_uri: setup.redirectUri,
    scope: setup.scope,
    resource: setup.resource,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(asked))
    if (value !== undefined) url.searchParams.set(name, value);
  return { url: url.href, state, verifier };
}

/** @throws Fault of the way out; `oauth_failed` with the vendor's words. */
export async function exchangeCode(
  needs: OAuthNeeds,
  setup: OAuthSetup,
  prepared: PreparedSignIn,
  params: URLSearchParams,
  signal?: AbortSignal,
): Promise<OAuthTokens> {
  const client = { client_id: setup.clientId };
  return await asked(needs, 'oauth_failed', async () => {
    const response = await oauth.authorizationCodeGrantRequest(
      serverOf(setup, params.get('iss')),
      client,
      authenticationOf(setup),
      params,
      setup.redirectUri,
      prepared.verifier,
      tokenOptions(needs, setup, signal),
    );
    const answer = await oauth.processAuthorizationCodeResponse(serverOf(setup), client, response);
    return tokensOf(needs, answer, undefined);
  });
}

/**
 * @returns The new tokens; the old refresh token where the vendor sends no other one.
 * @throws Fault of the way out; `oauth_refused` when a person has to sign in again.
 */
export async function refreshTokens(
  needs: OAuthNeeds,
  setup: OAuthClient,
  refreshToken: string,
  signal?: AbortSignal,
): Promise<OAuthTokens> {
  const client = { client_id: setup.clientId };
  return await asked(needs, 'oauth_refused', async () => {
    const response = await oauth.refreshTokenGrantRequest(
      serverOf(setup),
      client,
      authenticationOf(setup),
      refreshToken,
      tokenOptions(needs, setup, signal),
    );
    const answer = await oauth.processRefreshTokenResponse(serverOf(setup), client, response);
    return tokensOf(needs, answer, refreshToken);
  });
}

export function serverOf(
  setup: OAuthClient & Pick<Partial<OAuthSetup>, 'issuer' | 'namesIssuer'>,
  issuer?: string | null,
): oauth.AuthorizationServer {
  return {
    issuer: setup.issuer ?? issuer ?? new URL(setup.authorizeUrl).origin,
    authorization_endpoint: setup.authorizeUrl,
    token_endpoint: setup.tokenUrl,
    authorization_response_iss_parameter_supported: setup.namesIssuer === true,
  };
}

function authenticationOf({ clientSecret, clientAuth }: OAuthClient): oauth.ClientAuth {
  if (clientSecret === undefined) return oauth.None();
  return clientAuth === 'basic' ? basic(clientSecret) : oauth.ClientSecretPost(clientSecret);
}

/**
 * RFC 6749 §2.3.1 with the encoding of its appendix B. The library encodes hyphens and dots besides, which is allowed, and which
 * servers that do not decode take for another client.
 */
function basic(secret: string): oauth.ClientAuth {
  const encoded = (text: string) => new URLSearchParams([['', text]]).toString().slice(1);
  return (_server, client, _body, headers) => {
    headers.set('Authorization', `Basic ${btoa(`${encoded(client.client_id)}:${encoded(secret)}`)}`);
  };
}

function tokenOptions(
  needs: OAuthNeeds,
  { tokenUrl, resource }: OAuthClient,
  signal: AbortSignal | undefined,
): oauth.TokenEndpointRequestOptions {
  return {
    [oauth.customFetch]: wayOut(needs, signal),
    // Which addresses are called is decided by the way out, for everything alike.
    [oauth.allowInsecureRequests]: tokenUrl.startsWith('http:'),
    additionalParameters: resource === undefined ? {} : { resource },
  };
}

/** Our own way out in the shape of `fetch`. */
export function wayOut(
  needs: OAuthNeeds,
  signal: AbortSignal | undefined,
): (
  url: string,
  options: { method: string; headers: Record<string, string>; body: unknown },
) => Promise<Response> {
  return async (url, { method, headers, body }) => {
    const answer = await needs.send({ method, url, headers, body: String(body) }, signal);
    return new Response(answer.status === 204 ? null : withoutSurplus(answer.text), {
      status: answer.status,
      headers: { 'Content-Type': answer.headers['content-type'] ?? 'text/plain' },
    });
  };
}

/** Who signed in is asked of the API, so an ID token is not looked at; a lifetime that is no number is as good as none. */
function withoutSurplus(text: string): string {
  const json = jsonOf(text);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return text;
  const { id_token: _unused, expires_in, ...rest } = Object.fromEntries(Object.entries(json));
  const seconds = Number(expires_in);
  return JSON.stringify(Number.isFinite(seconds) && seconds > 0 ? { ...rest, expires_in: seconds } : rest);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function tokensOf(
  needs: OAuthNeeds,
  answer: oauth.TokenEndpointResponse,
  before: string | undefined,
): OAuthTokens {
  if (answer.token_type !== 'bearer')
    throw new Fault('oauth_failed', `${needs.name} handed out a kind of token that Gatehouse does not know.`);
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? before,
    expiresAtMs: answer.expires_in === undefined ? undefined : needs.nowMs() + answer.expires_in * 1000,
  };
}

/** Every error becomes a sentence; a Fault of the way out stays what it is. */
export async function asked<Answer>(
  { name }: OAuthNeeds,
  refused: FaultCode,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Fault) throw error;
    if (error instanceof oauth.ResponseBodyError) {
      const words = `${name} refused it: ${wordsOf(error.error, error.error_description)}`;
      if (refused === 'oauth_refused' && error.status < 500)
        throw new Fault(refused, `The sign-in has ended. ${words} Use Reconnect to sign in again.`);
      throw new Fault('oauth_failed', `${words} Connect again.`, { retryable: error.status >= 500 });
    }
    if (error instanceof oauth.WWWAuthenticateChallengeError)
      throw new Fault(refused, `${name} refused the client. Check client ID and client secret.`);
    const status = statusOf(error);
    const isAnswer = error instanceof oauth.OperationProcessingError || error instanceof TypeError;
    if (!isAnswer && !(error instanceof oauth.UnsupportedOperationError)) throw error;
    const words =
      status !== undefined && status >= 500
        ? `${name} failed while one signed in (status ${status}). Try again later.`
        : `${name} answered the sign-in in a form that is not OAuth. Check the address, or try again later.`;
    throw new Fault('oauth_failed', words, { retryable: true });
  }
}

function statusOf(error: unknown): number | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Response ? cause.status : undefined;
}

/** The vendor's own words, as one line that ends like a sentence. */
export function wordsOf(code: string, description: string | undefined): string {
  const text = cleaned(
    description === undefined || description === '' ? code : `${description.replace(/\.$/, '')} (${code})`,
  );
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

export function cleaned(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
}
