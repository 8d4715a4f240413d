/** From a new agent to its client: the file of the client on this disk, written by the built application, lets the client in. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startAgent } from './agent';
import { ask, openVault } from './ask';
import { discard, freshFolder, launch } from './launch';

const other = '{\n  // mine\n  "mcpServers": {\n    "notes": { "command": "notes" }\n  }\n}\n';

test('a token is written into the file of Cursor, works from there, and is taken back', async () => {
  const home = freshFolder('gatehouse-home-');
  const file = join(home, '.cursor', 'mcp.json');
  mkdirSync(join(home, '.cursor'));
  writeFileSync(file, other);
  const opened = await launch({
    args: ['--practice'],
    env: { HOME: home, XDG_CONFIG_HOME: join(home, '.config'), DBUS_SESSION_BUS_ADDRESS: 'disabled:' },
  });
  const { window } = opened;
  try {
    await openVault(window);
    await window.reload();
    await window.getByRole('navigation').getByRole('button', { name: 'Agents' }).click();
    await window.getByRole('button', { name: 'New agent' }).click();
    await window.getByLabel('Name').fill('Desk');
    await window.getByLabel('Kind').selectOption('Cursor');
    await window.getByRole('button', { name: 'Create agent' }).click();
    await window.getByRole('button', { name: 'Write to Cursor' }).click();
    await expect(window.getByRole('region', { name: 'What changes' })).toContainText('Bearer ghs_…');
    expect(readFileSync(file, 'utf8')).toBe(other);
    await window.getByRole('button', { name: 'Write', exact: true }).click();
    await expect(window.getByText(`Written to ${file}`)).toBeVisible();

    const text = readFileSync(file, 'utf8');
    expect(text).toContain('// mine');
    const { mcpServers } = JSON.parse(text.replace('// mine', '')) as {
      mcpServers: Record<string, { url: string; headers: { Authorization: string } }>;
    };
    const entry = mcpServers['gatehouse-practice'];
    if (entry === undefined) throw new Error('There is no entry of Gatehouse.');
    const agent = startAgent(entry.url, entry.headers.Authorization.replace('Bearer ', ''));
    await agent.call('gatehouse__status', {}).finally(() => agent.stop());
    const [known] = await ask(window, 'agents.list', {});
    expect(known?.lastSeenAtMs).not.toBeNull();

    await window.getByRole('button', { name: 'Undo' }).click();
    await expect(window.getByText('as it was before')).toBeVisible();
    expect(readFileSync(file, 'utf8')).toBe(other);
    expect(readdirSync(join(home, '.cursor')).some((name) => name.endsWith('.gatehouse-new'))).toBe(false);
    const { rows } = await ask(window, 'activity.list', { limit: 10 });
    expect(rows.map(({ detail }) => detail).join(' ')).toMatch(
      /Undone.*Token written into the configuration of Cursor/,
    );

    await window.getByRole('button', { name: 'Done' }).click();
    await window.getByRole('button', { name: 'Import servers' }).click();
    await expect(window.getByText('it starts a program on this computer')).toBeVisible();
  } finally {
    await opened.close();
    discard(home);
  }
});
