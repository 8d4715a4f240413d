/**
 * How a simulated vendor behaves on demand, so that one can see what Gatehouse does then. Practice workspace only.
 */
import type { VendorMood } from '../../preload/contract/practice-shapes';

import type { Failure } from './serve-vendor.node';

interface Moody {
  fail(appId: string, failure: Failure | undefined): void;
  expireTokens(appId: string, how: 'access only' | 'everything'): void;
}

const slowMs = 20_000;

export function createVendorMoods(vendors: Moody, after: (ms: number, run: () => void) => unknown) {
  const moods = new Map<string, VendorMood>();
  const slow = (): Promise<void> => new Promise((resolve) => void after(slowMs, resolve));
  const failures: Readonly<Record<VendorMood, Failure | undefined>> = {
    normal: undefined,
    token_expired: undefined,
    signed_out: undefined,
    wrong_key: { kind: 'status', status: 401 },
    forbidden: { kind: 'status', status: 403, callsOnly: true },
    busy: { kind: 'status', status: 429, retryAfter: '5' },
    broken: { kind: 'status', status: 500 },
    not_json: { kind: 'html' },
    slow: { kind: 'slow', wait: slow },
    offline: { kind: 'offline' },
  };
  return {
    of: (appId: string): VendorMood => moods.get(appId) ?? 'normal',
    /** `token_expired` and `signed_out` happen once; every other mood lasts until the next one. */
    set(appId: string, mood: VendorMood): void {
      vendors.fail(appId, failures[mood]);
      const isOnce = mood === 'token_expired' || mood === 'signed_out';
      if (isOnce) vendors.expireTokens(appId, mood === 'token_expired' ? 'access only' : 'everything');
      moods.set(appId, isOnce ? 'normal' : mood);
    },
  };
}
