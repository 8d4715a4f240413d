/** Filtering and reading on in the log. */
import type { Page } from '@playwright/test';
import { activity, activityChart, agents, atFirst, atWork, connection } from './scenes';
import type { Stage } from './stage';
import { expect, open, test } from './stage-fixture';

test.describe('Activity', () => {
  const questions = async (stage: Stage) =>
    (await stage.asked()).filter((one) => one.name === 'activity.list').map((one) => one.input);

  test('asks main with every filter', async ({ stage, page }) => {
    await open(stage, atWork, 'Activity');
    await page.getByLabel('Agent', { exact: true }).selectOption('Triage bot');
    await page.getByLabel('Connection', { exact: true }).selectOption('ConnectWise PSA');
    await page.getByLabel('Tool', { exact: true }).selectOption('connectwise-psa:get-ticket');
    await page.getByLabel('Outcome', { exact: true }).selectOption('Denied');
    await page.getByRole('radio', { name: 'Today' }).click();
    await page.getByRole('searchbox', { name: 'Search activity' }).fill('48213');
    const midnight = new Date().setHours(0, 0, 0, 0);
    await expect
      .poll(async () => (await questions(stage)).at(-1))
      .toMatchObject({
        agentId: agents[0]?.agentId,
        connectionId: connection.connectionId,
        outcome: 'denied',
        tool: 'connectwise-psa:get-ticket',
        text: '48213',
        fromMs: midnight,
      });
  });

  test('older records come as one scrolls', async ({ stage, page }) => {
    await open(stage, atWork, 'Activity');
    await expect(page.getByRole('table', { name: 'Activity' })).toHaveAttribute('aria-rowcount', '101');
    await stage.change({ 'activity.list': { value: activity(100, 4900) } });
    await page.getByRole('row').last().hover();
    await page.mouse.wheel(0, 20_000);
    await expect(page.getByRole('table', { name: 'Activity' })).toHaveAttribute('aria-rowcount', '201');
    expect((await questions(stage)).at(-1)).toMatchObject({ beforeSeq: 4901 });
  });

  test('an empty log and an empty filter say different things', async ({ stage, page }) => {
    await open(stage, atFirst, 'Activity');
    await expect(page.getByText('Nothing here yet.')).toBeVisible();
    await page.getByLabel('Outcome', { exact: true }).selectOption('Failed');
    await expect(page.getByText('No record matches these filters.')).toBeVisible();
    await page.getByRole('button', { name: 'Show everything' }).click();
    await expect(page.getByText('Nothing here yet.')).toBeVisible();
  });

  test('asks from one moment to another, names a wrong order, and clears', async ({ stage, page }) => {
    await open(stage, atWork, 'Activity');
    await page.getByRole('radio', { name: 'From–to' }).click();
    await page.getByLabel('From', { exact: true }).fill('2026-11-20T08:00');
    await page.getByLabel('Before', { exact: true }).fill('2026-11-20T09:30');
    const wanted = {
      fromMs: new Date(2026, 10, 20, 8).getTime(),
      toMs: new Date(2026, 10, 20, 9, 30).getTime(),
    };
    await expect.poll(async () => (await questions(stage)).at(-1)).toMatchObject(wanted);
    await page.getByLabel('Before', { exact: true }).fill('2026-11-20T07:00');
    await expect(page.getByText('The end has to be after the start.')).toBeVisible();
    await stage.expectAccessible();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect.poll(async () => (await questions(stage)).at(-1)).toEqual({ limit: 100 });
  });

  test('offers connections that are gone', async ({ stage, page }) => {
    await open(stage, atWork, 'Activity');
    await page.getByLabel('Connection', { exact: true }).selectOption('halopsa (gone)');
    await expect
      .poll(async () => (await questions(stage)).at(-1))
      .toMatchObject({ connectionId: 'con_9123456789' });
  });

  test('says how far a search has looked, and goes on by itself', async ({ stage, page }) => {
    const lookedBackToMs = new Date().setHours(0, 0, 1, 0);
    const begun = { ...activity(3), matched: 3, lookedBackToMs };
    await open(stage, { ...atWork, 'activity.list': { value: begun } }, 'Activity');
    await expect(page.getByText('3 records so far: searched back to 00:00:01')).toBeVisible();
    await stage.change({ 'activity.list': { value: { ...activity(3), matched: 7 } } });
    await expect(page.getByText(/^7 records · /)).toBeVisible();
  });

  test('says what was closed, and nothing where nothing was', async ({ stage, page }) => {
    await open(stage, atWork, 'Activity');
    await expect(page.getByText('5,000 records · Older: 12 days closed, 4,310 records')).toBeVisible();
    const names = { value: { closed: { days: 0, records: 0 }, tools: [], connections: [] } };
    await open(stage, { ...atWork, 'activity.names': names }, 'Activity');
    await expect(page.getByText('5,000 records', { exact: true })).toBeVisible();
  });

  test('a broken log is named where everybody sees it, whole', async ({ stage, page }) => {
    const problem = 'This line was changed after it was written: its hash is not the one that was kept.';
    const broken = { kind: 'broken', file: '2026-11-12.jsonl', line: 12, problem, atMs: 0 } as const;
    await stage.size(940, 600);
    await open(stage, { ...atWork, 'activity.verify': { value: broken } }, 'Activity');
    await page.getByRole('button', { name: 'Verify log' }).click();
    await expect(page.getByRole('alert')).toHaveText(`Broken: 2026-11-12.jsonl, line 12: ${problem}`);
    await stage.expectAccessible();
    await stage.expectNothingCutOff();
  });
});

