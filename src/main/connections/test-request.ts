/**
 * One cheap real request with given credentials, and what its answer means. Saves nothing.
 */
import { Fault } from '../../preload/contract/reply';
import type { SignInWay } from '../../preload/contract/shapes';
import type { App } from '../catalog/app';
import { type CheckedForm, checkForm } from '../catalog/connect-form';
import { isPracticeAddress } from '../catalog/practice-address';
import { reachOf } from '../catalog/reach';
import { buildTestRequest, type FormValues } from '../catalog/request-template';
import { parseJson, readVendorError, valueAt } from '../catalog/vendor-answer';
import type { InboundAnswer, OutboundRequest } from '../ports';
import { discover } from './discover';
import { type OAuthTokens, withTokens } from './granted';
import { hideSecrets } from './hide-secrets';
import type { SignIn } from './sign-in';

export interface TestNeeds {
  /** One exchange, politely: per connection bounded, 429 and read retries obeyed. */
  readonly send: (
    key: string,
    request: OutboundRequest,
    options: { readonly signal?: AbortSignal | undefined; readonly concurrency: number },
  ) => Promise<InboundAnswer>;
  readonly signIn: SignIn;
  /** A person signs in at the vendor's page. @throws Fault `oauth_…`, `cancelled`, `vendor_timeout` */
  readonly authorize: (
    app: App,
    all: FormValues,
    how: SignInWay,
    signal: AbortSignal,
  ) => Promise<OAuthTokens>;
}

/** What a passed test proved: this form, for this account. */
export interface PassedTest {
  readonly form: CheckedForm;
  readonly account: string;
  readonly tookMs: number;
}

/** @throws Fault `form_invalid`, `vendor_refused` with the vendor's words, `vendor_unreachable`, `cancelled` and the like. */
export async function tested(
  needs: TestNeeds,
  app: App,
  typed: FormValues,
  key: string,
  how: SignInWay,
  signal: AbortSignal,
): Promise<PassedTest> {
  const checked = checkForm(app, typed);
  const found = await discover(needs, app, checked.open, signal);
  const open = { ...checked.open, ...found };
  const form = { open, secret: checked.secret };
  if (app.auth.kind === 'oauth2') {
    const tokens = await needs.authorize(app, { ...open, ...checked.secret }, how, signal);
    form.secret = withTokens(checked.secret, tokens);
  }
  const outcome = await checkOutcome(needs, app, form, key, signal);
  if (outcome.kind === 'fine') return { form, account: accountOf(app, form.open), tookMs: outcome.tookMs };
  if (outcome.fault !== undefined) throw outcome.fault;
  const hint = await otherRegion(needs, app, form, key, signal);
  throw new Fault('vendor_refused', `${outcome.state.reason}${hint}`);
}

/** More would look like guessing to the vendor. */
const maxRegions = 5;

/**
 * A vendor with several regions refuses good credentials in the wrong one. They are tried only at addresses that the catalog
 * names as this vendor's own.
 *
 * @returns A sentence with a space before it, or nothing.
 */
async function otherRegion(
  needs: TestNeeds,
  app: App,
  form: CheckedForm,
  key: string,
  signal: AbortSignal,
): Promise<string> {
  const field = app.auth.fields.find(({ name }) => name === app.regionField);
  // At a sign-in page the person has seen which region it is.
  if (field?.choices === undefined || app.auth.kind === 'oauth2') return '';
  const here = form.open[field.name];
  if (here !== undefined && isPracticeAddress(here)) return '';
  for (const { value, label } of field.choices
    .filter((choice) => choice.value !== here)
    .slice(0, maxRegions)) {
    const there = { ...form, open: { ...form.open, [field.name]: value } };
    const outcome = await checkOutcome(needs, app, there, key, signal);
    if (outcome.kind === 'fine') return ` The same credentials work with ${field.label} ${label}.`;
  }
  return '';
}

export type CheckOutcome =
  | { readonly kind: 'fine'; readonly tookMs: number }
  | {
      readonly kind: 'failed';
      readonly state: {
        readonly kind: 'needs_authorization' | 'needs_sign_in' | 'error';
        readonly reason: string;
      };
      readonly fault?: Fault;
    };

/** @param saved The connection that these credentials are saved with. */
export async function checkOutcome(
  needs: TestNeeds,
  app: App,
  form: CheckedForm,
  key: string,
  signal?: AbortSignal,
  saved?: string,
): Promise<CheckOutcome> {
  const request = buildTestRequest(app, form.open);
  // A test proves these credentials, so it never runs on a token from before. What a person granted is the credential itself:
  // it is renewed as for a call.
  const grantedTo = app.auth.kind === 'oauth2' ? saved : undefined;
  const attempt = async () => {
    const signedIn = await needs.signIn.headers(grantedTo, app, form, signal);
    const answer = await needs.send(
      key,
      { ...request, ...reachOf(app, form.open), headers: { ...request.headers, ...signedIn } },
      { concurrency: app.limits.concurrency, signal },
    );
    return hideSecrets(answer, form.secret, signedIn);
  };
  try {
    let answer = await attempt();
    if (answer.status === 401 && grantedTo !== undefined) {
      needs.signIn.forget(grantedTo);
      answer = await attempt();
    }
    return judgeTest(app, answer);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const reason = error.message.slice(0, 600);
    // The sign-in itself was refused, for good or because the vendor is in trouble.
    if (error.code === 'oauth_refused' || error.code === 'vendor_refused')
      return { kind: 'failed', state: { kind: error.retryable ? 'error' : 'needs_sign_in', reason } };
    return { kind: 'failed', state: { kind: 'error', reason }, fault: error };
  }
}

function judgeTest(app: App, answer: InboundAnswer): CheckOutcome {
  if (answer.status < 200 || answer.status > 299) {
    const reason = readVendorError(
      app,
      answer.status,
      answer.headers['content-type'] ?? '',
      answer.text,
    ).slice(0, 600);
    const states = { 401: 'needs_sign_in', 403: 'needs_authorization' } as const;
    const kind = answer.status === 401 || answer.status === 403 ? states[answer.status] : 'error';
    return { kind: 'failed', state: { kind, reason } };
  }
  const json = parseJson(answer.text);
  const isTheApi =
    app.test.isList === true
      ? Array.isArray(json)
      : typeof json === 'object' &&
        json !== null &&
        app.test.expect.every((place) => valueAt(json, place) !== undefined);
  if (isTheApi) return { kind: 'fine', tookMs: answer.tookMs };
  return {
    kind: 'failed',
    state: {
      kind: 'error',
      reason: `Something answered, but it is not the API of ${app.name}. Check the site.`,
    },
  };
}

function accountOf(app: App, open: FormValues): string {
  return app.account.replace(/\{([^}]+)\}/g, (_, name: string) => open[name] ?? '');
}
