/** From a new agent to its client: the file of the client on this disk, written by the built application, lets the client in. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { v1Peer } from '../fakes/mcp-peers';
import { plant } from '../fakes/planted-secrets';
import { startAgent } from './agent';
import { ask, openVault } from './ask';
import { discard, freshFolder, launch } from './launch';
import { openServerDesk } from './server-desk';

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

test('a server that stands in the file of a client moves into Gatehouse with its token', async () => {
  // The copy beside the file holds the secret by design, so this home is never kept.
  const home = mkdtempSync(join(tmpdir(), 'gatehouse-home-'));
  const file = join(home, '.codex', 'config.toml');
  mkdirSync(join(home, '.codex'));
  const secret = plant('token in the file of a client', `tok-${randomBytes(12).toString('hex')}`);
  const desk = await openServerDesk({ HOME: home, XDG_CONFIG_HOME: join(home, '.config') });
  const { window } = desk.opened;
  try {
    const peer = v1Peer({ sessions: true });
    const url = await desk.at((request, response) => {
      if (request.headers.authorization === `Bearer ${secret}`) peer.listener(request, response);
      else response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end();
    });
    const entry = `[mcp_servers.tools]\nurl = "${url}"\nhttp_headers = { Authorization = "Bearer ${secret}" }\n`;
    const rest = '# mine\nmodel = "x"\n\n# the second\n[mcp_servers.local]\ncommand = "notes"\n';
    writeFileSync(file, rest.replace('# the second', `${entry}\n# the second`));
    await openVault(window);
    await window.reload();
    await window.getByRole('navigation').getByRole('button', { name: 'Agents' }).click();
    await window.getByRole('button', { name: 'Import servers' }).click();
    await window.getByRole('checkbox', { name: 'Import tools' }).check();
    await window.getByRole('button', { name: 'Import 1 server' }).click();
    await expect(window.getByText('Connected as tools, and taken out of the file.')).toBeVisible();
    expect(await window.content()).not.toContain(secret);
    expect(readFileSync(file, 'utf8')).toBe(rest);
    const [made] = await ask(window, 'connections.list', {});
    expect(made).toMatchObject({
      label: 'tools',
      state: { kind: 'connected' },
      server: { url, auth: 'bearer' },
    });
    const shown = await ask(window, 'activity.list', { limit: 20 });
    expect(JSON.stringify(shown)).toContain('the entry tools was taken out of it');
    expect(JSON.stringify(shown)).not.toContain(secret);
  } finally {
    await desk.close();
    rmSync(home, { recursive: true, force: true });
  }
});
