/**
 * Connect in the wizard until the policies of a server with 5,000 tools are there. Prints one JSON line of milliseconds.
 * Run by `npm run bench -- servers`; measures, and judges nothing.
 */
import { expect, test } from '@playwright/test';
import { ask, openVault } from '../e2e/ask';
import { openServerDesk } from '../e2e/server-desk';
import { listingServer } from '../fakes/listing-mcp';

const rounds = 7;
const properties = {
  id: { type: 'string', description: 'The number of the thing.' },
  deep: { type: 'boolean' },
};
const many = Array.from({ length: 5_000 }, (_, index) => ({
  name: `get-thing-${index}`,
  description: `Gets thing ${index} with all that belongs to it, as it was at its last change.`,
  inputSchema: { type: 'object', properties, required: ['id'] },
}));

test('5,000 tools', async () => {
  test.setTimeout(120_000);
  const desk = await openServerDesk();
  const page = desk.opened.window;
  const tookMs: number[] = [];
  try {
    await openVault(page);
    await page.reload();
    const url = await desk.at(listingServer(many).listener);
    const wizard = page.getByRole('dialog', { name: 'Add MCP Server' });
    for (let round = 0; round < rounds; round += 1) {
      await page.getByRole('button', { name: 'Add MCP Server' }).first().click();
      await wizard.getByLabel('Server URL').fill(url);
      await wizard.getByRole('button', { name: 'Continue' }).click();
      const connect = wizard.getByRole('button', { name: 'Connect', exact: true });
      await expect(connect).toBeVisible();
      const startedMs = performance.now();
      await connect.click();
      await page.getByRole('button', { name: 'get-thing-0', exact: true }).waitFor();
      tookMs.push(performance.now() - startedMs);
      const [made] = await ask(page, 'connections.list', {});
      if (made !== undefined) await ask(page, 'connections.disconnect', { connectionId: made.connectionId });
      await page.getByRole('navigation').getByRole('button', { name: 'Integrations' }).click();
    }
  } finally {
    await desk.close();
  }
  console.log(`bench ${JSON.stringify(tookMs)}`);
});
