/** How facts are said: labels, times, failures. */
import { Fault } from '../../preload/contract/reply';
import type { Access, ConnectionStateView, Outcome, Policy } from '../../preload/contract/shapes';

export const policyLabel: Readonly<Record<Policy, string>> = {
  auto: 'Auto',
  approval_needed: 'Approval needed',
  disabled: 'Disabled',
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
  if (outcome === 'approved' || outcome === 'changed') return 'accent';
  if (outcome === 'denied' || outcome === 'waiting' || outcome === 'unknown') return 'warn';
  return outcome === 'failed' ? 'bad' : 'quiet';
}

export const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
export const plural = (count: number, one: string, many = `${one}s`) =>
  `${count} ${count === 1 ? one : many}`;

/** "8:41" left until `atMs`, "0:00" once it is over. */
export function countdown(atMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.ceil((atMs - nowMs) / 1000));
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

/** The sentence of a Fault; anything else says where to look. */
export function sentenceOf(error: unknown): string {
  return error instanceof Fault
    ? error.message
    : 'The window met an error of its own. Reload it with Ctrl+R or start Gatehouse again.';
}
