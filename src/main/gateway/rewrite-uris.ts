/**
 * Puts the prefix of its server before the addresses in a result, and changes not one other character: the text is cut at the strings
 * themselves, never read and written again. Refuses to touch `structuredContent`, `_meta` or anything else beside the content.
 */

/** Where the addresses of a result stand. */
export type ResultKind = 'tool' | 'resources' | 'prompts';

type Path = readonly (string | number)[];

/** @param json Valid JSON, one object. @param rename From the server's address to the agents'. */
export function rewriteUris(json: string, kind: ResultKind, rename: (uri: string) => string): string {
  if (kind !== 'resources' && !json.includes('"resource_link"')) return json;
  const found: Span[] = [];
  new Walk(json, (path, members) => {
    if (!isItem(kind, path)) return;
    const isLink = kind === 'resources' || members.some(({ name, text }) => isType(name, text));
    if (isLink) found.push(...members.filter(({ name, text }) => name === 'uri' && text.startsWith('"')));
  }).value([]);
  if (found.length === 0) return json;
  let out = '';
  let at = 0;
  for (const { start, text } of found.sort((one, other) => one.start - other.start)) {
    out += json.slice(at, start) + JSON.stringify(rename(String(JSON.parse(text))));
    at = start + text.length;
  }
  return out + json.slice(at);
}

const isType = (name: string, text: string) =>
  name === 'type' && text.startsWith('"') && JSON.parse(text) === 'resource_link';

function isItem(kind: ResultKind, path: Path): boolean {
  if (kind === 'resources') return path.length === 2 && path[0] === 'contents';
  if (kind === 'tool') return path.length === 2 && path[0] === 'content';
  return path[0] === 'messages' && path[2] === 'content' && (path.length === 3 || path.length === 4);
}

interface Span {
  readonly name: string;
  /** Of the value. */
  readonly start: number;
  readonly text: string;
}

/** Goes through JSON that is known to be valid, and tells of every object that lies no deeper than results have addresses. */
class Walk {
  readonly #text: string;
  readonly #onObject: (path: Path, members: readonly Span[]) => void;
  #at = 0;

  constructor(text: string, onObject: (path: Path, members: readonly Span[]) => void) {
    this.#text = text;
    this.#onObject = onObject;
  }

  value(path: Path): void {
    this.#space();
    const char = this.#text[this.#at];
    if (path.length > maxDepth) this.#skip();
    else if (char === '{') this.#object(path);
    else if (char === '[') this.#list(path);
    else this.#skip();
  }

  #object(path: Path): void {
    const members: Span[] = [];
    this.#at += 1;
    for (this.#space(); this.#text[this.#at] !== '}'; this.#space()) {
      const name = String(JSON.parse(this.#string()));
      this.#space();
      this.#at += 1;
      this.#space();
      const start = this.#at;
      this.value([...path, name]);
      members.push({ name, start, text: this.#text.slice(start, this.#at).trimEnd() });
      this.#comma();
    }
    this.#at += 1;
    this.#onObject(path, members);
  }

  #list(path: Path): void {
    this.#at += 1;
    let index = 0;
    for (this.#space(); this.#text[this.#at] !== ']'; this.#space()) {
      this.value([...path, index]);
      index += 1;
      this.#comma();
    }
    this.#at += 1;
  }

  #comma(): void {
    this.#space();
    if (this.#text[this.#at] === ',') this.#at += 1;
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }

  #string(): string {
    const start = this.#at;
    for (this.#at += 1; this.#text[this.#at] !== '"'; this.#at += 1)
      if (this.#text[this.#at] === '\\') this.#at += 1;
    this.#at += 1;
    return this.#text.slice(start, this.#at);
  }

  /** Over a whole value without looking into it. */
  #skip(): void {
    const first = this.#text[this.#at];
    if (first === '"') return void this.#string();
    if (first !== '{' && first !== '[') {
      while (/[^,\]}\s]/.test(this.#text[this.#at] ?? ',')) this.#at += 1;
      return;
    }
    let depth = 0;
    do {
      const char = this.#text[this.#at];
      if (char === '"') {
        this.#string();
        continue;
      }
      if (char === '{' || char === '[') depth += 1;
      if (char === '}' || char === ']') depth -= 1;
      this.#at += 1;
    } while (depth > 0);
  }
}

/** Below the items of a content there is nothing to look for. */
const maxDepth = 4;
