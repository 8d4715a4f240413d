/** One open application for all screen tests of a run, at 1280×800 and light unless a test asks for something else. */
import { test as base, type Page } from '@playwright/test';
import { atWork } from './scenes';
import { openStage, type Script, type Stage } from './stage';

export { expect } from '@playwright/test';

export const test = base.extend<{ page: Page }, { stage: Stage }>({
  stage: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from here.
    async ({}, use) => {
      const stage = await openStage();
      await use(stage);
      await stage.close();
    },
    { scope: 'worker' },
  ],
  page: async ({ stage }, use) => {
    await stage.size(1280, 800);
    await stage.window.emulateMedia({ colorScheme: 'light' });
    await use(stage.window);
  },
});

export const goTo = (page: Page, screen: string) =>
  page.getByRole('navigation').getByRole('button', { name: screen }).click();

export async function open(stage: Stage, script: Script, screen: string): Promise<void> {
  await stage.play(script);
  await goTo(stage.window, screen);
}

export async function openConnection(stage: Stage, script: Script = atWork): Promise<void> {
  await stage.play(script);
  await stage.window.getByRole('button', { name: 'Manage ConnectWise PSA' }).click();
}
