/** Filtering and reading on in the log. */
import { activity, agents, atFirst, atWork, connection } from './scenes';
import type { Stage } from './stage';
import { expect, open, test } from './stage-fixture';

test.describe('Activity', () => {
  const questions = async (stage: Stage) =>
    (await stage.asked()).filter((one) => one.name === 'activity.list').map((one) => one.input);

  test('asks main with every filter', async ({ stage, page }) => {
    await open(stage, atWork, 'Activity');
    await page.getByLabel('Agent', { exact: true }).selectOption('Triage bot');
    await page.getByLabel('Connection', { exact: true }).selectOption('ConnectWise PSA');
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
});
