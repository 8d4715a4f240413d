/**
 * The sign-in at a vendor's page in the real application: the popup and its guards, every way it can end, the system browser (a
 * real Chromium), and a sign-in that the vendor ends later. The authorization server is the simulated vendor's.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { connect as connectTls } from 'node:tls';
import { chromium, expect, type Locator, type Page, test } from '@playwright/test';
import { freePort } from '../fakes/free-port';
import { ask, openVault } from './ask';
import { freshFolder, launch, type Opened } from './launch';
import { pressSignIn } from './popup';

test.describe.configure({ mode: 'serial' });

const browser = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const host = 'ninjaone.practice.invalid';
let opened: Opened;

test.beforeAll(async () => {
  opened = await launch({ args: ['--practice'] });
  const { window } = opened;
  await openVault(window);
  const settings = await ask(window, 'settings.show', {});
  await ask(window, 'settings.save', { ...settings, gatewayPort: await freePort() });
  await window.reload();
});
test.afterAll(() => opened.close());

async function openForm(): Promise<Locator> {
  const { window } = opened;
  await window.getByRole('navigation').getByRole('button', { name: 'Integrations' }).click();
  await window.getByRole('article', { name: 'NinjaOne' }).getByRole('button', { name: 'Connect' }).click();
  return window.getByRole('dialog', { name: 'Connect NinjaOne' });
}

async function openPopup(form: Locator, button = 'Connect'): Promise<Page> {
  const [popup] = await Promise.all([
    opened.app.waitForEvent('window'),
    form.getByRole('button', { name: button, exact: true }).click(),
  ]);
  await expect(popup.getByRole('heading', { name: 'Practice sign-in for NinjaOne' })).toBeVisible();
  return popup;
}

const connections = () => ask(opened.window, 'connections.list', {});

test('the form shows the address to register, and copies it', async () => {
  const form = await openForm();
  await expect(form.getByRole('textbox', { name: 'Redirect URI' })).toHaveValue(
    /^http:\/\/localhost:\d+\/callback$/,
  );
  await expect(
    form.getByText('Register exactly this address in the app that you made at NinjaOne.'),
  ).toBeVisible();
  await form.getByRole('button', { name: 'Copy Redirect URI' }).click();
  await expect(form.getByText('Redirect URI copied.')).toBeVisible();
  await form.getByRole('button', { name: 'Cancel' }).click();
});

test('closing the popup is no error that leaves anything behind', async () => {
  const form = await openForm();
  const popup = await openPopup(form);
  await expect(form.getByText(/Waiting for you to sign in at/)).toBeVisible();
  await popup.close();
  await expect(form.getByRole('alert')).toContainText('The sign-in window was closed. Nothing was saved.');
  expect(await connections()).toEqual([]);
  await form.getByRole('button', { name: 'Cancel' }).click();
});

test('a denied consent ends in the words of the vendor', async () => {
  const form = await openForm();
  const popup = await openPopup(form);
  await popup.getByRole('button', { name: 'Deny' }).click();
  await expect(form.getByRole('alert')).toContainText(
    'The access was denied at NinjaOne: The person denied the request (access_denied). Nothing was saved.',
  );
  expect(await connections()).toEqual([]);
  await form.getByRole('button', { name: 'Cancel' }).click();
});

test('Cancel closes the popup and saves nothing', async () => {
  const form = await openForm();
  const popup = await openPopup(form);
  const closed = popup.waitForEvent('close');
  await form.getByRole('button', { name: 'Cancel' }).click();
  await closed;
  expect(await connections()).toEqual([]);
});

test('the popup is a stranger: no bridge, no permissions, no other window, https only, its origin in the title', async () => {
  const form = await openForm();
  const popup = await openPopup(form);
  expect(
    await popup.evaluate(() => [
      typeof Reflect.get(window, 'gatehouse'),
      typeof Reflect.get(window, 'require'),
    ]),
  ).toEqual(['undefined', 'undefined']);
  const titles = await opened.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((one) => one.getTitle()),
  );
  expect(titles).toContain(`Sign in to NinjaOne — https://${host}`);
  const before = popup.url();
  for (const address of ['http://example.com/', 'file:///etc/passwd', 'app://gatehouse/index.html']) {
    await popup.evaluate((to) => {
      const link = document.createElement('a');
      link.href = to;
      document.body.append(link);
      link.click();
    }, address);
    await popup.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    expect(popup.url(), address).toBe(before);
  }
  const windows = opened.app.windows().length;
  await popup.evaluate(() => window.open('http://example.com/'));
  expect(opened.app.windows()).toHaveLength(windows);
  expect(
    await popup.evaluate(async () => (await navigator.permissions.query({ name: 'geolocation' })).state),
  ).toBe('denied');
  expect(await popup.evaluate(() => Notification.permission)).toBe('denied');
  await popup.close();
  await expect(form.getByRole('alert')).toContainText('The sign-in window was closed.');
  await form.getByRole('button', { name: 'Cancel' }).click();
});

test('signed in, it is connected; what the vendor ends later needs a sign-in, and Reconnect keeps the policies', async () => {
  const { window } = opened;
  const popup = await openPopup(await openForm());
  await pressSignIn(popup);
  await expect(window.getByRole('heading', { name: 'NinjaOne', level: 1 })).toBeVisible();
  const [made] = await connections();
  if (made === undefined) throw new Error('Nothing was connected.');
  const { connectionId } = made;
  const before = await ask(window, 'policies.show', { connectionId });

  await window.getByLabel('Simulated vendor').selectOption('Ends the sign-in now');
  await window.getByRole('button', { name: 'Test connection' }).click();
  await expect(window.getByRole('alert').first()).toContainText('Use Reconnect to sign in again.');
  await expect(window.getByText('Needs sign-in').first()).toBeVisible();

  await window.getByRole('button', { name: 'Reconnect' }).click();
  const form = window.getByRole('dialog', { name: 'Reconnect NinjaOne' });
  // The client secret is not shown and stays as it is; the person signs in anew, for no cookie was kept.
  await expect(form.getByRole('textbox', { name: /Client secret/ })).toHaveValue('');
  const again = await openPopup(form, 'Reconnect');
  await pressSignIn(again);
  await expect(form).toBeHidden();
  await expect(window.getByText('Connected', { exact: true }).first()).toBeVisible();
  expect((await ask(window, 'policies.show', { connectionId })).rows).toEqual(before.rows);
  await ask(window, 'connections.disconnect', { connectionId });
});

test('a page that arrives after its window is gone is nobody’s concern', async () => {
  const { app, window } = opened;
  const popup = await openPopup(await openForm());
  const late = await app.evaluateHandle(({ BrowserWindow }) => {
    const found = BrowserWindow.getAllWindows().find((one) => one.getTitle().includes('Sign in'));
    if (found === undefined) throw new Error('There is no sign-in window.');
    return found.webContents;
  });
  const closed = popup.waitForEvent('close');
  await window.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await closed;
  // Chromium may still report what it was loading; a listener that throws would stop the whole application with a dialog.
  expect(await late.evaluate((contents) => contents.emit('did-navigate', {}, 'https://late.invalid/'))).toBe(
    true,
  );
});

test('the system browser ends at the same place', async () => {
  test.skip(browser === undefined, 'There is no Chromium on this machine.');
  const { app, window } = opened;
  // The proxy of the popup knows the way to the simulated vendor; a browser of its own does not.
  const proxy = await app.evaluate(async ({ session }) =>
    session.fromPartition('sign-in-1').resolveProxy('https://ninjaone.practice.invalid/'),
  );
  const port = Number(/^PROXY 127\.0\.0\.1:(\d+)$/.exec(proxy)?.[1]);
  await app.evaluate(({ shell }) => {
    Object.assign(shell, {
      openExternal: async (url: string) => {
        Object.assign(globalThis, { openedOutside: url });
      },
    });
  });
  const { fields } = await ask(window, 'catalog.show', { appId: 'ninjaone' });
  const values = Object.fromEntries(fields.map((field) => [field.name, field.default ?? '']));
  const connecting = ask(window, 'connections.connect', {
    appId: 'ninjaone',
    label: 'In the browser',
    values,
    signInWith: 'browser',
  });
  const address = () => app.evaluate(() => String(Reflect.get(globalThis, 'openedOutside')));
  await expect.poll(address).toContain(`https://${host}/`);
  const outside = await chromium.launchPersistentContext(freshFolder('gatehouse-chromium-'), {
    ...(browser === undefined ? {} : { executablePath: browser }),
    proxy: { server: `http://127.0.0.1:${port}`, bypass: 'localhost,127.0.0.1' },
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      // The one key that the simulated vendor has in this run, and no other.
      `--ignore-certificate-errors-spki-list=${await keyOf(port)}`,
    ],
  });
  try {
    const page = await outside.newPage();
    await page.goto(await address());
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByText('Gatehouse has what it needs. You can close this page.')).toBeVisible();
    expect((await connecting).state).toEqual({ kind: 'connected' });
  } finally {
    await outside.close();
  }
});

/** SHA-256 of the public key that the vendor shows behind the proxy, base64. */
function keyOf(port: number): Promise<string> {
  return new Promise((done, failed) => {
    request({ host: '127.0.0.1', port, method: 'CONNECT', path: `${host}:443` })
      .on('connect', (_answer, socket) => {
        const tls = connectTls({ socket, servername: host, rejectUnauthorized: false }, () => {
          const { publicKey } = new X509Certificate(tls.getPeerCertificate().raw);
          tls.end();
          done(
            createHash('sha256')
              .update(publicKey.export({ type: 'spki', format: 'der' }))
              .digest('base64'),
          );
        });
        tls.on('error', failed);
      })
      .on('error', failed)
      .end();
  });
}
