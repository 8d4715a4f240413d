/**
 * Finds out which keys lead through a window, in the unpackaged application, where one can see what has the focus. The same
 * keys are then pressed in the installed program, where nobody can.
 */
import type { Locator, Page } from '@playwright/test';

const mostTabs = 60;

/** Presses Tab until the element has the focus; answers how often. */
export async function tabsTo(page: Page, element: Locator): Promise<number> {
  await element.waitFor();
  for (let count = 0; count <= mostTabs; count += 1) {
    if (await element.evaluate((node) => node === document.activeElement)) return count;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${mostTabs} times Tab did not lead to ${element}.`);
}
