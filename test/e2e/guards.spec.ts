/** Attacks on the real application from inside its page: everything a broken renderer might try is refused. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { chromiumArguments, launch, type Opened, runtimeExecutable } from './launch';

const home = /^app:\/\/gatehouse\//;
let opened: Opened;

test.beforeAll(async () => {
  opened = await launch();
  await opened.window.waitForLoadState('domcontentloaded');
});
test.afterAll(async () => opened?.close());
test.afterEach(async () => {
  expect(opened.window.url()).toMatch(home);
  expect(opened.app.windows()).toHaveLength(1);
});

test('the page is ours and has no way to Node', async () => {
  const found = await opened.window.evaluate(() =>
    ['require', 'process', 'module', 'ipcRenderer', 'electron', 'Buffer', 'global'].filter(
      (name) => name in window,
    ),
  );
  expect(found).toEqual([]);
});

test('the window is sandboxed and isolated', async () => {
  const settings = await opened.app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    // Not in Electron's types; it is what the page really runs with.
    const read: unknown = contents && Reflect.get(contents, 'getLastWebPreferences');
    return typeof read === 'function' ? read.call(contents) : undefined;
  });
  expect(settings).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
  });
});

test('the bridge is frozen, all the way down', async () => {
  const verdict = await opened.window.evaluate(() => {
    const bridge = window.gatehouse;
    const tries = [
      Reflect.set(window, 'gatehouse', {}),
      Reflect.deleteProperty(window, 'gatehouse'),
      Reflect.set(bridge, 'call', {}),
      Reflect.set(bridge, 'more', 1),
      Reflect.set(bridge.call, 'vault', {}),
      Reflect.set(bridge.call.vault, 'unlock', () => 'stolen'),
    ];
    return { tries, keys: Object.keys(bridge).sort() };
  });
  expect(verdict).toEqual({ tries: Array(6).fill(false), keys: ['call', 'on'] });
});

test('a call with an unknown key is refused by its code', async () => {
  const reply = await opened.window.evaluate(() =>
    window.gatehouse.call.app.status(JSON.parse('{"__proto__":{"a":1},"extra":1}')),
  );
  expect(reply).toMatchObject({ ok: false, fault: { code: 'bad_input' } });
});

test('no new window opens', async () => {
  expect(await opened.window.evaluate(() => window.open('https://example.com') === null)).toBe(true);
  expect(await opened.window.evaluate(() => window.open('about:blank') === null)).toBe(true);
});

for (const address of [
  'https://example.com/',
  'file:///etc/passwd',
  'data:text/html,<p>elsewhere</p>',
  'app://elsewhere/index.html',
]) {
  test(`the page cannot go to ${address}`, async () => {
    await opened.window.evaluate((target) => {
      window.location.href = target;
    }, address);
    expect(await stillAlive()).toBe(true);
  });
}

test('the page comes back from about:blank, which Electron lets pass', async () => {
  await opened.window.evaluate(() => {
    Reflect.set(window, 'isOldPage', true);
    window.location.href = 'about:blank';
  });
  const isNewPage = () =>
    opened.window
      .evaluate(() => location.href.startsWith('app://gatehouse/') && !('isOldPage' in window))
      // The page is between two addresses: asked again.
      .catch(() => false);
  await expect.poll(isNewPage).toBe(true);
  expect(await stillAlive()).toBe(true);
});

test('no network answers the page', async () => {
  const outcome = await opened.window.evaluate(async () => {
    const tried = (address: string) =>
      fetch(address).then(
        () => 'answered',
        () => 'refused',
      );
    return Promise.all([
      tried('https://example.com/'),
      tried('http://127.0.0.1:1/'),
      tried('file:///etc/passwd'),
    ]);
  });
  expect(outcome).toEqual(['refused', 'refused', 'refused']);
});

test('the scheme serves nothing from outside of the page', async () => {
  const answers = await opened.app.evaluate(async ({ net }) => {
    const status = async (address: string) => (await net.fetch(address)).status;
    return {
      page: await status('app://gatehouse/index.html'),
      others: await Promise.all(
        [
          'app://gatehouse/../../etc/passwd',
          'app://gatehouse/..%2f..%2f..%2fetc%2fpasswd',
          'app://gatehouse/%2e%2e/main/index.js',
          'app://gatehouse/..%5cmain%5cindex.js',
          'app://gatehouse/package.json',
        ].map(status),
      ),
    };
  });
  expect(answers.page).toBe(200);
  for (const status of answers.others) expect([403, 404]).toContain(status);
});

test('inline code and code made of text do not run', async () => {
  const ran = await opened.window.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'window.inlineRan = true';
    const image = document.createElement('img');
    image.setAttribute('onerror', 'window.inlineRan = true');
    image.src = 'data:image/png;base64,broken';
    const failed = new Promise((done) => image.addEventListener('error', done, { once: true }));
    document.body.append(script, image);
    await failed;
    script.remove();
    image.remove();
    return 'inlineRan' in window;
  });
  expect(ran).toBe(false);
});

test('no webview and no frame comes to life', async () => {
  const made = await opened.window.evaluate(() => {
    const view = document.createElement('webview');
    view.setAttribute('src', 'https://example.com');
    document.body.append(view);
    const isAlive = 'getWebContentsId' in view;
    view.remove();
    return isAlive;
  });
  expect(made).toBe(false);
  expect(await opened.app.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(1);
});

test('no permission is given', async () => {
  const given = await opened.window.evaluate(async () => {
    const place = new Promise<string>((done) =>
      navigator.geolocation.getCurrentPosition(
        () => done('granted'),
        () => done('denied'),
      ),
    );
    const camera = navigator.mediaDevices?.getUserMedia({ video: true }).then(
      () => 'granted',
      () => 'denied',
    );
    return [await Notification.requestPermission(), await place, (await camera) ?? 'denied'];
  });
  expect(given).toEqual(['denied', 'denied', 'denied']);
});

test('a link does not download', async () => {
  await opened.app.evaluate(({ session }) => {
    const seen: string[] = [];
    Reflect.set(globalThis, 'finishedDownloads', seen);
    session.defaultSession.on('will-download', (event, item) => {
      if (!event.defaultPrevented) seen.push(item.getURL());
    });
  });
  await opened.window.evaluate(() => {
    const link = document.createElement('a');
    link.href = 'data:application/octet-stream,planted';
    link.download = 'planted.bin';
    document.body.append(link);
    link.click();
    link.remove();
  });
  expect(await stillAlive()).toBe(true);
  expect(await opened.app.evaluate(() => Reflect.get(globalThis, 'finishedDownloads'))).toEqual([]);
});

test('a second start ends by itself and leaves the first alone', async () => {
  const root = resolve(import.meta.dirname, '../..');
  const second = spawnSync(
    runtimeExecutable(),
    [...chromiumArguments(), root, `--user-data-dir=${opened.userData}`],
    { timeout: 20_000, stdio: 'ignore' },
  );
  expect(second.status).toBe(0);
  expect(await stillAlive()).toBe(true);
});

/** Asks the page itself: one that was replaced or frozen does not answer so. */
async function stillAlive(): Promise<boolean> {
  return opened.window.evaluate(() => 'gatehouse' in window && document.body !== null);
}
