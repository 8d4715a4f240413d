/** What the activity log needs from the disk and from the vault. No rule lives here. */
import type { Clock } from '../ports';
import type { Anchor } from './chain';
import type { Signatures } from './day-summary';
import type { Hash, Sha256 } from './record';

export interface LogFile {
  /** `YYYY-MM-DD.jsonl` */
  readonly name: string;
  readonly bytes: number;
}

export interface LogFiles {
  /** Day files, oldest first. */
  list(): Promise<LogFile[]>;
  /**
   * Writes behind `atOffset` and answers when the bytes are on the disk. What an attempt of ours left behind
   * `atOffset` is cut first; bytes of someone else are an error and stay.
   *
   * @param how `alone`: nothing else is under way, so that a quick disk may be waited for without giving up the thread. `later`: answers
   *   when the bytes are written, and `sync` or the next append puts them on the disk.
   */
  append(name: string, bytes: Uint8Array, atOffset: number, how: 'alone' | 'shared' | 'later'): Promise<void>;
  /** Everything that was appended is on the disk. */
  sync(): Promise<void>;
  /** `[fromByte, toByte)` in chunks; ends early where the file does. */
  chunks(name: string, fromByte: number, toByte: number): AsyncIterable<Uint8Array>;
  /** SHA-256 over the first bytes of a file. */
  digest(name: string, bytes: number): Promise<Hash>;
  /** Moves everything from `atOffset` on into `<name>.torn` beside the file. */
  moveTorn(name: string, atOffset: number): Promise<void>;
  /** A file that stands beside the day files, whole; null when there is none. */
  readBeside(name: string): Promise<Uint8Array | null>;
  /** Durable, whole or not at all. */
  writeBeside(name: string, bytes: Uint8Array): Promise<void>;
  /** Names of the summaries of closed days, oldest first. */
  summaries(): Promise<string[]>;
  /** Durable. Removing what is not there is fine. */
  remove(name: string): Promise<void>;
  /** Lets everybody else have a turn. */
  pause(): Promise<void>;
  close(): Promise<void>;
}

export interface ActivityLogParts {
  readonly files: LogFiles;
  readonly sha256: Sha256;
  readonly clock: Clock;
  /** Clear text in, base64 out. May throw `vault_locked`: then the record is not written and the call not made. */
  readonly seal: (clear: string) => string;
  /** The other way round. May throw `vault_locked`. */
  readonly open: (sealed: string) => string;
  readonly signatures: Signatures;
  /** What `onAnchor` was last given in an earlier run; null when there was none or the store cannot be read. */
  readonly anchor: Anchor | null;
  /** At most once a second and at close. May throw: it is called again with the next record. */
  readonly onAnchor: (anchor: Anchor) => void | Promise<void>;
}
