/** Selected rows by name: a filter that comes later can neither move a range nor select what is out of sight. */
export interface Selection {
  readonly names: ReadonlySet<string>;
  /** Where a range begins: the row touched last. */
  readonly anchor: string | undefined;
}

export const nothingSelected: Selection = { names: new Set(), anchor: undefined };

/**
 * Switches a row, or with `isRange` every row from the anchor to it the same way.
 * @param shown The names of the rows in sight, in their order.
 */
export function toggled(
  before: Selection,
  shown: readonly string[],
  name: string,
  isRange: boolean,
): Selection {
  const isOn = !before.names.has(name);
  const names = new Set(before.names);
  for (const one of isRange ? between(shown, before.anchor, name) : [name]) {
    if (isOn) names.add(one);
    else names.delete(one);
  }
  return { names, anchor: name };
}

function between(shown: readonly string[], from: string | undefined, to: string): readonly string[] {
  const start = from === undefined ? -1 : shown.indexOf(from);
  const end = shown.indexOf(to);
  if (start === -1 || end === -1) return [to];
  return shown.slice(Math.min(start, end), Math.max(start, end) + 1);
}
