/**
 * What a technician chose for the authentication of a custom server: checked, and turned into what is kept. Header names that would
 * change the protocol or the way of a request are refused.
 */
import { Fault } from '../../preload/contract/reply';
import type { FormValues } from '../catalog/request-template';
import { headerSecret } from './server-record';

export type ServerChoice =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly token: string }
  | {
      readonly kind: 'headers';
      readonly headers: readonly { readonly name: string; readonly value: string }[];
    }
  | {
      readonly kind: 'oauth';
      /** Empty unless Gatehouse was registered by hand. */
      readonly clientId: string;
      readonly clientSecret: string;
      readonly allowWithoutPkce: boolean;
    };

/** RFC 9110 §5.6.2. */
const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,100}$/;
/** Ours, of the connection itself, or of a browser. */
const ownNames =
  /^(?:host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*|cookie|set-cookie|accept|accept-encoding|origin|referer|mcp-.*|last-event-id|user-agent|date)$/i;
const maxHeaders = 10;

/** @throws Fault `form_invalid` naming the fields. */
export function checkChoice(choice: ServerChoice): ServerChoice {
  switch (choice.kind) {
    case 'none':
      return choice;
    case 'bearer':
      return { kind: 'bearer', token: checkedValue('token', 'The token', choice.token) };
    case 'headers':
      return { kind: 'headers', headers: checkedHeaders(choice.headers) };
    case 'oauth': {
      const clientId = choice.clientId.trim();
      const clientSecret = choice.clientSecret.trim();
      if (clientId === '' && clientSecret !== '')
        throw wrong('clientId', 'A client secret without a client ID is of no use. Type both.');
      return { ...choice, clientId, clientSecret };
    }
  }
}

/** The secrets of a choice, by the names that `serverApp` knows; those of OAuth come with the tokens. */
export function secretsOf(choice: ServerChoice): FormValues {
  if (choice.kind === 'bearer') return { token: choice.token };
  if (choice.kind !== 'headers') return {};
  return Object.fromEntries(choice.headers.map(({ value }, index) => [headerSecret(index), value]));
}

function checkedHeaders(headers: readonly { readonly name: string; readonly value: string }[]) {
  if (headers.length === 0) throw wrong('headers', 'Type at least one header.');
  if (headers.length > maxHeaders) throw wrong('headers', `At most ${maxHeaders} headers are sent.`);
  const seen = new Set<string>();
  return headers.map(({ name: typed, value }, index) => {
    const name = typed.trim();
    const field = `headers.${index}.name`;
    if (!headerName.test(name))
      throw wrong(field, 'A header name has letters, digits and hyphens, and no spaces or colons.');
    if (ownNames.test(name))
      throw wrong(field, `${name} belongs to the connection itself. Choose another header.`);
    if (seen.has(name.toLowerCase())) throw wrong(field, `${name} is there twice.`);
    seen.add(name.toLowerCase());
    return { name, value: checkedValue(`headers.${index}.value`, 'The value', value) };
  });
}

/** Visible text on one line: what a header can carry without being cut or mistaken. */
function checkedValue(field: string, what: string, typed: string): string {
  const value = typed.trim();
  if (value === '') throw wrong(field, `${what} is missing.`);
  if (!/^[\x20-\x7e]{1,8000}$/.test(value))
    throw wrong(
      field,
      `${what} has a line break or a character in it that no header can carry. Copy it again.`,
    );
  return value;
}

function wrong(field: string, message: string): Fault {
  return new Fault('form_invalid', message, { fields: [{ field, message }] });
}
