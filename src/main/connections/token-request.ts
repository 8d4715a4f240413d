/**
 * The request with which an app hands out a token for the values of its form: a login of the vendor's own, or RFC 6749 §4.4.
 * Refuses apps that sign in otherwise.
 */
import { Fault, never } from '../../preload/contract/reply';
import type { App, SignInRequest } from '../catalog/app';
import { basicHeader } from '../catalog/connect-form';
import { type FormValues, fill } from '../catalog/request-template';
import type { OutboundRequest } from '../ports';

/** The request that asks for a token, credentials and all: made at the last moment, used once, never logged. @throws Fault `catalog_invalid` */
export function tokenRequest(app: App, all: FormValues): OutboundRequest {
  const { auth } = app;
  switch (auth.kind) {
    case 'tokenExchange':
      return loginRequest(auth.login, all);
    case 'clientCredentials': {
      const id = fill(auth.clientId, all);
      const secret = fill(auth.clientSecret, all);
      const asked = { grant_type: 'client_credentials', scope: fill(auth.scope, all) };
      const named = { ...asked, client_id: id, client_secret: secret };
      const url = fill(auth.tokenUrl, all);
      if (auth.send === 'json') return { method: 'POST', url, headers: json, body: JSON.stringify(named) };
      if (auth.send === 'form') return { method: 'POST', url, headers: form, body: formText(named) };
      // RFC 6749 §2.3.1: both halves are form-encoded before they become Basic.
      const headers = {
        ...form,
        Authorization: basicHeader(encodeURIComponent(id), encodeURIComponent(secret)),
      };
      return { method: 'POST', url, headers, body: formText(asked) };
    }
    case 'credentials':
    case 'oauth2':
      throw new Fault(
        'catalog_invalid',
        `${app.name} signs in by ${auth.kind}, which hands out no token here.`,
      );
    default:
      return never(auth);
  }
}

const accept = { Accept: 'application/json' };
const json = { ...accept, 'Content-Type': 'application/json' };
const form = { ...accept, 'Content-Type': 'application/x-www-form-urlencoded' };

function loginRequest(login: SignInRequest, all: FormValues): OutboundRequest {
  const { body, basic } = login;
  const headers = {
    ...accept,
    ...filledHeaders(login.headers, all),
    ...(basic === undefined
      ? {}
      : { Authorization: basicHeader(fill(basic.user, all), fill(basic.password, all)) }),
  };
  const request = { method: login.method, url: fill(login.url, all) };
  switch (body?.kind) {
    case undefined:
      return { ...request, headers };
    case 'json':
      return {
        ...request,
        headers: { ...json, ...headers },
        body: JSON.stringify(present(body.values, all)),
      };
    case 'form':
      return { ...request, headers: { ...form, ...headers }, body: formText(present(body.values, all)) };
    case 'text':
      return {
        ...request,
        headers: { 'Content-Type': 'text/plain', ...headers },
        body: fill(body.text, all),
      };
    case 'jsonText':
      return { ...request, headers: { ...json, ...headers }, body: JSON.stringify(fill(body.text, all)) };
  }
}

/** Templates that come out empty are left out: an optional field was not filled in. */
function present(templates: FormValues, all: FormValues): Record<string, string> {
  return Object.fromEntries(
    Object.entries(templates)
      .map(([name, template]) => [name, fill(template, all)] as const)
      .filter(([, value]) => value !== ''),
  );
}

function formText(values: FormValues): string {
  return new URLSearchParams(Object.entries(values).filter(([, value]) => value !== '')).toString();
}

export function filledHeaders(templates: FormValues, all: FormValues): Record<string, string> {
  return Object.fromEntries(Object.entries(templates).map(([name, template]) => [name, fill(template, all)]));
}
