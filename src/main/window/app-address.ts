/**
 * Which file of the built page an `app://gatehouse/` address means, and with which headers it is served.
 * Refuses other hosts, methods of climbing out of the folder, and kinds of files that a page does not need.
 */
export const appScheme = 'app';
export const appOrigin = 'app://gatehouse';
export const appPage = `${appOrigin}/index.html`;

/**
 * No inline code, no network, nothing from elsewhere. Style attributes set by React go through the object model,
 * which a policy does not restrict, so that not even they need an exception.
 *
 * @see https://www.w3.org/TR/CSP3/
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'none'",
  "object-src 'none'",
  "frame-src 'none'",
  "worker-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const contentTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  woff2: 'font/woff2',
};

export interface PageFile {
  /** With `/` between the parts, below the folder of the page; never empty, never with `..`. */
  readonly path: string;
  readonly contentType: string;
}

/**
 * The file that an address means; undefined is a refusal.
 *
 * @param address Untrusted.
 */
export function pageFileOf(address: string): PageFile | undefined {
  if (address.length > 2000 || !URL.canParse(address)) return undefined;
  const { protocol, host, username, password, pathname } = new URL(address);
  if (`${protocol}//${host}` !== appOrigin || username !== '' || password !== '') return undefined;
  const path = pathname === '/' ? 'index.html' : pathname.slice(1);
  // The builder names files with these characters alone; an escape, a backslash or a colon is no file of ours.
  if (!/^[A-Za-z0-9_.\-/]+$/.test(path)) return undefined;
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part.startsWith('.'))) return undefined;
  const contentType = contentTypes[path.slice(path.lastIndexOf('.') + 1)];
  return contentType === undefined ? undefined : { path, contentType };
}

/** Headers of every file of the page. */
export function pageHeaders(contentType: string): Record<string, string> {
  return {
    'content-type': contentType,
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  };
}
