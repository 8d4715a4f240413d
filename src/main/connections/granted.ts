/**
 * Tokens that a person granted at the vendor's page, as they lie sealed beside the secrets of the form. Their names hold a dot,
 * which no field of a form can.
 */
import { Fault } from '../../preload/contract/reply';
import type { App } from '../catalog/app';
import { type FormValues, fill } from '../catalog/request-template';
import type { OAuthTokens } from '../oauth/protocol';
import type { VaultHandle } from '../store/vault';

export type { OAuthTokens };

const names = { access: 'oauth.accessToken', refresh: 'oauth.refreshToken', expires: 'oauth.expiresAtMs' };

export interface StoredTokens {
  readonly accessToken: string | undefined;
  readonly refreshToken: string | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number | undefined;
}

export function storedTokens(secret: FormValues): StoredTokens {
  const expiresAtMs = Number(secret[names.expires] ?? Number.NaN);
  return {
    accessToken: secret[names.access],
    refreshToken: secret[names.refresh],
    expiresAtMs: Number.isFinite(expiresAtMs) ? expiresAtMs : undefined,
  };
}

/** The secrets of the form with these tokens instead of older ones. */
export function withTokens(secret: FormValues, tokens: OAuthTokens): Record<string, string> {
  const { accessToken, refreshToken, expiresAtMs } = tokens;
  return {
    ...formSecrets(secret),
    [names.access]: accessToken,
    ...(refreshToken === undefined ? {} : { [names.refresh]: refreshToken }),
    ...(expiresAtMs === undefined ? {} : { [names.expires]: String(expiresAtMs) }),
  };
}

/** Keeps renewed tokens with their connection, unless somebody signed in anew meanwhile. @throws Fault `not_found` */
export async function keepTokens(
  vault: VaultHandle,
  connectionId: string,
  used: string,
  tokens: OAuthTokens,
): Promise<void> {
  const secret = await vault.readSecret(connectionId);
  if (storedTokens(secret).refreshToken !== used) return;
  await vault.update(
    (state) => {
      const lasting = [...state.connections, ...state.pendingDisconnects, ...state.unrevoked];
      if (lasting.some((one) => one.connectionId === connectionId)) return state;
      throw new Fault('not_found', 'This connection is gone; it was disconnected meanwhile.');
    },
    { [connectionId]: withTokens(secret, tokens) },
  );
}

/** What was typed, without what was granted. */
export function formSecrets(secret: FormValues): Record<string, string> {
  return Object.fromEntries(Object.entries(secret).filter(([name]) => !name.includes('.')));
}

/** What the catalog says of an app's sign-in, filled in with the form. @throws Error for an app that signs in otherwise. */
export function oauthSetup(app: App, all: FormValues) {
  const { auth } = app;
  if (auth.kind !== 'oauth2') throw new Error(`${app.id} does not sign in by OAuth.`);
  const clientSecret = auth.clientSecret === undefined ? '' : fill(auth.clientSecret, all);
  return {
    authorizeUrl: fill(auth.authorizeUrl, all),
    tokenUrl: fill(auth.tokenUrl, all),
    clientId: fill(auth.clientId, all),
    clientSecret: clientSecret === '' ? undefined : clientSecret,
    clientAuth: auth.clientAuth,
    resource: auth.resource === undefined ? undefined : fill(auth.resource, all),
    scope: fill(auth.scope, all) || undefined,
    authorizeParams: Object.fromEntries(
      Object.entries(auth.authorizeParams)
        .map(([name, template]) => [name, fill(template, all)] as const)
        .filter(([, value]) => value !== ''),
    ),
    redirect: auth.redirect,
  };
}

/** The same as a plan for one sign-in. */
export function signInPlan(app: App, all: FormValues) {
  const { redirect, ...setup } = oauthSetup(app, all);
  return { redirect, setup: (redirectUri: string) => ({ ...setup, redirectUri }) };
}
