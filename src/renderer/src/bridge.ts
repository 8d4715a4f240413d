/**
 * The only file that touches `window.gatehouse`. Answers become values or a Fault; nothing else comes back.
 */
import type { CallInput, CallOutput, FeedValue } from '../../preload/contract/calls';
import type { CallName, FeedName } from '../../preload/contract/names';
import { Fault, type Reply } from '../../preload/contract/reply';

/** The bridge's calls as a plain table: a name that was put together has no type of its own. */
type Table = Readonly<Record<string, Readonly<Record<string, (input: unknown) => Promise<unknown>>>>>;

/** @throws Fault with the code and the sentence that main gave. */
export async function call<Name extends CallName>(
  name: Name,
  input: CallInput<Name>,
): Promise<CallOutput<Name>> {
  const [subject = '', verb = ''] = name.split('.');
  const ask = (window.gatehouse.call as Table)[subject]?.[verb];
  if (ask === undefined) throw new Fault('not_found', `There is no call named ${name}.`);
  const reply = (await ask(input)) as Reply<CallOutput<Name>>;
  if (reply.ok) return reply.value;
  const { code, message, retryable, fields, ref } = reply.fault;
  throw new Fault(code, ref === undefined ? message : `${message} Reference: ${ref}.`, {
    retryable,
    fields: fields ?? [],
  });
}

/** @returns Ends the hearing. */
export function onFeed<Name extends FeedName>(
  feed: Name,
  listener: (value: FeedValue<Name>) => void,
): () => void {
  return window.gatehouse.on(feed, listener);
}
