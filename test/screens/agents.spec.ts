/** Agents from made to revoked: what they may use, their token in the client's file, and servers that move out of such files. */
import { agentIdSchema, connectionIdSchema } from '../../src/preload/contract/shapes';
import { agents, atFirst, atWork, clients, connection, connections } from './scenes';
import type { Script, Stage } from './stage';
import { expect, open, test } from './stage-fixture';

const token = `ghs_${'0123456789abcdef'.repeat(4)}`;
const [first] = agents;
if (first === undefined) throw new Error('The scene has no agent.');
const made = (kind: string) => ({
  agent: { ...first, name: 'Triage bot', kind },
  token,
  url: 'http://127.0.0.1:8417/mcp',
});
const path = 'C:\\Users\\m.weber\\AppData\\Roaming\\Cursor\\mcp.json';
const basis = 'a'.repeat(64);
const preview = {
  path,
  isNewFile: false,
  basis,
  isSame: false,
  difference: [
    { kind: 'gap', text: '…' },
    { kind: 'same', text: '    "jira": …' },
    { kind: 'removed', text: '    "gatehouse": …' },
    { kind: 'added', text: '    "gatehouse": {' },
    { kind: 'added', text: '      "url": "http://127.0.0.1:8417/mcp",' },
    { kind: 'added', text: '      "headers": { "Authorization": "Bearer ghs_…" }' },
    { kind: 'added', text: '    }' },
    { kind: 'same', text: '  }' },
  ],
} as const;
const writing: Script = {
  ...atWork,
  'agents.create': { value: made('Cursor') },
  'clients.preview': { value: { ...preview, difference: [...preview.difference] } },
  'clients.write': {
    value: { undoId: 'und_0123456789', path, backup: `${path}.gatehouse-backup-2026-11-23T18-30-00-000Z` },
  },
  'clients.undo': { value: { path } },
};
const askedOf = async (stage: Stage, name: string) =>
  (await stage.asked()).filter((one) => one.name === name).map(({ input }) => input);

