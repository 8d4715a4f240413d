/** Custom MCP servers: the wizard with every wrong turn, the card in the grid, and tools that are no longer what was accepted. */
import type { Page } from '@playwright/test';
import { atWork } from './scenes';
import {
  probed,
  probedByHand,
  probedHeaders,
  probedNothing,
  serverConnection,
  url,
  withServer,
} from './server-scenes';
import type { Stage } from './stage';
import { expect, test } from './stage-fixture';

const wizard = (page: Page) => page.getByRole('dialog', { name: 'Add MCP Server' });
const press = (page: Page, name: string) => wizard(page).getByRole('button', { name, exact: true }).click();

async function expectGood(stage: Stage): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await stage.window.emulateMedia({ colorScheme });
    await stage.expectAccessible();
  }
  await stage.size(940, 600);
  await stage.expectAccessible();
  await stage.expectNothingCutOff();
}

async function probe(stage: Stage, value = probed()): Promise<void> {
  await stage.play({ ...withServer, 'servers.probe': { value } });
  await stage.window.getByRole('button', { name: 'Add MCP Server' }).click();
  await wizard(stage.window).getByLabel('Server URL').fill(url);
  await press(stage.window, 'Continue');
}

test.describe('Add MCP Server', () => {
  test('the address: a refusal keeps it, says why and what to do, and has a report to read', async ({
    stage,
    page,
  }) => {
    await probe(stage, probedNothing);
    await expect(wizard(page).getByRole('alert')).toContainText('answers with a web page');
    await expect(wizard(page).getByRole('alert')).toContainText('documentation');
    await press(page, 'Probe report');
    await expect(wizard(page).getByRole('region', { name: 'Probe report' })).toContainText('401');
    await expect(wizard(page).getByLabel('Server URL')).toHaveValue(url);
    await expectGood(stage);
  });

  test('an address that is refused at once is said in the same place', async ({ stage, page }) => {
    await stage.play({
      ...withServer,
      'servers.probe': { refused: 'http: sends everything in clear. Use https:.', code: 'bad_input' },
    });
    await page.getByRole('button', { name: 'Add MCP Server' }).click();
    await wizard(page).getByLabel('Server URL').fill('http://mcp.orders.example');
    await press(page, 'Continue');
    await expect(wizard(page).getByRole('alert')).toHaveText('http: sends everything in clear. Use https:.');
  });

  test('a probe that takes long can be stopped, and main is told', async ({ stage, page }) => {
    await stage.play({ ...withServer, 'servers.probe': 'never' });
    await page.getByRole('button', { name: 'Add MCP Server' }).click();
    await wizard(page).getByLabel('Server URL').fill(url);
    await press(page, 'Continue');
    await expect(wizard(page).getByRole('status')).toContainText('Looking at what answers there');
    await expectGood(stage);
    await press(page, 'Stop');
    await stage.expectAsked('servers.cancel', {});
    await page.keyboard.press('Escape');
    await expect(wizard(page)).toBeHidden();
  });

  test('OAuth: shows what was found, sends what was chosen, and waits for the sign-in', async ({
    stage,
    page,
  }) => {
    await probe(stage);
    await expect(wizard(page).getByLabel('Name', { exact: true })).toHaveValue('Orders');
    await expect(wizard(page).getByRole('radio', { name: 'OAuth' })).toBeChecked();
    await expect(wizard(page).getByText('Gatehouse can be registered by dynamic registration')).toBeVisible();
    await expectGood(stage);
    await stage.change({ 'servers.connect': 'never' });
    await press(page, 'Authorize with OAuth');
    await expect(wizard(page).getByRole('status')).toContainText(
      'Waiting for you to sign in at https://login.orders.example.',
    );
    await stage.expectAsked('servers.connect', {
      url,
      name: 'Orders',
      signInWith: 'popup',
      choice: { kind: 'oauth', clientId: '', clientSecret: '', allowWithoutPkce: false },
    });
  });

  test('a client ID by hand and PKCE that is waived by name', async ({ stage, page }) => {
    await probe(stage, probedByHand);
    await expect(wizard(page).getByLabel('Redirect URI', { exact: true })).toHaveValue(
      'http://127.0.0.1:8418/callback',
    );
    await expect(wizard(page).getByRole('list', { name: 'Findings' })).toContainText('PKCE');
    await wizard(page).getByLabel('OAuth client ID').fill('desk-1');
    await wizard(page)
      .getByRole('textbox', { name: 'OAuth client secret (optional)' })
      .fill('planted-secret');
    await wizard(page)
      .getByRole('checkbox', { name: /Allow the sign-in although PKCE/ })
      .check();
    await expectGood(stage);
    await stage.change({
      'servers.connect': { refused: 'The sign-in page was closed. Nothing was saved.', code: 'oauth_failed' },
    });
    await press(page, 'Authorize with OAuth');
    await expect(wizard(page).getByRole('alert')).toContainText('Nothing was saved');
    await stage.expectAsked('servers.connect', {
      choice: {
        kind: 'oauth',
        clientId: 'desk-1',
        clientSecret: 'planted-secret',
        allowWithoutPkce: true,
      },
    });
  });

  test('headers: added and removed, the wrong one marked, and all kept by Back', async ({ stage, page }) => {
    await probe(stage, probedHeaders);
    const box = (name: string) => wizard(page).getByRole('textbox', { name, exact: true });
    await box('Header 1').fill('X-Tenant');
    await box('Value 1').fill('contoso');
    await press(page, 'Add header');
    await box('Header 2').fill('Host');
    await box('Value 2').fill('x');
    await stage.change({
      'servers.connect': {
        refused: 'Host belongs to the connection itself. Choose another header.',
        code: 'form_invalid',
        fields: [{ field: 'headers.1.name', message: 'Host belongs to the connection itself.' }],
      },
    });
    await press(page, 'Connect');
    await expect(box('Header 2')).toHaveAttribute('aria-invalid', 'true');
    await expectGood(stage);
    await press(page, 'Back');
    await expect(wizard(page).getByLabel('Server URL')).toHaveValue(url);
    await press(page, 'Continue');
    await expect(box('Header 1')).toHaveValue('X-Tenant');
    await expect(box('Header 2')).toHaveValue('Host');
    await press(page, 'Remove header 2');
    await expect(box('Header 2')).toBeHidden();
    await stage.change({ 'servers.connect': { value: serverConnection } });
    await press(page, 'Connect');
    await expect(page.getByRole('heading', { name: 'Orders', level: 1 })).toBeVisible();
    await stage.expectAsked('servers.connect', {
      choice: { kind: 'headers', headers: [{ name: 'X-Tenant', value: 'contoso' }] },
    });
  });

  test('what the probe found can be overridden, and is named beside it', async ({ stage, page }) => {
    await probe(
      stage,
      probed({ auth: 'none', oauth: null, sentence: 'It needs no sign-in and lists 3 tools.' }),
    );
    await expect(wizard(page).getByText('It needs no sign-in and lists 3 tools.')).toBeVisible();
    await wizard(page).getByText('Bearer token', { exact: true }).click();
    await expect(wizard(page).getByText('The probe found another one: None.')).toBeVisible();
    await wizard(page).getByRole('textbox', { name: 'Bearer token' }).fill('planted');
    await wizard(page).getByText('OAuth', { exact: true }).click();
    await expect(wizard(page).getByText('The probe found no place to sign in')).toBeVisible();
    await expectGood(stage);
    await wizard(page).getByText('Bearer token', { exact: true }).click();
    await expect(wizard(page).getByRole('textbox', { name: 'Bearer token' })).toHaveValue('planted');
  });
});

