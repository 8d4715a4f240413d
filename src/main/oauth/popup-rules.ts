/** What the sign-in window may show, and how its title names where it is. */

/** https, or exactly the origin and path that the sign-in comes back to. */
export function mayShow(url: string, redirectUri: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, origin, pathname, username, password } = new URL(url);
  if (username !== '' || password !== '') return false;
  const back = new URL(redirectUri);
  return protocol === 'https:' || (origin === back.origin && pathname === back.pathname);
}

/** The host as the person shall read it; an address that is none is not repeated. */
export function originInWords(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'an unknown address';
}
