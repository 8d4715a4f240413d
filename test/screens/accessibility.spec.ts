/** Every screen and dialog keeps the accessibility rules, light and dark, wide and small, with nothing cut off. */
import type { Page } from '@playwright/test';
import { atFirst, atWork, status } from './scenes';
import type { Stage } from './stage';
import { expect, open, openConnection, test } from './stage-fixture';

async function expectGood(stage: Stage): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await stage.window.emulateMedia({ colorScheme });
    await stage.expectAccessible();
  }
  await stage.expectNothingCutOff();
}

test.describe('each screen keeps the accessibility rules, light and dark, wide and small', () => {
  const screens = ['Integrations', 'Approvals', 'Activity', 'Agents', 'Settings'];
  for (const [width, height] of [
    [1280, 800],
    [940, 600],
  ] as const) {
    for (const screen of screens) {
      test(`${screen} at ${width}×${height}, at work and at first`, async ({ stage, page }) => {
        await stage.size(width, height);
        for (const script of [atWork, atFirst]) {
          await open(stage, script, screen);
          await expect(page.getByRole('heading', { name: screen, level: 1 })).toBeVisible();
          await expectGood(stage);
        }
      });
    }
    test(`a connection at ${width}×${height}, with a tool opened and edits waiting`, async ({
      stage,
      page,
    }) => {
      await stage.size(width, height);
      await openConnection(stage);
      await page.getByRole('button', { name: 'list-thing-0000', exact: true }).click();
      await expect(page.getByText('GET /service/things')).toBeVisible();
      await page.getByLabel('Policy of list-thing-0000').selectOption('disabled');
      await expectGood(stage);
    });
  }

  const dialogs: readonly (readonly [string, (page: Page) => Promise<void>])[] = [
    ['Connect HaloPSA', (page) => page.getByRole('article', { name: 'HaloPSA' }).getByRole('button').click()],
    [
      'Disconnect ConnectWise PSA?',
      (page) => page.getByRole('button', { name: 'Disconnect ConnectWise PSA' }).click(),
    ],
  ];
  for (const [name, press] of dialogs) {
    test(`the dialog “${name}”`, async ({ stage, page }) => {
      await stage.play(atWork);
      await press(page);
      await expect(page.getByRole('heading', { name })).toBeVisible();
      await expectGood(stage);
    });
  }

  test('the vault: locked, new, unreadable', async ({ stage, page }) => {
    const vaults = [
      [{ kind: 'locked', protector: { kind: 'passphrase' }, why: 'Locked by you.' }, 'The vault is locked'],
      [{ kind: 'needs_passphrase', why: 'This computer has no keychain.' }, 'Choose a passphrase'],
      [{ kind: 'unreadable', why: 'It is cut off.', keptAs: 'vault.kept.json' }, 'The vault cannot be read'],
    ] as const;
    for (const [vault, heading] of vaults) {
      await stage.play({ ...atWork, 'app.status': { value: { ...status, vault } } });
      await expect(page.getByRole('heading', { name: heading })).toBeVisible();
      await expectGood(stage);
    }
  });
});
