/**
 * The headers that sign a request in: from the form's values themselves, or from a token that is asked for when there is none.
 * Tokens of a form live in memory only: they are asked for again after a restart, and are forgotten when they are refused.
 * Tokens that a person granted (OAuth) are sealed with the connection; a rotated refresh token is kept before it is used.
 */
import { Fault } from '../../preload/contract/reply';
import type { App } from '../catalog/app';
import { credentialHeaders } from '../catalog/connect-form';
import { reachOf } from '../catalog/reach';
import type { FormValues } from '../catalog/request-template';
import { parseJson, readVendorError, valueAt } from '../catalog/vendor-answer';
import type { Clock, InboundAnswer, OutboundRequest } from '../ports';
import { type OAuthTokens, storedTokens } from './granted';
import { withoutSecrets } from './hide-secrets';
import { filledHeaders, tokenRequest } from './token-request';

export interface SignInNeeds {
  readonly clock: Clock;
  readonly send: (
    key: string,
    request: OutboundRequest,
    options: { readonly signal?: AbortSignal | undefined; readonly concurrency: number },
  ) => Promise<InboundAnswer>;
  readonly granted: GrantedTokens;
}

/** Where the tokens that a person granted are kept, and how they are renewed. */
export interface GrantedTokens {
  /** The sealed values of a connection as they are now. @throws Fault `secret_missing`, `vault_locked` */
  read(connectionId: string): Promise<FormValues>;
  /** @param used The refresh token that they came for: nothing is kept where another one lies there meanwhile. */
  keep(connectionId: string, used: string, tokens: OAuthTokens): Promise<void>;
  /** @throws Fault `oauth_refused` when the vendor does not take the refresh token any more. */
  refresh(app: App, all: FormValues, refreshToken: string): Promise<OAuthTokens>;
}

export interface SignIn {
  /**
   * @param key One connection; its token is kept for the next request. Undefined keeps nothing.
   * @throws Fault of the HTTP port; `vendor_refused` with the vendor's words when it hands out no token.
   */
  headers(
    key: string | undefined,
    app: App,
    values: { readonly open: FormValues; readonly secret: FormValues },
    signal?: AbortSignal,
  ): Promise<Record<string, string>>;
  /** Whether a refused request may be tried once more with a new token. */
  renews(app: App): boolean;
  /** When the token in use ends, and whether a new one is asked for then; undefined where that is not known. */
  end(key: string): SignInEnd | undefined;
  /** What a person has just granted is in use from now on; secrets without a token change nothing. */
  adopt(key: string, secret: FormValues): void;
  /** The token in use was refused: the next request asks for another one. */
  forget(key: string): void;
  forgetAll(): void;
}

export interface SignInEnd {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly renews: boolean;
}

interface Token {
  readonly text: string;
  readonly goodUntilMs: number;
  readonly end: SignInEnd | undefined;
}

/** A token is not used in its last five minutes, nor in the last tenth of a short life. */
const earlyMs = 300_000;
/** A token whose vendor does not say how long it lives is asked for anew when it is refused. */
const unknownLifeMs = 3_600_000;

export function createSignIn(needs: SignInNeeds): SignIn {
  const tokens = new Map<string, Token>();
  const asking = new Map<string, Promise<Token>>();
  const refused = new Map<string, string>();
  const ask = (key: string, app: App, all: FormValues) =>
    app.auth.kind === 'oauth2'
      ? grantedToken(needs, key, app, all, refused.get(key))
      : askToken(needs, key, app, all);

  const tokenOf = async (key: string | undefined, app: App, all: FormValues, signal?: AbortSignal) => {
    if (key === undefined)
      return app.auth.kind === 'oauth2'
        ? firstToken(needs, app, all)
        : await askToken(needs, `sign-in ${app.id}`, app, all, signal);
    const kept = tokens.get(key);
    if (kept !== undefined && kept.goodUntilMs > needs.clock.nowMs()) return kept;
    // One question for everyone who waits; none of them may end it for the others.
    const asked = asking.get(key) ?? ask(key, app, all);
    asking.set(key, asked);
    try {
      const token = await asked;
      if (asking.get(key) === asked) tokens.set(key, token);
      return token;
    } finally {
      if (asking.get(key) === asked) asking.delete(key);
    }
  };

  return {
    async headers(key, app, { open, secret }, signal) {
      const all = { ...open, ...secret };
      if (app.auth.kind === 'credentials') return credentialHeaders(app.auth, all);
      const { text } = await tokenOf(key, app, all, signal);
      return filledHeaders(app.auth.headers, { ...all, token: text });
    },
    renews: (app) => app.auth.kind !== 'credentials',
    end: (key) => tokens.get(key)?.end,
    adopt(key, secret) {
      const { accessToken, refreshToken, expiresAtMs } = storedTokens(secret);
      if (accessToken === undefined) return;
      tokens.set(key, usable(accessToken, expiresAtMs, refreshToken !== undefined, needs.clock.nowMs()));
    },
    forget(key) {
      const { text } = tokens.get(key) ?? {};
      if (text !== undefined) refused.set(key, text);
      tokens.delete(key);
      asking.delete(key);
    },
    forgetAll() {
      refused.clear();
      tokens.clear();
      asking.clear();
    },
  };
}

