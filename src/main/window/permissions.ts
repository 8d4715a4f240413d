/**
 * The one permission that the page has: to put text on the clipboard, because an agent's token is shown once and
 * must be copied. Everything else is refused, reading the clipboard included.
 */
import { isOfOrigin } from '../ipc/trusted-sender';

/** @param requestingAddress Untrusted: the page that asks. */
export function isPermitted(permission: string, requestingAddress: string, ownOrigin: string): boolean {
  return permission === 'clipboard-sanitized-write' && isOfOrigin(requestingAddress, ownOrigin);
}
