/**
 * What no page may do, whichever window it is in: go elsewhere, open windows, embed webviews, ask for permissions,
 * download, override certificates. Applied to every web contents and every session as they are made.
 */
import { app, type Session, session, type WebContents } from 'electron';
import { isOfOrigin } from '../ipc/trusted-sender';
import type { Log } from '../ports';
import { isPermitted } from './permissions';

export interface GuardOptions {
  /** The origin of our own page. */
  readonly origin: string;
  /** True when a development server serves the page: it may reload itself and reach its own server. */
  readonly isDevelopment: boolean;
  /** Sessions of sign-in windows: they show pages of others and have rules of their own. */
  readonly isSignIn: (owner: Session) => boolean;
  readonly log: Log;
}

/** Must run before the application is ready, so that not even the first page is without guards. */
export function guardEverything(options: GuardOptions): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents, options));
  app.on('session-created', (created) => guardSession(created, options));
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, callback) => {
    event.preventDefault();
    options.log.note('refused: a page with an invalid certificate');
    callback(false);
  });
  app.on('select-client-certificate', (event, _contents, _url, _list, callback) => {
    event.preventDefault();
    callback();
  });
}

/** Must run once the application is ready: no page of the window reaches the network or the disk. */
export function guardNetwork({ origin, isDevelopment, log }: GuardOptions): void {
  const urls = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'file://*/*'];
  session.defaultSession.webRequest.onBeforeRequest({ urls }, ({ url }, answer) => {
    const isOwn = isDevelopment && isOfOrigin(url.replace(/^ws/, 'http'), origin);
    if (!isOwn) log.note('refused: a request of the page');
    answer({ cancel: !isOwn });
  });
}

function guardContents(contents: WebContents, options: GuardOptions): void {
  const { origin, isDevelopment, log } = options;
  if (options.isSignIn(contents.session)) return;
  const refuse = (event: { preventDefault(): void; readonly url: string }) => {
    if (isDevelopment && isOfOrigin(event.url, origin)) return;
    event.preventDefault();
    log.note('refused: a navigation of the page');
  };
  contents.on('will-navigate', refuse);
  contents.on('will-frame-navigate', refuse);
  contents.on('will-redirect', refuse);
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    log.note('refused: a webview');
  });
  contents.setWindowOpenHandler(() => {
    log.note('refused: a new window');
    return { action: 'deny' };
  });
}

function guardSession(guarded: Session, { origin, log }: GuardOptions): void {
  guarded.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const allowed = isPermitted(permission, details.requestingUrl, origin);
    if (!allowed) log.note('refused: a permission', { permission });
    answer(allowed);
  });
  guarded.setPermissionCheckHandler((_contents, permission, requesting) =>
    isPermitted(permission, requesting, origin),
  );
  guarded.setDevicePermissionHandler(() => false);
  guarded.on('will-download', (event) => {
    event.preventDefault();
    log.note('refused: a download');
  });
}
