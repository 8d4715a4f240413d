/**
 * The whole application is killed with SIGKILL in the middle of ten calls and started again: the log verifies, what was cut
 * off is shown as unknown, and nothing ran twice at a vendor that lived on.
 */
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import type { Policy } from '../../src/preload/contract/shapes';
import { freePort } from '../fakes/free-port';
import { appId, type OutsideVendor, startOutsideVendor, ticket } from '../fakes/outside-vendor';
import { type Agent, type BurstCall, startAgent } from './agent';
import { ask, openVault } from './ask';
import { launch, type Opened } from './launch';

/** As many requests as the catalog lets out to this vendor at the same time. */
const atOnce = 4;
const tenCalls: readonly BurstCall[] = Array.from({ length: 10 }, (_, index) =>
  index % 2 === 0
    ? { id: `read ${index}`, name: 'cwpsa__get-ticket', arguments: { id: ticket } }
    : {
        id: `write ${index}`,
        name: 'cwpsa__add-ticket-note',
        arguments: { id: ticket, text: noteOf(`write ${index}`), internalAnalysisFlag: true },
      },
);
const writes = tenCalls.filter(({ id }) => id.startsWith('write'));

/** Nobody answers there: no Secret Service, so the vault asks for a passphrase. */
const withoutKeychain = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' };

let vendor: OutsideVendor;
/** The vendor of this test is on this computer. */
const local = ['--allow-loopback'];

let opened: Opened;
let agent: Agent | undefined;

test.skip(process.platform === 'win32', 'Windows knows no SIGKILL for a whole group of processes.');

test.beforeEach(async () => {
  vendor = await startOutsideVendor();
});
test.afterEach(async () => {
  agent?.stop();
  await opened?.close();
  await vendor.close();
});

test('killed in the middle of ten calls, it starts clean, tells what it does not know and repeats nothing', async () => {
  test.setTimeout(120_000);
  opened = await launch({ args: local, env: trustVendor() });
  const { token, url } = await setUp(opened.window, 'auto');
  agent = startAgent(url, token);
  expect(await agent.list()).toContain('cwpsa__add-ticket-note');

  // The first calls are held at the vendor, then answered; the next ones are held while the application dies.
  const answerFirst = vendor.hold();
  agent.burst(tenCalls);
  await expect.poll(() => vendor.arrived()).toBe(atOnce);
  const answerAfterDeath = vendor.hold();
  answerFirst();
  await expect.poll(() => agent?.answered().size).toBeGreaterThan(0);
  await expect.poll(() => vendor.arrived() - (agent?.answered().size ?? 0)).toBe(atOnce);
  const intents = () => kindsInLog(opened.userData).filter((kind) => kind === 'call_intent').length;
  await expect.poll(intents).toBe(tenCalls.length);
  const answered = [...agent.answered().keys()];
  await killEverything(opened);

  const cutOff = tenCalls.length - answered.length;
  expect(answered.length).toBeGreaterThan(0);
  expect(cutOff).toBeGreaterThan(atOnce);
  const arrived = vendor.arrived();
  answerAfterDeath();
  vendor.free();
  // What had reached the vendor happens there, although nobody is left to hear of it.
  await expect.poll(async () => (await doubles(vendor)).happened).toBeGreaterThan(ofWrites(answered));
  const before = await doubles(vendor);
  expect(before.twice).toEqual([]);
  tearLastLine(opened.userData);

  opened = await launch({ args: local, userData: opened.userData, env: trustVendor() });
  const page = opened.window;
  await openVault(page);
  const status = await ask(page, 'app.status', {});
  expect(status.gateway).toMatchObject({ kind: 'listening', url });
  for (const notice of status.notices) expect(notice).toContain('torn');
  const healed = await ask(page, 'activity.list', { text: 'torn line', limit: 10 });
  expect(healed.rows).toMatchObject([{ kind: 'log' }]);
  expect(await ask(page, 'activity.verify', {})).toMatchObject({ kind: 'intact' });
  const unknown = await ask(page, 'activity.list', { outcome: 'unknown', limit: 100 });
  expect(unknown.rows).toHaveLength(cutOff);
  for (const { what } of unknown.rows) expect(what).toMatch(/^connectwise-psa:(get-ticket|add-ticket-note)$/);
  expect((await ask(page, 'activity.list', { outcome: 'waiting', limit: 100 })).rows).toEqual([]);
  const allowed = await ask(page, 'activity.list', { outcome: 'allowed', limit: 100 });
  expect(allowed.rows).toHaveLength(answered.length);
  await page.getByRole('button', { name: 'Activity' }).click();
  await expect(page.getByRole('table').getByText('Unknown', { exact: true })).toHaveCount(cutOff);

  // The same token, a new session, a new call; and still nothing of before is sent again.
  agent.stop();
  agent = startAgent(url, token);
  const after = 'Written after the crash.';
  expect(await agent.call('cwpsa__add-ticket-note', noteArguments(after))).toContain(after);
  expect(vendor.arrived()).toBe(arrived + 1);
  const notes = await vendor.notes();
  expect(notes.filter((text) => text === after)).toHaveLength(1);
  expect(await doubles(vendor)).toMatchObject({ happened: before.happened, twice: [] });
  expect(await ask(page, 'activity.verify', {})).toMatchObject({ kind: 'intact' });
});

