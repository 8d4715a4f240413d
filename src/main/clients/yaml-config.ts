/**
 * YAML, as Goose writes it. The library reads and says where things are; the text is changed by lines, so that nothing is written anew.
 * Refuses several documents in one file.
 *
 * @see https://eemeli.org/yaml/#documents
 */
import {
  type Document,
  isMap,
  isScalar,
  type Pair,
  type ParsedNode,
  parseAllDocuments,
  type YAMLMap,
} from 'yaml';
import {
  type ConfigFormat,
  type Json,
  lineAt,
  lineEndOf,
  refused,
  spliced,
  wholeLines,
  withLastLineEnded,
} from './config-format';

export const yamlConfig: ConfigFormat = {
  label: 'YAML',
  parse(text) {
    const document = read(text);
    if (document === undefined) return {};
    try {
      return document.toJS() ?? {};
    } catch (error) {
      throw refused('It is YAML that refers to itself too often to be read.', error);
    }
  },
  set(text, place, name, entry) {
    const lineEnd = lineEndOf(text);
    const root = rootOf(read(text));
    const found = root === undefined ? undefined : memberOf(root, place);
    if (found === undefined)
      return `${withLastLineEnded(text)}${blockOf({ [place]: { [name]: entry } }, 0, lineEnd)}`;
    const servers = found.value;
    if (servers === null || (isScalar(servers) && servers.value === null)) {
      const [from, to] = servers?.range ?? [0, 0];
      const bare = text.slice(0, from) + text.slice(to);
      const block = blockOf({ [name]: entry }, columnOf(text, startOf(found)) + 2, lineEnd);
      return insertedAt(bare, lineEndAfter(bare, startOf(found)), block);
    }
    if (!isMap(servers)) throw refused(`“${place}” in it is not a map. Nothing can be put there.`);
    const known = memberOf(servers, name);
    if (servers.flow === true) return setInFlow(text, servers, known, name, entry);
    if (known === undefined) {
      const [first] = servers.items;
      const column = first === undefined ? 2 : columnOf(text, startOf(first as Member));
      return insertedAt(
        text,
        lineEndAfter(text, startOf(found)),
        blockOf({ [name]: entry }, column, lineEnd),
      );
    }
    const block = blockOf({ [name]: entry }, columnOf(text, startOf(known)), lineEnd);
    const { offset, length } = linesOf(text, known);
    return text.slice(0, offset) + block + text.slice(offset + length);
  },
  remove(text, place, name) {
    const root = rootOf(read(text));
    const servers = root === undefined ? undefined : memberOf(root, place)?.value;
    if (!isMap(servers)) throw refused(`“${place}” in it is not a map.`);
    const known = memberOf(servers, name);
    if (known === undefined) throw refused(`There is no entry ${name} in it.`);
    if (servers.flow === true) throw refused('Its entries stand on one line. Take this one away by hand.');
    // A map whose last entry goes would become nothing at all.
    if (servers.items.length === 1) {
      const { offset, length } = linesOf(text, known);
      const empty = `${' '.repeat(columnOf(text, startOf(known)))}{}${lineEndOf(text)}`;
      return text.slice(0, offset) + empty + text.slice(offset + length);
    }
    return spliced(text, [{ ...linesOf(text, known), text: '' }]);
  },
};

type Member = Pair<ParsedNode, ParsedNode | null>;

/** Undefined for a file without content. */
function read(text: string): Document.Parsed | undefined {
  const documents = parseAllDocuments(text, { uniqueKeys: true, logLevel: 'silent' });
  if (!Array.isArray(documents)) return undefined;
  const [document] = documents;
  if (documents.length > 1) throw refused('It holds several YAML documents. Only one can be changed.');
  const [error] = document?.errors ?? [];
  if (error !== undefined)
    throw refused(`It is not valid YAML: line ${lineAt(text, error.pos[0])} cannot be read.`, error);
  return document;
}

function rootOf(document: Document.Parsed | undefined): YAMLMap<ParsedNode, ParsedNode | null> | undefined {
  const root = document?.contents ?? null;
  if (root === null || (isScalar(root) && root.value === null)) return undefined;
  if (!isMap(root)) throw refused('It is not a YAML map, but a list or a single value.');
  if (root.flow === true) throw refused('It is written on one line. Add the entry by hand.');
  return root;
}

function memberOf(map: YAMLMap, name: string): Member | undefined {
  return map.items.find((one) => isScalar(one.key) && one.key.value === name) as Member | undefined;
}

const startOf = ({ key }: Member) => key.range[0];
const columnOf = (text: string, offset: number) => offset - (text.lastIndexOf('\n', offset - 1) + 1);

function lineEndAfter(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline < 0 ? text.length : newline + 1;
}

const insertedAt = (text: string, offset: number, block: string) =>
  withLastLineEnded(text.slice(0, offset)) + block + text.slice(offset);

/** The lines of one entry, without comments that follow it. */
function linesOf(text: string, member: Member) {
  const end = member.value?.range[1] ?? member.key.range[1];
  const last = text.slice(0, end).trimEnd().length;
  const comment = /^[ \t]*(#[^\n]*)?/.exec(text.slice(last))?.[0].trimEnd().length ?? 0;
  return wholeLines(text, startOf(member), last + comment);
}

function setInFlow(text: string, map: YAMLMap, known: Member | undefined, name: string, entry: Json): string {
  const [start = 0, end = 0] = map.range ?? [];
  if (known?.value?.range !== undefined) {
    const [from, to] = known.value.range;
    return spliced(text, [{ offset: from, length: to - from, text: JSON.stringify(entry) }]);
  }
  const pair = `${JSON.stringify(name)}: ${JSON.stringify(entry)}`;
  const put = map.items.length === 0 ? `{ ${pair} }` : `{ ${pair},`;
  const length = map.items.length === 0 ? end - start : 1;
  return spliced(text, [{ offset: start, length, text: put }]);
}

/** Block style by hand: keys in order, every text in double quotes, which YAML reads as JSON. */
function blockOf(value: { readonly [key: string]: Json }, column: number, lineEnd: string): string {
  const pad = ' '.repeat(column);
  return Object.entries(value)
    .map(([key, inner]) => {
      const shown = /^[A-Za-z_][\w-]*$/.test(key) ? key : JSON.stringify(key);
      const isMapOf = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
      return isMapOf && Object.keys(inner).length > 0
        ? `${pad}${shown}:${lineEnd}${blockOf(inner as { readonly [key: string]: Json }, column + 2, lineEnd)}`
        : `${pad}${shown}: ${JSON.stringify(inner)}${lineEnd}`;
    })
    .join('');
}
