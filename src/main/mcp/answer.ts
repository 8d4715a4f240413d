/**
 * Cuts the result out of a server's JSON-RPC answer as the text that the server wrote, so that nothing in it changes
 * on its way. Refuses what is not one whole JSON value: nothing of a server's may reach into our own envelope.
 */
import { isObject } from '../json-object';

export type ReadAnswer =
  | { readonly kind: 'result'; readonly json: string; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: 'error'; readonly code: number; readonly message: string; readonly data: unknown }
  /** Valid JSON, but not the answer to this request. */
  | { readonly kind: 'other' }
  | { readonly kind: 'wrong' };

/**
 * @param text Untrusted.
 * @param id The number that the request went out with.
 */
export function readAnswer(text: string, id: number): ReadAnswer {
  const quick = plainResult(text, id);
  if (quick !== undefined) {
    // Only a cut that is one whole value by itself parses; anything smuggled behind it does not.
    const value = parsed(quick);
    if (isObject(value)) return { kind: 'result', json: oneLined(quick), value };
  }
  const message = parsed(text);
  if (!isObject(message)) return { kind: 'wrong' };
  if (message.id !== id || 'method' in message) return { kind: 'other' };
  if (isObject(message.result)) {
    const json = memberText(text, 'result');
    return json === undefined
      ? { kind: 'wrong' }
      : { kind: 'result', json: oneLined(json), value: message.result };
  }
  if (!isObject(message.error)) return { kind: 'wrong' };
  const { code, message: words, data } = message.error;
  return {
    kind: 'error',
    code: typeof code === 'number' ? code : 0,
    message: typeof words === 'string' ? words : '',
    data,
  };
}

/** The two orders in which the SDKs write an answer. */
function plainResult(text: string, id: number): string | undefined {
  const first = '{"result":';
  const tail = `,"jsonrpc":"2.0","id":${id}}`;
  if (text.startsWith(first) && text.endsWith(tail)) return text.slice(first.length, -tail.length);
  const head = `{"jsonrpc":"2.0","id":${id},"result":`;
  return text.startsWith(head) && text.endsWith('}') ? text.slice(head.length, -1) : undefined;
}

/** The text of a member of the outermost object; the last one of that name, as `JSON.parse` reads it. */
function memberText(text: string, name: string): string | undefined {
  const key = JSON.stringify(name);
  let found: string | undefined;
  let at = text.indexOf('{') + 1;
  while (at < text.length) {
    const keyStart = text.indexOf('"', at);
    if (keyStart < 0) break;
    const keyEnd = endOfString(text, keyStart);
    const start = text.indexOf(':', keyEnd) + 1;
    const end = endOfValue(text, start);
    if (JSON.stringify(parsed(text.slice(keyStart, keyEnd))) === key) found = text.slice(start, end).trim();
    at = end + 1;
  }
  return found;
}

/** Behind the closing quote. The text was parsed before, so that there is one. */
function endOfString(text: string, start: number): number {
  let end = start;
  for (;;) {
    end = text.indexOf('"', end + 1);
    if (end < 0) return text.length;
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return end + 1;
  }
}

/** The comma or the brace that ends a value of the outermost object. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at) - 1;
    else if (char === '{' || char === '[') depth += 1;
    else if (depth === 0 && (char === ',' || char === '}')) return at;
    else if (char === '}' || char === ']') depth -= 1;
  }
  return text.length;
}

/** Inside valid JSON a line break is only ever white space; an event stream must not see one. */
function oneLined(json: string): string {
  return /[\r\n]/.test(json) ? json.replace(/[\r\n]/g, ' ') : json;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
