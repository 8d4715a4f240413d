/** How facts are said: labels, times, failures. */

import type { OperatingMode } from '../../preload/contract/gateway-shapes';
import { Fault } from '../../preload/contract/reply';
import type { ServerAuth } from '../../preload/contract/server-shapes';
import type { Access, ConnectionStateView, Outcome, Policy } from '../../preload/contract/shapes';

export const policyLabel: Readonly<Record<Policy, string>> = {
  auto: 'Auto',
  approval_needed: 'Approval needed',
  disabled: 'Disabled',
};

/** The three policies in the order of what they let through, for every list that offers them. */
export const policyOptions = (['auto', 'approval_needed', 'disabled'] as const).map((value) => ({
  value,
  label: policyLabel[value],
}));

export const modeLabel: Readonly<Record<OperatingMode, string>> = {
  execute: 'Execute',
  plan: 'Plan',
  paused: 'Paused',
};

export const modeWords: Readonly<Record<OperatingMode, string>> = {
  execute: 'Agents work as their policies say.',
  plan: 'Reads run. Writes are only described to the agent, and nothing of them leaves.',
  paused: 'Nothing runs: every call of every agent is refused.',
};

export const policyDot: Readonly<Record<Policy, string>> = {
  auto: 'bg-good',
  approval_needed: 'bg-warn',
  disabled: 'bg-quiet',
};

export const stateLabel: Readonly<Record<ConnectionStateView['kind'], string>> = {
  connected: 'Connected',
  connecting: 'Connecting',
  needs_authorization: 'Needs authorization',
  needs_sign_in: 'Needs sign-in',
  error: 'Error',
};

export type Tone = 'good' | 'warn' | 'bad' | 'quiet' | 'accent';

export const accessTone: Readonly<Record<Access, Tone>> = {
  read: 'quiet',
  write: 'accent',
  destructive: 'bad',
};

export function stateTone(kind: ConnectionStateView['kind']): Tone {
  if (kind === 'connected') return 'good';
  return kind === 'error' ? 'bad' : 'warn';
}

export function outcomeTone(outcome: Outcome): Tone {
  if (outcome === 'allowed' || outcome === 'connected' || outcome === 'created') return 'good';
  if (outcome === 'approved' || outcome === 'changed' || outcome === 'planned') return 'accent';
  if (outcome === 'denied' || outcome === 'waiting' || outcome === 'unknown') return 'warn';
  return outcome === 'failed' ? 'bad' : 'quiet';
}

export const authLabel: Readonly<Record<ServerAuth, string>> = {
  oauth: 'OAuth',
  bearer: 'Bearer token',
  headers: 'Custom header',
  none: 'None',
};

/** What became of a tool of a custom server since it was accepted. */
export const driftLabel = { changed: 'Changed', gone: 'Gone' } as const;
export const driftWhy = {
  changed: 'Its definition changed: it does not run by itself until you accept the new one',
  gone: 'The server does not list it any more: agents cannot see it',
} as const;

export const signInWays = [
  { value: 'popup', label: 'Popup window' },
  { value: 'browser', label: 'System browser' },
] as const;

export const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
export const plural = (count: number, one: string, many = `${one}s`) =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;

/** How long a question still waits: "8:41", "0:00" once it is over. A clock that is read before the question counts as its start. */
export function timeLeft(
  question: { readonly askedAtMs: number; readonly expiresAtMs: number },
  nowMs: number,
): string {
  const leftMs = question.expiresAtMs - Math.max(nowMs, question.askedAtMs);
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export function ago(atMs: number | null, nowMs: number): string {
  if (atMs === null) return 'never';
  const minutes = Math.floor((nowMs - atMs) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ago`;
  return new Date(atMs).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}

export const clockTime = (atMs: number) => new Date(atMs).toLocaleTimeString('en-GB');

/** "14:32:08" today, "12 Nov 14:32:08" before. */
export function timeOf(atMs: number, nowMs: number): string {
  const at = new Date(atMs);
  if (at.toDateString() === new Date(nowMs).toDateString()) return clockTime(atMs);
  return `${at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${clockTime(atMs)}`;
}

/** The sentence of a Fault; anything else says where to look. */
export function sentenceOf(error: unknown): string {
  return error instanceof Fault
    ? error.message
    : 'The window met an error of its own. Reload it with Ctrl+R or start Gatehouse again.';
}

/** "a, b and c" */
export const list = (parts: readonly string[]) =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

/** The wanted label, or the first of "… 2", "… 3" that no connection has. */
export function freeLabel(wanted: string, taken: readonly string[]): string {
  const known = new Set(taken.map((label) => label.toLowerCase()));
  let label = wanted;
  for (let number = 2; known.has(label.toLowerCase()); number += 1) label = `${wanted} ${number}`;
  return label;
}
