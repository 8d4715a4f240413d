/**
 * What the three languages of configuration files have in common: a map of servers at one place of the file, of which one entry is set or
 * taken away as text. A format never repairs anything: what it cannot read it refuses with the line.
 */
import { Fault } from '../../preload/contract/reply';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface ConfigFormat {
  /** "JSON", for sentences. */
  readonly label: string;
  /**
   * The whole file as plain values, for comparing and for reading servers. Objects have no prototype or own every key.
   *
   * @throws Fault `client_file_refused` naming the line.
   */
  parse(text: string): unknown;
  /** The text with this entry, whether there was one of that name or not. @throws Fault `client_file_refused` */
  set(text: string, place: string, name: string, entry: Json): string;
  /** The text without this entry, which is there. @throws Fault `client_file_refused` */
  remove(text: string, place: string, name: string): string;
}

export const refused = (sentence: string, cause?: unknown) =>
  new Fault('client_file_refused', sentence, cause === undefined ? {} : { cause });

/** Counted from 1. */
export const lineAt = (text: string, offset: number) => text.slice(0, offset).split('\n').length;

/** The line ending that the file uses first; a file of one line gets the plain one. */
export const lineEndOf = (text: string) => (/\r?\n/.exec(text)?.[0] === '\r\n' ? '\r\n' : '\n');

/** Ends the last line, where it is not ended, so that something can follow. */
export const withLastLineEnded = (text: string) =>
  text === '' || text.endsWith('\n') ? text : `${text}${lineEndOf(text)}`;

/** Own values of what a parser gave out as an object; undefined for anything else. */
export function fieldsOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Date)
    return undefined;
  return new Map(Object.entries(value));
}

/** One edit of a text by offsets. */
export interface Splice {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** Applies edits that do not overlap. */
export function spliced(text: string, edits: readonly Splice[]): string {
  return [...edits]
    .sort((one, other) => other.offset - one.offset)
    .reduce(
      (result, { offset, length, text: put }) =>
        result.slice(0, offset) + put + result.slice(offset + length),
      text,
    );
}

/** Widens a range to whole lines where nothing else stands on them. */
export function wholeLines(text: string, from: number, to: number): { offset: number; length: number } {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const newline = text.indexOf('\n', to);
  const end = newline < 0 ? text.length : newline + 1;
  const isAlone = text.slice(start, from).trim() === '' && text.slice(to, end).trim() === '';
  return isAlone ? { offset: start, length: end - start } : { offset: from, length: to - from };
}
