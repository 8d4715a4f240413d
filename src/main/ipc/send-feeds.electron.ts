/**
 * What main tells the window, cut to its shape on the way out. Sends nothing to a page that is not ours,
 * and nothing that the contract does not name.
 */
import type { BrowserWindow } from 'electron';
import { type FeedValue, feeds } from '../../preload/contract/calls';
import { type FeedName, feedChannel } from '../../preload/contract/names';
import type { Log } from '../ports';
import { isOfOrigin } from './trusted-sender';

export interface FeedDesk {
  readonly window: () => BrowserWindow | undefined;
  readonly log: Log;
  readonly origin: string;
}

/** Makes the sender. A value of the wrong shape is logged and dropped; a closed window hears nothing. */
export function sendFeeds({ window, log, origin }: FeedDesk) {
  return <Name extends FeedName>(name: Name, value: FeedValue<Name>): void => {
    const open = window();
    if (!open || open.isDestroyed() || !isOfOrigin(open.webContents.getURL(), origin)) return;
    const parsed = feeds[name].safeParse(value);
    if (parsed.success) open.webContents.send(feedChannel, name, parsed.data);
    else log.failure(`feed ${name} has the wrong shape`, parsed.error);
  };
}
