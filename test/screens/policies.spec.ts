/** The policy table: selecting, filtering, saving, at size. */
import { appForm, atWork, connection, policies } from './scenes';
import type { Stage } from './stage';
import { expect, goTo, openConnection, test } from './stage-fixture';

test.describe('Tool policies', () => {
  const saved = async (stage: Stage) =>
    (await stage.asked()).filter((one) => one.name === 'policies.save').map((one) => one.input);

  test('what is set for the selected reaches only what is in sight', async ({ stage, page }) => {
    await openConnection(stage);
    await page.getByLabel('Select list-thing-0000').check();
    await page.getByLabel('Select delete-thing-0000').check();
    await page.getByRole('radio', { name: /^Read/ }).click();
    await page.getByLabel('Set policy of 1 selected').selectOption('disabled');
    await page.getByRole('radio', { name: /^All/ }).click();
    await expect(page.getByText('1 unsaved change', { exact: true })).toBeVisible();
    await expect(page.getByLabel('Policy of delete-thing-0000')).toHaveValue('approval_needed');
  });

  test('shift selects the range between two rows, also after the filter changed', async ({ stage, page }) => {
    await openConnection(stage);
    await page.getByLabel('Select list-thing-0001').click();
    await page.getByRole('radio', { name: /^Read/ }).click();
    await page.getByLabel('Select list-thing-0003').click({ modifiers: ['Shift'] });
    await expect(page.getByText('5 selected')).toBeVisible();
    await page.getByRole('radio', { name: /^All/ }).click();
    await expect(page.getByText('5 selected')).toBeVisible();
    await expect(page.getByLabel('Select delete-thing-0001')).not.toBeChecked();
  });

  test('the keyboard moves, selects a range and opens a row', async ({ stage, page }) => {
    await openConnection(stage);
    await page.getByLabel('Select list-thing-0000').focus();
    await page.keyboard.press('Space');
    for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowDown');
    await expect(page.getByLabel('Select delete-thing-0000')).toBeFocused();
    await page.keyboard.press('Shift+Space');
    await expect(page.getByText('4 selected')).toBeVisible();
  });

  test('filters by policy and by what differs; a row just edited stays in sight', async ({ stage, page }) => {
    await openConnection(stage);
    await page.getByLabel('Policy', { exact: true }).selectOption('auto');
    await page.getByLabel('Policy of list-thing-0000').selectOption('disabled');
    await expect(page.getByLabel('Policy of list-thing-0000')).toBeVisible();
    await page.getByLabel('Policy', { exact: true }).selectOption('all');
    await page.getByRole('button', { name: 'Differs from default 1' }).click();
    await expect(page.getByRole('row')).toHaveCount(2);
  });

  test('sorts by a column, up, down and back', async ({ stage, page }) => {
    await openConnection(stage);
    const first = page.getByRole('row').nth(1);
    const head = page.getByRole('button', { name: 'Tool', exact: true });
    await head.click();
    await expect(first).toContainText('delete-thing-0000');
    await head.click();
    await expect(first).toContainText('update-thing-0010');
    await head.click();
    await expect(first).toContainText('list-thing-0000');
  });

  test('edits made while a save runs are kept', async ({ stage, page }) => {
    await openConnection(stage, { ...atWork, 'policies.save': 'never' });
    await page.getByLabel('Policy of list-thing-0000').selectOption('disabled');
    await page.getByRole('button', { name: 'Save 1 change' }).click();
    await expect(page.getByRole('button', { name: 'Saving' })).toBeDisabled();
    await page.getByLabel('Policy of get-thing-0000').selectOption('disabled');
    const now = policies(45);
    const rows = now.rows.map((row) =>
      row.name === 'list-thing-0000' ? { ...row, policy: 'disabled' as const } : row,
    );
    await stage.change({ 'policies.show': { value: { ...now, revision: 5, rows } } });
    await stage.tell('policies.changed', { connectionId: connection.connectionId, revision: 5 });
    await expect(page.getByText('1 unsaved change', { exact: true })).toBeVisible();
    await expect(page.getByLabel('Policy of get-thing-0000')).toHaveValue('disabled');
  });

  test('a conflict is said, and the edits are laid over the new policies', async ({ stage, page }) => {
    await openConnection(stage, {
      ...atWork,
      'policies.save': { refused: 'Someone else saved first.', code: 'policy_conflict' },
    });
    await page.getByLabel('Policy of list-thing-0000').selectOption('disabled');
    await stage.change({ 'policies.show': { value: { ...policies(45), revision: 9 } } });
    await page.getByRole('button', { name: 'Save 1 change' }).click();
    await expect(page.getByRole('alert')).toContainText('Someone else saved first.');
    await stage.change({ 'policies.save': { value: { ...policies(45), revision: 10 } } });
    await page.getByRole('button', { name: 'Save 1 change' }).click();
    await expect.poll(() => saved(stage)).toHaveLength(2);
    expect((await saved(stage))[1]).toMatchObject({ baseRevision: 9 });
  });

  test('leaving with unsaved edits asks, and Stay keeps them', async ({ stage, page }) => {
    await openConnection(stage);
    await page.getByLabel('Policy of list-thing-0000').selectOption('disabled');
    await goTo(page, 'Activity');
    const question = page.getByRole('alertdialog', { name: 'Leave without saving?' });
    await expect(question.getByRole('button', { name: 'Stay' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(page.getByText('1 unsaved change', { exact: true })).toBeVisible();
    await goTo(page, 'Activity');
    await question.getByRole('button', { name: 'Leave and discard' }).click();
    await expect(page.getByRole('heading', { name: 'Activity' })).toBeVisible();
  });

  test('five thousand tools: only the rows in sight are drawn, all can be selected and set', async ({
    stage,
    page,
  }) => {
    await openConnection(stage, { ...atWork, 'policies.show': { value: policies(5000) } });
    const table = page.getByRole('table', { name: 'Tool policies' });
    await expect(table).toHaveAttribute('aria-rowcount', '5001');
    expect(await page.getByRole('row').count()).toBeLessThan(60);
    await page.getByLabel('Select all shown').check();
    await page.getByLabel('Set policy of 5000 selected').selectOption('disabled');
    await expect(page.getByText('5,000 unsaved changes')).toBeVisible();
    await page.getByRole('searchbox', { name: 'Search tools' }).fill('delete-thing-1249');
    await expect(page.getByLabel('Policy of delete-thing-1249')).toHaveValue('disabled');
  });
});

test('a test of a connection says how it ended, and can be cancelled while it runs', async ({
  stage,
  page,
}) => {
  await openConnection(stage, {
    ...atWork,
    'connections.check': 'never',
    'connections.cancel': { value: {} },
  });
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByRole('button', { name: 'Cancel the test' }).click();
  await stage.expectAsked('connections.cancel', { attempt: connection.connectionId });

  const state = { kind: 'error', reason: 'The vendor answered 500.' } as const;
  await openConnection(stage, { ...atWork, 'connections.check': { value: { ...connection, state } } });
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByRole('alert')).toContainText('The vendor answered 500.');
});

test('a connection is renamed, and a second account of the same app gets a label of its own', async ({
  stage,
  page,
}) => {
  const refused = {
    refused: 'There is already a connection called Contoso.',
    code: 'label_taken',
    fields: [{ field: 'label', message: 'There is already a connection called Contoso.' }],
  };
  await openConnection(stage, { ...atWork, 'connections.rename': refused });
  await page.getByRole('button', { name: 'Rename' }).click();
  await stage.expectAccessible();
  const dialog = page.getByRole('dialog', { name: 'Rename ConnectWise PSA' });
  await dialog.getByLabel('Label').fill('Contoso');
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await expect(dialog.getByRole('alert')).toContainText('already');
  await expect(dialog.getByLabel('Label')).toHaveAttribute('aria-invalid', 'true');
  await stage.change({ 'connections.rename': { value: { ...connection, label: 'Contoso' } } });
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await expect(dialog).toBeHidden();

  await stage.change({ 'catalog.show': { value: appForm } });
  await page.getByRole('button', { name: 'Connect another account' }).click();
  await expect(page.getByRole('dialog').getByLabel('Label')).toHaveValue('ConnectWise PSA 2');
});
