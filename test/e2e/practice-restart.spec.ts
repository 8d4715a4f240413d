/** What was connected in the practice workspace works after a restart, although its vendors listen elsewhere by then. */
import { expect, test } from '@playwright/test';
import { ask, openVault } from './ask';
import { launch } from './launch';

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