test('killed while a write waits for a person, the question is gone, a passphrase opens the vault, and nothing ran', async () => {
  test.setTimeout(120_000);
  const env = { ...trustVendor(), ...withoutKeychain };
  opened = await launch({ args: local, env });
  const { token, url } = await setUp(opened.window, 'approval_needed');
  agent = startAgent(url, token);
  agent.burst([{ id: 'held', name: 'cwpsa__add-ticket-note', arguments: noteArguments('Held.') }]);
  const waiting = async () => (await ask(opened.window, 'approvals.list', {})).waiting.length;
  await expect.poll(waiting).toBe(1);
  expect(agent.answered().size).toBe(0);
  await killEverything(opened);
  agent.stop();

  opened = await launch({ args: local, userData: opened.userData, env });
  const page = opened.window;
  expect((await ask(page, 'app.status', {})).vault.kind).toBe('locked');
  await openVault(page);
  expect(await ask(page, 'approvals.list', {})).toMatchObject({ waiting: [] });
  expect(await ask(page, 'activity.verify', {})).toMatchObject({ kind: 'intact' });
  const unknown = await ask(page, 'activity.list', { outcome: 'unknown', limit: 10 });
  expect(unknown.rows).toMatchObject([{ what: 'connectwise-psa:add-ticket-note' }]);
  agent = startAgent(url, token);
  expect(await agent.call('cwpsa__get-ticket', { id: ticket })).toContain('VPN drops every hour');
  expect(await vendor.notes()).not.toContain('Held.');
  expect(vendor.arrived()).toBe(1);
});

test('an error that nobody expected stops the whole application, gateway first, and says so', async () => {
  opened = await launch({ args: local, env: trustVendor() });
  const { app } = opened;
  const { url } = await setUp(opened.window, 'auto');
  expect((await fetch(url)).status).toBe(401);
  const child = app.process();
  const told = new Promise<string>((done) => child.stdout?.once('data', (chunk) => done(String(chunk))));
  const ended = new Promise((done) => child.once('exit', done));
  await app.evaluate(({ dialog }) => {
    // In place of a person who reads the message.
    dialog.showErrorBox = (title, content) => {
      process.stdout.write(`${title}. ${content}`);
    };
    setTimeout(() => {
      throw new Error('Planted.');
    });
  });
  expect(await told).toMatch(
    /^Gatehouse has stopped\. It met an error that it did not expect, and closed its gateway .* Reference: [0-9a-f]{8}\.$/,
  );
  expect(await ended).toBe(1);
  await expect(fetch(url)).rejects.toThrow();
});

function noteOf(id: string): string {
  return `Planted note of ${id}, to be found once.`;
}

function noteArguments(text: string): Record<string, unknown> {
  return { id: ticket, text, internalAnalysisFlag: true };
}

function trustVendor(): Record<string, string> {
  return { NODE_EXTRA_CA_CERTS: vendor.caFile };
}

function ofWrites(ids: readonly string[]): number {
  return ids.filter((id) => id.startsWith('write')).length;
}

async function setUp(page: Page, policy: Policy): Promise<{ token: string; url: string }> {
  await openVault(page);
  await ask(page, 'settings.save', {
    ...(await ask(page, 'settings.show', {})),
    gatewayPort: await freePort(),
  });
  const { connectionId } = await ask(page, 'connections.connect', {
    appId,
    label: 'ConnectWise PSA',
    values: vendor.values,
  });
  const { revision } = await ask(page, 'policies.show', { connectionId });
  await ask(page, 'policies.save', {
    connectionId,
    baseRevision: revision,
    edits: [{ tool: 'add-ticket-note', policy }],
  });
  return ask(page, 'agents.create', { name: 'Triage bot', kind: 'other' });
}

/** How many of the ten writes the vendor has, and which of them more than once. */
async function doubles(from: OutsideVendor): Promise<{ happened: number; twice: string[] }> {
  const notes = await from.notes();
  const counts = writes.map(({ id }) => notes.filter((text) => text === noteOf(id)).length);
  return {
    happened: counts.filter((count) => count > 0).length,
    twice: writes.filter((_, place) => (counts[place] ?? 0) > 1).map(({ id }) => id),
  };
}

/** Kinds of the records on the disk, read as they lie there. */
function kindsInLog(userData: string): string[] {
  const folder = join(userData, 'activity');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1))
    .map((line) => JSON.parse(line).kind);
}

/** Half a line at the end of the log, as a write leaves it that was cut off. */
function tearLastLine(userData: string): void {
  const folder = join(userData, 'activity');
  const newest = readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .at(-1);
  if (newest === undefined) throw new Error('There is no log to tear.');
  appendFileSync(join(folder, newest), '{"seq":12,"atMs":17');
}

/** Main process and all its children at once; answers when none is left. */
async function killEverything({ app, userData }: Opened): Promise<void> {
  const { pid } = app.process();
  if (pid === undefined) throw new Error('The application has no process.');
  const gone = app.waitForEvent('close');
  process.kill(-pid, 'SIGKILL');
  await gone;
  await expect.poll(() => processesWith(userData)).toEqual([]);
}

/** Ids of the processes that carry this text in their command line; Linux tells, elsewhere the group must do. */
function processesWith(text: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(text);
    } catch {
      return false; // It ended while we looked.
    }
  });
}
