/**
 * The address that a sign-in comes back to, as the MSP registers it at the vendor and as it is sent. Vendors compare it letter by
 * letter, but for the port of a loopback address that was registered without one (RFC 8252 §7.3).
 */
export interface Redirect {
  readonly host: '127.0.0.1' | 'localhost';
  /** Registered with the address; any free one is used where it is left out. */
  readonly port?: number | undefined;
  readonly path: string;
}

/** @param port Of this attempt; left out for the address that is registered. */
export function redirectAddress({ host, port: registered, path }: Redirect, port = registered): string {
  // `http://localhost` is what is registered for any port, and a slash more would be another address.
  const end = registered === undefined && path === '/' ? '' : path;
  return `http://${host}${port === undefined ? '' : `:${port}`}${end}`;
}
