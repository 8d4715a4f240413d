/** Loading, refused, taken, practising: the states that every screen shares. */
import { atWork, policies, status } from './scenes';
import type { Script } from './stage';
import { expect, goTo, open, openConnection, test } from './stage-fixture';

const refusedEverything: Script = {
  'app.status': { value: status },
  'catalog.list': { refused: 'The catalog could not be read. Install Gatehouse again.' },
};

test.describe('states', () => {
  test('what is still unknown is shown as loading, never as none', async ({ stage, page }) => {
    await open(stage, { ...atWork, 'agents.list': 'never', 'connections.list': 'never' }, 'Integrations');
    await expect(page.getByRole('status', { name: 'Loading the integrations' })).toBeVisible();
    await goTo(page, 'Agents');
    await expect(page.getByRole('status', { name: 'Loading the agents' })).toBeVisible();
    await expect(page.getByText('No agent yet')).toBeHidden();
  });

  test('a refusal is shown in its own words and can be tried again', async ({ stage, page }) => {
    await stage.play(refusedEverything);
    await expect(page.getByRole('alert')).toContainText('The catalog could not be read.');
    await stage.change(atWork);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('article', { name: 'HaloPSA' })).toBeVisible();
    await expect(page.getByRole('alert')).toBeHidden();
  });

  test('policies that cannot be read can be asked for again', async ({ stage, page }) => {
    await openConnection(stage, { ...atWork, 'policies.show': { refused: 'The vault was locked.' } });
    await expect(page.getByRole('alert')).toContainText('The vault was locked.');
    await stage.change({ 'policies.show': { value: policies(45) } });
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('table', { name: 'Tool policies' })).toBeVisible();
  });

  test('a taken port is said where agents are, with the free one', async ({ stage, page }) => {
    const gateway = { kind: 'port_taken', port: 8417, nextFreePort: 8418 } as const;
    await open(stage, { ...atWork, 'app.status': { value: { ...status, gateway } } }, 'Agents');
    await expect(page.getByRole('alert')).toContainText('Port 8418 is free');
    await goTo(page, 'Settings');
    await expect(page.getByRole('button', { name: 'Use 8418' })).toBeVisible();
  });

  test('a locked vault says why, and waits for the passphrase', async ({ stage, page }) => {
    const vault = { kind: 'locked', protector: { kind: 'passphrase' }, why: 'Locked by you.' } as const;
    await stage.play({ ...atWork, 'app.status': { value: { ...status, vault } } });
    await expect(page.getByText('Locked by you. Unlock it to go on.')).toBeVisible();
    await expect(page.getByLabel('Passphrase')).toBeFocused();
  });

  test('the practice workspace is marked on every screen, the locked vault included', async ({
    stage,
    page,
  }) => {
    const mark = page.getByText('Practice workspace.', { exact: true });
    const practising = { ...status, practice: true };
    await stage.play({ ...atWork, 'app.status': { value: practising } });
    for (const screen of ['Approvals', 'Activity', 'Agents', 'Settings', 'Integrations']) {
      await goTo(page, screen);
      await expect(mark).toBeVisible();
    }
    const vault = { kind: 'locked', protector: { kind: 'passphrase' }, why: 'Locked by you.' } as const;
    await stage.play({ ...atWork, 'app.status': { value: { ...practising, vault } } });
    await expect(mark).toBeVisible();
  });
});

test('the page never breaks its own policy: no console error on any screen', async ({ stage, page }) => {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  await stage.play(atWork);
  for (const screen of ['Approvals', 'Activity', 'Agents', 'Settings', 'Integrations'])
    await goTo(page, screen);
  await page.getByRole('button', { name: 'Disconnect ConnectWise PSA' }).click();
  await page.keyboard.press('Escape');
  expect(errors).toEqual([]);
});
