/**
 * Judges an address that shall open in the person's own browser. Only https, without credentials, without anything
 * that a browser would read differently from us.
 */
export type LinkJudgement =
  | { readonly kind: 'open'; readonly url: string }
  | { readonly kind: 'refused'; readonly why: string };

const maxLength = 2000;

/** @param address Untrusted; when it may be opened, the answer holds it as the standard writes it. */
export function judgeLink(address: string): LinkJudgement {
  if (address.length > maxLength) return refuse('it is too long');
  // Browsers drop tabs and line ends and turn backslashes; what we judged would not be what opens.
  if (/[^\x21-\x7e]|[\\"'<>`^{|}]/.test(address))
    return refuse('it has characters that an address may not have');
  if (!/^https:\/\/[^/]/i.test(address)) return refuse('it does not start with https://');
  if (!URL.canParse(address)) return refuse('it is not an address');
  const { protocol, hostname, username, password, href } = new URL(address);
  if (protocol !== 'https:') return refuse('it does not start with https://');
  if (username !== '' || password !== '' || authorityOf(address).includes('@')) {
    return refuse('it carries a user name');
  }
  if (!hostname.includes('.') || hostname.endsWith('.')) return refuse('its host is not a full name');
  return { kind: 'open', url: href };
}

function authorityOf(address: string): string {
  return address.slice('https://'.length).split(/[/?#]/, 1)[0] ?? '';
}

function refuse(why: string): LinkJudgement {
  return { kind: 'refused', why };
}
