/**
 * Judges who sent a call: only the main frame of our own window, while it shows our own page.
 * Refuses an empty address, a frame inside the page, another window and another origin.
 */
export interface Sender {
  readonly contentsId: number;
  /** Null when the frame is gone already. */
  readonly frame: { readonly url: string; readonly isMain: boolean } | null;
}

export interface Trusted {
  /** Undefined while no window is open: then nobody is trusted. */
  readonly contentsId: number | undefined;
  /** Scheme and host without a path: `app://gatehouse`, or the development server's. */
  readonly origin: string;
}

/** True only for our page in our window. */
export function isTrustedSender(sender: Sender, trusted: Trusted): boolean {
  if (trusted.contentsId === undefined || sender.contentsId !== trusted.contentsId) return false;
  if (sender.frame === null || !sender.frame.isMain) return false;
  return isOfOrigin(sender.frame.url, trusted.origin);
}

/**
 * Whether an address belongs to an origin. `URL.origin` is `null` for own schemes, so scheme and host are compared.
 *
 * @param address Untrusted.
 */
export function isOfOrigin(address: string, origin: string): boolean {
  if (address === '' || !URL.canParse(address)) return false;
  const { protocol, host, username, password } = new URL(address);
  return host !== '' && username === '' && password === '' && `${protocol}//${host}` === origin;
}
