/**
 * One sign-in at a vendor's page, from the listener to the tokens. Whatever way it ends, window and listener are closed and
 * nothing is kept here.
 */
import { Fault } from '../../preload/contract/reply';
import type { SignInWay } from '../../preload/contract/shapes';
import type { Clock } from '../ports';
import { judgeLanding } from './landing';
import { exchangeCode, type OAuthNeeds, type OAuthSetup, type OAuthTokens, prepareSignIn } from './protocol';

/** A page that a person looks at. */
export interface ShownPage {
  /** Fulfilled when the person closed it; never for a browser, which does not tell. */
  readonly closed: Promise<void>;
  close(): void;
}

export interface PageToShow {
  readonly url: string;
  readonly how: SignInWay;
  readonly title: string;
  /** Where the page may go at its end, besides https addresses. */
  readonly redirectUri: string;
}

export interface SignInWays {
  readonly openLoopback: (
    place: {
      readonly host: '127.0.0.1' | 'localhost';
      readonly port?: number | undefined;
      readonly path: string;
    },
    accepts: (state: string | null) => boolean,
  ) => Promise<{ readonly redirectUri: string; readonly landing: Promise<URL>; close(): Promise<void> }>;
  readonly show: (page: PageToShow) => Promise<ShownPage>;
}

const patienceMs = 600_000;

/**
 * @throws Fault `oauth_closed`, `oauth_denied`, `oauth_state_mismatch`, `oauth_failed`, `vendor_timeout` after ten minutes,
 *   `cancelled`, `port_taken`, and those of the way out.
 */
export async function signInByOAuth(
  needs: OAuthNeeds & SignInWays & { readonly clock: Clock },
  wanted: {
    readonly redirect: Parameters<SignInWays['openLoopback']>[0];
    /** Made when the address that the sign-in comes back to is known: a client may have to be registered with it first. */
    readonly setup: (redirectUri: string) => OAuthSetup | Promise<OAuthSetup>;
  },
  how: SignInWay,
  signal: AbortSignal,
): Promise<OAuthTokens> {
  let state: string | undefined;
  const loopback = await needs.openLoopback(wanted.redirect, (given) => given !== null && given === state);
  let page: ShownPage | undefined;
  let stopClock: () => void = () => undefined;
  try {
    const { redirectUri } = loopback;
    const setup = await wanted.setup(redirectUri);
    const prepared = await prepareSignIn(setup);
    state = prepared.state;
    page = await needs.show({ url: prepared.url, how, title: `Sign in to ${needs.name}`, redirectUri });
    const landing = await Promise.race([
      loopback.landing,
      page.closed.then(() => {
        throw new Fault('oauth_closed', 'The sign-in window was closed. Nothing was saved.', {
          retryable: true,
        });
      }),
      aborted(signal),
      new Promise<never>((_, reject) => {
        stopClock = needs.clock.after(patienceMs, () => reject(tooLate(needs.name)));
      }),
    ]);
    const params = judgeLanding(setup, prepared, landing, needs.name);
    return await exchangeCode(needs, setup, prepared, params, signal);
  } finally {
    stopClock();
    page?.close();
    await loopback.close();
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(new Fault('cancelled', 'Cancelled. Nothing was saved.', { retryable: true }));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

function tooLate(name: string): Fault {
  return new Fault('vendor_timeout', `Nobody signed in at ${name} within ten minutes. Connect again.`, {
    retryable: true,
  });
}
