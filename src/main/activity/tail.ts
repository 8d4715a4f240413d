/**
 * Finds where the chain stands from the end of the newest file alone, and what a crash left torn there.
 * Refuses to take a line that was complete: only bytes behind the last newline, or behind a hole of zero
 * bytes that the file system left after a power failure, count as torn.
 */
import { LineCutter } from './lines';
import { decodeChainFields, type Hash, type Sha256 } from './record';

export interface Tail {
  /** How many of the given bytes are whole lines. */
  readonly wholeBytes: number;
  /** Hash of the newest whole line; null when no whole line is there. */
  readonly newest: Hash | null;
  /** The last number that can be read, null when none can. */
  readonly seq: number | null;
  /** How many whole lines stand behind that number (all lines, when none can be read). */
  readonly behind: number;
}

/**
 * @param bytes The end of a file.
 * @param fromStart Whether these bytes are the whole file; otherwise they start inside a line.
 */
export function judgeTail(bytes: Uint8Array, fromStart: boolean, sha256: Sha256): Tail {
  const hole = bytes.indexOf(0);
  const readable = hole === -1 ? bytes : bytes.subarray(0, hole);
  const wholeBytes = readable.lastIndexOf(10) + 1;
  const cut = new LineCutter().push(readable.subarray(0, wholeBytes));
  const lines = fromStart ? cut : cut.slice(1);
  const last = lines.at(-1);
  const newest = last === undefined ? null : sha256(last.bytes);
  // A newest line that was tampered with must not stop the log: its number follows from the lines before it.
  for (let behind = 0; behind < lines.length; behind += 1) {
    const line = lines[lines.length - 1 - behind];
    const fields = line === undefined ? null : decodeChainFields(line.bytes);
    if (fields !== null) return { wholeBytes, newest, seq: fields.seq, behind };
  }
  return { wholeBytes, newest, seq: null, behind: lines.length };
}
