/**
 * A small part of what vendors call conditions or filters: comparisons joined by `and`, in the words of ConnectWise (`=`,
 * `contains`) and of OData (`eq`, `startswith(name,'x')`).
 * Refuses everything else, so that an agent never takes an unfiltered list for a filtered one.
 */
import { valueAtPath } from './fill-template';

export type Item = Readonly<Record<string, unknown>>;
export type Filter = (item: Item) => boolean;

const comparison =
  /^([A-Za-z][A-Za-z0-9_/.]*)\s*(=|!=|<=|>=|<|>|\bcontains\b|\blike\b|\beq\b|\bne\b|\ble\b|\bge\b|\blt\b|\bgt\b)\s*("(?:[^"]*)"|'(?:[^']*)'|\[[^\]]*\]|\d{4}-\d\d-\d\d[T0-9:.Z+-]*|-?\d+(?:\.\d+)?|true|false|null)\s*/i;
const functionCall = /^(startswith|endswith|contains)\(\s*([A-Za-z][A-Za-z0-9_/]*)\s*,\s*'([^']*)'\s*\)\s*/i;
const words: Readonly<Record<string, string>> = { eq: '=', ne: '!=', le: '<=', ge: '>=', lt: '<', gt: '>' };

/** Undefined when the text is not understood. Empty text lets everything through. */
export function parseConditions(text: string): Filter | undefined {
  let rest = text.trim();
  const filters: Filter[] = [];
  while (rest !== '') {
    const found = nextFilter(rest);
    if (found === undefined) return undefined;
    filters.push(found.filter);
    rest = rest.slice(found.length);
    if (rest === '') break;
    const joined = /^and\s+(?=\S)/i.exec(rest);
    if (joined === null) return undefined;
    rest = rest.slice(joined[0].length);
  }
  return (item) => filters.every((filter) => filter(item));
}

function nextFilter(rest: string): { readonly filter: Filter; readonly length: number } | undefined {
  const [called, name = '', field = '', part = ''] = functionCall.exec(rest) ?? [];
  if (called !== undefined)
    return { filter: hasPart(name.toLowerCase(), field, part.toLowerCase()), length: called.length };
  const [whole, path, operator, literal] = comparison.exec(rest) ?? [];
  if (whole === undefined || path === undefined || operator === undefined || literal === undefined)
    return undefined;
  const sign = operator.toLowerCase();
  return { filter: compare(path, words[sign] ?? sign, literalValue(literal)), length: whole.length };
}

function hasPart(name: string, field: string, part: string): Filter {
  return (item) => {
    const text = String(valueAtPath(item, field) ?? '').toLowerCase();
    if (name === 'startswith') return text.startsWith(part);
    return name === 'endswith' ? text.endsWith(part) : text.includes(part);
  };
}

/** Numbers by size, everything else as text without regard to case. */
export function order(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const left = String(a ?? '').toLowerCase();
  const right = String(b ?? '').toLowerCase();
  return left < right ? -1 : left > right ? 1 : 0;
}

function literalValue(text: string): string | number | boolean | null {
  if (/^["'[]/.test(text)) return text.slice(1, -1);
  if (/^null$/i.test(text)) return null;
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
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
