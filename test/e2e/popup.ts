/** The person in the sign-in window. */
import type { Page } from '@playwright/test';

/**
 * Presses Sign in and waits until the application has closed the window. The click does not wait for the page that follows it:
 * that one may be gone with its window before it has loaded, and the wait would then never end.
 */
export async function pressSignIn(popup: Page): Promise<void> {
  const closed = popup.waitForEvent('close');
  await popup.getByRole('button', { name: 'Sign in' }).click({ noWaitAfter: true });
  await closed;
}
