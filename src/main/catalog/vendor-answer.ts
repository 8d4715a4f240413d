/**
 * Reads what a vendor sent back: its own words when it failed, the fields that nobody but a person may see when
 * it did not. Everything here is untrusted text; nothing of it is followed.
 */
import type { App, AppTool } from './app';

const maxWords = 400;
/** What is looked at of a text before it is cleaned: work on a huge answer stays small. */
const maxLookedAt = 4000;
const maxDepth = 200;

/**
 * One sentence with the vendor's own words.
 *
 * @param text Untrusted body, may be HTML, empty or cut.
 */
export function readVendorError(app: App, status: number, contentType: string, text: string): string {
  if (isPage(contentType, text))
    return `${app.name} answered ${status}${meaning(status)}. It sent a web page instead of data.${remedy(app, status)}`;
  const words = vendorWords(app, text);
  const said = words === '' ? '' : ` It says: “${words}”.`;
  return `${app.name} answered ${status}${meaning(status)}.${said}${remedy(app, status)}`;
}

function isPage(contentType: string, text: string): boolean {
  return contentType.toLowerCase().includes('html') || /^\s*<(?:!doctype html|html)\b/i.test(text);
}

function vendorWords(app: App, text: string): string {
  const json = parseJson(text);
  if (json === undefined) return /^\s*</.test(text) ? '' : bounded(text, 200);
  if (typeof json === 'string') return bounded(json, maxWords);
  const places = typeof app.errors.message === 'string' ? [app.errors.message] : app.errors.message;
  const words = [places.map((place) => textAt(json, place)).find((text) => text !== '') ?? ''];
  const list = app.errors.list === undefined ? undefined : valueAt(json, app.errors.list);
  if (Array.isArray(list)) {
    for (const item of list.slice(0, 5))
      words.push(app.errors.listMessage === undefined ? textOf(item) : textAt(item, app.errors.listMessage));
  }
  const distinct = [...new Set(words.filter((word) => word !== ''))];
  return bounded(distinct.map((word) => word.slice(0, maxLookedAt)).join(' – '), maxWords);
}

/** One line of at most so many characters, whole ones; a cut shows. */
function bounded(text: string, maxChars: number): string {
  const line = oneLine(text.slice(0, maxLookedAt)).toWellFormed();
  if (line.length <= maxChars && text.length <= maxLookedAt) return line;
  const cut = line.slice(0, maxChars - 1);
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`;
}

function meaning(status: number): string {
  if (status === 401) return ' (the keys were not accepted)';
  if (status === 403) return ' (the keys are right, a permission is missing)';
  if (status === 404) return ' (not found)';
  if (status === 429) return ' (too many requests)';
  return status >= 500 ? ' (a fault on its side)' : '';
}

function remedy(app: App, status: number): string {
  if (status === 401) return ' Check each key, and that the site is the one you sign in to.';
  if (status === 403) return ` Give the account the permission in ${app.name}, then try again.`;
  if (status === 429 || status >= 500) return ' Try again in a minute.';
  return '';
}

/** The same JSON with every field that the catalog names as secret replaced; what lies too deep to look at, too. */
export function maskReveals(tool: AppTool, value: unknown): unknown {
  if (tool.reveals.length === 0) return value;
  const names = new Set(tool.reveals.map((name) => name.toLowerCase()));
  const mask = (inner: unknown, depth: number): unknown => {
    if (typeof inner !== 'object' || inner === null) return inner;
    if (depth > maxDepth) return '[masked]';
    if (Array.isArray(inner)) return inner.map((item) => mask(item, depth + 1));
    return Object.fromEntries(
      Object.entries(inner).map(([key, item]) => [
        key,
        names.has(key.toLowerCase()) ? '[masked]' : mask(item, depth + 1),
      ]),
    );
  };
  return mask(value, 0);
}

/** The sentence on the approval card: one line, blanks filled, no control or direction-changing characters. */
export function approvalSentence(tool: AppTool, args: Readonly<Record<string, unknown>>): string {
  const filled = tool.summary.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = Object.hasOwn(args, name) ? args[name] : undefined;
    if (value === undefined) return '…';
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  });
  const line = oneLine(filled);
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

/**
 * Untrusted text on one line without terminal escapes; control, zero-width and bidi characters become spaces
 * (Unicode UAX #9).
 */
export function oneLine(text: string): string {
  return withoutEscapes(text)
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** @see ECMA-48 §5.4 for control sequences and §5.6 for control strings, which end with BEL or ESC and a backslash. */
function withoutEscapes(text: string): string {
  const [plain = '', ...escapes] = text.replaceAll('\u009b', '\u001b[').split('\u001b');
  return plain + escapes.map(afterEscape).join('');
}

function afterEscape(part: string): string {
  if (/^[\]PX^_]/.test(part)) {
    const end = part.indexOf('\u0007');
    return end < 0 ? '' : part.slice(end + 1);
  }
  return part.replace(/^(?:\[[0-?]*[ -/]*[@-~]?|[ -/]*[0-~])/, '');
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What lies at a dotted place: `error.message`; undefined when there is nothing. Looks at own members only. */
export function valueAt(json: unknown, place: string): unknown {
  let inner: unknown = json;
  for (const name of place.split('.')) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, name)) return undefined;
    inner = Object.entries(inner).find(([key]) => key === name)?.[1];
  }
  return inner;
}

function textAt(json: unknown, place: string): string {
  return textOf(valueAt(json, place));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
