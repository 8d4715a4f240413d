/** The connect form and everything one can do wrong in it. */
import type { Page } from '@playwright/test';
import { appForm, atWork, connections } from './scenes';
import { expect, test } from './stage-fixture';

test.describe('Connect', () => {
  const form = (page: Page) => page.getByRole('dialog', { name: 'Connect HaloPSA' });
  test.beforeEach(async ({ stage, page }) => {
    await stage.play(atWork);
    await page.getByRole('article', { name: 'HaloPSA' }).getByRole('button', { name: 'Connect' }).click();
  });

  test('says what is wrong as one types, beside the field', async ({ page }) => {
    await form(page).getByLabel('Company ID').fill('Contoso GmbH');
    await expect(form(page).getByText('Only small letters, digits and _.')).toBeVisible();
    await form(page).getByLabel('Company ID').fill('contoso');
    await expect(form(page).getByText('As typed at sign-in.')).toBeVisible();
  });

  test('a choice that was not made is sent as nothing, never as the first one', async ({ stage, page }) => {
    await expect(form(page).getByLabel('Region')).toHaveValue('');
    await form(page).getByRole('button', { name: 'Test connection' }).click();
    await stage.expectAsked('connections.test', { values: { region: '' } });
  });

  test('an own address is typed only after it was chosen', async ({ stage, page }) => {
    await expect(form(page).getByLabel('Region, own address')).toBeHidden();
    await form(page).getByLabel('Region').selectOption('Own address');
    await form(page).getByLabel('Region, own address').fill('https://psa.contoso.example');
    await form(page).getByRole('button', { name: 'Test connection' }).click();
    await stage.expectAsked('connections.test', { values: { region: 'https://psa.contoso.example' } });
  });

  test('a secret is hidden until one asks to see it', async ({ page }) => {
    const key = form(page).getByRole('textbox', { name: 'Private key' });
    await expect(key).toHaveAttribute('type', 'password');
    await form(page).getByRole('button', { name: 'Show what is typed' }).click();
    await expect(key).toHaveAttribute('type', 'text');
  });

  test('a refusal keeps what was typed and marks the field it is about', async ({ stage, page }) => {
    await form(page).getByLabel('Company ID').fill('contoso');
    await stage.change({
      'connections.connect': {
        refused: 'ConnectWise answered 401: wrong key.',
        code: 'bad_input',
        fields: [{ field: 'key', message: 'This is not a private key.' }],
      },
    });
    await form(page).getByRole('button', { name: 'Connect', exact: true }).click();
    await expect(form(page).getByRole('alert')).toContainText('401');
    await expect(form(page).getByText('This is not a private key.')).toBeVisible();
    await expect(form(page).getByLabel('Company ID')).toHaveValue('contoso');
  });

  test('a test that takes long can be cancelled, and main is told', async ({ stage, page }) => {
    await stage.change({ 'connections.test': 'never', 'connections.cancel': { value: {} } });
    await form(page).getByRole('button', { name: 'Test connection' }).click();
    await expect(form(page).getByRole('button', { name: 'Testing' })).toBeDisabled();
    await form(page).getByRole('button', { name: 'Cancel' }).click();
    await expect(form(page)).toBeHidden();
    await stage.expectAsked('connections.cancel', { attempt: 'halopsa' });
  });
});

test.describe('Connect at a sign-in page', () => {
  const oauthForm = {
    ...appForm,
    appId: 'halopsa',
    name: 'HaloPSA',
    vendor: 'Halo',
    signIn: 'oauth',
    redirectUri: 'http://localhost:8400/',
  } as const;
  const form = (page: Page) => page.getByRole('dialog', { name: 'Connect HaloPSA' });
  const card = (page: Page) => page.getByRole('article', { name: 'HaloPSA' });

  test.beforeEach(async ({ stage, page }) => {
    await stage.play({ ...atWork, 'catalog.show': { value: oauthForm } });
    await card(page).getByRole('button', { name: 'Connect' }).click();
  });

  test('shows what to register, offers no test before one has signed in, and is accessible', async ({
    stage,
    page,
  }) => {
    await expect(form(page).getByRole('textbox', { name: 'Redirect URI' })).toHaveValue(
      'http://localhost:8400/',
    );
    await expect(form(page).getByRole('button', { name: 'Test connection' })).toBeHidden();
    await stage.expectAccessible();
    await stage.size(940, 600);
    await stage.expectNothingCutOff();
  });

  test('sends where to sign in, says that it waits, marks the card, and can be cancelled', async ({
    stage,
    page,
  }) => {
    await stage.change({ 'connections.connect': 'never', 'connections.cancel': { value: {} } });
    await form(page).getByRole('radio', { name: 'System browser' }).click();
    await form(page).getByRole('button', { name: 'Connect', exact: true }).click();
    await expect(form(page).getByRole('status')).toContainText('Waiting for you to sign in at Halo.');
    // Behind the dialog, so it has no role for now.
    await expect(page.locator('article[aria-label="HaloPSA"]')).toContainText('Connecting');
    await stage.expectAsked('connections.connect', { signInWith: 'browser' });
    await form(page).getByRole('button', { name: 'Cancel' }).click();
    await expect(form(page)).toBeHidden();
    await stage.expectAsked('connections.cancel', {});
  });

  test('a sign-in that was closed keeps what was typed', async ({ stage, page }) => {
    await stage.change({
      'connections.connect': {
        refused: 'The sign-in window was closed. Nothing was saved.',
        code: 'oauth_closed',
      },
    });
    await form(page).getByLabel('Company ID').fill('contoso');
    await form(page).getByRole('button', { name: 'Connect', exact: true }).click();
    await expect(form(page).getByRole('alert')).toContainText('The sign-in window was closed.');
    await expect(form(page).getByLabel('Company ID')).toHaveValue('contoso');
    await expect(page.locator('article[aria-label="HaloPSA"]')).not.toContainText('Connecting');
  });

  test('begins with what Settings say', async ({ stage, page }) => {
    await stage.play({ ...atWork, 'catalog.show': { value: { ...oauthForm, signInWith: 'browser' } } });
    await card(page).getByRole('button', { name: 'Connect' }).click();
    await expect(form(page).getByRole('radio', { name: 'System browser' })).toBeChecked();
  });
});

test('Reconnect begins with what was typed before, but for secrets', async ({ stage, page }) => {
  await stage.play(atWork);
  await page.getByRole('button', { name: `Manage ${connections[0]?.label}` }).click();
  await page.getByRole('button', { name: 'Reconnect' }).click();
  const form = page.getByRole('dialog', { name: 'Reconnect ConnectWise PSA' });
  await expect(form.getByLabel('Company ID')).toHaveValue('contoso');
  await expect(form.getByRole('textbox', { name: 'Private key' })).toHaveValue('');
  await expect(form.getByText('a secret left empty stays')).toBeVisible();
});
