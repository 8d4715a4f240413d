/** A disk in memory for the activity log, with a knob that makes writes fail half way. */
import { createHash } from 'node:crypto';
import type { Signatures } from '../../src/main/activity/day-summary';
import type { LogFile, LogFiles } from '../../src/main/activity/log-ports';
import type { ActivityEntry, Sha256 } from '../../src/main/activity/record';
import { isGoodSignature, newSigningKey, publicKeyOf, signText } from '../../src/main/activity/signing.node';
import type { Clock } from '../../src/main/ports';

export const sha256: Sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

export class FakeActivityDisk implements LogFiles {
  readonly files = new Map<string, Buffer>();
  appends = 0;
  /** Asked for line by line, and not from beside. */
  readBytes = 0;
  #failNext: { readonly afterBytes: number; readonly code: string } | null = null;

  failNextAppend(afterBytes: number, code: string): void {
    this.#failNext = { afterBytes, code };
  }

  async list(): Promise<LogFile[]> {
    const names = [...this.files.keys()].filter((name) => name.endsWith('.jsonl')).sort();
    return names.map((name) => ({ name, bytes: this.#file(name).length }));
  }

  async append(name: string, bytes: Uint8Array, atOffset: number): Promise<void> {
    this.appends += 1;
    const before = this.#file(name).subarray(0, atOffset);
    const fail = this.#failNext;
    this.#failNext = null;
    const kept = fail === null ? bytes : bytes.subarray(0, fail.afterBytes);
    this.files.set(name, Buffer.concat([before, kept]));
    if (fail !== null) throw Object.assign(new Error('The disk said no.'), { code: fail.code });
  }

  /** How often what was written later was put on the disk. */
  syncs = 0;

  async sync(): Promise<void> {
    const fail = this.#failNext;
    this.#failNext = null;
    if (fail !== null) throw Object.assign(new Error('The disk said no.'), { code: fail.code });
    this.syncs += 1;
  }

  async *chunks(name: string, fromByte: number, toByte: number): AsyncIterable<Uint8Array> {
    this.readBytes += Math.max(0, toByte - fromByte);
    const file = this.#file(name);
    // Small odd chunks, so that lines are cut everywhere.
    for (let at = fromByte; at < Math.min(toByte, file.length); at += 61) {
      yield file.subarray(at, Math.min(at + 61, toByte));
    }
  }

  async moveTorn(name: string, atOffset: number): Promise<void> {
    const file = this.#file(name);
    this.files.set(`${name}.torn`, Buffer.concat([this.#file(`${name}.torn`), file.subarray(atOffset)]));
    this.files.set(name, file.subarray(0, atOffset));
  }

  async digest(name: string, bytes: number): Promise<string> {
    return sha256(this.#file(name).subarray(0, bytes));
  }

  async readBeside(name: string): Promise<Uint8Array | null> {
    return this.files.get(name) ?? null;
  }

  async writeBeside(name: string, bytes: Uint8Array): Promise<void> {
    this.files.set(name, Buffer.from(bytes));
  }

  async summaries(): Promise<string[]> {
    return [...this.files.keys()].filter((name) => name.endsWith('.summary.json')).sort();
  }

  async remove(name: string): Promise<void> {
    this.files.delete(name);
  }

  async pause(): Promise<void> {}

  async close(): Promise<void> {}

  /** The lines of one file without their newlines. */
  lines(name: string): string[] {
    return this.#file(name).toString('utf8').split('\n').slice(0, -1);
  }

  setLines(name: string, lines: readonly string[]): void {
    this.files.set(name, Buffer.from(lines.map((line) => `${line}\n`).join('')));
  }

  #file(name: string): Buffer {
    return this.files.get(name) ?? Buffer.alloc(0);
  }
}

/** A clock that stands still until told otherwise. */
export class ActivityClock implements Clock {
  #waiting: { readonly dueMs: number; readonly run: () => void }[] = [];

  constructor(public atMs = Date.UTC(2026, 10, 12, 9)) {}

  nowMs(): number {
    return this.atMs;
  }

  after(ms: number, run: () => void): () => void {
    const one = { dueMs: this.atMs + ms, run };
    this.#waiting.push(one);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== one);
    };
  }

  advance(ms: number): void {
    this.atMs += ms;
    const due = this.#waiting.filter((one) => one.dueMs <= this.atMs);
    this.#waiting = this.#waiting.filter((one) => one.dueMs > this.atMs);
    for (const { run } of due) run();
  }
}

/** Not a cipher: turns the text around in base64, enough to see whether clear text reaches the disk. */
export const seal = (clear: string) => Buffer.from(clear, 'utf8').reverse().toString('base64');
export const unseal = (sealed: string) => Buffer.from(sealed, 'base64').reverse().toString('utf8');

/** With a key in memory. */
export function memorySignatures(known?: string): Signatures {
  let key = known;
  return {
    publicKey: () => (key === undefined ? null : publicKeyOf(key)),
    async sign(text) {
      key ??= newSigningKey();
      return { publicKey: publicKeyOf(key), signature: signText(key, text) };
    },
    isGood: isGoodSignature,
  };
}

export const signatures = memorySignatures();

export function entry(over: Partial<ActivityEntry> = {}): ActivityEntry {
  return {
    kind: 'settings',
    who: { kind: 'technician', name: 'Technician' },
    what: 'Theme',
    outcome: 'changed',
    detail: 'Theme set to dark.',
    ...over,
  };
}
