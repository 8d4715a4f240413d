/**
 * Reads the data of a `text/event-stream` as it comes in, piece by piece. Event names, ids and comments are skipped:
 * an answer of MCP is in the data.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class EventStream {
  #rest = '';
  #data: string[] = [];

  /** The data of every event that this piece of text ends. */
  push(piece: string): string[] {
    const text = this.#rest + piece;
    const events: string[] = [];
    let start = 0;
    for (;;) {
      const end = endOfLine(text, start);
      if (end === undefined) break;
      this.#line(text.slice(start, end.at), events);
      start = end.next;
    }
    this.#rest = text.slice(start);
    return events;
  }

  #line(line: string, events: string[]): void {
    if (line === '') {
      if (this.#data.length > 0) events.push(this.#data.join('\n'));
      this.#data = [];
    } else if (line.startsWith('data:')) {
      this.#data.push(line.slice(line[5] === ' ' ? 6 : 5));
    }
  }
}

/** A line ends in CR, LF or both; a CR at the very end may still get its LF. */
function endOfLine(text: string, start: number): { at: number; next: number } | undefined {
  const feed = text.indexOf('\n', start);
  const line = feed < 0 ? text.slice(start) : text.slice(start, feed);
  const carriage = line.indexOf('\r');
  if (carriage < 0) return feed < 0 ? undefined : { at: feed, next: feed + 1 };
  const at = start + carriage;
  if (at + 1 === text.length) return undefined;
  return { at, next: text[at + 1] === '\n' ? at + 2 : at + 1 };
}
