/**
 * Reads the data of a `text/event-stream` as it comes in, piece by piece. Event names and comments are skipped: an answer of
 * MCP is in the data. Events without data only say where one may go on.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class EventStream {
  /** Of the last event; empty when there was none. */
  lastId = '';
  /** Milliseconds after which the server wants to be asked again. */
  retryMs: number | undefined;
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
      const data = this.#data.join('\n');
      if (data !== '') events.push(data);
      this.#data = [];
    } else if (line.startsWith('data:')) {
      this.#data.push(textBehind(line, 5));
    } else if (line.startsWith('id:')) {
      this.lastId = textBehind(line, 3);
    } else if (/^retry: ?\d{1,7}$/.test(line)) {
      this.retryMs = Number(textBehind(line, 6));
    }
  }
}

/** One space behind the colon belongs to nobody. */
function textBehind(line: string, start: number): string {
  return line.slice(line[start] === ' ' ? start + 1 : start);
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
