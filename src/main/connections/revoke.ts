/**
 * Ends an access at its vendor: by RFC 7009, by an endpoint of the vendor's own, or by the sentence that says how a person does it.
 * Refuses to call an access revoked that may still live: whatever is unclear is a Fault.
 */
import { Fault, never } from '../../preload/contract/reply';
import type { App } from '../catalog/app';
import { reachOf } from '../catalog/reach';
import { buildRevokeRequest, encodedValues, type FormValues, fill } from '../catalog/request-template';
import { parseJson, readVendorError, valueAt } from '../catalog/vendor-answer';
import type { InboundAnswer, OutboundRequest } from '../ports';
import type { ConnectionsNeeds } from './connect';
import { hideSecrets } from './hide-secrets';

/** The access that ends; its credentials are put on this one request and forgotten. */
export interface RevokedAccess {
  readonly connectionId: string;
  readonly open: FormValues;
  readonly secret: FormValues;
}

/** `sentence` is for a person. */
export interface Revoked {
  readonly kind: 'byHand' | 'confirmed';
  readonly sentence: string;
}

/** @throws Fault `vendor_refused` with the vendor's words, `vendor_unreachable` and the like: then the access may still live. */
export async function revokeAtVendor(
  needs: Pick<ConnectionsNeeds, 'send' | 'signIn'>,
  app: App,
  access: RevokedAccess,
  signal: AbortSignal,
): Promise<Revoked> {
  const { revoke } = app;
  const send = async (request: OutboundRequest, signedIn: FormValues = {}) => {
    const signed = {
      ...request,
      ...reachOf(app, access.open),
      headers: { ...request.headers, ...signedIn },
    };
    const answer = await needs.send(access.connectionId, signed, {
      concurrency: app.limits.concurrency,
      signal,
    });
    return hideSecrets(answer, access.secret, signedIn);
  };
  switch (revoke.kind) {
    case 'nothing':
      return { kind: 'confirmed', sentence: 'There were no credentials to revoke.' };
    case 'byHand':
      return { kind: 'byHand', sentence: byHandSentence(app, revoke.sentence) };
    case 'rfc7009': {
      const request = tokenRevocation(app, revoke.url, access);
      if (request === undefined)
        return { kind: 'confirmed', sentence: `There was no token of ${app.name} left to revoke.` };
      return confirmed(app, await send(request), saysTokenIsGone);
    }
    case 'endpoint': {
      const request = buildRevokeRequest(app, revoke, access.open);
      const signedIn = await needs.signIn.headers(access.connectionId, app, access, signal);
      return confirmed(
        app,
        await send(request, signedIn),
        ({ status }) => status === 401 || status === 404 || status === 410,
      );
    }
    default:
      return never(revoke);
  }
}

export function byHandSentence(app: App, sentence: string): string {
  return `The access at ${app.name} still has to be revoked by hand. ${sentence}`;
}

/**
 * The newest token that was kept, with the client's own name as RFC 6749 §2.3.1 sends it in a form.
 *
 * @returns Undefined when no token was kept.
 * @throws Fault `catalog_invalid`
 * @see RFC 7009 §2.1
 */
function tokenRevocation(
  app: App,
  template: string,
  { open, secret }: RevokedAccess,
): OutboundRequest | undefined {
  const refreshToken = secret['oauth.refreshToken'] ?? '';
  const token = refreshToken === '' ? (secret['oauth.accessToken'] ?? '') : refreshToken;
  if (token === '') return undefined;
  const url = fill(template, encodedValues(open));
  if (!URL.canParse(url))
    throw new Fault('catalog_invalid', `The catalog does not know where ${app.name} revokes tokens.`);
  const all = { ...open, ...secret };
  const client = app.auth.kind === 'oauth2' || app.auth.kind === 'clientCredentials' ? app.auth : undefined;
  const form = {
    token,
    token_type_hint: refreshToken === '' ? 'access_token' : 'refresh_token',
    client_id: fill(client?.clientId ?? '', all),
    client_secret: fill(client?.clientSecret ?? '', all),
  };
  return {
    method: 'POST',
    url,
    headers: { Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(Object.entries(form).filter(([, value]) => value !== '')).toString(),
  };
}

/**
 * An invalid token needs no revoking any more: RFC 7009 §2.2 asks for 200 then, and some vendors say `invalid_token` instead.
 * `unsupported_token_type` (§2.2.1) means that the token still lives.
 */
function saysTokenIsGone({ status, text }: InboundAnswer): boolean {
  return status === 400 && valueAt(parseJson(text), 'error') === 'invalid_token';
}

/** @throws Fault `vendor_refused` */
function confirmed(app: App, answer: InboundAnswer, isGone: (answer: InboundAnswer) => boolean): Revoked {
  const { status, headers, text } = answer;
  if ((status >= 200 && status <= 299) || isGone(answer))
    return { kind: 'confirmed', sentence: `${app.name} confirmed that the access is revoked.` };
  throw new Fault('vendor_refused', readVendorError(app, status, headers['content-type'] ?? '', text), {
    retryable: true,
  });
}
