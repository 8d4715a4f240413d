/**
 * How a simulated vendor lets somebody in: the same headers, or the same login request, that the catalog makes of the sample
 * values. Refuses everything that differs in one character, as the vendor would.
 */
import type { App } from '../catalog/app';
import { credentialHeaders } from '../catalog/connect-form';
import { type FormValues, fill } from '../catalog/request-template';
import { tokenRequest } from '../connections/token-request';
import type { Random } from '../ports';

export interface Knock {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string | undefined;
}

export type LoginAnswer = { readonly kind: 'in'; readonly json: unknown } | { readonly kind: 'refused' };

export interface VendorDoor {
  /** Undefined for a request that is no login. */
  login(knock: Knock): LoginAnswer | undefined;
  mayEnter(headers: Knock['headers']): Promise<boolean>;
  /** From now on every token that was handed out is refused. */
  expireTokens(): void;
}

const lifetimeSeconds = 3600;

/** @param isGood Asked about tokens that this door did not hand out: those of an authorization server. */
export function createVendorDoor(
  app: App,
  values: FormValues,
  needs: {
    readonly random: Random;
    readonly nowMs: () => number;
    readonly isGood: (token: string) => Promise<boolean>;
  },
): VendorDoor {
  const { auth } = app;
  const tokens = new Map<string, number>();
  if (auth.kind === 'credentials') {
    const wanted = Object.entries(credentialHeaders(auth, values));
    return {
      login: () => undefined,
      mayEnter: async (headers) => wanted.every(([name, value]) => headers[name.toLowerCase()] === value),
      expireTokens: () => undefined,
    };
  }
  return {
    login(knock) {
      if (auth.kind === 'oauth2') return undefined;
      const wanted = tokenRequest(app, values);
      const url = new URL(wanted.url);
      if (knock.method !== wanted.method || knock.target !== `${url.pathname}${url.search}`) return undefined;
      const isSame =
        Object.entries(wanted.headers).every(
          ([name, value]) => knock.headers[name.toLowerCase()] === value,
        ) && (knock.body ?? '') === (wanted.body ?? '');
      if (!isSame) return { kind: 'refused' };
      const token = `sample${hex(needs.random.bytes(16))}`;
      const nowMs = needs.nowMs();
      tokens.set(token, nowMs + lifetimeSeconds * 1000);
      return { kind: 'in', json: handedOut(app, token, nowMs) };
    },
    async mayEnter(headers) {
      const token = tokenIn(auth.headers, values, headers);
      if (token === undefined) return false;
      if (auth.kind === 'oauth2') return await needs.isGood(token);
      return (tokens.get(token) ?? 0) > needs.nowMs();
    },
    expireTokens: () => tokens.clear(),
  };
}

/** The token in the headers; undefined when they are not those of the catalog. */
function tokenIn(templates: FormValues, values: FormValues, headers: Knock['headers']): string | undefined {
  let token: string | undefined;
  for (const [name, template] of Object.entries(templates)) {
    const given = headers[name.toLowerCase()];
    if (typeof given !== 'string') return undefined;
    const [before, after] = template.split('{token}');
    if (after === undefined) {
      if (given !== fill(template, values)) return undefined;
      continue;
    }
    const start = fill(before ?? '', values);
    const end = fill(after, values);
    if (!given.startsWith(start) || !given.endsWith(end)) return undefined;
    token = given.slice(start.length, given.length - end.length);
  }
  return token;
}

/** The token where the catalog looks for it, with its end. */
function handedOut(app: App, token: string, nowMs: number): unknown {
  const { auth } = app;
  if (auth.kind !== 'tokenExchange')
    return { access_token: token, token_type: 'Bearer', expires_in: lifetimeSeconds };
  const answer: Record<string, unknown> = {};
  put(answer, auth.token, token);
  if (auth.expiresInSeconds !== undefined) put(answer, auth.expiresInSeconds, lifetimeSeconds);
  if (auth.expiresAt !== undefined)
    put(answer, auth.expiresAt, new Date(nowMs + lifetimeSeconds * 1000).toISOString());
  return answer;
}

function put(target: Record<string, unknown>, path: string, value: unknown): void {
  const [name = '', ...deeper] = path.split('.');
  if (deeper.length === 0) {
    target[name] = value;
    return;
  }
  const before = target[name];
  const inner: Record<string, unknown> =
    typeof before === 'object' && before !== null ? Object.fromEntries(Object.entries(before)) : {};
  target[name] = inner;
  put(inner, deeper.join('.'), value);
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
