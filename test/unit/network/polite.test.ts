import { setImmediate as everythingDue } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { createPolite, retryAfterMs } from '../../../src/main/network/polite';
import type { HttpOut, InboundAnswer } from '../../../src/main/ports';
import { Fault } from '../../../src/preload/contract/reply';
import { EagerClock } from '../../fakes/eager-clock';
import { HandClock } from '../../fakes/hand-clock';
import { ScriptedHttp, type Step } from '../../fakes/scripted-http';

const limits = { timeoutMs: 1000, maxBytes: 1000 };
const manners = { retryReads: true, concurrency: 2 };
const read = { method: 'GET', url: 'https://vendor.example/a', headers: {} };
const write = { ...read, method: 'POST' };
const down = () => new Fault('vendor_unreachable', 'It is down.', { retryable: true });

function bench(...steps: Step[]) {
  const clock = new EagerClock();
  const http = new ScriptedHttp(...steps);
  return { clock, http, polite: createPolite({ http, clock }) };
}
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: Fault) => error.code,
  );

describe('manners towards a vendor', () => {
  it('waits as long as a 429 asks, then reads again', async () => {
    const { clock, http, polite } = bench({ status: 429, headers: { 'retry-after': '7' } }, { status: 200 });
    expect((await polite.send('a', read, limits, manners)).status).toBe(200);
    expect(http.sent).toHaveLength(2);
    expect(clock.waits.reduce((sum, ms) => sum + ms, 0)).toBe(7000);
  });

  it('never repeats a write, whatever came back', async () => {
    for (const step of [{ status: 429 }, { status: 503 }, down()]) {
      const { http, polite } = bench(step, { status: 200 });
      await codeOf(polite.send('a', write, limits, manners));
      expect(http.sent).toHaveLength(1);
    }
  });

  it('reads at most three times and then hands out the last answer', async () => {
    const { http, polite } = bench({ status: 503 });
    expect((await polite.send('a', read, limits, manners)).status).toBe(503);
    expect(http.sent).toHaveLength(3);
  });

  it('leaves a vendor alone that failed five times in a row, and only that one', async () => {
    const { clock, http, polite } = bench({ status: 500 });
    for (let call = 0; call < 5; call += 1) await polite.send('a', write, limits, manners);
    expect(await codeOf(polite.send('a', write, limits, manners))).toBe('vendor_busy');
    expect(http.sent).toHaveLength(5);
    expect((await polite.send('b', write, limits, manners)).status).toBe(500);
    clock.advance(30_001);
    expect((await polite.send('a', write, limits, manners)).status).toBe(500);
  });

  it('keeps no more calls in flight than the app allows, and takes a cancelled one out of the queue', async () => {
    const open: ((answer: InboundAnswer) => void)[] = [];
    const http: HttpOut = { send: () => new Promise((resolve) => open.push(resolve)) };
    const polite = createPolite({ http, clock: new EagerClock() });
    const going = new AbortController();
    const first = polite.send('a', read, limits, { ...manners, concurrency: 1 });
    const second = codeOf(
      polite.send('a', read, { ...limits, signal: going.signal }, { ...manners, concurrency: 1 }),
    );
    await vi.waitFor(() => expect(open).toHaveLength(1));
    going.abort();
    expect(await second).toBe('cancelled');
    open[0]?.({ status: 200, headers: {}, text: '', tookMs: 1 });
    expect((await first).status).toBe(200);
    expect(open).toHaveLength(1);
  });

  it('leaves its place to others while it waits for its next try', async () => {
    const clock = new HandClock();
    const http = new ScriptedHttp({ status: 503 }, { status: 200 });
    const polite = createPolite({ http, clock });
    const one = { ...manners, concurrency: 1 };
    const first = polite.send('a', read, limits, one);
    await vi.waitFor(() => expect(clock.waiting()).toBe(1));
    expect((await polite.send('a', { ...read, url: 'https://vendor.example/b' }, limits, one)).status).toBe(
      200,
    );
    clock.advance(500);
    expect((await first).status).toBe(200);
    expect(http.sent.map((sent) => sent.url.at(-1))).toEqual(['a', 'b', 'a']);
  });

  it('holds the whole connection when the vendor asks for patience, also what stood in the queue', async () => {
    const clock = new HandClock();
    const http = new ScriptedHttp({ status: 429, headers: { 'retry-after': '7' } }, { status: 200 });
    const polite = createPolite({ http, clock });
    const one = { ...manners, concurrency: 1 };
    const calls = [polite.send('a', write, limits, one), polite.send('a', read, limits, one)];
    expect((await calls[0])?.status).toBe(429);
    await vi.waitFor(() => expect(clock.waiting()).toBe(1));
    clock.advance(6999);
    await everythingDue();
    expect(http.sent).toHaveLength(1);
    clock.advance(1);
    expect((await calls[1])?.status).toBe(200);
  });

  it('is not shortened in its patience by a later, smaller wish of the vendor', async () => {
    const clock = new HandClock();
    const http = new ScriptedHttp(
      { status: 429, headers: { 'retry-after': '30' } },
      { status: 429, headers: { 'retry-after': '1' } },
      { status: 200 },
    );
    const polite = createPolite({ http, clock });
    await Promise.all([polite.send('a', write, limits, manners), polite.send('a', write, limits, manners)]);
    const third = polite.send('a', read, limits, manners);
    await vi.waitFor(() => expect(clock.waiting()).toBe(1));
    clock.advance(29_999);
    await everythingDue();
    expect(http.sent).toHaveLength(2);
    clock.advance(1);
    expect((await third).status).toBe(200);
  });

  it('obeys the Retry-After of a 503 too', async () => {
    const { clock, polite } = bench({ status: 503, headers: { 'retry-after': '7' } }, { status: 200 });
    expect((await polite.send('a', read, limits, manners)).status).toBe(200);
    expect(clock.waits.reduce((sum, ms) => sum + ms, 0)).toBe(7000);
  });

  it('ends at once when it is cancelled during a hold, while others of the connection go on waiting', async () => {
    const clock = new HandClock();
    const http = new ScriptedHttp({ status: 429, headers: { 'retry-after': '7' } }, { status: 200 });
    const polite = createPolite({ http, clock });
    await polite.send('a', write, limits, manners);
    const going = new AbortController();
    const given = codeOf(polite.send('a', read, { ...limits, signal: going.signal }, manners));
    const patient = polite.send('a', read, limits, manners);
    await vi.waitFor(() => expect(clock.waiting()).toBe(2));
    going.abort();
    expect(await given).toBe('cancelled');
    expect(clock.waiting()).toBe(1);
    expect((await polite.send('b', read, limits, manners)).status).toBe(200);
    clock.advance(7000);
    expect((await patient).status).toBe(200);
    expect(http.sent).toHaveLength(3);
  });

  it('does not wait for a clock that has jumped back to catch up', async () => {
    const { clock, http, polite } = bench({ status: 429, headers: { 'retry-after': '60' } }, { status: 200 });
    await polite.send('a', write, limits, manners);
    clock.advance(-86_400_000);
    expect((await polite.send('a', read, limits, manners)).status).toBe(200);
    expect(http.sent).toHaveLength(2);
  });

  it('ends at once when it is cancelled while it waits, and leaves nothing behind', async () => {
    const clock = new HandClock();
    const http = new ScriptedHttp({ status: 503 });
    const polite = createPolite({ http, clock });
    const going = new AbortController();
    const sent = codeOf(polite.send('a', read, { ...limits, signal: going.signal }, manners));
    await vi.waitFor(() => expect(clock.waiting()).toBe(1));
    going.abort();
    expect(await sent).toBe('cancelled');
    expect(clock.waiting()).toBe(0);
  });

  it('understands both forms of Retry-After and never waits for more than a minute', () => {
    const clock = { nowMs: () => Date.parse('2026-11-23T10:00:00Z') };
    const of = (text?: string) =>
      retryAfterMs({ headers: text === undefined ? {} : { 'retry-after': text } }, clock);
    expect(of('3')).toBe(3000);
    expect(of('Mon, 23 Nov 2026 10:00:09 GMT')).toBe(9000);
    expect(of('99999')).toBe(60_000);
    expect(of('soon')).toBe(1000);
    expect(of()).toBe(1000);
  });
});
