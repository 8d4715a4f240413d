/**
 * JSON with comments and trailing commas, as editors write it. Edits by offsets: what is not the one entry stays byte for byte.
 *
 * @see https://github.com/microsoft/node-jsonc-parser
 */
import {
  createScanner,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import {
  type ConfigFormat,
  type Json,
  lineAt,
  lineEndOf,
  refused,
  type Splice,
  spliced,
  wholeLines,
} from './config-format';

export const jsonConfig: ConfigFormat = {
  label: 'JSON',
  parse: (text) => (isBlank(text) ? {} : getNodeValue(rootOf(text))),
  set(text, place, name, entry) {
    const style = styleOf(text);
    if (isBlank(text)) return `${written({ [place]: { [name]: entry } }, '', style)}${style.lineEnd}`;
    const root = rootOf(text);
    const found = memberOf(text, root, place);
    if (found === undefined) return spliced(text, added(text, root, place, { [name]: entry }, style));
    const servers = objectAt(found, place);
    const known = memberOf(text, servers, name);
    if (known === undefined) return spliced(text, added(text, servers, name, entry, style));
    const value = contentOf(known);
    const indent = indentOf(text, known.offset);
    return spliced(text, [
      { offset: value.offset, length: value.length, text: written(entry, indent, style) },
    ]);
  },
  remove(text, place, name) {
    const found = memberOf(text, rootOf(text), place);
    const servers = found === undefined ? undefined : objectAt(found, place);
    const known = servers === undefined ? undefined : memberOf(text, servers, name);
    if (servers === undefined || known === undefined) throw refused(`There is no entry ${name} in it.`);
    return spliced(text, removed(text, servers, known));
  },
};

/** Kinds of tokens; the library's own names cannot be imported as values. @see SyntaxKind in jsonc-parser */
const token = { comma: 5, lineComment: 12, blockComment: 13, lineBreak: 14, end: 17 } as const;

interface Style {
  readonly unit: string;
  readonly lineEnd: string;
  /** A file written without line breaks stays so. */
  readonly isOneLine: boolean;
}

const isBlank = (text: string) => text.trim() === '';

function rootOf(text: string): Node {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error !== undefined || root === undefined) {
    const what = error === undefined ? 'it has no content' : wordsOf(printParseErrorCode(error.error));
    throw refused(`It is not valid JSON: line ${lineAt(text, error?.offset ?? 0)}, ${what}.`);
  }
  if (root.type !== 'object') throw refused('It is not a JSON object, but a list or a single value.');
  return root;
}

/** "CommaExpected" → "comma expected" */
const wordsOf = (code: string) => code.replaceAll(/(?<=[a-z])([A-Z])/g, ' $1').toLowerCase();

/** The property of this name; undefined when there is none. */
function memberOf(text: string, object: Node, name: string): Node | undefined {
  const found = (object.children ?? []).filter((one) => one.children?.[0]?.value === name);
  if (found.length > 1)
    throw refused(
      `It has “${name}” twice, in lines ${found.map((one) => lineAt(text, one.offset)).join(' and ')}. Take one away first.`,
    );
  return found[0];
}

function contentOf(property: Node): Node {
  const value = property.children?.[1];
  if (value === undefined) throw refused('It has a name without a value.');
  return value;
}

function objectAt(property: Node, place: string): Node {
  const value = contentOf(property);
  if (value.type !== 'object') throw refused(`“${place}” in it is not an object. Nothing can be put there.`);
  return value;
}

function styleOf(text: string): Style {
  const indented = /\n([ \t]+)\S/.exec(text)?.[1];
  const unit = indented === undefined ? '  ' : indented.startsWith('\t') ? '\t' : indented;
  const isOneLine = !text.trim().includes('\n') && !/^\s*(\{\s*\})?\s*$/.test(text);
  return { unit, lineEnd: lineEndOf(text), isOneLine };
}

function written(value: Json, indent: string, { unit, lineEnd, isOneLine }: Style): string {
  if (isOneLine) return JSON.stringify(value);
  return JSON.stringify(value, null, unit).replaceAll('\n', `${lineEnd}${indent}`);
}

