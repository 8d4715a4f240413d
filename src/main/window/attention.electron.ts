/**
 * Shows on the system that calls wait: a notification and a flashing entry while the window is not in front, and
 * the number on the dock. What it says is decided in attention.ts.
 */
import { app, type BrowserWindow, Notification } from 'electron';
import type { ApprovalsView, ApprovalView } from '../../preload/contract/shapes';
import { attentionFor } from './attention';

export interface AttentionDesk {
  readonly window: () => BrowserWindow | undefined;
  /** The notification was clicked: bring the window to the front and open this question. */
  readonly open: (approvalId: ApprovalView['approvalId']) => void;
}

/** Makes the listener for every change of the approvals. */
export function drawAttention({ window, open }: AttentionDesk): (approvals: ApprovalsView) => void {
  let known: ReadonlySet<string> = new Set();
  let shown: Notification | undefined;
  return ({ waiting }) => {
    const wanted = attentionFor(known, waiting);
    known = new Set(waiting.map((one) => one.approvalId));
    app.setBadgeCount(waiting.length);
    const present = window();
    const here = present === undefined || present.isDestroyed() ? undefined : present;
    if (waiting.length === 0) {
      shown?.close();
      here?.flashFrame(false);
    }
    if (wanted === undefined || here?.isFocused() === true) return;
    here?.flashFrame(true);
    here?.once('focus', () => here.flashFrame(false));
    if (!Notification.isSupported()) return;
    shown?.close();
    // Held, so that it is not collected before it is clicked.
    shown = new Notification({ title: wanted.title, body: wanted.body });
    shown.once('click', () => open(wanted.approvalId));
    shown.show();
  };
}
