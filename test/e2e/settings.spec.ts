/** Settings take effect in the running application, and are there after a restart. */
import { expect, test } from '@playwright/test';
import { freePort } from '../fakes/free-port';
import { ask, openVault } from './ask';
import { launch, type Opened } from './launch';

const groundOf = async ({ window }: Opened) => {
  // Playwright shows every page as light unless it is told to leave that to the application.
  await window.emulateMedia({ colorScheme: null });
  return await window.evaluate(() => getComputedStyle(document.body).backgroundColor);
};

test('theme and port change at once and stay', async () => {
  const first = await launch();
  await openVault(first.window);
  await first.window.reload();
  const port = await freePort();
  await first.window.getByRole('navigation').getByRole('button', { name: 'Settings' }).click();
  await first.window.getByRole('radio', { name: 'Light' }).click();
  await expect.poll(() => groundOf(first)).toBe('rgb(246, 247, 249)');
  await first.window.getByRole('radio', { name: 'Dark' }).click();
  await expect.poll(() => groundOf(first)).toBe('rgb(15, 20, 25)');
  await first.window.getByRole('textbox', { name: 'Port' }).fill(String(port));
  await first.window.getByRole('button', { name: 'Save port' }).click();
  await expect(first.window.getByText(`Gateway on 127.0.0.1:${port}`)).toBeVisible();
  await first.close({ keepData: true });

  const second = await launch({ userData: first.userData });
  try {
    await openVault(second.window);
    expect((await ask(second.window, 'app.status', {})).gateway).toMatchObject({ kind: 'listening', port });
    await expect.poll(() => groundOf(second)).toBe('rgb(15, 20, 25)');
  } finally {
    await second.close();
  }
});
