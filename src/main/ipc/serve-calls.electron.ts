/**
 * The one place where calls of the window arrive: the sender is judged first, then the call is run.
 * No other file may touch `ipcMain`.
 */
import { type BrowserWindow, ipcMain } from 'electron';
import type { Handlers } from '../../preload/contract/calls';
import { callChannel } from '../../preload/contract/names';
import type { Log } from '../ports';
import { runCall, untrustedSenderReply } from './call-runner';
import { isTrustedSender } from './trusted-sender';

export interface CallDesk {
  readonly handlers: Handlers;
  /** The window that may call; undefined while none is open. */
  readonly window: () => BrowserWindow | undefined;
  readonly log: Log;
  /** `app://gatehouse`, or the development server's origin. */
  readonly origin: string;
}

/** Starts to answer calls; the answer of this function stops it. */
export function serveCalls({ handlers, window, log, origin }: CallDesk): () => void {
  ipcMain.handle(callChannel, async (event, name: unknown, input: unknown) => {
    const frame = event.senderFrame;
    const sender = {
      contentsId: event.sender.id,
      frame: frame && { url: frame.url, isMain: frame.parent === null && frame === event.sender.mainFrame },
    };
    const open = window();
    const contentsId = open && !open.isDestroyed() ? open.webContents.id : undefined;
    if (!isTrustedSender(sender, { contentsId, origin })) {
      log.note('call refused: untrusted sender');
      return untrustedSenderReply;
    }
    return runCall(name, input, handlers, log);
  });
  return () => ipcMain.removeHandler(callChannel);
}
