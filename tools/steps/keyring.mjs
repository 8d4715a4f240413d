/**
 * A real Secret Service for the tests, apart from the person's own: a private D-Bus session with a fresh, unlocked
 * gnome-keyring in a temporary folder. Other systems have no such thing; there the tests are told so.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { has, run, withOwnCommands } from './child.mjs';

const unlockThenRun =
  'printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 && exec "$@"';

/**
 * Runs a command where GATEHOUSE_TEST_KEYRING=1 says that a keyring may be written to.
 *
 * @returns {Promise<number>} Exit code of the command.
 */
export async function runWithKeyring(command, args, env = {}) {
  if (process.platform !== 'linux' || !has('dbus-run-session') || !has('gnome-keyring-daemon')) {
    return run(command, args, { env: { ...withOwnCommands(), ...env } });
  }
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-keyring-'));
  const { GNOME_KEYRING_CONTROL: _control, ...rest } = withOwnCommands();
  try {
    return await run('dbus-run-session', ['--', 'sh', '-c', unlockThenRun, 'sh', command, ...args], {
      env: {
        ...rest,
        XDG_DATA_HOME: join(folder, 'data'),
        XDG_RUNTIME_DIR: folder,
        GATEHOUSE_TEST_KEYRING: '1',
        ...env,
      },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
