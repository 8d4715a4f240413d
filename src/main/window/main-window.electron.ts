/**
 * The one window: sandboxed, isolated, without Node, at the place where it was. Opens no address but the one given.
 */
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { isOfOrigin } from '../ipc/trusted-sender';
import type { Log } from '../ports';
import type { PlaceKeeper } from './place-file.node';
import { minSize, placeOn } from './window-bounds';

export interface MainWindowOptions {
  /** The page: `app://gatehouse/index.html`, or the development server's. */
  readonly address: string;
  /** Absolute path of the built preload. */
  readonly preloadFile: string;
  /** Absolute path of a PNG. */
  readonly iconFile: string;
  readonly place: PlaceKeeper;
  readonly log: Log;
  readonly isPackaged: boolean;
}

/** Opens the window and shows it when its first frame is drawn. */
export function openMainWindow(options: MainWindowOptions): BrowserWindow {
  const { maximised, ...bounds } = placeOn(options.place.read(), workAreas());
  const window = new BrowserWindow({
    ...bounds,
    minWidth: minSize.width,
    minHeight: minSize.height,
    title: 'Gatehouse',
    icon: options.iconFile,
    show: false,
    backgroundColor: backgroundColour(),
    webPreferences: {
      preload: options.preloadFile,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      spellcheck: false,
      devTools: !options.isPackaged,
    },
  });
  window.once('ready-to-show', () => {
    if (maximised) window.maximize();
    window.show();
  });
  window.on('close', () => {
    options.place.write({ ...window.getNormalBounds(), maximised: window.isMaximized() });
  });
  const repaint = () => window.setBackgroundColor(backgroundColour());
  nativeTheme.on('updated', repaint);
  window.on('closed', () => nativeTheme.off('updated', repaint));
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    options.log.note('the page has stopped', { reason, exitCode });
  });
  // Electron asks nobody before `about:blank`; the page that went there is brought back.
  const { protocol, host } = new URL(options.address);
  window.webContents.on('did-navigate', (_event, url) => {
    if (isOfOrigin(url, `${protocol}//${host}`)) return;
    options.log.note('the page had left and is brought back');
    loadPage(window, options);
  });
  loadPage(window, options);
  return window;
}

function loadPage(window: BrowserWindow, options: MainWindowOptions): void {
  window.loadURL(options.address).catch((error: unknown) => {
    options.log.failure('the page cannot be opened', error);
    // A window that nobody sees cannot be closed either.
    if (!window.isDestroyed()) window.show();
  });
}

/** Brings a window to the front, wherever it hides. */
export function focusWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** What is seen before the page has drawn; the same as the page's own background. */
function backgroundColour(): string {
  return nativeTheme.shouldUseDarkColors ? '#0f1419' : '#f6f7f9';
}

function workAreas() {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id);
  return [primary, ...others].map((display) => display.workArea);
}