test.describe('a custom server in the grid', () => {
  test('stands beside the apps in a category of its own, and is found by its tools', async ({
    stage,
    page,
  }) => {
    await stage.play(withServer);
    const card = page.getByRole('article', { name: 'Orders' });
    await expect(card).toContainText('mcp.orders.example');
    await expect(page.getByRole('radio', { name: /^Custom MCP 1$/ })).toBeVisible();
    await page.getByRole('searchbox', { name: 'Search integrations' }).fill('get-thing-0001');
    await expect(card).toBeVisible();
    await expect(page.getByRole('status').filter({ hasText: '1 match' })).toBeVisible();
    await page.getByRole('searchbox', { name: 'Search integrations' }).fill('nothing like this');
    await page.getByRole('button', { name: 'Add MCP Server' }).last().click();
    await expect(wizard(page)).toBeVisible();
  });

  test('is reached by the command palette, and so is the wizard', async ({ stage, page }) => {
    await stage.play({ ...atWork, 'servers.tools': { value: [] } });
    await expect(page.getByRole('article').first()).toBeVisible();
    await page.keyboard.press('Control+k');
    await page.getByLabel('Go to').fill('add mcp');
    await page.keyboard.press('Enter');
    await expect(wizard(page)).toBeVisible();
  });
});

