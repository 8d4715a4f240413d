/** Tokens that are shown once, and settings that take effect. */
import { agents, atWork, settings } from './scenes';
import type { Stage } from './stage';
import { expect, open, test } from './stage-fixture';

test.describe('Agents and Settings', () => {
  test('the token comes with what to paste into the client, and is gone afterwards', async ({
    stage,
    page,
  }) => {
    const [agent] = agents;
    if (agent === undefined) throw new Error('The scene has no agent.');
    const made = { agent, token: 'gh_not-a-real-token', url: 'http://127.0.0.1:8417/mcp' };
    await open(stage, { ...atWork, 'agents.create': { value: made } }, 'Agents');
    await page.getByRole('button', { name: 'New agent' }).click();
    await page.getByLabel('Name').fill('Triage bot');
    await page.getByRole('button', { name: 'Create agent' }).click();
    await expect(page.getByLabel('Token', { exact: true })).toHaveValue(made.token);
    await expect(page.getByLabel('For the client’s settings')).toContainText('"Authorization"');
    await stage.expectAccessible();
    await page.getByRole('button', { name: 'Done' }).click();
    expect(await page.content()).not.toContain(made.token);
  });

  test('a wrong number cannot be saved and says its bounds', async ({ stage, page }) => {
    await open(stage, atWork, 'Settings');
    const port = page.getByRole('textbox', { name: 'Port' });
    for (const wrong of ['', '80', '70000', 'eighty', '-1']) {
      await port.fill(wrong);
      await expect(page.getByText('1024 to 65535')).toBeVisible();
      await expect(page.getByRole('button', { name: 'Save port' })).toBeDisabled();
    }
  });

  test('the idle lock is shown and saved', async ({ stage, page }) => {
    await open(stage, { ...atWork, 'settings.save': 'never' }, 'Settings');
    await page.getByLabel('Lock when nobody types or moves the mouse').selectOption('Never');
    await stage.expectAsked('settings.save', { idleLockMinutes: null });
  });
});

test.describe('how long activity is kept', () => {
  const saves = async (stage: Stage) => (await stage.asked()).filter(({ name }) => name === 'settings.save');

  test('says what will be closed, asks, and saves only after a yes', async ({ stage, page }) => {
    const found = { value: { days: 12, records: 4310 } };
    await open(
      stage,
      { ...atWork, 'activity.previewRetention': found, 'settings.save': 'never' },
      'Settings',
    );
    await page.getByLabel('Keep activity for').selectOption('90 days');
    const question = page.getByRole('alertdialog', { name: 'Close old days of activity?' });
    await expect(question).toContainText('12 days, 4,310 records will be replaced by signed summaries.');
    await stage.expectAccessible();
    await question.getByRole('button', { name: 'Keep them' }).click();
    await expect(page.getByLabel('Keep activity for')).toHaveValue('forever');
    expect(await saves(stage)).toEqual([]);
    await page.getByLabel('Keep activity for').selectOption('1 year');
    await page.getByRole('button', { name: 'Close 12 days' }).click();
    await stage.expectAsked('settings.save', { retentionDays: 365 });
  });

  test('asks nothing where nothing is old enough, and nothing to keep everything', async ({
    stage,
    page,
  }) => {
    const found = { value: { days: 0, records: 0 } };
    const kept = { value: { ...settings, retentionDays: 2557 } };
    const script = { ...atWork, 'activity.previewRetention': found, 'settings.save': kept };
    await open(stage, script, 'Settings');
    await page.getByLabel('Keep activity for').selectOption('7 years');
    await expect(page.getByLabel('Keep activity for')).toHaveValue('2557');
    await stage.expectAsked('settings.save', { retentionDays: 2557 });
    await page.getByLabel('Keep activity for').selectOption('Forever');
    await stage.expectAsked('settings.save', { retentionDays: null });
  });
});

test('the client ID metadata document: its address is kept, and what has to stand there is shown and copied', async ({
  stage,
  page,
}) => {
  await open(stage, atWork, 'Settings');
  const address = 'https://contoso.example/gatehouse.json';
  await page.getByLabel('Client ID metadata document', { exact: true }).fill(address);
  const document = page.getByRole('region', { name: 'Document to publish' });
  expect(JSON.parse((await document.textContent()) ?? '')).toMatchObject({
    client_id: address,
    redirect_uris: ['http://127.0.0.1:8418/callback', 'http://127.0.0.1/callback'],
    token_endpoint_auth_method: 'none',
  });
  await stage.expectAccessible();
  await stage.change({ 'settings.save': { value: { ...settings, clientDocumentUrl: address } } });
  await page.getByRole('button', { name: 'Save client ID metadata document' }).click();
  await stage.expectAsked('settings.save', { clientDocumentUrl: address });
});
