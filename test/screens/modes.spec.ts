/** The operating mode, Stop everything, and approvals for 30 minutes. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { approval, atWork, status, waiting } from './scenes';
import { expect, open, test } from './stage-fixture';

const inMode = (mode: 'plan' | 'paused') => ({ ...atWork, 'app.status': { value: { ...status, mode } } });
const counts = { agents: 3, questions: 1, running: 2 };
const grant = {
  grantId: 'grt_0000000001',
  agentName: 'Triage bot',
  connectionLabel: 'ConnectWise PSA',
  tool: 'connectwise-psa:add-ticket-note',
  access: 'write' as const,
  by: 'm.weber',
  startedAtMs: Date.now(),
  expiresAtMs: Date.now() + 30 * 60_000,
  uses: 1,
};
const granted = { ...atWork, 'approvals.list': { value: { waiting, decided: [], grants: [grant] } } };

test.describe('The operating mode', () => {
  test('is chosen on Agents, and said on every screen unless it is Execute', async ({ stage, page }) => {
    await open(stage, { ...atWork, 'gateway.setMode': { value: {} } }, 'Agents');
    const modes = page.getByRole('radiogroup', { name: 'Operating mode' });
    await expect(modes.getByRole('radio', { name: 'Execute' })).toBeChecked();
    await modes.getByRole('radio', { name: 'Plan' }).click();
    await stage.expectAsked('gateway.setMode', { mode: 'plan' });
    await expect(page.getByRole('button', { name: 'Change mode' })).toBeHidden();
    await stage.tell('app.changed', { ...status, mode: 'plan' });
    await expect(modes.getByRole('radio', { name: 'Plan' })).toBeChecked();
    await page.getByRole('button', { name: 'Settings' }).click();
    await expect(page.getByText('Writes are only described to the agent')).toBeVisible();
    await expect(page.getByText('Mode: Plan')).toBeVisible();
    await page.getByRole('button', { name: 'Change mode' }).click();
    await expect(page.getByRole('heading', { name: 'Agents', level: 1 })).toBeVisible();
  });

  test('Stop everything asks with real numbers, and the safe answer has the focus', async ({
    stage,
    page,
  }) => {
    await open(
      stage,
      {
        ...atWork,
        'gateway.previewStop': { value: counts },
        'gateway.stopEverything': { value: counts },
      },
      'Agents',
    );
    await page.getByRole('button', { name: 'Stop everything' }).click();
    const question = page.getByRole('alertdialog', { name: 'Stop everything?' });
    await expect(question).toContainText('3 agents lose their tokens');
    await expect(question).toContainText('1 question that waits is refused');
    await expect(question).toContainText('2 running calls are ended');
    await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
    await question.getByRole('button', { name: 'Stop everything' }).click();
    await expect(page.getByText('Everything is stopped: 3 tokens revoked')).toBeVisible();
  });

  test('what cannot be written down has stopped all the same, and says so', async ({ stage, page }) => {
    const message =
      'Everything is stopped: no agent can call as long as Gatehouse is open. But the disk is full.';
    await open(
      stage,
      {
        ...atWork,
        'gateway.previewStop': { value: counts },
        'gateway.stopEverything': { refused: message, code: 'activity_write_failed' },
      },
      'Agents',
    );
    await page.getByRole('button', { name: 'Stop everything' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Stop everything' }).click();
    await expect(page.getByRole('alertdialog')).toContainText(message);
  });

  test('is reached by the palette', async ({ stage, page }) => {
    await open(stage, { ...atWork, 'gateway.previewStop': { value: counts } }, 'Settings');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to' }).fill('stop every');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alertdialog', { name: 'Stop everything?' })).toBeVisible();
  });
});

test.describe('An approval for 30 minutes', () => {
  test('is given by key, and not offered for a destructive tool', async ({ stage, page }) => {
    await open(stage, { ...atWork, 'approvals.decide': 'never' }, 'Approvals');
    await page.keyboard.press('g');
    await stage.expectAsked('approvals.decide', { decision: { kind: 'grant' } });
    const wipe = { ...approval(1, 'Wipe a device'), access: 'destructive' as const, mayGrant: false };
    const value = { waiting: [wipe], decided: [], grants: [] };
    await open(stage, { ...atWork, 'approvals.list': { value }, 'approvals.decide': 'never' }, 'Approvals');
    await expect(page.getByRole('button', { name: 'Approve', exact: true })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Approve for 30 minutes' })).toBeHidden();
    const before = (await stage.asked()).length;
    await page.keyboard.press('g');
    expect((await stage.asked()).length).toBe(before);
  });

  test('is shown with the time that is left, and ended with one click', async ({ stage, page }) => {
    const none = { waiting, decided: [], grants: [] };
    await open(stage, { ...granted, 'approvals.endGrant': { value: none } }, 'Approvals');
    const grants = page.getByRole('region', { name: 'Approved for 30 minutes' });
    await expect(grants).toContainText('Triage bot on ConnectWise PSA, by m.weber');
    await expect(grants).toContainText(/(29|30):\d\d left/);
    await grants.getByRole('button', { name: /^End/ }).click();
    await stage.expectAsked('approvals.endGrant', { grantId: grant.grantId });
    await stage.tell('approvals.changed', none);
    await expect(grants).toBeHidden();
  });
});

test.describe('keeps the accessibility rules, with nothing cut off', () => {
  const scenes = [
    ['agents-plan', inMode('plan'), 'Agents', undefined],
    ['agents-paused', inMode('paused'), 'Agents', undefined],
    ['approvals-granted', granted, 'Approvals', undefined],
    ['stop', { ...atWork, 'gateway.previewStop': { value: counts } }, 'Agents', 'Stop everything'],
  ] as const;
  for (const [name, script, screen, press] of scenes)
    for (const [width, height] of [
      [1280, 800],
      [940, 600],
    ] as const)
      test(`${name} at ${width}×${height}`, async ({ stage, page }) => {
        await stage.size(width, height);
        await open(stage, script, screen);
        if (press !== undefined) await page.getByRole('button', { name: press }).click();
        for (const colorScheme of ['light', 'dark'] as const) {
          await stage.window.emulateMedia({ colorScheme });
          await stage.expectAccessible();
          const folder = process.env.GATEHOUSE_LOOK;
          if (folder === undefined) continue;
          mkdirSync(folder, { recursive: true });
          await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`) });
        }
        await stage.expectNothingCutOff();
      });
});