/** Right after the sign-in: what was granted, and nothing is asked for. */
function firstToken(needs: SignInNeeds, app: App, all: FormValues): Token {
  const { accessToken, expiresAtMs } = storedTokens(all);
  if (accessToken === undefined) throw signInAgain(app);
  return usable(accessToken, expiresAtMs, false, needs.clock.nowMs());
}

/**
 * What is kept while it is good, a renewed one after that. Always from the vault as it is now: an older copy would hold a refresh
 * token that was used already, and a vendor takes its reuse for theft (RFC 9700 §4.14).
 */
async function grantedToken(
  needs: SignInNeeds,
  connectionId: string,
  app: App,
  all: FormValues,
  refused: string | undefined,
): Promise<Token> {
  const { granted, clock } = needs;
  const kept = storedTokens(await granted.read(connectionId));
  const renews = kept.refreshToken !== undefined;
  if (kept.accessToken !== undefined && kept.accessToken !== refused) {
    const leftMs = (kept.expiresAtMs ?? Number.POSITIVE_INFINITY) - clock.nowMs();
    // Without a refresh token it is used to its very end.
    if (leftMs > (renews ? earlyMs : 0))
      return usable(kept.accessToken, kept.expiresAtMs, renews, clock.nowMs());
  }
  if (kept.refreshToken === undefined) throw signInAgain(app);
  const tokens = await granted.refresh(app, all, kept.refreshToken);
  await granted.keep(connectionId, kept.refreshToken, tokens);
  return usable(tokens.accessToken, tokens.expiresAtMs, tokens.refreshToken !== undefined, clock.nowMs());
}

function usable(text: string, expiresAtMs: number | undefined, renews: boolean, nowMs: number): Token {
  if (expiresAtMs === undefined) return { text, goodUntilMs: nowMs + unknownLifeMs, end: undefined };
  const lifeMs = Math.max(0, expiresAtMs - nowMs);
  return {
    text,
    goodUntilMs: expiresAtMs - Math.min(earlyMs, lifeMs / 10),
    end: { atMs: expiresAtMs, renews },
  };
}

function signInAgain(app: App): Fault {
  return new Fault('oauth_refused', `The sign-in at ${app.name} has ended. Use Reconnect to sign in again.`);
}

async function askToken(
  needs: SignInNeeds,
  key: string,
  app: App,
  all: FormValues,
  signal?: AbortSignal,
): Promise<Token> {
  const request = { ...tokenRequest(app, all), ...reachOf(app, all) };
  const answer = await needs.send(key, request, { concurrency: app.limits.concurrency, signal });
  if (answer.status < 200 || answer.status > 299) {
    const said = withoutSecrets(answer.text, secretsOf(app, all));
    const words = readVendorError(app, answer.status, answer.headers['content-type'] ?? '', said);
    throw new Fault('vendor_refused', words, { retryable: answer.status === 429 || answer.status >= 500 });
  }
  return readToken(app, parseJson(answer.text), needs.clock.nowMs());
}

function secretsOf(app: App, all: FormValues): readonly string[] {
  return app.auth.fields.filter((field) => field.secret).map((field) => all[field.name] ?? '');
}

function readToken(app: App, answer: unknown, nowMs: number): Token {
  const { auth } = app;
  const isExchange = auth.kind === 'tokenExchange';
  const text = valueAt(answer, isExchange ? auth.token : 'access_token');
  if (typeof text !== 'string' || text === '' || /[\s\p{Cc}]/u.test(text)) {
    throw new Fault(
      'vendor_refused',
      isExchange ? auth.noToken : `${app.name} answered the sign-in without a token.`,
    );
  }
  const lifeMs = isExchange
    ? lifetimeMs(answer, auth, nowMs)
    : secondsMs(valueAt(answer, 'expires_in'), 3600);
  const goodUntilMs = nowMs + lifeMs - Math.min(earlyMs, lifeMs / 10);
  return { text, goodUntilMs, end: { atMs: nowMs + lifeMs, renews: true } };
}

function lifetimeMs(
  answer: unknown,
  auth: Extract<App['auth'], { kind: 'tokenExchange' }>,
  nowMs: number,
): number {
  if (auth.expiresAt !== undefined) {
    const atMs = Date.parse(String(valueAt(answer, auth.expiresAt)));
    // A clock that is wrong by an hour must neither keep a dead token nor ask for one on every call.
    if (!Number.isNaN(atMs) && atMs > nowMs) return Math.min(atMs - nowMs, auth.lifetimeSeconds * 1000);
    return auth.lifetimeSeconds * 1000;
  }
  const seconds = auth.expiresInSeconds === undefined ? undefined : valueAt(answer, auth.expiresInSeconds);
  return secondsMs(seconds, auth.lifetimeSeconds);
}

function secondsMs(value: unknown, otherwise: number): number {
  const seconds = Number(value);
  return (Number.isFinite(seconds) && seconds > 0 ? seconds : otherwise) * 1000;
}
