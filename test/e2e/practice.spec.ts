/** What was connected in the practice workspace works after a restart, although its vendors listen elsewhere by then. */
import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { ask, openVault } from './ask';
import { discard, launch } from './launch';
import { pressSignIn } from './popup';

test('a connection of the practice workspace survives a restart', async () => {
  const first = await launch({ args: ['--practice'] });
  await openVault(first.window);
  const { fields } = await ask(first.window, 'catalog.show', { appId: 'connectwise-psa' });
  const values = Object.fromEntries(fields.map((field) => [field.name, field.default ?? '']));
  const made = await ask(first.window, 'connections.connect', {
    appId: 'connectwise-psa',
    label: 'ConnectWise PSA',
    values,
  });
  expect(made.region).toBe('Practice workspace');
  await first.close({ keepData: true });

  const second = await launch({ args: ['--practice'], userData: first.userData });
  try {
    await openVault(second.window);
    const { connectionId } = made;
    expect((await ask(second.window, 'connections.check', { connectionId })).state).toEqual({
      kind: 'connected',
    });
    await second.window.reload();
    await expect(second.window.getByRole('article', { name: 'ConnectWise PSA' })).toContainText('Connected');
  } finally {
    await second.close();
  }
});

test('so does one that a person granted, with the refresh token that it was given', async () => {
  const first = await launch({ args: ['--practice'] });
  await openVault(first.window);
  await first.window.reload();
  await first.window
    .getByRole('article', { name: 'HaloPSA' })
    .getByRole('button', { name: 'Connect' })
    .click();
  const [popup] = await Promise.all([
    first.app.waitForEvent('window'),
    first.window.getByRole('dialog').getByRole('button', { name: 'Connect', exact: true }).click(),
  ]);
  await pressSignIn(popup);
  await expect(first.window.getByRole('heading', { name: 'HaloPSA', level: 1 })).toBeVisible();
  await expect(first.window.getByText(/^renews itself by /)).toBeVisible();
  await first.close({ keepData: true });

  const second = await launch({ args: ['--practice'], userData: first.userData });
  try {
    await openVault(second.window);
    const [made] = await ask(second.window, 'connections.list', {});
    if (made === undefined) throw new Error('The connection is gone.');
    const { state } = await ask(second.window, 'connections.check', { connectionId: made.connectionId });
    expect(state).toEqual({ kind: 'connected' });
  } finally {
    await second.close();
  }
});

test('the sample agent plays its story: two reads, then a note that asks; what was decided is there after a restart', async () => {
  const { app, window, userData } = await launch({ args: ['--practice'] });
  const outcomes = async () => {
    const { rows } = await ask(window, 'activity.list', { limit: 50 });
    return rows.filter((row) => row.who === 'Sample agent').map((row) => row.outcome);
  };
  try {
    await openVault(window);
    await window.reload();
    await window.getByRole('navigation').getByRole('button', { name: 'Agents' }).click();
    await window.getByRole('button', { name: 'Run the sample agent' }).click();
    await expect(window.getByText('Connect ConnectWise PSA first.')).toBeVisible();

    const { fields } = await ask(window, 'catalog.show', { appId: 'connectwise-psa' });
    const values = Object.fromEntries(fields.map((field) => [field.name, field.default ?? '']));
    await ask(window, 'connections.connect', { appId: 'connectwise-psa', label: 'PSA', values });
    for (const [button, outcome] of [
      ['Approve', 'approved'],
      ['Deny', 'denied'],
    ] as const) {
      await window.getByRole('navigation').getByRole('button', { name: 'Agents' }).click();
      await window.getByRole('button', { name: 'Run the sample agent' }).click();
      await expect(window.getByRole('heading', { name: /^Add a note to ticket 48213/ })).toBeVisible();
      await window.getByRole('button', { name: button, exact: true }).click();
      await expect.poll(outcomes).toContain(outcome);
    }
    expect((await outcomes()).filter((one) => one === 'allowed')).toHaveLength(4);
  } finally {
    await app.close();
  }
  const second = await launch({ args: ['--practice'], userData });
  try {
    await openVault(second.window);
    await second.window.reload();
    await second.window.getByRole('navigation').getByRole('button', { name: 'Approvals' }).click();
    await second.window.getByRole('radio', { name: 'Decided 2' }).click();
    const rows = second.window.getByRole('table', { name: 'Decided' }).getByRole('row');
    await expect(rows.nth(1)).toContainText(/Denied.*Add a note to ticket 48213.*Sample agent/);
    await expect(rows.nth(2)).toContainText(/Approved.*Add a note to ticket 48213.*Sample agent/);
  } finally {
    await second.close();
  }
});

test('the first-start page opens the practice workspace as a program of its own', async () => {
  test.skip(process.platform !== 'linux', 'The lock of a running instance is read as Linux writes it.');
  const { app, window, userData } = await launch();
  await openVault(window);
  await window.reload();
  const { pid: before } = app.process();
  const ended = new Promise((done) => app.process().once('exit', done));
  await window.getByRole('button', { name: 'Open the practice workspace' }).click();
  await ended;
  const instance = () => {
    try {
      return Number(
        readlinkSync(join(userData, 'practice', 'SingletonLock'))
          .split('-')
          .at(-1),
      );
    } catch {
      return 0;
    }
  };
  await expect.poll(instance, { timeout: 20_000 }).toBeGreaterThan(0);
  const pid = instance();
  expect(pid).not.toBe(before);
  process.kill(pid, 'SIGTERM');
  const isRunning = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  await expect.poll(isRunning, { timeout: 20_000 }).toBe(false);
  discard(userData);
});