test.describe('the chart of Activity', () => {
  const bars = (page: Page) => page.getByRole('toolbar').getByRole('button');

  test('says each bar in words, and filters to its time by a click', async ({ stage, page }) => {
    await open(stage, atWork, 'Activity');
    await expect(bars(page)).toHaveCount(48);
    const { bars: all } = activityChart(48);
    const bar = all[42];
    await expect(bars(page).nth(42)).toHaveAttribute('aria-label', /: \d+ allowed, 2 approved/);
    await bars(page).nth(42).click();
    await expect(page.getByRole('radio', { name: 'From–to' })).toBeChecked();
    for (const name of ['activity.list', 'activity.chart'])
      await stage.expectAsked(name, { fromMs: bar?.fromMs, toMs: bar?.toMs });
    await expect(page.getByRole('table', { name: 'Calls by hour and outcome' })).toBeAttached();
  });

  test('is walked with the arrow keys, and a bar chosen with Enter', async ({ stage, page }) => {
    await open(stage, atWork, 'Activity');
    await bars(page).last().focus();
    await page.keyboard.press('ArrowLeft');
    await expect(bars(page).nth(46)).toBeFocused();
    await page.keyboard.press('Home');
    await expect(bars(page).first()).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByLabel('From', { exact: true })).not.toHaveValue('');
  });

  test('says that there were no calls, and that it could not be read', async ({ stage, page }) => {
    await open(stage, atFirst, 'Activity');
    await expect(page.getByText('No calls in this time.')).toBeVisible();
    const refused = { refused: 'The activity log could not be read.' };
    await open(stage, { ...atWork, 'activity.chart': refused }, 'Activity');
    await expect(page.getByRole('alert')).toContainText('The activity log could not be read.');
  });
});

test.describe('the export of Activity', () => {
  test('hands the filters, the format and what to leave out to main, and says how it ended', async ({
    stage,
    page,
  }) => {
    const done = { value: { kind: 'saved', name: 'a.jsonl', rows: 4310 } } as const;
    await open(stage, { ...atWork, 'activity.export': done }, 'Activity');
    await page.getByLabel('Outcome', { exact: true }).selectOption('Failed');
    await page.getByRole('button', { name: 'Export' }).click();
    await expect(page.getByText('5,000 records match the filters.')).toBeVisible();
    await page.getByRole('radio', { name: 'JSON' }).click();
    await page.getByRole('checkbox', { name: 'With arguments' }).check();
    await page.getByRole('button', { name: 'Choose a file' }).click();
    await expect(page.getByText('4,310 records exported to a.jsonl.')).toBeVisible();
    await stage.expectAsked('activity.export', {
      filter: { outcome: 'failed' },
      format: 'json',
      bodies: 'redacted',
    });
  });

  test('shows how far it is, can be cancelled, and keeps a refusal in sight', async ({ stage, page }) => {
    await open(
      stage,
      { ...atWork, 'activity.export': 'never', 'activity.cancelExport': { value: {} } },
      'Activity',
    );
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('button', { name: 'Choose a file' }).click();
    await stage.tell('activity.exporting', { looked: 412_000, of: 1_000_000 });
    await expect(page.getByText('412,000 of 1,000,000 records looked at.')).toBeVisible();
    await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '41');
    await stage.expectAccessible();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await stage.expectAsked('activity.cancelExport', {});
    const refused = { refused: 'The disk is full. Nothing was exported. Choose another place.' };
    await open(stage, { ...atWork, 'activity.export': refused }, 'Activity');
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('button', { name: 'Choose a file' }).click();
    await expect(page.getByRole('alert')).toContainText('The disk is full.');
    await expect(page.getByRole('button', { name: 'Choose a file' })).toBeEnabled();
  });
});
