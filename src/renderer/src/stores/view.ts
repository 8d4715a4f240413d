/** Where the technician is. View state only. */
import { create } from 'zustand';
import type { ConnectionId } from '../../../preload/contract/shapes';

export type Route =
  /** With `connecting`: the connect form of that app is open; with `isAdding`: that for a custom MCP server. */
  | { readonly kind: 'integrations'; readonly connecting?: string; readonly isAdding?: boolean }
  /** With `tool`: the table is searched for it. */
  | { readonly kind: 'connection'; readonly connectionId: ConnectionId; readonly tool?: string }
  /** With `approvalId`: this question is in front, for somebody asked for it by name. */
  | { readonly kind: 'approvals'; readonly approvalId?: string }
  | { readonly kind: 'activity' }
  /** With `isStopping`: the question of Stop everything is open. */
  | { readonly kind: 'agents'; readonly isStopping?: boolean }
  | { readonly kind: 'settings' };

interface View {
  readonly route: Route;
  /** The last thing to tell, for example how a disconnect ended. */
  readonly notice: string;
  /** True while edits would be lost by leaving. */
  readonly hasDraft: boolean;
  /** Where the technician wanted to go while edits were unsaved. */
  readonly leavingTo: Route | undefined;
}

export const useView = create<View>(() => ({
  route: { kind: 'integrations' },
  notice: '',
  hasDraft: false,
  leavingTo: undefined,
}));

/** Goes there, or asks first when edits are unsaved. */
export function go(route: Route): void {
  if (useView.getState().hasDraft) useView.setState({ leavingTo: route });
  else useView.setState({ route, notice: '' });
}

/** Goes there and drops what is unsaved: the technician was asked. */
export function leaveTo(route: Route, notice = ''): void {
  useView.setState({ route, leavingTo: undefined, hasDraft: false, notice });
}

export function tell(notice: string): void {
  useView.setState({ notice });
}
