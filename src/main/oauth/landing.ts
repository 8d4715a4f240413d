/**
 * Judges the address that a sign-in ended on: its state, its issuer, and whether it was completed. Nothing of it but the code goes on.
 */
import * as oauth from 'oauth4webapi';
import { Fault } from '../../preload/contract/reply';
import { cleaned, type OAuthSetup, type PreparedSignIn, serverOf, wordsOf } from './protocol';

/**
 * @returns The parameters that `exchangeCode` takes; nothing else can make them.
 * @throws Fault `oauth_state_mismatch`, `oauth_denied` (the technician may try again), `oauth_failed`.
 */
export function judgeLanding(
  setup: OAuthSetup,
  prepared: PreparedSignIn,
  landing: URL,
  name: string,
): URLSearchParams {
  const given = landing.searchParams;
  if (given.get('state') !== prepared.state)
    throw new Fault(
      'oauth_state_mismatch',
      `The answer of ${name} does not belong to this sign-in, so it was refused. Connect again.`,
      { retryable: true },
    );
  const origin = new URL(setup.authorizeUrl).origin;
  const issuer = given.get('iss');
  const isOurs = setup.issuer === undefined ? originOf(issuer) === origin : issuer === setup.issuer;
  if (issuer !== null && !isOurs)
    throw new Fault(
      'oauth_failed',
      `The answer says that it comes from ${cleaned(issuer)}, and the sign-in was at ${origin}. It was refused.`,
    );
  try {
    const server = { ...serverOf(setup), issuer: issuer ?? origin };
    const params = oauth.validateAuthResponse(server, { client_id: setup.clientId }, given, prepared.state);
    if (params.has('code')) return params;
  } catch (error) {
    throw landingFault(error, name);
  }
  throw new Fault('oauth_failed', `${name} answered the sign-in without a code. Connect again.`, {
    retryable: true,
  });
}

function landingFault(error: unknown, name: string): Fault {
  if (!(error instanceof oauth.AuthorizationResponseError))
    return new Fault(
      'oauth_failed',
      `${name} answered the sign-in with something that is no answer. Connect again.`,
      {
        retryable: true,
      },
    );
  const words = wordsOf(error.error, error.error_description);
  return error.error === 'access_denied'
    ? new Fault('oauth_denied', `The access was denied at ${name}: ${words} Nothing was saved.`, {
        retryable: true,
      })
    : new Fault('oauth_failed', `${name} refused the sign-in: ${words} Nothing was saved.`, {
        retryable: true,
      });
}

function originOf(text: string | null): string | undefined {
  return text !== null && URL.canParse(text) ? new URL(text).origin : undefined;
}