test('a new agent gets the scope and the end that were chosen', async ({ stage, page }) => {
  await open(stage, { ...atWork, 'agents.create': { value: made('Goose') } }, 'Agents');
  await page.getByRole('button', { name: 'New agent' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Triage bot');
  await expect(dialog.getByLabel('Kind')).toHaveText(/Claude Desktop.*Cursor.*Goose.*Other/);
  await dialog.getByLabel('Kind').selectOption('Goose');
  await dialog.getByRole('radio', { name: 'Chosen ones' }).click();
  await dialog.getByRole('checkbox', { name: 'NinjaOne' }).check();
  await dialog.getByRole('checkbox', { name: /^Read only/ }).check();
  await dialog.getByLabel('Token expires').selectOption('On a date');
  await dialog.getByRole('button', { name: 'Create agent' }).click();
  await expect(dialog.getByText('Choose a day.')).toBeVisible();
  expect(await askedOf(stage, 'agents.create')).toEqual([]);
  await dialog.getByLabel('Last day').fill('2031-01-15');
  await stage.expectAccessible();
  await dialog.getByRole('button', { name: 'Create agent' }).click();
  await expect(page.getByLabel('Token', { exact: true })).toHaveValue(token);
  expect(await askedOf(stage, 'agents.create')).toEqual([
    {
      name: 'Triage bot',
      kind: 'Goose',
      scope: { connectionIds: [connections[1]?.connectionId], access: 'read' },
      expiresAtMs: new Date('2031-01-15T23:59:59').getTime(),
    },
  ]);
  await expect(page.getByText('Goose was not found on this computer')).toBeVisible();
  await expect(page.getByLabel('For the client’s settings')).toContainText(`Bearer ${token}`);
});

test('a refusal stands beside its field', async ({ stage, page }) => {
  const message = 'Choose at least one connection, or all of them.';
  const refused = { refused: message, code: 'form_invalid', fields: [{ field: 'scope', message }] };
  await open(stage, { ...atWork, 'agents.create': refused }, 'Agents');
  await page.getByRole('button', { name: 'New agent' }).click();
  await page.getByRole('radio', { name: 'Chosen ones' }).click();
  await page.getByRole('button', { name: 'Create agent' }).click();
  await expect(page.getByText(message)).toHaveCount(1);
  await stage.expectAccessible();
});

test.describe('the token of a new agent', () => {
  const makeOne = async (stage: Stage, script: Script) => {
    await open(stage, script, 'Agents');
    await stage.window.getByRole('button', { name: 'New agent' }).click();
    await stage.window.getByLabel('Name').fill('Triage bot');
    await stage.window.getByRole('button', { name: 'Create agent' }).click();
  };

  test('is written after its difference was seen, and taken back', async ({ stage, page }) => {
    await makeOne(stage, writing);
    await page.getByRole('button', { name: 'Write to Cursor' }).click();
    const difference = page.getByRole('region', { name: 'What changes' });
    await expect(difference).toContainText('+     "gatehouse": {');
    await expect(difference).not.toContainText(token);
    await stage.expectAccessible();
    await page.getByRole('button', { name: 'Write', exact: true }).click();
    await expect(page.getByText(`Written to ${path}. Start Cursor again.`)).toBeVisible();
    const wanted = { fileId: 'cursor-0', agentId: made('Cursor').agent.agentId, token };
    expect(await askedOf(stage, 'clients.write')).toEqual([{ ...wanted, basis }]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByText('as it was before')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Write to Cursor' })).toBeVisible();
  });

  test('is shown anew when the file changed meanwhile', async ({ stage, page }) => {
    const refused = {
      refused: 'The file was changed meanwhile. Look at the difference again.',
      code: 'client_file_changed',
    };
    await makeOne(stage, { ...writing, 'clients.write': refused });
    await page.getByRole('button', { name: 'Write to Cursor' }).click();
    await page.getByRole('button', { name: 'Write', exact: true }).click();
    await expect(page.getByRole('alert')).toContainText('changed meanwhile');
    expect(await askedOf(stage, 'clients.preview')).toHaveLength(2);
    await expect(page.getByRole('region', { name: 'What changes' })).toBeVisible();
  });

  test('is not written where the file cannot be read, and can be copied instead', async ({ stage, page }) => {
    const sentence = 'It is not valid JSON: line 12, comma expected.';
    await makeOne(stage, { ...writing, 'clients.preview': { refused: sentence } });
    await page.getByRole('button', { name: 'Write to Cursor' }).click();
    await expect(page.getByRole('alert')).toContainText(sentence);
    await page.getByRole('button', { name: 'Copy settings instead' }).click();
    await page.getByRole('radio', { name: 'For clients that start a program' }).click();
    await expect(page.getByLabel('For the client’s settings')).toContainText('GATEHOUSE_TOKEN');
  });

  test('goes into the file that was chosen where there are several', async ({ stage, page }) => {
    await makeOne(stage, { ...writing, 'agents.create': { value: made('VS Code') } });
    await page.getByLabel('File').selectOption({ index: 1 });
    await page.getByRole('button', { name: 'Write to VS Code' }).click();
    await expect(page.getByRole('region', { name: 'What changes' })).toBeVisible();
    expect(await askedOf(stage, 'clients.preview')).toMatchObject([{ fileId: 'vs-code-1' }]);
  });

  test('is offered again after a rotation', async ({ stage, page }) => {
    await open(stage, { ...writing, 'agents.rotate': { value: made('Cursor') } }, 'Agents');
    await page.getByRole('button', { name: 'Rotate Triage bot' }).click();
    await page.getByRole('button', { name: 'Rotate', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Write to Cursor' })).toBeVisible();
  });
});

test('scope, end and name are changed without a new token', async ({ stage, page }) => {
  const changed = { ...first, name: 'Day shift' };
  await open(stage, { ...atWork, 'agents.change': { value: changed } }, 'Agents');
  await page.getByRole('button', { name: 'Edit Night shift' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Token expires')).toHaveValue('kept');
  await dialog.getByLabel('Name').fill('Day shift');
  await dialog.getByRole('checkbox', { name: connection.label, exact: true }).uncheck();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  expect(await askedOf(stage, 'agents.change')).toEqual([
    {
      agentId: 'agt_3123456789',
      name: 'Day shift',
      scope: { connectionIds: connections.slice(1).map((one) => one.connectionId), access: 'all' },
    },
  ]);
});

test('an agent whose time is over gets a new end before a new token', async ({ stage, page }) => {
  await open(stage, atWork, 'Agents');
  await page.getByRole('button', { name: 'Rotate Night shift' }).click();
  await expect(page.getByRole('alert')).toContainText('Give it a new end with Edit first.');
  await expect(page.getByRole('button', { name: 'Rotate', exact: true })).toBeDisabled();
});

test('writing goes by keyboard alone', async ({ stage, page }) => {
  await open(stage, { ...writing, 'agents.rotate': { value: made('Cursor') } }, 'Agents');
  await page.getByRole('button', { name: 'Rotate Triage bot' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Write to Cursor' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Write to Cursor' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('region', { name: 'What changes' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByText(`Written to ${path}`)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('the table says what each may use and until when', async ({ stage, page }) => {
  await open(stage, atWork, 'Agents');
  const row = (name: string) => page.getByRole('row', { name: new RegExp(name) });
  await expect(row('Triage bot')).toContainText('All connectionsRead and writeNever');
  await expect(row('Claude Desktop')).toContainText('ConnectWise PSARead onlyIn 5 days');
  await expect(row('Night shift')).toContainText('ConnectWise PSA, NinjaOne and 2 more');
  await expect(row('Night shift')).toContainText('Expired');
  await expect(row('Rotterdam')).toContainText('Revoked');
});

test('revoking says what is lost', async ({ stage, page }) => {
  await open(stage, atWork, 'Agents');
  await page.getByRole('button', { name: 'Revoke Triage bot' }).click();
  const question = page.getByRole('alertdialog');
  await expect(question).toContainText('It loses 43 tools of all connections.');
  await expect(question).toContainText('3 waiting approvals are refused.');
  await expect(question).toContainText('This cannot be undone.');
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await stage.expectAccessible();
});

const wiki = { name: 'Wiki', url: 'https://wiki.example/mcp', carries: 'Bearer token', why: '' };
const found: Script = {
  ...atWork,
  'clients.found': {
    value: {
      files: [
        {
          fileId: 'cursor-0',
          clientName: 'Cursor',
          label: 'Cursor',
          path,
          problem: '',
          servers: [
            wiki,
            { ...wiki, name: 'CRM', url: 'https://crm.example/mcp', carries: 'Headers X-Key, X-Org' },
            {
              name: 'filesystem',
              url: '',
              carries: '',
              why: 'It cannot be moved: it starts a program on this computer.',
            },
          ],
        },
        {
          fileId: 'codex-cli-0',
          clientName: 'Codex CLI',
          label: 'All projects',
          path: 'C:\\Users\\m.weber\\.codex\\config.toml',
          problem: 'It is not valid TOML: line 3 cannot be read.',
          servers: [],
        },
      ],
    },
  },
  'clients.import': {
    value: {
      connectionId: connectionIdSchema.parse('con_0123456789'),
      label: 'Wiki',
      sentence: 'Connected as Wiki, and taken out of the file.',
      undoId: 'und_0123456789',
    },
  },
  'clients.undo': { value: { path } },
};

test.describe('servers in the files of clients', () => {
  test('are moved one by one, each with its outcome', async ({ stage, page }) => {
    await open(stage, found, 'Agents');
    await page.getByRole('button', { name: 'Import servers' }).click();
    const dialog = page.getByRole('dialog', { name: 'Import servers from AI clients' });
    await expect(dialog.getByRole('button', { name: 'Import' })).toBeDisabled();
    await expect(dialog.getByRole('checkbox', { name: 'Import filesystem' })).toBeDisabled();
    await expect(dialog.getByRole('alert')).toContainText('line 3 cannot be read');
    await dialog.getByRole('checkbox', { name: 'Import Wiki' }).check();
    await stage.expectAccessible();
    await dialog.getByRole('button', { name: 'Import 1 server' }).click();
    await expect(dialog.getByText('Connected as Wiki, and taken out of the file.')).toBeVisible();
    expect(await askedOf(stage, 'clients.import')).toEqual([{ fileId: 'cursor-0', name: 'Wiki' }]);
    await stage.change({ 'clients.import': { refused: 'The server did not take these credentials.' } });
    await dialog.getByRole('checkbox', { name: 'Import CRM' }).check();
    await dialog.getByRole('button', { name: 'Import 1 server' }).click();
    await expect(dialog.getByText('did not take these credentials')).toBeVisible();
    await dialog.getByRole('button', { name: 'Undo in the file: Wiki' }).click();
    await expect(dialog.getByText('The connection stays.')).toBeVisible();
  });

  test('are not there, and that is said', async ({ stage, page }) => {
    await open(stage, { ...atWork, 'clients.found': { value: { files: [] } } }, 'Agents');
    await page.getByRole('button', { name: 'Import servers' }).click();
    await expect(page.getByText('names an MCP server other than Gatehouse')).toBeVisible();
    await stage.expectAccessible();
  });
});

test.describe('pictures', () => {
  const many = Array.from({ length: 50 }, (_, index) => ({
    ...first,
    agentId: agentIdSchema.parse(`agt_${String(index).padStart(10, '0')}`),
    name:
      index % 7 === 0
        ? `The assistant of the night shift in the Rotterdam office, number ${index}`
        : `Agent ${index}`,
    kind: ['Cursor', 'Claude Code', 'VS Code', 'Other'][index % 4] ?? 'Other',
  }));
  const scenes: readonly (readonly [string, Script, readonly string[]])[] = [
    ['agents', atWork, []],
    ['agents-none', atFirst, []],
    ['agents-many', { ...atWork, 'agents.list': { value: many } }, []],
    ['agents-new', atWork, ['New agent']],
    ['agents-edit', atWork, ['Edit Night shift']],
    ['agents-import', found, ['Import servers']],
    ['agents-revoke', atWork, ['Revoke Triage bot']],
    ['agents-token', writing, ['New agent', 'Create agent']],
    ['agents-write', writing, ['New agent', 'Create agent', 'Write to Cursor']],
    ['agents-copy', { ...writing, 'agents.create': { value: made('Other') } }, ['New agent', 'Create agent']],
  ];
  for (const [name, script, presses] of scenes)
    for (const [width, height] of [
      [1280, 800],
      [940, 600],
    ] as const)
      test(`${name} at ${width}×${height}: accessible, nothing cut off`, async ({ stage, page }) => {
        await stage.size(width, height);
        await open(stage, script, 'Agents');
        for (const press of presses) {
          await page.getByRole('button', { name: press, exact: true }).click();
          await page.waitForLoadState();
        }
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await stage.expectAccessible();
          const { PICTURES } = process.env;
          if (PICTURES !== undefined)
            await page.screenshot({ path: `${PICTURES}/${name}-${width}-${colorScheme}.png` });
        }
        await stage.expectNothingCutOff();
      });
});

test('the first choice of a client is there before its list is known', async ({ stage, page }) => {
  await open(stage, { ...atWork, 'clients.list': 'never' }, 'Agents');
  await page.getByRole('button', { name: 'New agent' }).click();
  await expect(page.getByLabel('Kind')).toHaveValue('Other');
  expect(clients.clients.length).toBeGreaterThan(0);
});
