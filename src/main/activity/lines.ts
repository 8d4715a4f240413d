/**
 * Cuts the bytes of a log file into lines, chunk by chunk, with each line's place in the file.
 * Refuses to decode: the hash is over bytes, so bytes are what comes out.
 */
export interface Line {
  readonly offset: number;
  /** Without the newline. */
  readonly bytes: Uint8Array;
}

const newline = 10;

export class LineCutter {
  #rest: Uint8Array = new Uint8Array(0);
  #restOffset = 0;

  /** The lines that this chunk ends. */
  push(chunk: Uint8Array): Line[] {
    const bytes = joined([this.#rest, chunk]);
    const lines: Line[] = [];
    let start = 0;
    let end = bytes.indexOf(newline, this.#rest.length);
    while (end !== -1) {
      lines.push({ offset: this.#restOffset + start, bytes: bytes.subarray(start, end) });
      start = end + 1;
      end = bytes.indexOf(newline, start);
    }
    this.#rest = bytes.subarray(start);
    this.#restOffset += start;
    return lines;
  }

  /** What stands after the last newline: empty, or a line that was torn. */
  rest(): Line | null {
    return this.#rest.length === 0 ? null : { offset: this.#restOffset, bytes: this.#rest };
  }
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const only = parts.filter((part) => part.length > 0);
  const [first] = only;
  if (first !== undefined && only.length === 1) return first;
  const all = new Uint8Array(only.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of only) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
