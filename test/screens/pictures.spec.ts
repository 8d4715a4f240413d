/**
 * Makes docs/screenshots: every screen of the built application in the practice workspace, light and dark, at 1280×800 and small.
 * Run by `npm run screenshots`. Nothing is made up: the simulated vendor answers, and an agent of its own process calls.
 */
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { startAgent } from '../e2e/agent';
import { ask, openVault } from '../e2e/ask';
import { launch } from '../e2e/launch';
import { folder, picture, sizes } from './picture';

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

  const connectPsa = () =>
    page.getByRole('article', { name: 'ConnectWise PSA' }).getByRole('button', { name: 'Connect' }).click();
  await connectPsa();
  const form = page.getByRole('dialog');
  await expect(form.getByLabel('Company ID')).not.toHaveValue('');
  await picture(opened, 'connect');
  await form.getByRole('textbox', { name: 'Private key' }).fill('WrongWrongWrong1');
  await form.getByRole('button', { name: 'Test connection' }).click();
  await expect(form.getByRole('alert')).toBeVisible();
  await picture(opened, 'connect-refused');
  await form.getByRole('button', { name: 'Cancel' }).click();

  await connectPsa();
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
    await expect(page.getByRole('button', { name: 'Approve', exact: true })).toBeVisible();
    await picture(opened, 'approvals');
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await approved;
    await page.getByRole('radio', { name: /^Decided/ }).click();
    await picture(opened, 'approvals-decided');

    await goTo(page, 'Activity');
    await page.getByRole('button', { name: 'Verify log' }).click();
    await expect(page.getByText(/Log intact/)).toBeVisible();
    await picture(opened, 'activity');
    await goTo(page, 'Agents');
    await expect(page.getByRole('row', { name: /^Triage bot/ })).toBeVisible();
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

test('every connect form, and the grid when not all is well', async () => {
  test.setTimeout(180_000);
  const opened = await launch({ args: ['--practice'] });
  const { app, window: page } = opened;
  const card = (name: string) => page.getByRole('article', { name, exact: true });
  const connect = (name: string) => card(name).getByRole('button', { name: 'Connect' }).click();
  try {
    await openVault(page);
    await page.reload();
    const apps = await ask(page, 'catalog.list', {});
    for (const { appId, name } of apps) {
      await connect(name);
      const form = page.getByRole('dialog', { name: `Connect ${name}` });
      await expect(form.getByRole('button', { name: 'Connect', exact: true })).toBeVisible();
      await picture(opened, `connect-${appId}`, sizes.slice(0, 1));
      await form.getByRole('button', { name: 'Cancel' }).click();
    }
    const [popup] = await Promise.all([
      app.waitForEvent('window'),
      (async () => {
        await connect('NinjaOne');
        await page.getByRole('dialog').getByRole('button', { name: 'Connect', exact: true }).click();
      })(),
    ]);
    await expect(popup.getByRole('button', { name: 'Sign in' })).toBeVisible();
    await picture(opened, 'connect-waiting', sizes.slice(0, 1));
    for (const colorScheme of ['light', 'dark'] as const) {
      await popup.emulateMedia({ colorScheme });
      await popup.screenshot({ path: join(folder, `sign-in-popup-${colorScheme}.png`) });
    }
    await popup.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('heading', { name: 'NinjaOne', level: 1 })).toBeVisible();
    await picture(opened, 'connection-oauth');

    for (const { appId, name, signIn, fields } of await Promise.all(
      apps.map(({ appId }) => ask(page, 'catalog.show', { appId })),
    )) {
      const values = Object.fromEntries(fields.map((field) => [field.name, field.default ?? '']));
      if (signIn === 'form' && appId !== 'connectwise-rmm')
        await ask(page, 'connections.connect', { appId, label: name, values });
    }
    const connections = await ask(page, 'connections.list', {});
    for (const [appId, mood] of [
      ['ninjaone', 'signed_out'],
      ['datto-rmm', 'forbidden'],
      ['it-glue', 'broken'],
    ] as const) {
      await ask(page, 'practice.set', { appId, mood });
      const found = connections.find((one) => one.appId === appId);
      if (found !== undefined) await ask(page, 'connections.check', { connectionId: found.connectionId });
    }
    await goTo(page, 'Integrations');
    await expect(page.getByText('Needs sign-in')).toBeVisible();
    await picture(opened, 'integrations-mixed');
  } finally {
    await opened.close();
  }
});
