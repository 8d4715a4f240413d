/** The grid: finding, filtering, first start. */
import { appForm, apps, atFirst, atWork, unrevoked } from './scenes';
import { expect, test } from './stage-fixture';

test.describe('Integrations', () => {
  test('forgives a wrong letter, finds by category and tool, and says how many match', async ({
    stage,
    page,
  }) => {
    await stage.play(atWork);
    const search = page.getByRole('searchbox', { name: 'Search integrations' });
    for (const [text, name] of [
      ['conectwise', 'ConnectWise PSA'],
      ['autotsk', 'Autotask'],
      ['documentation', 'IT Glue'],
      ['list-halopsa-3', 'HaloPSA'],
    ] as const) {
      await search.fill(text);
      await expect(page.getByRole('article', { name })).toBeVisible();
    }
    await search.fill('halopsa');
    await expect(page.getByText('1 match', { exact: true })).toBeVisible();
    await expect(page.getByRole('article')).toHaveCount(1);
  });

  test('an empty result leads back to everything', async ({ stage, page }) => {
    await stage.play(atWork);
    await page.getByRole('searchbox', { name: 'Search integrations' }).fill('zzzzzz');
    await page.getByRole('button', { name: 'Show all integrations' }).click();
    await expect(page.getByRole('article')).toHaveCount(7);
  });

  test('categories show how many each holds, and Connected shows only what is joined', async ({
    stage,
    page,
  }) => {
    await stage.play(atWork);
    await page.getByRole('radio', { name: 'RMM 2' }).click();
    await expect(page.getByRole('article')).toHaveCount(2);
    await page.getByRole('button', { name: 'Connected 4' }).click();
    await expect(page.getByRole('article')).toHaveCount(1);
    await expect(page.getByRole('article', { name: 'NinjaOne' })).toContainText('Needs authorization');
  });

  test('no button of a card leaves it, however long the name', async ({ stage, page }) => {
    await stage.play(atWork);
    for (const width of [1280, 1024, 940]) {
      await stage.size(width, 800);
      const sticksOut = () =>
        page.evaluate(
          () =>
            [...document.querySelectorAll('article')].filter((card) => {
              const edge = card.getBoundingClientRect().right;
              return [...card.querySelectorAll('button')].some(
                (one) => one.getBoundingClientRect().right > edge - 8,
              );
            }).length,
        );
      await expect.poll(sticksOut).toBe(0);
    }
  });

  test('a first start connects the first app, or opens the practice workspace', async ({ stage, page }) => {
    await stage.play({ ...atFirst, 'app.openPractice': { value: {} } });
    await page.getByRole('button', { name: 'Connect your first app' }).click();
    await expect(page.getByRole('button', { name: 'Connect', exact: true }).first()).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: /^Connect/ })).toBeVisible();
    await stage.expectAsked('catalog.show', { appId: 'connectwise-psa' });
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Open the practice workspace' }).click();
    await stage.expectAsked('app.openPractice', {});
  });
});

test.describe('what was disconnected but not revoked', () => {
  const [one] = unrevoked;
  const script = { ...atWork, 'connections.unrevoked': { value: unrevoked } };
  const sentence =
    'HaloPSA of Fabrikam was disconnected, but its access at HaloPSA was not revoked: fabrikam.halopsa.com did not answer within 10 seconds. Last tried';

  test('is said above the grid, keeps the accessibility rules, and goes once a new try has worked', async ({
    stage,
    page,
  }) => {
    const outcome = { kind: 'confirmed', sentence: 'HaloPSA confirmed that the access is revoked.' } as const;
    await stage.play({
      ...script,
      'connections.retryRevoke': { value: { label: one?.label ?? '', revocation: outcome } },
    });
    const notices = page.getByRole('list', { name: 'Not revoked' });
    await expect(notices.getByRole('status')).toContainText(sentence);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await stage.expectAccessible();
    }
    await stage.size(940, 600);
    await stage.expectNothingCutOff();
    await notices.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByText('HaloPSA of Fabrikam: HaloPSA confirmed')).toBeVisible();
    await stage.expectAsked('connections.retryRevoke', { connectionId: one?.connectionId });
    await stage.tell('unrevoked.changed', []);
    await expect(notices).toBeHidden();
  });

  test('says in place why the new try failed too', async ({ stage, page }) => {
    const outcome = { kind: 'failed', sentence: 'Its access at HaloPSA was not revoked.' } as const;
    await stage.play({
      ...script,
      'connections.retryRevoke': { value: { label: one?.label ?? '', revocation: outcome } },
    });
    await page.getByRole('button', { name: 'Try again for HaloPSA of Fabrikam' }).click();
    await stage.tell('unrevoked.changed', [{ ...one, reason: 'HaloPSA answered 503.' }]);
    await expect(
      page.getByRole('status').filter({ hasText: 'not revoked: HaloPSA answered 503.' }),
    ).toBeVisible();
    await expect(page.getByRole('region', { name: 'Notices' })).toBeHidden();
  });

  test('asks before the credentials are deleted, and then says that the access may live on', async ({
    stage,
    page,
  }) => {
    await stage.play({ ...script, 'connections.giveUpRevoke': { value: {} } });
    await page.getByRole('button', { name: 'Delete the credentials anyway for HaloPSA of Fabrikam' }).click();
    const question = page.getByRole('alertdialog', {
      name: 'Delete the credentials of HaloPSA of Fabrikam?',
    });
    await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
    await stage.expectAccessible();
    expect((await stage.asked()).map(({ name }) => name)).not.toContain('connections.giveUpRevoke');
    await question.getByRole('button', { name: 'Delete' }).click();
    await expect(page.getByText('Its access at HaloPSA may live on.')).toBeVisible();
    await expect(question).toBeHidden();
  });
});

test.describe('the grid at size', () => {
  const many = Array.from({ length: 1000 }, (_, index) => ({
    ...(apps[index % apps.length] ?? appForm),
    appId: `app-${index}`,
    name: `App ${String(index).padStart(3, '0')}`,
  }));

  test('a thousand apps: only the cards in sight are drawn, each knows its place', async ({
    stage,
    page,
  }) => {
    await stage.play({ ...atWork, 'catalog.list': { value: many }, 'connections.list': { value: [] } });
    await expect(page.getByRole('article', { name: 'App 000' })).toBeVisible();
    expect(await page.getByRole('article').count()).toBeLessThan(60);
    await expect(page.getByRole('article').first()).toHaveAttribute('aria-setsize', '1000');
    await page.getByRole('searchbox', { name: 'Search integrations' }).fill('App 987');
    await expect(page.getByRole('article', { name: 'App 987' })).toBeVisible();
  });

  test('the arrow keys go from card to card, also beyond what is in sight', async ({ stage, page }) => {
    await stage.play({ ...atWork, 'catalog.list': { value: many }, 'connections.list': { value: [] } });
    const connectOf = (name: string) =>
      page.getByRole('article', { name }).getByRole('button', { name: 'Connect' });
    await connectOf('App 000').focus();
    await page.keyboard.press('ArrowRight');
    await expect(connectOf('App 001')).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(connectOf('App 005')).toBeFocused();
    for (let row = 0; row < 12; row += 1) {
      await page.keyboard.press('ArrowDown');
      await expect(connectOf(`App ${String(9 + row * 4).padStart(3, '0')}`)).toBeFocused();
    }
    await page.keyboard.press('ArrowLeft');
    await expect(connectOf('App 052')).toBeFocused();
  });
});
