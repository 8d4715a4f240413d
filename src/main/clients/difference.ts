/**
 * The lines that a change adds and takes away, fit to be shown. Fails closed: of lines that are not our own entry only names and a few
 * harmless values are shown, for configuration files are full of other people's secrets.
 */
import { diffLines } from 'diff';
import type { Json } from './config-format';

export interface ShownLine {
  readonly kind: 'added' | 'removed' | 'same' | 'gap';
  readonly text: string;
}

const contextLines = 3;
const maxShown = 400;
const maxLineChars = 400;
const masked = '…';
const gap: ShownLine = { kind: 'gap', text: masked };

/** The same entry with every token of ours cut to its first letters. */
export function maskedEntry(entry: Json): Json {
  if (typeof entry === 'string') return entry.replaceAll(/ghs_[0-9a-zA-Z]+/g, `ghs_${masked}`);
  if (Array.isArray(entry)) return entry.map(maskedEntry);
  if (typeof entry !== 'object' || entry === null) return entry;
  return Object.fromEntries(Object.entries(entry).map(([key, inner]) => [key, maskedEntry(inner)]));
}

/**
 * @param after As it would be with the masked entry: the token is in none of the two.
 * @param own   The masked entry as a file of its own; empty where an entry goes.
 */
export function shownDifference(before: string, after: string, own: string): readonly ShownLine[] {
  const ownLines = new Set(own.split('\n').map(core));
  const lines = diffLines(before, after).flatMap(({ added, removed, value }) => {
    const kind = added ? 'added' : removed ? 'removed' : 'same';
    return linesOf(value).map((text) => {
      const isOwn = kind === 'added' && ownLines.has(core(text));
      return { kind, text: (isOwn ? text : shownLine(text)).slice(0, maxLineChars), isOwn } as const;
    });
  });
  const isNear = lines.map((_line, index) =>
    lines
      .slice(Math.max(0, index - contextLines), index + contextLines + 1)
      .some(({ kind }) => kind !== 'same'),
  );
  const shown = lines.flatMap(({ kind, text }, index): ShownLine[] => {
    if (isNear[index] === true) return [{ kind, text }];
    return index === 0 || isNear[index - 1] === true ? [gap] : [];
  });
  // Where a file is one long line, ours is shown by itself.
  const isHidden = own !== '' && !lines.some((line) => line.isOwn && line.text.trim().length > 2);
  const alone = isHidden ? linesOf(own).map((text): ShownLine => ({ kind: 'added', text })) : [];
  return [...shown, ...alone].slice(0, maxShown);
}

const core = (line: string) => line.trim().replace(/,$/, '');
const linesOf = (text: string) =>
  text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => line.replace(/\r$/, ''));

/** Names whose values say nothing secret, where the value is one plain word or an address without a query. */
const harmless = /^(?:url|httpUrl|serverUrl|uri|type|enabled|disabled|timeout)$/;
const keyed = /^(\s*)("[^"\\]{1,120}"|[\w.-]{1,120})(\s*:(?:\s|$)| = )\s*(.*)$/;
const bare = /^[\s{}[\],]*$/;
const tableHead = /^\s*\[\[?[\w."' -]{1,200}\]\]?\s*$/;

/** A line of which nobody knows what is in it. */
function shownLine(line: string): string {
  if (bare.test(line) || tableHead.test(line)) return line;
  const [, indent = '', key = '', equals = '', value = ''] = keyed.exec(line) ?? [];
  if (key === '' || looksSecret(key)) return `${/^\s*/.exec(line)?.[0] ?? ''}${masked}`;
  const isShown = bare.test(value) || (harmless.test(key.replaceAll('"', '')) && isPlain(value));
  const comma = value.endsWith(',') ? ',' : '';
  return `${indent}${key}${equals}${isShown ? value : `${masked}${comma}`}`;
}

/** A line inside a text of several lines can look like a name and a value. */
const looksSecret = (key: string) => !key.startsWith('"') && /^(?=.*\d).{16,}$|^.{33,}$/.test(key);

function isPlain(value: string): boolean {
  const text = value.replace(/,$/, '').replace(/^"(.*)"$/, '$1');
  if (/^[a-z_-]{1,20}$|^\d{1,6}$/i.test(text)) return true;
  // Some servers have their key in the path; a short word is none.
  return (
    /^https?:\/\/[\w.-]+(?::\d+)?(?:\/(?:[a-z.-]{0,24}|[\w.-]{0,8})){0,3}$/.test(text) && URL.canParse(text)
  );
}
