/** Which records a call means: those whose fields are what its arguments say. */
import type { Item } from './conditions';
import { fillTemplate, type Json, valueAtPath } from './fill-template';
import type { ToolAnswer } from './samples';

export type Args = Readonly<Record<string, unknown>>;

export function wantedOf(conditions: Readonly<Record<string, Json>>, args: Args): [string, unknown][] {
  return Object.entries(conditions).map(([path, template]) => [
    path,
    fillTemplate(template, (name) => args[name]),
  ]);
}

/** Conditions whose argument is absent let everything through. */
export function select(items: readonly Item[], rule: ToolAnswer, args: Args): readonly Item[] {
  const equal = wantedOf(rule.where, args).filter(([, wanted]) => wanted !== undefined);
  const within = wantedOf(rule.contains, args).filter(([, wanted]) => wanted !== undefined);
  return items.filter(
    (item) =>
      equal.every(([path, wanted]) => isSame(valueAtPath(item, path), wanted)) &&
      within.every(([path, part]) => hasPart(valueAtPath(item, path), part)),
  );
}

export function isSame(value: unknown, wanted: unknown): boolean {
  return Array.isArray(wanted)
    ? wanted.some((one) => isSame(value, one))
    : String(value).toLowerCase() === String(wanted).toLowerCase();
}

function hasPart(value: unknown, part: unknown): boolean {
  return String(value ?? '')
    .toLowerCase()
    .includes(String(part).toLowerCase());
}

export function needed(records: ReadonlyMap<string, readonly Item[]>, rule: ToolAnswer, args: Args): boolean {
  return Object.entries(rule.needs).every(([name, conditions]) => {
    const wanted = wantedOf(conditions, args);
    return (
      wanted.every(([, value]) => value === undefined) ||
      (records.get(name) ?? []).some((item) =>
        wanted.every(([path, value]) => isSame(valueAtPath(item, path), value)),
      )
    );
  });
}

export function asItem(value: unknown): Item | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined;
}
