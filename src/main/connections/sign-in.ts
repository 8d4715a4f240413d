/**
 * The headers that sign a request in: from the form's values themselves, or from a token that is asked for when there is none.
 * Tokens of a form live in memory only: they are asked for again after a restart, and are forgotten when they are refused.
 */
import { Fault } from '../../preload/contract/reply';
import type { App } from '../catalog/app';
import { credentialHeaders } from '../catalog/connect-form';
import type { FormValues } from '../catalog/request-template';
import { parseJson, readVendorError, valueAt } from '../catalog/vendor-answer';
import type { Clock, InboundAnswer, OutboundRequest } from '../ports';
import { filledHeaders, tokenRequest } from './token-request';

export interface SignInNeeds {
  readonly clock: Clock;
  readonly send: (
    key: string,
    request: OutboundRequest,
    options: { readonly signal?: AbortSignal | undefined; readonly concurrency: number },
  ) => Promise<InboundAnswer>;
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
  forget(key: string): void;
  forgetAll(): void;
}

interface Token {
  readonly text: string;
  readonly goodUntilMs: number;
}

/** A token is not used in its last five minutes, nor in the last tenth of a short life. */
const earlyMs = 300_000;

export function createSignIn(needs: SignInNeeds): SignIn {
  const tokens = new Map<string, Token>();
  const asking = new Map<string, Promise<Token>>();

  const tokenOf = async (key: string | undefined, app: App, all: FormValues, signal?: AbortSignal) => {
    if (key === undefined) return await askToken(needs, `sign-in ${app.id}`, app, all, signal);
    const kept = tokens.get(key);
    if (kept !== undefined && kept.goodUntilMs > needs.clock.nowMs()) return kept;
    // One question for everyone who waits; none of them may end it for the others.
    const asked = asking.get(key) ?? askToken(needs, key, app, all);
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
    forget(key) {
      tokens.delete(key);
      asking.delete(key);
    },
    forgetAll() {
      tokens.clear();
      asking.clear();
    },
  };
}

async function askToken(
  needs: SignInNeeds,
  key: string,
  app: App,
  all: FormValues,
  signal?: AbortSignal,
): Promise<Token> {
  const request = tokenRequest(app, all);
  const answer = await needs.send(key, request, { concurrency: app.limits.concurrency, signal });
  if (answer.status < 200 || answer.status > 299) {
    const words = readVendorError(app, answer.status, answer.headers['content-type'] ?? '', answer.text);
    throw new Fault('vendor_refused', words);
  }
  return readToken(app, parseJson(answer.text), needs.clock.nowMs());
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
  return { text, goodUntilMs: nowMs + lifeMs - Math.min(earlyMs, lifeMs / 10) };
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
