/**
 * TOML, as Codex writes it. Entries are tables of their own (`[mcp_servers.name]`); only their lines are touched. An entry that is written
 * inside another value is changed by the library, which keeps comments.
 *
 * @see https://toml.io/en/v1.0.0 · https://github.com/DecimalTurn/toml-patch
 */
import { parse, parseDocument, patch, stringify } from '@decimalturn/toml-patch';
import {
  type ConfigFormat,
  fieldsOf,
  type Json,
  lineEndOf,
  refused,
  withLastLineEnded,
} from './config-format';

export const tomlConfig: ConfigFormat = {
  label: 'TOML',
  parse: parsed,
  set(text, place, name, entry) {
    const whole = tables(text, place, name);
    const [first] = whole;
    const table = tableText(text, place, name, entry);
    if (first !== undefined) {
      const lines = splitLines(text);
      const cut = new Set(whole.flatMap(({ from, to }) => lineNumbers(from, to)));
      return lines
        .flatMap((line, index) => (index === first.from ? [table] : cut.has(index) ? [] : [line]))
        .join('');
    }
    const servers = fieldsOf(fieldsOf(parsed(text))?.get(place));
    if (servers?.has(name) === true || isInline(text, place)) return patched(text, place, name, entry);
    const lineEnd = lineEndOf(text);
    const gap = text.trim() === '' ? '' : lineEnd;
    return `${withLastLineEnded(text)}${gap}${table}`;
  },
  remove(text, place, name) {
    const whole = tables(text, place, name);
    if (whole.length === 0) return patched(text, place, name, undefined);
    const lines = splitLines(text);
    const cut = new Set(whole.flatMap(({ from, to }) => lineNumbers(from, to)));
    // One blank line goes with the table, so that two do not meet.
    for (const { from, to } of whole)
      if ((lines[from - 1] ?? '').trim() === '' && (lines[to + 1] ?? '').trim() === '') cut.add(to + 1);
    return lines.filter((_line, index) => !cut.has(index)).join('');
  },
};

function parsed(text: string): unknown {
  try {
    return parse(text, { integersAsBigInt: true });
  } catch (error) {
    throw wrongToml(error);
  }
}

function wrongToml(error: unknown): Error {
  const line = error instanceof Error && 'line' in error && typeof error.line === 'number' ? error.line : 0;
  return refused(`It is not valid TOML: line ${Math.max(1, line)} cannot be read.`, error);
}

/** The tables of an entry and those within it, from head to last value, by line counted from 0. */
function tables(text: string, place: string, name: string): readonly { from: number; to: number }[] {
  let blocks: ReturnType<typeof parseDocument>['cst'];
  try {
    blocks = parseDocument(text).cst;
  } catch (error) {
    throw wrongToml(error);
  }
  return blocks.flatMap((block) => {
    if (!('key' in block) || !('items' in block)) return [];
    const path = block.key.item.value;
    if (path[0] !== place || path[1] !== name) return [];
    const values = block.items.filter((item) => 'value' in item);
    const to = values.at(-1)?.loc.end.line ?? block.key.loc.end.line;
    return [{ from: block.loc.start.line - 1, to: to - 1 }];
  });
}

/** `mcp_servers = { … }`: a closed table, to which no table of its own can be added. */
function isInline(text: string, place: string): boolean {
  return parseDocument(text).cst.some(
    (block) => 'equals' in block && block.key.value.length === 1 && block.key.value[0] === place,
  );
}

function patched(text: string, place: string, name: string, entry: Json | undefined): string {
  const value = fieldsOf(parse(text));
  const servers = fieldsOf(value?.get(place));
  if (value === undefined || servers === undefined) throw refused(`“${place}” in it is not a table.`);
  const others = [...servers].filter(([known]) => known !== name);
  const wanted = entry === undefined ? others : [...others, [name, entry]];
  const changed = Object.fromEntries([...value, [place, Object.fromEntries(wanted)]]);
  return patch(text, changed);
}

function tableText(text: string, place: string, name: string, entry: Json): string {
  const written = stringify({ [place]: { [name]: entry } }, { inlineTableStart: 2 });
  const start = written.indexOf(`[${place}.`);
  const lineEnd = lineEndOf(text);
  return `${written.slice(start).trim().replaceAll('\n', lineEnd)}${lineEnd}`;
}

const splitLines = (text: string) => text.split(/(?<=\n)/);
const lineNumbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
