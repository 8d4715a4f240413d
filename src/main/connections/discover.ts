/**
 * Finds out where an account lives, with one request that carries no credentials. What comes back is trusted only as far as the
 * catalog names its hosts: an address elsewhere would get the keys.
 */
import { Fault } from '../../preload/contract/reply';
import type { App } from '../catalog/app';
import { isPracticeAddress } from '../catalog/practice-address';
import { encodedValues, type FormValues, fill } from '../catalog/request-template';
import { parseJson, readVendorError, valueAt } from '../catalog/vendor-answer';
import type { SignInNeeds } from './sign-in';

/** @returns The values found, by name; none for an app that has nothing to discover. @throws Fault `vendor_refused`, … */
export async function discover(
  needs: Pick<SignInNeeds, 'send'>,
  app: App,
  open: FormValues,
  signal?: AbortSignal,
): Promise<FormValues> {
  if (app.discover === undefined) return {};
  const { hosts, values } = app.discover;
  const request = {
    method: 'GET',
    url: fill(app.discover.url, encodedValues(open)),
    headers: { Accept: 'application/json' },
  };
  const options = { concurrency: app.limits.concurrency, signal };
  const answer = await needs.send(`discover ${app.id}`, request, options);
  if (answer.status < 200 || answer.status > 299) {
    const words = readVendorError(app, answer.status, answer.headers['content-type'] ?? '', answer.text);
    throw new Fault('vendor_refused', words);
  }
  const found = parseJson(answer.text);
  return Object.fromEntries(
    Object.entries(values).map(([name, place]) => {
      // The simulated vendors know only themselves, and the name of none of them leads anywhere outside.
      const below = isPracticeAddress(request.url) ? [new URL(request.url).hostname] : hosts;
      return [name, checkedAddress(app, valueAt(found, place), below)];
    }),
  );
}

function checkedAddress(app: App, value: unknown, hosts: readonly string[]): string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  const isKnown =
    url?.protocol === 'https:' &&
    url.username === '' &&
    url.password === '' &&
    hosts.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`));
  if (url === undefined || !isKnown) {
    throw new Fault(
      'vendor_answer_invalid',
      `${app.name} did not say where this account lives. Check the user name.`,
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
