/**
 * Every app of the catalog in the real application against its simulated vendor: connected in its own way, policies seeded, two
 * reads and one approved write through the gateway with exactly the request that the vendor documents, disconnected.
 *
 * A row is written by hand from the vendor's documentation, `rows/<app id>.json`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type ElectronApplication, expect, type Page, test } from '@playwright/test';
import { freePort } from '../fakes/free-port';
import { type Agent, startAgent } from './agent';
import { ask, openVault } from './ask';
import { launch, type Opened } from './launch';
import { pressSignIn } from './popup';

interface Read {
  readonly tool: string;
  readonly args: Record<string, unknown>;
  /** Method, path and query as on the wire. */
  readonly seen: string;
  /** A part of the answer. */
  readonly answer: string;
}

interface Row {
  readonly name: string;
  readonly tools: number;
  readonly auto: number;
  readonly approvalNeeded: number;
  readonly reads: readonly Read[];
  readonly write: Read & { readonly body?: unknown; readonly approval: string };
  /** Names of headers that the vendor documents, in lower case. */
  readonly headers: readonly string[];
  /** A part of the sentence after Disconnect. */
  readonly revocation: string;
}

const root = resolve(import.meta.dirname, '../..');
const folder = join(import.meta.dirname, 'rows');
const rows = readdirSync(folder).map((file): readonly [string, Row] => [
  file.replace(/\.json$/, ''),
  JSON.parse(readFileSync(join(folder, file), 'utf8')),
]);

test.describe.configure({ mode: 'serial' });

let opened: Opened;
let agent: Agent;

test.beforeAll(async () => {
  opened = await launch({ args: ['--practice'] });
  await openVault(opened.window);
  const settings = await ask(opened.window, 'settings.show', {});
  await ask(opened.window, 'settings.save', { ...settings, gatewayPort: await freePort() });
  const made = await ask(opened.window, 'agents.create', { name: 'Triage bot', kind: 'Other' });
  agent = startAgent(made.url, made.token);
  await opened.window.reload();
});
test.afterAll(async () => {
  agent.stop();
  await opened.close();
});

test('every app of the catalog has a row', () => {
  const apps = readdirSync(join(root, 'resources/catalog')).map((file) => file.replace(/\.yaml$/, ''));
  expect(rows.map(([id]) => id).sort()).toEqual(apps.sort());
});

for (const [appId, row] of rows) {
  test(`${row.name}: connected, called, approved, disconnected`, async () => {
    test.setTimeout(90_000);
    const { window, app } = opened;
    await connect(window, app, appId, row);
    const { connectionId } = await connectionOf(window, row.name);
    await expect(
      window.getByText(
        `Policies were set to their defaults: ${row.auto} auto, ${row.approvalNeeded} approval needed.`,
      ),
    ).toBeVisible();
    const policies = await ask(window, 'policies.show', { connectionId });
    expect(policies.rows).toHaveLength(row.tools);

    for (const read of row.reads) {
      expect(await agent.call(read.tool, read.args)).toContain(JSON.stringify(read.answer).slice(1, -1));
      expect(lastSeen(appId)).toMatchObject({ asked: read.seen, body: '', authenticated: true });
    }
    const writing = agent.call(row.write.tool, row.write.args);
    await window
      .getByRole('navigation')
      .getByRole('button', { name: /Approvals/ })
      .click();
    await expect(window.getByRole('heading', { name: row.write.approval })).toBeVisible();
    await window.getByRole('button', { name: 'Approve', exact: true }).click();
    expect(await writing).toContain(JSON.stringify(row.write.answer).slice(1, -1));
    const seen = lastSeen(appId);
    expect(seen).toMatchObject({ asked: row.write.seen, authenticated: true });
    expect(seen?.headerNames).toEqual(expect.arrayContaining([...row.headers]));
    expect(seen?.body === '' ? undefined : JSON.parse(seen?.body ?? '')).toEqual(row.write.body);

    await window.getByRole('navigation').getByRole('button', { name: 'Integrations' }).click();
    await window.getByRole('article', { name: row.name }).getByRole('button', { name: 'Disconnect' }).click();
    const question = window.getByRole('alertdialog', { name: `Disconnect ${row.name}?` });
    await expect(question).toContainText(`All ${row.tools} tool policies are deleted`);
    await question.getByRole('button', { name: 'Disconnect' }).click();
    await expect(window.getByText(row.revocation).first()).toBeVisible();
    expect(await agent.list()).not.toContain(row.write.tool);
  });
}

/** Through the card and the form, with the sample credentials that stand in it; at the vendor's page where there is one. */
async function connect(window: Page, app: ElectronApplication, appId: string, row: Row): Promise<void> {
  await window.getByRole('navigation').getByRole('button', { name: 'Integrations' }).click();
  await window.getByRole('article', { name: row.name }).getByRole('button', { name: 'Connect' }).click();
  const form = window.getByRole('dialog', { name: `Connect ${row.name}` });
  const { signIn } = await ask(window, 'catalog.show', { appId });
  if (signIn === 'form') {
    await form.getByRole('button', { name: 'Test connection' }).click();
    await expect(form.getByRole('status').filter({ hasText: 'Works:' })).toBeVisible();
    await form.getByRole('button', { name: 'Connect', exact: true }).click();
  } else {
    const [popup] = await Promise.all([
      app.waitForEvent('window'),
      form.getByRole('button', { name: 'Connect', exact: true }).click(),
    ]);
    await expect(popup.getByRole('heading', { name: `Practice sign-in for ${row.name}` })).toBeVisible();
    await pressSignIn(popup);
  }
  await expect(window.getByRole('heading', { name: row.name, level: 1 })).toBeVisible({ timeout: 20_000 });
}

async function connectionOf(window: Page, label: string) {
  const found = (await ask(window, 'connections.list', {})).find((one) => one.label === label);
  if (found === undefined) throw new Error(`There is no connection ${label}.`);
  return found;
}

interface Seen {
  readonly appId: string;
  readonly asked: string;
  readonly body: string;
  readonly headerNames: readonly string[];
  readonly authenticated: boolean;
}

/** The last request that the simulated vendor wrote down. */
function lastSeen(appId: string): Seen | undefined {
  const file = readdirSync(opened.userData, { recursive: true, encoding: 'utf8' }).find((name) =>
    name.endsWith('practice-requests.jsonl'),
  );
  if (file === undefined) return undefined;
  return readFileSync(join(opened.userData, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter((one) => one.appId === appId)
    .map((one) => ({ ...one, asked: `${one.method} ${one.path}${one.query}` }))
    .at(-1);
}
