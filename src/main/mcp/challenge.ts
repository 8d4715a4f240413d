/**
 * What a server says in `WWW-Authenticate` about the sign-in that it wants. Everything in it is untrusted.
 *
 * @see RFC 9110 §11.6.1, RFC 6750 §3, RFC 9728 §5.1
 */
export interface Challenge {
  /** Whether it names the scheme Bearer. */
  readonly isBearer: boolean;
  readonly resourceMetadata: string | undefined;
  /** Space separated. */
  readonly scope: string | undefined;
  readonly error: string | undefined;
}

const maxLength = 4_000;

export function readChallenge(header: string | undefined): Challenge {
  const text = (header ?? '').slice(0, maxLength);
  return {
    isBearer: /(?:^|,)\s*bearer(?:\s|$|,)/i.test(text),
    resourceMetadata: parameter(text, 'resource_metadata'),
    scope: parameter(text, 'scope'),
    error: parameter(text, 'error'),
  };
}

/** A quoted string with its escapes undone, or a token; the first of that name. */
function parameter(text: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|[\\s,])${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s",]+))`, 'i').exec(
    text,
  );
  const value = found?.[1]?.replace(/\\(.)/g, '$1') ?? found?.[2];
  return value === undefined || value === '' ? undefined : value;
}
