/**
 * Manners towards a vendor, per connection: a limit of calls in flight, obeyed Retry-After, few retries of reads,
 * and a breaker that rests a vendor which fails again and again. Refuses to repeat a write.
 */
import { Fault } from '../../preload/contract/reply';
import type { Clock, HttpOut, InboundAnswer, OutboundRequest } from '../ports';

const maxRetries = 2;
const firstBackoffMs = 500;
const maxRetryAfterMs = 60_000;
const failuresToOpen = 5;
const restMs = 30_000;

export type SendLimits = Parameters<HttpOut['send']>[1];

export interface Polite {
  /**
   * @param key One connection; connections never wait for each other.
   * @throws Fault of the HTTP port, and `vendor_busy` while the breaker rests the vendor.
   */
  send(
    key: string,
    request: OutboundRequest,
    limits: SendLimits,
    manners: { readonly retryReads: boolean; readonly concurrency: number },
  ): Promise<InboundAnswer>;
}

interface Lane {
  inFlight: number;
  readonly waiting: (() => void)[];
  holdUntilMs: number;
  failures: number;
  restUntilMs: number;
}

export function createPolite(needs: { readonly http: HttpOut; readonly clock: Clock }): Polite {
  const lanes = new Map<string, Lane>();
  return {
    async send(key, request, limits, manners) {
      const lane = lanes.get(key) ?? newLane();
      lanes.set(key, lane);
      const retries = manners.retryReads && request.method === 'GET' ? maxRetries : 0;
      return await sendWithRetries(needs, lane, request, limits, { ...manners, retries });
    },
  };
}

function newLane(): Lane {
  return { inFlight: 0, waiting: [], holdUntilMs: 0, failures: 0, restUntilMs: 0 };
}

async function sendWithRetries(
  needs: { readonly http: HttpOut; readonly clock: Clock },
  lane: Lane,
  request: OutboundRequest,
  limits: SendLimits,
  { concurrency, retries }: { readonly concurrency: number; readonly retries: number },
): Promise<InboundAnswer> {
  const { http, clock } = needs;
  for (let attempt = 0; ; attempt += 1) {
    await takeOpenSlot(lane, clock, concurrency, limits.signal);
    const last = attempt >= retries;
    try {
      const answer = await http.send(request, limits);
      countOutcome(lane, clock, answer.status >= 500);
      if (asksForPatience(answer)) hold(lane, clock, retryAfterMs(answer, clock));
      if (last || !worthRetry(answer.status)) return answer;
    } catch (error) {
      if (!(error instanceof Fault) || !error.retryable) throw error;
      countOutcome(lane, clock, true);
      if (last) throw error;
    } finally {
      leaveSlot(lane);
    }
    await wait(clock, firstBackoffMs * 2 ** attempt, limits.signal);
  }
}

function worthRetry(status: number): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504;
}

/** 429 always, 503 where it says how long (RFC 9110 §10.2.3). */
function asksForPatience(answer: InboundAnswer): boolean {
  return answer.status === 429 || (answer.status === 503 && answer.headers['retry-after'] !== undefined);
}

/** Never shorter than what the vendor asked for before: answers of calls in flight come in any order. */
function hold(lane: Lane, clock: Clock, ms: number): void {
  lane.holdUntilMs = clock.nowMs() + Math.max(ms, heldForMs(lane, clock));
}

function isResting(lane: Lane, clock: Clock): boolean {
  const leftMs = lane.restUntilMs - clock.nowMs();
  return leftMs > 0 && leftMs <= restMs;
}

function refuseWhileResting(lane: Lane, clock: Clock): void {
  if (!isResting(lane, clock)) return;
  const leftMs = lane.restUntilMs - clock.nowMs();
  throw new Fault(
    'vendor_busy',
    `The vendor failed ${failuresToOpen} times in a row and is left alone for ${Math.ceil(leftMs / 1000)} more seconds. Try again after that.`,
    { retryable: true },
  );
}

/** After the rest one more failure opens the breaker again; one success closes it. */
function countOutcome(lane: Lane, clock: Clock, failed: boolean): void {
  lane.failures = failed ? lane.failures + 1 : 0;
  if (lane.failures < failuresToOpen) return;
  lane.failures = failuresToOpen - 1;
  lane.restUntilMs = clock.nowMs() + restMs;
}

/**
 * Seconds or an HTTP date (RFC 9110 §10.2.3); one second when it is missing or unreadable, 60 at most.
 */
export function retryAfterMs(answer: Pick<InboundAnswer, 'headers'>, clock: Pick<Clock, 'nowMs'>): number {
  const text = answer.headers['retry-after']?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, maxRetryAfterMs);
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? 1000 : Math.min(Math.max(0, atMs - clock.nowMs()), maxRetryAfterMs);
}

/** A slot is taken only while something is really in flight: whoever waits for the vendor leaves it to others. */
async function takeOpenSlot(
  lane: Lane,
  clock: Clock,
  concurrency: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (;;) {
    refuseWhileResting(lane, clock);
    await wait(clock, heldForMs(lane, clock), signal);
    await takeSlot(lane, concurrency, signal);
    // The vendor may have asked for patience, or failed, while this one stood in the queue.
    if (heldForMs(lane, clock) <= 0 && !isResting(lane, clock)) return;
    leaveSlot(lane);
  }
}

/** Nothing for a hold that lies too far ahead: then the clock has jumped back, and nobody waits for it to catch up. */
function heldForMs(lane: Lane, clock: Clock): number {
  const leftMs = lane.holdUntilMs - clock.nowMs();
  return leftMs > maxRetryAfterMs ? 0 : leftMs;
}

function leaveSlot(lane: Lane): void {
  lane.inFlight -= 1;
  lane.waiting.shift()?.();
}

async function takeSlot(lane: Lane, concurrency: number, signal: AbortSignal | undefined): Promise<void> {
  while (lane.inFlight >= concurrency) {
    await new Promise<void>((resolve, reject) => {
      const go = () => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        const place = lane.waiting.indexOf(go);
        if (place >= 0) lane.waiting.splice(place, 1);
        reject(cancelled());
      };
      if (signal?.aborted === true) return giveUp();
      lane.waiting.push(go);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }
  lane.inFlight += 1;
}

function wait(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted === true) return Promise.reject(cancelled());
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      stop();
      reject(cancelled());
    };
    const stop = clock.after(ms, () => {
      signal?.removeEventListener('abort', giveUp);
      resolve();
    });
    signal?.addEventListener('abort', giveUp, { once: true });
  });
}

function cancelled(): Fault {
  return new Fault('cancelled', 'The request was cancelled before it left.');
}
