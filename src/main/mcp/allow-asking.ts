/**
 * What a technician lets one custom server ask agents for in the middle of a call. Nothing is allowed from the start; the server hears of
 * a change at a new handshake, so that its link is opened anew.
 */
import { Fault } from '../../preload/contract/reply';
import { customAppId } from '../catalog/app';
import { findConnection, replaceConnection } from '../connections/connect';
import { note } from '../connections/note';
import type { ConnectionRecord } from '../store/state-record';
import { type AskKind, askKinds } from './asked-by-server';
import type { CustomNeeds } from './custom-connections';
import { readServer, serverValues } from './server-record';

/**
 * @param mayAsk All that is allowed from now on; what is not in it is withdrawn.
 * @throws Fault `not_found`
 */
export async function allowAsking(
  needs: Pick<CustomNeeds, 'vault' | 'links' | 'record' | 'technician'>,
  connectionId: string,
  mayAsk: readonly AskKind[],
): Promise<ConnectionRecord> {
  const before = findConnection(needs.vault.read(), connectionId);
  if (before.appId !== customAppId) throw new Fault('not_found', 'Only a custom MCP server can ask agents.');
  const facts = readServer(before.values);
  const wanted = askKinds.filter((kind) => mayAsk.includes(kind));
  if (wanted.join() === facts.mayAsk.join()) return before;
  await replaceConnection(needs, connectionId, { values: serverValues({ ...facts, mayAsk: wanted }) });
  const after = findConnection(needs.vault.read(), connectionId);
  const what = wanted.length === 0 ? 'nothing' : new Intl.ListFormat('en').format(wanted);
  await note(needs, after, 'changed', `May ask agents in the middle of a call for: ${what}.`);
  await needs.links.reopen(after);
  return after;
}
