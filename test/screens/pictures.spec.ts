/**
 * Makes docs/screenshots: every screen of the built application in the practice workspace, light and dark, at 1280×800 and small.
 * Run by `npm run screenshots`. Nothing is made up: the simulated vendor answers, and an agent of its own process calls.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { startAgent } from '../e2e/agent';
import { ask, openVault } from '../e2e/ask';
import { launch, type Opened } from '../e2e/launch';

const folder = resolve(import.meta.dirname, '../../docs/screenshots');
const sizes = [
  { name: '', width: 1280, height: 800 },
  { name: '-small', width: 940, height: 600 },
];

async function picture({ app, window }: Opened, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await window.emulateMedia({ reducedMotion: 'reduce' });
  for (const size of sizes) {
    await app.evaluate(
      ({ BrowserWindow }, { width, height }) =>
        BrowserWindow.getAllWindows()[0]?.setContentSize(width, height),
      size,
    );
    await expect.poll(() => window.evaluate(() => innerWidth)).toBe(size.width);
    for (const colorScheme of ['light', 'dark'] as const) {
      await window.emulateMedia({ colorScheme });
      await window.screenshot({ path: join(folder, `${name}${size.name}-${colorScheme}.png`) });
    }
  }
}

const goTo = (page: Page, screen: string) =>
  page.getByRole('navigation').getByRole('button', { name: screen }).click();

test('every screen, in the practice workspace', async () => {
  test.setTimeout(180_000);
  // Without a keychain, so that the passphrase is seen too.
  const opened = await launch({ args: ['--practice'], env: { DBUS_SESSION_BUS_ADDRESS: 'disabled:' } });
  const { window: page } = opened;
  await expect(page.getByRole('heading', { name: 'Choose a passphrase' })).toBeVisible();
  await picture(opened, 'vault-new');
  await openVault(page);
  await page.reload();
  await expect(page.getByRole('article', { name: 'ConnectWise PSA' })).toBeVisible();
  await picture(opened, 'integrations-first-start');

  await page.getByRole('button', { name: 'Connect your first app' }).click();
  const form = page.getByRole('dialog');
  await expect(form.getByLabel('Company ID')).not.toHaveValue('');
  await picture(opened, 'connect');
  await form.getByRole('textbox', { name: 'Private key' }).fill('WrongWrongWrong1');
  await form.getByRole('button', { name: 'Test connection' }).click();
  await expect(form.getByRole('alert')).toBeVisible();
  await picture(opened, 'connect-refused');
  await form.getByRole('button', { name: 'Cancel' }).click();

  await page.getByRole('button', { name: 'Connect your first app' }).click();
  await form.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByRole('table', { name: 'Tool policies' })).toBeVisible();
  await picture(opened, 'connection');
  for (const tool of ['create-ticket', 'update-ticket'])
    await page.getByLabel(`Policy of ${tool}`, { exact: true }).selectOption('disabled');
  await page.getByRole('button', { name: 'Got it' }).click();
  await expect(page.getByRole('button', { name: 'Got it' })).toBeHidden();
  await page.getByRole('button', { name: 'list-tickets', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Input schema' })).toBeVisible();
  await picture(opened, 'connection-editing');
  await page.getByRole('button', { name: 'Save 2 changes' }).click();
  await expect(page.getByText('2 unsaved changes')).toBeHidden();

  const { token, url } = await ask(page, 'agents.create', { name: 'Triage bot', kind: 'Claude Desktop' });
  const agent = startAgent(url, token);
  try {
    await agent.call('cwpsa__get-ticket', { id: 48213 });
    await agent.call('cwpsa__list-tickets', { pageSize: 5 });
    await agent.call('cwpsa__update-ticket', { id: 48213, operations: [] });
    const denied = agent.call('cwpsa__add-ticket-note', { id: 48213, text: 'Closed by mistake.' });
    await goTo(page, 'Approvals');
    await page.getByLabel('Reason').fill('not for this ticket');
    await page.getByRole('button', { name: 'Deny' }).click();
    await denied;
    const approved = agent.call('cwpsa__add-ticket-note', {
      id: 48213,
      text: 'Checked the VPN concentrator: 3 tunnels renegotiate at the same minute.',
      internalAnalysisFlag: true,
    });
    await expect(page.getByRole('button', { name: 'Approve' })).toBeVisible();
    await picture(opened, 'approvals');
    await page.getByRole('button', { name: 'Approve' }).click();
    await approved;
    await page.getByRole('radio', { name: /^Decided/ }).click();
    await picture(opened, 'approvals-decided');

    await goTo(page, 'Activity');
    await page.getByRole('button', { name: 'Verify log' }).click();
    await expect(page.getByText(/Log intact/)).toBeVisible();
    await picture(opened, 'activity');
    await goTo(page, 'Agents');
    await expect(page.getByRole('cell', { name: 'Triage bot', exact: true })).toBeVisible();
    await picture(opened, 'agents');
    await goTo(page, 'Settings');
    await expect(page.getByRole('textbox', { name: 'Port' })).toBeVisible();
    await picture(opened, 'settings');
    await goTo(page, 'Integrations');
    await expect(page.getByText('Connected', { exact: true })).toBeVisible();
    await picture(opened, 'integrations');
    await page.keyboard.press('Control+k');
    await page.getByLabel('Go to').fill('ticket');
    await expect(page.getByRole('option').nth(3)).toBeVisible();
    await picture(opened, 'palette');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Disconnect ConnectWise PSA' }).click();
    await expect(page.getByRole('alertdialog').getByText(/tool policies are deleted/)).toBeVisible();
    await picture(opened, 'disconnect');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await ask(page, 'vault.lock', {});
    await expect(page.getByRole('heading', { name: 'The vault is locked' })).toBeVisible();
    await picture(opened, 'vault-locked');
  } finally {
    agent.stop();
    await opened.close();
  }
});
