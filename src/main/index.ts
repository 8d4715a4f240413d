/**
 * Start and stop order of the desktop application. Decides nothing else.
 * No top-level `await` of `ready` here: the substitute runtime imports this file before it lets `ready` happen.
 */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, type BrowserWindow, dialog, net } from 'electron';
import { clock } from './clock.node';
import { bridgeCommand } from './gateway/bridge-command';
import { runStdio } from './gateway/stdio-command.node';
import { buildHouse, type House } from './house';
import type { SignInToShow } from './house-options';
import { sendFeeds } from './ipc/send-feeds.electron';
import { serveCalls } from './ipc/serve-calls.electron';
import { consoleLog } from './log.node';
import { createPopups } from './oauth/popup.electron';
import type { ShownPage } from './oauth/sign-in';
import { openElectronStore } from './store/document-electron.electron';
import { declareAppScheme, serveAppScheme } from './window/app-scheme.electron';
import { drawAttention } from './window/attention.electron';
import { guardEverything, guardNetwork } from './window/guards.electron';
import { watchIdle } from './window/idle-lock.electron';
import { focusWindow, openMainWindow } from './window/main-window.electron';
import { setMenu } from './window/menu.electron';
import { openLink } from './window/open-link.electron';
import { pageFiles } from './window/page-files.node';
import { pagePlace } from './window/page-place';
import { placeFile } from './window/place-file.node';
import { chooseSaveFile } from './window/save-file.electron';
import { claimSingleInstance } from './window/single-instance.electron';
import { applyTheme } from './window/theme.electron';

const built = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const practice = process.argv.includes('--practice');
const log = consoleLog();
const page = pagePlace(app.isPackaged, process.env.ELECTRON_RENDERER_URL);

// The practice workspace keeps its own folder, and with it its own instance lock.
if (practice) app.setPath('userData', join(app.getPath('userData'), 'practice'));

const popups = createPopups(log);
const guards = { origin: page.origin, isDevelopment: page.isDevelopment, isSignIn: popups.owns, log };

let window: BrowserWindow | undefined;
let house: House | undefined;

if (process.argv.includes('--stdio')) {
  // No window, no data folder and no instance of its own: the messages of a client, on to the gateway that runs.
  const wanted = process.argv.slice(process.argv.indexOf('--stdio'));
  runStdio(wanted, clock).then((code) => app.exit(code), giveUp);
} else if (claimSingleInstance(() => window !== undefined && focusWindow(window))) {
  declareAppScheme();
  guardEverything(guards);
  app.whenReady().then(start).catch(giveUp);
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', stopFirst);
  process.on('uncaughtException', breakDown);
}

async function start(): Promise<void> {
  guardNetwork(guards);
  serveAppScheme(pageFiles(join(built, 'renderer')), log);
  setMenu({ isPackaged: app.isPackaged, isMac: process.platform === 'darwin' });
  const desk = { window: () => window, log, origin: page.origin };
  const tellPage = sendFeeds(desk);
  const opened = await buildHouse({
    dataFolder: app.getPath('userData'),
    catalogPath: join(built, 'catalog.json'),
    samplesFolder: join(built, '..', 'resources', 'practice'),
    version: app.getVersion(),
    practice,
    // A test hook, and so not in packages.
    allowLoopback: !app.isPackaged && process.argv.includes('--allow-loopback'),
    openStore: openElectronStore,
    bridge: bridgeCommand({
      platform: process.platform,
      isPackaged: app.isPackaged,
      // An AppImage runs from a place that changes with each start.
      program: process.env.APPIMAGE ?? process.execPath,
      resources: process.resourcesPath,
      script: join(built, 'main', 'stdio.js'),
    }),
    log,
    openPractice,
    openLink,
    showSignIn,
    isOnline: () => net.isOnline(),
    applyTheme,
    chooseSaveFile: (wanted) => chooseSaveFile(window, wanted),
    attend: drawAttention({
      window: () => window,
      open: (approvalId) => {
        if (window !== undefined) focusWindow(window);
        tellPage('approvals.opened', { approvalId });
      },
    }),
  });
  house = opened;
  serveCalls({ ...desk, handlers: opened.handlers });
  await opened.start(tellPage);
  app.once('will-quit', watchIdle({ idleLockMinutes: opened.idleLockMinutes, lock: opened.lockVault }));
  window = openMainWindow({
    address: page.address,
    preloadFile: join(built, 'preload', 'index.cjs'),
    iconFile: join(built, '..', 'resources', 'icons', 'icon.png'),
    place: placeFile(join(app.getPath('userData'), 'window.json'), log),
    log,
    isPackaged: app.isPackaged,
  });
  window.on('closed', () => {
    window = undefined;
  });
}

/** A popup, or the person's browser, which does not tell when it is closed. */
async function showSignIn({ how, reach, ...page }: SignInToShow): Promise<ShownPage> {
  if (how === 'popup') return await popups.open({ ...page, parent: window, reach });
  await openLink(page.url);
  return { closed: new Promise(() => undefined), close: () => undefined };
}

/** Starts the practice workspace as a program of its own, with its own data. */
function openPractice(): void {
  app.relaunch({ args: [...process.argv.slice(1).filter((one) => one !== '--practice'), '--practice'] });
  app.quit();
}

function stopFirst(event: { preventDefault(): void }): void {
  if (house === undefined) return;
  const stopping = house;
  house = undefined;
  event.preventDefault();
  stopping
    .stop()
    .catch((error: unknown) => log.failure('stop', error))
    // Not `quit`: a stop that ends within this very event would ask for it while it is still being refused.
    .finally(() => setImmediate(() => app.exit(0)));
}

/**
 * What nobody expected leaves a state that nobody knows: the gateway closes, and only then is the person told. Electron's own dialog
 * would hold everything, the calls of agents included, until somebody presses OK, and then go on as if nothing had happened.
 */
function breakDown(error: unknown): void {
  const ref = log.failure('uncaught', error);
  const stopping = house;
  house = undefined;
  Promise.resolve(stopping?.stop())
    .catch((failure: unknown) => log.failure('stop', failure))
    .finally(() => {
      dialog.showErrorBox(
        'Gatehouse has stopped',
        `It met an error that it did not expect, and closed its gateway rather than go on. Nothing that was saved is lost: start it again. Reference: ${ref}.`,
      );
      app.exit(1);
    });
}

function giveUp(error: unknown): void {
  log.failure('start', error);
  const why = error instanceof Error ? error.message : 'The reason is in the log.';
  process.stderr.write(`${why}\n`);
  dialog.showErrorBox('Gatehouse could not start', why);
  app.exit(1);
}
