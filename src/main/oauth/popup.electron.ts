/**
 * The vendor's sign-in page in a window of its own: a session in memory for this one attempt, no preload, no Node, https only, the
 * page's origin in the title. Refuses permissions, downloads, certificates that do not hold, and every address but https ones and
 * the one that the sign-in comes back to.
 */
import { BrowserWindow, type Session, session, type WebContents } from 'electron';
import type { Log } from '../ports';
import { mayShow, originInWords } from './popup-rules';
import type { ShownPage } from './sign-in';

/** How a popup reaches vendors that are not on the network: those of the practice workspace. */
export interface PopupReach {
  /** As Chromium reads them: `https=http://127.0.0.1:4711`. */
  readonly proxyRules: string;
  /** @param pem The certificate that the server of this host has shown. */
  readonly trusts: (host: string, pem: string) => boolean;
}

export interface Popups {
  /** Whether a session belongs to a sign-in: the rules of the main window's page are not for it. */
  owns(owner: Session): boolean;
  open(page: {
    readonly parent: BrowserWindow | undefined;
    readonly url: string;
    readonly title: string;
    readonly redirectUri: string;
    readonly reach: PopupReach | undefined;
  }): Promise<ShownPage>;
}

export function createPopups(log: Log): Popups {
  const sessions = new WeakSet<Session>();
  let attempts = 0;
  return {
    owns: (owner) => sessions.has(owner),
    async open({ parent, url, title, redirectUri, reach }) {
      attempts += 1;
      // No `persist:`: cookies and caches of this attempt live in memory and end with it.
      const own = session.fromPartition(`sign-in-${attempts}`, { cache: false });
      sessions.add(own);
      if (reach !== undefined) {
        await own.setProxy({ proxyRules: reach.proxyRules });
        own.setCertificateVerifyProc(({ hostname, certificate }, answer) =>
          answer(reach.trusts(hostname, certificate.data) ? 0 : -2),
        );
      }
      const window = new BrowserWindow({
        ...(parent === undefined ? {} : { parent }),
        width: 520,
        height: 720,
        title,
        autoHideMenuBar: true,
        minimizable: false,
        fullscreenable: false,
        webPreferences: {
          session: own,
          sandbox: true,
          contextIsolation: true,
          nodeIntegration: false,
          webSecurity: true,
          webviewTag: false,
          navigateOnDragDrop: false,
          spellcheck: false,
          devTools: false,
        },
      });
      guard(window.webContents, redirectUri, log);
      const retitle = (shown: string) => {
        // Chromium still reports the page that was loading when the window was closed.
        if (!window.isDestroyed()) window.setTitle(`${title} — ${originInWords(shown)}`);
      };
      window.on('page-title-updated', (event) => event.preventDefault());
      window.webContents.on('did-navigate', (_event, shown) => retitle(shown));
      retitle(url);
      const closed = new Promise<void>((resolve) => window.once('closed', resolve));
      void closed.then(() => own.clearStorageData());
      window.loadURL(url).catch((error: unknown) => {
        // The page itself says what is wrong with it; the address is not written down, for there may be a code in it.
        if (!window.isDestroyed()) log.note('the sign-in page did not load', { why: codeOf(error) });
      });
      return {
        closed,
        close: () => {
          if (!window.isDestroyed()) window.destroy();
        },
      };
    },
  };
}

function guard(contents: WebContents, redirectUri: string, log: Log): void {
  const judge = (event: { preventDefault(): void; readonly url: string }) => {
    if (mayShow(event.url, redirectUri)) return;
    event.preventDefault();
    log.note('refused: a navigation of the sign-in page');
  };
  contents.on('will-navigate', judge);
  contents.on('will-frame-navigate', judge);
  contents.on('will-redirect', judge);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  // What wants a window of its own stays in this one.
  contents.setWindowOpenHandler(({ url }) => {
    if (mayShow(url, redirectUri))
      void contents.loadURL(url).catch(() => log.note('the sign-in page did not load'));
    return { action: 'deny' };
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
