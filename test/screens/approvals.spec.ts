/** Deciding by mouse and by keyboard, once. */
import { approval, atWork, waiting } from './scenes';
import type { Stage } from './stage';
import { expect, open, test } from './stage-fixture';

test.describe('Approvals', () => {
  const decided = async (stage: Stage) =>
    (await stage.asked()).filter((one) => one.name === 'approvals.decide');

  test('three times the key is one decision', async ({ stage, page }) => {
    await open(stage, { ...atWork, 'approvals.decide': 'never' }, 'Approvals');
    await expect(page.getByRole('heading', { name: 'Add a note to ticket 48213' })).toBeVisible();
    for (let press = 0; press < 3; press += 1) await page.keyboard.press('a');
    await stage.expectAsked('approvals.decide', {});
    expect(await decided(stage)).toHaveLength(1);
  });

  test('a typed reason goes along, by Enter in its field or by the key', async ({ stage, page }) => {
    await open(stage, { ...atWork, 'approvals.decide': 'never' }, 'Approvals');
    await page.getByLabel('Reason').fill('not for this ticket');
    await page.getByRole('button', { name: 'Deny' }).focus();
    await page.keyboard.press('d');
    await stage.expectAsked('approvals.decide', {
      decision: { kind: 'deny', reason: 'not for this ticket' },
    });
  });

  test('letters typed as a reason decide nothing', async ({ stage, page }) => {
    await open(stage, { ...atWork, 'approvals.decide': 'never' }, 'Approvals');
    await page.getByLabel('Reason').pressSequentially('a bad idea');
    expect(await decided(stage)).toHaveLength(0);
  });

  test('j and k walk; a question that leaves is not replaced by another under one’s fingers', async ({
    stage,
    page,
  }) => {
    await open(stage, atWork, 'Approvals');
    await page.keyboard.press('j');
    await expect(page.getByRole('heading', { name: 'Reset the password of j.meyer' })).toBeVisible();
    await page.keyboard.press('k');
    await expect(page.getByRole('heading', { name: 'Add a note to ticket 48213' })).toBeVisible();
    const gone = { ...approval(1, 'Add a note to ticket 48213'), decidedAtMs: Date.now() };
    await stage.tell('approvals.changed', {
      waiting: waiting.slice(1),
      decided: [{ ...gone, decision: 'approved', by: 'm.weber', reason: '' }],
      grants: [],
    });
    await expect(page.getByText('Approved by m.weber')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Approve', exact: true })).toBeHidden();
  });

  test('a question that was clicked in a notification is in front, wherever one was', async ({
    stage,
    page,
  }) => {
    await open(stage, atWork, 'Settings');
    await stage.tell('approvals.opened', { approvalId: waiting[1]?.approvalId });
    await expect(page.getByRole('heading', { name: 'Reset the password of j.meyer' })).toBeVisible();
  });

  test('what was decided stands in the history with who and why', async ({ stage, page }) => {
    const one = { ...approval(1, 'Add a note to ticket 48213'), decidedAtMs: Date.now() };
    const value = {
      waiting: [],
      decided: [{ ...one, decision: 'denied' as const, by: 'm.weber', reason: 'not for this ticket' }],
      grants: [],
    };
    await open(stage, { ...atWork, 'approvals.list': { value } }, 'Approvals');
    await page.getByRole('radio', { name: 'Decided 1' }).click();
    await expect(page.getByRole('row').nth(1)).toContainText('m.weber: not for this ticket');
  });
});
