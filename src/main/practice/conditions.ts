/**
 * A small part of the vendor's conditions: comparisons joined by `and`.
 * Refuses everything else, so that an agent never takes an unfiltered list for a filtered one.
 */
export type Item = Readonly<Record<string, unknown>>;
export type Filter = (item: Item) => boolean;

const comparison =
  /^([A-Za-z][A-Za-z0-9_/]*)\s*(=|!=|<=|>=|<|>|\bcontains\b|\blike\b)\s*("(?:[^"]*)"|\[[^\]]*\]|-?\d+(?:\.\d+)?|true|false|null)\s*/i;

/** Undefined when the text is not understood. Empty text lets everything through. */
export function parseConditions(text: string): Filter | undefined {
  let rest = text.trim();
  const filters: Filter[] = [];
  while (rest !== '') {
    const found = comparison.exec(rest);
    const [whole, path, operator, literal] = found ?? [];
    if (whole === undefined || path === undefined || operator === undefined || literal === undefined)
      return undefined;
    filters.push(compare(path, operator.toLowerCase(), literalValue(literal)));
    rest = rest.slice(whole.length);
    if (rest === '') break;
    const joined = /^and\s+(?=\S)/i.exec(rest);
    if (joined === null) return undefined;
    rest = rest.slice(joined[0].length);
  }
  return (item) => filters.every((filter) => filter(item));
}

/** The value at `company/name`; undefined when it is not there. */
export function valueAtPath(item: unknown, path: string): unknown {
  let current: unknown = item;
  for (const name of path.split('/')) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, name)) return undefined;
    current = Object.entries(current).find(([key]) => key === name)?.[1];
  }
  return current;
}

/** Numbers by size, everything else as text without regard to case. */
export function order(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const left = String(a ?? '').toLowerCase();
  const right = String(b ?? '').toLowerCase();
  return left < right ? -1 : left > right ? 1 : 0;
}

function literalValue(text: string): string | number | boolean | null {
  if (text.startsWith('"') || text.startsWith('[')) return text.slice(1, -1);
  if (/^null$/i.test(text)) return null;
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return Number(text);
}

function compare(path: string, operator: string, wanted: string | number | boolean | null): Filter {
  return (item) => {
    const value = valueAtPath(item, path) ?? null;
    if (operator === 'contains' || operator === 'like') {
      const needle = String(wanted).toLowerCase().replaceAll('%', '').replaceAll('*', '');
      return value !== null && String(value).toLowerCase().includes(needle);
    }
    const same = value === null || wanted === null ? value === wanted : order(value, wanted) === 0;
    if (operator === '=') return same;
    if (operator === '!=') return !same;
    if (value === null || wanted === null) return false;
    const side = order(value, wanted);
    if (operator === '<') return side < 0;
    if (operator === '>') return side > 0;
    return operator === '<=' ? side <= 0 : side >= 0;
  };
}
