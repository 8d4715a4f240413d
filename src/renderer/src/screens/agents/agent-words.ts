/** What an agent may use and until when, in words. */
import type { AgentView, ConnectionView } from '../../../../preload/contract/shapes';
import { list, plural, type Tone } from '../../words';

export const dayMs = 86_400_000;
const soonDays = 7;

const dateOf = (atMs: number) =>
  new Date(atMs).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** "ConnectWise PSA, NinjaOne and 3 more", with all of them for who looks closer. */
export function reachInWords(
  { scope }: Pick<AgentView, 'scope'>,
  connections: readonly Pick<ConnectionView, 'connectionId' | 'label'>[] | undefined,
): { readonly short: string; readonly long: string } {
  const { connectionIds } = scope;
  if (connectionIds === null) return { short: 'All connections', long: 'All connections, also later ones' };
  if (connections === undefined) {
    const count = plural(connectionIds.length, 'connection');
    return { short: count, long: count };
  }
  const labels = connections
    .filter((one) => connectionIds.includes(one.connectionId))
    .map((one) => one.label);
  if (labels.length === 0) return { short: 'No connection', long: 'Its connections were disconnected' };
  const shown = labels.length > 3 ? [...labels.slice(0, 2), `${labels.length - 2} more`] : labels;
  return { short: list(shown), long: list(labels) };
}

/** How long the token still works: "Never" for one without an end. */
export function endInWords(
  { expiresAtMs }: Pick<AgentView, 'expiresAtMs'>,
  nowMs: number,
): { readonly text: string; readonly tone: Tone | undefined } {
  if (expiresAtMs === null) return { text: 'Never', tone: undefined };
  if (expiresAtMs <= nowMs) return { text: 'Expired', tone: 'bad' };
  const days = Math.ceil((expiresAtMs - nowMs) / dayMs);
  if (days > soonDays) return { text: dateOf(expiresAtMs), tone: undefined };
  return { text: days === 1 ? 'In 1 day' : `In ${days} days`, tone: 'warn' };
}

/** "until 12 Nov 2026", "without end" */
export const endAsPhrase = (expiresAtMs: number | null) =>
  expiresAtMs === null ? 'without end' : `until ${dateOf(expiresAtMs)}`;
