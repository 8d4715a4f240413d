/**
 * The main path by role and visible words, in the built application with the simulated vendor: from the card to the log.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { planted } from '../fakes/planted-secrets';
import { startAgent } from './agent';
import { launch, type Opened } from './launch';

const passphrase = planted('passphrase');
const note = 'Checked the VPN concentrator by hand.';

async function openVault(window: Page): Promise<void> {
  const create = window.getByRole('heading', { name: 'Choose a passphrase' });
  const ready = window.getByRole('heading', { name: 'Integrations' });
  await expect(create.or(ready)).toBeVisible();
  if (await ready.isVisible()) return;
  await window.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await window.getByLabel('Passphrase again').fill(passphrase);
  await window.getByRole('button', { name: 'Create vault' }).click();
  await expect(ready).toBeVisible();
}

const row = (window: Page, what: string): Locator => window.getByRole('row').filter({ hasText: what });

test.describe('from the card to the activity log', () => {
  let opened: Opened;
  test.beforeEach(async () => {
    opened = await launch({ args: ['--practice'] });
  });
  test.afterEach(async () => {
    await opened.close();
  });

  test('connect, decide, let through, write down, disconnect', async () => {
    test.setTimeout(120_000);
    const { window } = opened;
    await openVault(window);

    // Connect: a wrong key gives the vendor's words and saves nothing.
    await window.getByRole('searchbox', { name: 'Search integrations' }).fill('connectw');
    await window
      .getByRole('article', { name: 'ConnectWise PSA' })
      .getByRole('button', { name: 'Connect' })
      .click();
    const form = window.getByRole('dialog', { name: 'Connect ConnectWise PSA' });
    const key = form.getByLabel('Private key');
    await expect(key).not.toHaveValue('');
    const right = await key.inputValue();
    await key.fill('WrongWrongWrong1');
    await form.getByRole('button', { name: 'Connect', exact: true }).click();
    await expect(form.getByRole('alert')).toContainText('401');
    await key.fill(right);
    await form.getByRole('button', { name: 'Test connection' }).click();
    await expect(form.getByRole('status')).toContainText('Works:');
    await form.getByRole('button', { name: 'Connect', exact: true }).click();

    // Decide: the notice with counts, two edits, Save.
    await expect(window.getByRole('heading', { name: 'ConnectWise PSA', level: 1 })).toBeVisible();
    await expect(
      window.getByText(/Policies were set to their defaults: \d+ auto, \d+ approval needed\./),
    ).toBeVisible();
    for (const tool of ['delete-ticket', 'merge-tickets']) {
      await window.getByRole('searchbox', { name: 'Search tools' }).fill(tool);
      await window.getByLabel(`Policy of ${tool}`, { exact: true }).selectOption('disabled');
    }
    await window.getByRole('searchbox', { name: 'Search tools' }).fill('delete-ticket');
    await window.getByRole('button', { name: 'Save 2 changes' }).click();
    await expect(window.getByText('2 unsaved changes')).toBeHidden();
    await expect(row(window, 'delete-ticket')).toContainText('Set by');

    // An agent with a token that is shown once.
    await window.getByRole('button', { name: 'Agents' }).click();
    await window.getByRole('button', { name: 'New agent' }).click();
    await window.getByLabel('Name').fill('Triage bot');
    await window.getByRole('button', { name: 'Create agent' }).click();
    const token = await window.getByLabel('Token', { exact: true }).inputValue();
    const url = await window.getByLabel('Address', { exact: true }).inputValue();
    await window.getByRole('button', { name: 'Done' }).click();
    const agent = startAgent(url, token);
    try {
      const names = await agent.list();
      expect(names).toContain('cwpsa__list-tickets');
      expect(names).not.toContain('cwpsa__delete-ticket');
      expect(await agent.call('cwpsa__get-ticket', { id: 48213 })).toContain('VPN drops every hour');

      // Let through: a write is held and approved in the window.
      const write = agent.call('cwpsa__add-ticket-note', {
        id: 48213,
        text: note,
        internalAnalysisFlag: true,
      });
      await window.getByRole('button', { name: /Approvals/ }).click();
      await expect(
        window.getByRole('heading', { name: `Add a note to ticket 48213: ${note}` }),
      ).toBeVisible();
      await window.getByRole('button', { name: 'Approve', exact: true }).click();
      expect(await write).toContain(note);
      expect(await agent.call('cwpsa__list-ticket-notes', { id: 48213 })).toContain(note);

      const denied = agent.call('cwpsa__add-ticket-note', {
        id: 48213,
        text: 'Second note',
        internalAnalysisFlag: true,
      });
      // It may come while the first one is still in front, which then keeps its place until the technician chooses.
      await window
        .getByRole('list', { name: 'Waiting' })
        .getByRole('button', { name: /Second note/ })
        .click();
      await expect(
        window.getByRole('heading', { name: 'Add a note to ticket 48213: Second note' }),
      ).toBeVisible();
      await window.getByLabel('Reason').fill('not for this ticket');
      await window.getByRole('button', { name: 'Deny' }).click();
      expect(await denied).toContain('not for this ticket');

      // Write down: every outcome, and a log that tells when it was changed.
      await window.getByRole('button', { name: 'Activity' }).click();
      for (const outcome of ['Allowed', 'Approved', 'Denied', 'Changed', 'Connected', 'Created']) {
        await expect(
          window
            .getByRole('table', { name: 'Activity', exact: true })
            .getByText(outcome, { exact: true })
            .first(),
        ).toBeVisible();
      }
      await window.getByRole('button', { name: 'Verify log' }).click();
      await expect(window.getByText(/Log intact · verified/)).toBeVisible();
      const line = changeOneByte(opened.userData);
      await window.getByRole('button', { name: 'Verify log' }).click();
      await expect(window.getByText(new RegExp(`Broken: .*, line ${line}`))).toBeVisible();

      // Disconnect: the numbers, then the tools are gone for the agent.
      await window.getByRole('button', { name: 'Integrations' }).click();
      await window.getByRole('button', { name: 'Disconnect' }).click();
      const question = window.getByRole('alertdialog', { name: 'Disconnect ConnectWise PSA?' });
      await expect(question).toContainText('All 45 tool policies are deleted, 2 of them customised by you.');
      await expect(question).toContainText('Triage bot loses 43 tools');
      await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
      await question.getByRole('button', { name: 'Disconnect' }).click();
      await expect(window.getByText(/Delete the API key under System > Members/)).toBeVisible();
      expect(await agent.list()).not.toContain('cwpsa__list-tickets');
    } finally {
      agent.stop();
    }
    const onDisk = everyFileBelow(opened.userData);
    for (const secret of [right, token, passphrase]) expect(onDisk).not.toContain(secret);
  });
});

/** Changes one letter in the second line of the log; answers the number of the line that Verify must name. */
function changeOneByte(userData: string): number {
  const folder = join(userData, 'practice', 'activity');
  const [name = ''] = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
  const file = join(folder, name);
  const lines = readFileSync(file, 'utf8').split('\n');
  lines[1] = (lines[1] ?? '').replace('"detail":"', '"detail":"X');
  writeFileSync(file, lines.join('\n'));
  return 2;
}

function everyFileBelow(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}