test.describe('a custom server that is connected', () => {
  const open = async (stage: Stage) => {
    await stage.play(withServer);
    await stage.window.getByRole('button', { name: 'Manage Orders' }).click();
  };

  test('shows where it is, how one signs in, what was waived, and what is not offered', async ({
    stage,
    page,
  }) => {
    await open(stage);
    await expect(page.getByText('PKCE waived')).toBeVisible();
    await expect(page.getByRole('main')).toContainText(url);
    await expect(page.getByRole('main')).toContainText('MCP 2025-11-25');
    await expect(page.getByRole('button', { name: 'Connect another account' })).toBeHidden();
    await expect(page.getByText('2 tools of this server are not offered to agents.')).toBeVisible();
    await page.getByRole('button', { name: 'Why' }).click();
    await expect(page.getByText('sync-all')).toBeVisible();
    await expectGood(stage);
  });

  test('a changed definition: badge, filter, difference, and Accept of exactly what was seen', async ({
    stage,
    page,
  }) => {
    await open(stage);
    await page.getByRole('button', { name: 'Only these' }).click();
    await expect(page.getByRole('checkbox', { name: /^Select (?!all)/ })).toHaveCount(2);
    await page.getByRole('button', { name: 'get-thing-0000', exact: true }).click();
    const difference = page.getByRole('region', { name: 'What changed in get-thing-0000' });
    await expect(difference.getByRole('row', { name: /^description/ })).toContainText('<IMPORTANT>');
    await expectGood(stage);
    await stage.change({
      'policies.accept': { refused: 'Something changed meanwhile. Look at the definition again.' },
    });
    await difference.getByRole('button', { name: 'Accept the new definition' }).click();
    await expect(difference.getByRole('alert')).toContainText('Look at the definition again');
    await stage.expectAsked('policies.accept', {
      connectionId: serverConnection.connectionId,
      baseRevision: 4,
      tools: ['get-thing-0000'],
    });
  });

  test('what it may ask of agents is nothing more than what is ticked', async ({ stage, page }) => {
    await open(stage);
    await page.getByRole('button', { name: 'What it may ask' }).click();
    const dialog = page.getByRole('dialog', { name: 'What Orders may ask' });
    await expect(dialog.getByRole('checkbox', { name: /elicitation/ })).toBeChecked();
    await dialog.getByRole('checkbox', { name: /sampling/ }).check();
    await dialog.getByRole('checkbox', { name: /elicitation/ }).uncheck();
    await expectGood(stage);
    await stage.change({ 'servers.allow': { value: serverConnection } });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toBeHidden();
    await stage.expectAsked('servers.allow', { mayAsk: ['sampling'] });
  });

  test('Reconnect looks at the server anew and begins with what was', async ({ stage, page }) => {
    await open(stage);
    await page.getByRole('button', { name: 'Reconnect' }).click();
    const dialog = page.getByRole('dialog', { name: 'Reconnect Orders' });
    await expect(dialog.getByLabel('OAuth client ID')).toHaveValue('gatehouse-desk');
    await expectGood(stage);
    await stage.change({ 'servers.reconnect': { value: serverConnection } });
    await dialog.getByRole('button', { name: 'Authorize with OAuth' }).click();
    await expect(dialog).toBeHidden();
  });

  test('Reconnect of a server that is away says so and looks again', async ({ stage, page }) => {
    await open(stage);
    await stage.change({ 'servers.probe': { value: probedNothing } });
    await page.getByRole('button', { name: 'Reconnect' }).click();
    const dialog = page.getByRole('dialog', { name: 'Reconnect Orders' });
    await expect(dialog.getByRole('alert')).toContainText('web page');
    await stage.change({ 'servers.probe': { value: probed() } });
    await dialog.getByRole('button', { name: 'Look again' }).click();
    await expect(dialog.getByRole('radio', { name: 'OAuth' })).toBeChecked();
  });
});