/** White space before what stands first on this line. */
function indentOf(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

/** A new last property. */
function added(text: string, object: Node, name: string, value: Json, style: Style): Splice[] {
  const last = object.children?.at(-1);
  const close = object.offset + object.length - 1;
  if (last === undefined) {
    const indent = indentOf(text, object.offset);
    const inner = text.slice(object.offset + 1, close).trimEnd();
    const offset = object.offset + 1 + inner.length;
    if (style.isOneLine)
      return [
        { offset, length: close - offset, text: `${JSON.stringify(name)}:${written(value, '', style)}` },
      ];
    const deeper = indent + style.unit;
    const property = `${JSON.stringify(name)}: ${written(value, deeper, style)}`;
    const put = `${style.lineEnd}${deeper}${property}${style.lineEnd}${indent}`;
    return [{ offset, length: close - offset, text: put }];
  }
  const end = last.offset + last.length;
  const after = readAfter(text, end, close);
  const isOwnLine = text.slice(text.lastIndexOf('\n', last.offset - 1) + 1, last.offset).trim() === '';
  const breaks = isOwnLine || after.hasLineBreak;
  const indent = indentOf(text, last.offset);
  const property = breaks
    ? `${style.lineEnd}${indent}${JSON.stringify(name)}: ${written(value, indent, style)}`
    : ` ${JSON.stringify(name)}: ${JSON.stringify(value)}`;
  const put = { offset: after.offset, length: 0, text: property };
  if (after.hasComma) return [put];
  return after.offset === end
    ? [{ ...put, text: `,${property}` }]
    : [{ offset: end, length: 0, text: ',' }, put];
}

/** What follows the last property on its line: its comment and a trailing comma, wherever that is. */
function readAfter(text: string, from: number, close: number) {
  const scanner = createScanner(text, false);
  scanner.setPosition(from);
  let offset = from;
  let hasComma = false;
  let hasLineBreak = false;
  for (;;) {
    const kind: number = scanner.scan();
    const start = scanner.getTokenOffset();
    if (start >= close || kind === token.end) break;
    const end = start + scanner.getTokenLength();
    if (kind === token.comma) {
      hasComma = true;
      offset = end;
    }
    if (kind === token.lineBreak) hasLineBreak = true;
    const isComment = kind === token.lineComment || kind === token.blockComment;
    if (isComment && !hasLineBreak) offset = end;
  }
  return { offset, hasComma, hasLineBreak };
}

/** The property with the one comma that becomes too many; comments around it stay. */
function removed(text: string, object: Node, property: Node): Splice[] {
  const siblings = object.children ?? [];
  const index = siblings.indexOf(property);
  const end = property.offset + property.length;
  const next = siblings[index + 1];
  const close = object.offset + object.length - 1;
  const comma = commaBetween(text, end, next?.offset ?? close);
  if (comma !== undefined) {
    const isNear = text.slice(end, comma).trim() === '';
    if (isNear) return [{ ...cutOut(text, property.offset, comma + 1), text: '' }];
    return [
      { ...wholeLines(text, property.offset, end), text: '' },
      { offset: comma, length: 1, text: '' },
    ];
  }
  const cut = { ...cutOut(text, property.offset, end), text: '' };
  const before = siblings[index - 1];
  if (before === undefined) return [cut];
  const left = commaBetween(text, before.offset + before.length, property.offset);
  return left === undefined ? [cut] : [{ offset: left, length: 1, text: '' }, cut];
}

/** Whole lines, or the text with the blanks before it. */
function cutOut(text: string, from: number, to: number) {
  const lines = wholeLines(text, from, to);
  if (lines.offset !== from || lines.length !== to - from) return lines;
  const blanks = /[ \t]*$/.exec(text.slice(0, from))?.[0].length ?? 0;
  return { offset: from - blanks, length: to - from + blanks };
}

function commaBetween(text: string, from: number, to: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(from);
  const kind: number = scanner.scan();
  const offset = scanner.getTokenOffset();
  return kind === token.comma && offset < to ? offset : undefined;
}
