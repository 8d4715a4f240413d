/**
 * What a technician typed into the connect form: trimmed, checked field by field, split into what is secret and
 * what is not, and turned into the headers that sign a request in. Refuses an address that is not a bare https origin.
 */
import { Fault, type FieldFault } from '../../preload/contract/reply';
import type { App, AppField } from './app';
import { isPracticeAddress } from './practice-address';
import { type FormValues, fill } from './request-template';

/** A form that passed every check; only `checkForm` makes one. */
export interface CheckedForm {
  readonly open: FormValues;
  readonly secret: FormValues;
}

/** @throws Fault `form_invalid` naming each field that is wrong and what to do about it. */
export function checkForm(app: App, typed: FormValues): CheckedForm {
  const faults: FieldFault[] = [];
  const open: Record<string, string> = {};
  const secret: Record<string, string> = {};
  const known = new Set(app.auth.fields.map((field) => field.name));
  for (const name of Object.keys(typed)) {
    if (!known.has(name)) faults.push({ field: name, message: `${app.name} has no field called ${name}.` });
  }
  for (const field of app.auth.fields) {
    const outcome = checkField(field, Object.hasOwn(typed, field.name) ? (typed[field.name] ?? '') : '');
    if (outcome.kind === 'wrong') faults.push({ field: field.name, message: outcome.message });
    else if (outcome.value !== '') (field.secret ? secret : open)[field.name] = outcome.value;
  }
  const first = faults[0];
  if (first !== undefined) throw new Fault('form_invalid', first.message, { fields: faults });
  return { open, secret };
}

type FieldOutcome =
  | { readonly kind: 'fine'; readonly value: string }
  | { readonly kind: 'wrong'; readonly message: string };

function checkField(field: AppField, raw: string): FieldOutcome {
  const value = raw.trim();
  if (value === '') {
    return field.required
      ? { kind: 'wrong', message: `${field.label} is missing.` }
      : { kind: 'fine', value };
  }
  if (field.normalize === 'origin') return checkOrigin(field, value);
  if (/\p{Cc}/u.test(value))
    return { kind: 'wrong', message: `${field.label} holds a line break or a control character.` };
  const listed = field.choices?.some((choice) => choice.value === value) ?? true;
  if (!listed && field.allowCustomChoice !== true)
    return { kind: 'wrong', message: `${field.label} is not one of the choices.` };
  if (field.pattern !== undefined && !new RegExp(field.pattern, 'u').test(value)) {
    return { kind: 'wrong', message: field.patternMessage ?? `${field.label} does not have the right form.` };
  }
  return { kind: 'fine', value };
}

function checkOrigin(field: AppField, value: string): FieldOutcome {
  const wrong = (message: string): FieldOutcome => ({ kind: 'wrong', message: `${field.label}: ${message}` });
  const text =
    /^[a-z][a-z0-9+.-]*:/i.test(value) && !/^[^/]+:\d+(\/|$)/.test(value) ? value : `https://${value}`;
  if (!URL.canParse(text)) return wrong('this is not an address. Use one such as https://psa.example.com.');
  const url = new URL(text);
  if (url.protocol !== 'https:') return wrong('only https:// addresses are allowed.');
  if (url.username !== '' || url.password !== '')
    return wrong('leave user name and password out of the address.');
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return wrong(`only the host is needed. Use ${url.origin}.`);
  }
  const listed = field.choices?.some((choice) => choice.value === url.origin) ?? true;
  // The practice workspace offers its own address besides; it leads nowhere else.
  if (!listed && field.allowCustomChoice !== true && !isPracticeAddress(url.origin))
    return { kind: 'wrong', message: `${field.label} is not one of the choices.` };
  return { kind: 'fine', value: url.origin };
}

/**
 * The headers that sign one request in with the form's values themselves. Made at the last moment, used once, never logged.
 *
 * @param all Every value of the form, secret ones too.
 */
export function credentialHeaders(
  auth: Extract<App['auth'], { kind: 'credentials' }>,
  all: FormValues,
): Record<string, string> {
  const headers = Object.fromEntries(
    Object.entries(auth.headers).map(([name, template]) => [name, fill(template, all)]),
  );
  if (auth.basic === undefined) return headers;
  return {
    ...headers,
    Authorization: basicHeader(fill(auth.basic.user, all), fill(auth.basic.password, all)),
  };
}

/** @see RFC 7617 */
export function basicHeader(user: string, password: string): string {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(Array.from(bytes, (byte) => String.fromCodePoint(byte)).join(''))}`;
}
