/** Activity in the built application: an export to a file that was chosen, and an old day that is closed and still verifies. */
import { existsSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { ask, openVault } from './ask';
import { freshFolder, launch } from './launch';

const goTo = (page: Page, screen: string) =>
  page.getByRole('navigation').getByRole('button', { name: screen }).click();

/** Rows to look for. */
async function changeSettings(page: Page): Promise<void> {
  const settings = await ask(page, 'settings.show', {});
  await ask(page, 'settings.save', { ...settings, approvalMinutes: 7 });
  await ask(page, 'settings.save', { ...settings, approvalMinutes: 8 });
}

test('an export: chosen, whole, for its owner only, and written down', async () => {
  const { app, window, close } = await launch();
  try {
    await openVault(window);
    await window.reload();
    await changeSettings(window);
    const path = join(freshFolder('gatehouse-export-'), 'activity.csv');
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath });
    }, path);
    await goTo(window, 'Activity');
    await window.getByRole('button', { name: 'Export' }).click();
    await window.getByRole('button', { name: 'Choose a file' }).click();
    await expect(window.getByText(/records exported to activity\.csv\./)).toBeVisible();
    const text = readFileSync(path, 'utf8');
    expect(text.charCodeAt(0)).toBe(0xfeff);
    expect(text).toContain('Minutes a question waits: 7 → 8.');
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
    await expect(window.getByRole('table', { name: 'Activity', exact: true })).toContainText(
      'records as CSV, without arguments and results. Filter: none.',
    );
  } finally {
    await close();
  }
});

test('an old day is closed after a question, and Verify log goes over its summary', async () => {
  const first = await launch();
  await openVault(first.window);
  await changeSettings(first.window);
  await first.close({ keepData: true });
  const folder = join(first.userData, 'activity');
  const [today = ''] = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  const old = join(folder, '2026-01-05.jsonl');
  // The chain does not know what a file is called, so a day that is old is made by its name.
  renameSync(join(folder, today), old);

  const { window, close } = await launch({ userData: first.userData });
  try {
    await openVault(window);
    await window.reload();
    await changeSettings(window);
    await goTo(window, 'Settings');
    await window.getByLabel('Keep activity for').selectOption('90 days');
    const question = window.getByRole('alertdialog');
    await expect(question).toContainText(/1 day, \d+ records will be replaced by signed summaries\./);
    await question.getByRole('button', { name: 'Close 1 day' }).click();
    await expect.poll(() => existsSync(old)).toBe(false);
    expect(existsSync(join(folder, '2026-01-05.summary.json'))).toBe(true);
    await goTo(window, 'Activity');
    await expect(window.getByText(/Older: 1 day closed/)).toBeVisible();
    await expect(window.getByText(/2026-01-05\.jsonl was closed by the rule/).first()).toBeVisible();
    await window.getByRole('button', { name: 'Verify log' }).click();
    await expect(window.getByText(/Log intact · verified/)).toBeVisible();
  } finally {
    await close();
  }
});
