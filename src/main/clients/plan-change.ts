/**
 * What a change of one entry would make of a file: the new text and the difference to look at. Pure. Whatever way the text was changed,
 * both versions are read again and have to say the same everywhere but at the one entry; otherwise nothing is planned.
 */
import { Fault } from '../../preload/contract/reply';
import type { ClientKind } from './client-table';
import { type ConfigFormat, fieldsOf, type Json, refused } from './config-format';
import { maskedEntry, type ShownLine, shownDifference } from './difference';
import { jsonConfig } from './json-config';
import { tomlConfig } from './toml-config';
import { yamlConfig } from './yaml-config';

const formats: Readonly<Record<ClientKind['format'], ConfigFormat>> = {
  json: jsonConfig,
  toml: tomlConfig,
  yaml: yamlConfig,
};

export const maxFileChars = 5_000_000;
const byteOrderMark = '\uFEFF';

export type Change =
  | { readonly kind: 'set'; readonly name: string; readonly entry: Json }
  | { readonly kind: 'remove'; readonly name: string };

export interface PlannedChange {
  readonly newText: string;
  readonly difference: readonly ShownLine[];
  /** What is written is what is there already. */
  readonly isSame: boolean;
}

/**
 * @param current The file as it is; undefined where there is none yet.
 * @throws Fault `client_file_refused` with a sentence: broken, too large, names twice, something else at the place.
 */
export function planChange(
  kind: Pick<ClientKind, 'format' | 'serversAt'>,
  current: string | undefined,
  change: Change,
): PlannedChange {
  const mark = current?.startsWith(byteOrderMark) === true ? byteOrderMark : '';
  const before = checked(current).slice(mark.length);
  const format = formats[kind.format];
  return guarded(format, () => {
    const servers = serversIn(format, before, kind.serversAt);
    const entry = change.kind === 'set' ? change.entry : undefined;
    if (entry !== undefined && canonical(servers?.get(change.name)) === canonical(entry))
      return { newText: mark + before, difference: [], isSame: true };
    const written = (text: string, value: Json) =>
      endedAs(text, format.set(text, kind.serversAt, change.name, value));
    const text =
      entry === undefined ? format.remove(before, kind.serversAt, change.name) : written(before, entry);
    refuseOtherChanges(format, kind.serversAt, change, before, text);
    const shown = entry === undefined ? text : written(before, maskedEntry(entry));
    const own = entry === undefined ? '' : written('', maskedEntry(entry));
    return { newText: mark + text, difference: shownDifference(before, shown, own), isSame: false };
  });
}

/** The servers that a file names, as plain values. @throws Fault `client_file_refused` */
export function readServers(
  kind: Pick<ClientKind, 'format' | 'serversAt'>,
  current: string,
): ReadonlyMap<string, unknown> {
  const format = formats[kind.format];
  const text = checked(current).replace(/^\uFEFF/, '');
  return guarded(format, () => serversIn(format, text, kind.serversAt) ?? new Map());
}

function checked(text = ''): string {
  if (text.length >= maxFileChars)
    throw refused('It is larger than 5 MB. Gatehouse leaves it as it is; copy the entry by hand.');
  if (text.includes('\0')) throw refused('It is not a text file.');
  return text;
}

/** A parser that gives up without a sentence of ours has one here. */
function guarded<Value>(format: ConfigFormat, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw refused(`It cannot be read as ${format.label}. Gatehouse leaves it as it is.`, error);
  }
}

function serversIn(
  format: ConfigFormat,
  text: string,
  place: string,
): ReadonlyMap<string, unknown> | undefined {
  const root = fieldsOf(format.parse(text));
  if (root === undefined) throw refused(`It is not a ${format.label} file with names and values.`);
  const value = root.get(place);
  if (value === undefined || value === null) return undefined;
  const servers = fieldsOf(value);
  if (servers === undefined)
    throw refused(`“${place}” in it is not a list of names and values. Nothing can be put there.`);
  return servers;
}

/** A last line that had no end has none afterwards. */
function endedAs(before: string, after: string): string {
  return before.trim() === '' || before.endsWith('\n') ? after : after.replace(/\r?\n$/, '');
}

function refuseOtherChanges(
  format: ConfigFormat,
  place: string,
  change: Change,
  before: string,
  after: string,
): void {
  const now = serversIn(format, after, place)?.get(change.name);
  const wanted = change.kind === 'set' ? change.entry : undefined;
  const rest = (text: string) => canonical(without(format.parse(text), place, change.name));
  if (canonical(now) !== canonical(wanted) || rest(before) !== rest(after))
    throw refused('It is written in a way in which Gatehouse cannot change one entry alone. Do it by hand.');
}

/** Everything but the one entry; a place that holds nothing else counts as absent. */
function without(root: unknown, place: string, name: string): unknown {
  return [...(fieldsOf(root) ?? [])].flatMap(([key, value]) => {
    if (key !== place) return [[key, value]];
    const others = [...(fieldsOf(value) ?? [])].filter(([known]) => known !== name);
    return others.length === 0 ? [] : [[key, others]];
  });
}

/** The same text for the same values in the same order. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'bigint'
        ? Number.isSafeInteger(Number(inner))
          ? Number(inner)
          : String(inner)
        : typeof inner === 'number' && !Number.isFinite(inner)
          ? String(inner)
          : inner,
    ) ?? 'nothing'
  );
}
