/** Ctrl+K reaches every screen, connection, app and tool. */
import { atWork } from './scenes';
import { expect, open, openConnection, test } from './stage-fixture';

test.describe('the command palette', () => {
  test('goes to a screen, a connection and a tool by keyboard alone', async ({ stage, page }) => {
    await open(stage, atWork, 'Integrations');
    const palette = page.getByRole('dialog', { name: 'Command palette' });
    const heading = (name: string) => page.getByRole('heading', { name, level: 1 });
    await page.keyboard.press('Control+k');
    await expect(palette.getByLabel('Go to')).toBeFocused();
    await page.keyboard.type('agnets');
    await page.keyboard.press('Enter');
    await expect(heading('Agents')).toBeVisible();
    await expect(palette).toBeHidden();

    await page.keyboard.press('Control+k');
    await page.keyboard.type('fabrikam');
    await page.keyboard.press('Enter');
    await expect(heading('Fabrikam and all of its many subsidiaries in Europe')).toBeVisible();

    await page.keyboard.press('Control+k');
    await page.keyboard.type('list-it-glue-3');
    await page.keyboard.press('Enter');
    await expect(heading('IT Glue')).toBeVisible();
    await expect(page.getByRole('searchbox', { name: 'Search tools' })).toHaveValue('list-it-glue-3');
  });

  test('opens the connect form of an app', async ({ stage, page }) => {
    await open(stage, atWork, 'Integrations');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('connect halo');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: 'Connect HaloPSA' })).toBeVisible();
  });

  test('says when nothing matches, and keeps the accessibility rules', async ({ stage, page }) => {
    await open(stage, atWork, 'Integrations');
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('option').first()).toBeVisible();
    await stage.expectAccessible();
    await page.keyboard.type('zzzzzz');
    await expect(page.getByText('Nothing matches.')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
  });

  test('asks before it leaves unsaved edits behind, and stays away while a question is open', async ({
    stage,
    page,
  }) => {
    await openConnection(stage);
    await page.getByLabel('Policy of list-thing-0000').selectOption('disabled');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('settings');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alertdialog', { name: 'Leave without saving?' })).toBeVisible();
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('dialog', { name: 'Command palette' })).toBeHidden();
  });
});
