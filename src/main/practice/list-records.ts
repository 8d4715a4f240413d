/**
 * One page of records: filtered, ordered, cut and wrapped as the vendor does.
 * Refuses filters and orders that it does not understand, so that an agent never takes an unfiltered list for a filtered one.
 */
import { type Filter, type Item, order, parseConditions } from './conditions';
import { fillTemplate, valueAtPath } from './fill-template';
import type { Dialect, ToolAnswer } from './samples';
import { type Args, asItem, isSame } from './select-records';
import { type StateAnswer, vendorError } from './vendor-answer';

/** Where a list begins and how long it is; undefined where the request does not say. */
export interface AskedPage {
  readonly page: number | undefined;
  readonly first: number;
  readonly size: number | undefined;
  /** The address of another page, for vendors that send it. */
  readonly addressOf: (page: number) => string;
}

export function listed(
  dialect: Dialect,
  rule: ToolAnswer,
  args: Args,
  items: readonly Item[],
  asked: AskedPage,
): StateAnswer {
  const { conditions } = dialect;
  const textOf = (name: string | undefined) => String((name === undefined ? undefined : args[name]) ?? '');
  const filter = parseConditions(textOf(conditions?.filter));
  const also = listFilter(dialect.filterList === undefined ? undefined : args[dialect.filterList]);
  if (filter === undefined || also === undefined)
    return vendorError(dialect, 400, 'The practice workspace does not understand these conditions');
  const sorted = sort(
    items.filter((item) => filter(item) && also(item)),
    textOf(conditions?.order),
  );
  if (sorted === undefined) return vendorError(dialect, 400, 'The order is not valid');
  const total = sorted.length;
  if (rule.do === 'count')
    return { status: 200, json: fillTemplate(rule.as ?? { count: '{$total}' }, () => total) };
  const size = asked.size ?? dialect.pageSize;
  const page = asked.page ?? asked.first;
  const from = dialect.offset ? page - asked.first : (page - asked.first) * size;
  const names = textOf(conditions?.fields)
    .split(',')
    .flatMap((name) => name.trim() || []);
  const shown = sorted.slice(from, from + size).map((item) => only(item, names));
  const hasMore = total > from + size;
  const nextPage = dialect.offset ? page + size : page + 1;
  const facts: Record<string, unknown> = {
    $items: shown,
    $total: total,
    $count: shown.length,
    $page: page,
    $size: size,
    $next: hasMore ? asked.addressOf(nextPage) : undefined,
  };
  return {
    status: rule.status ?? 200,
    json: fillTemplate(rule.as ?? dialect.list, (name) => facts[name]),
    pages: {
      next: hasMore ? nextPage : undefined,
      last: asked.first + Math.max(0, Math.ceil(total / size) - 1),
    },
  };
}

/** `[{ op: 'eq', field, value }]`, all of which must hold; undefined when one is not understood. */
function listFilter(given: unknown): Filter | undefined {
  if (given === undefined) return () => true;
  if (!Array.isArray(given)) return undefined;
  const filters: Filter[] = [];
  for (const raw of given) {
    const { op, field, value } = { op: undefined, field: undefined, value: undefined, ...asItem(raw) };
    const filter = oneFilter(String(op), String(field), value);
    if (filter === undefined) return undefined;
    filters.push(filter);
  }
  return (item) => filters.every((filter) => filter(item));
}

function oneFilter(op: string, field: string, wanted: unknown): Filter | undefined {
  const compared =
    (test: (side: number) => boolean): Filter =>
    (item) => {
      const value = valueAtPath(item, field);
      return value !== undefined && value !== null && test(order(value, wanted));
    };
  const text =
    (test: (value: string, part: string) => boolean): Filter =>
    (item) =>
      test(String(valueAtPath(item, field) ?? '').toLowerCase(), String(wanted).toLowerCase());
  const filters: Readonly<Record<string, Filter>> = {
    eq: (item) => isSame(valueAtPath(item, field), wanted),
    noteq: (item) => !isSame(valueAtPath(item, field), wanted),
    gt: compared((side) => side > 0),
    gte: compared((side) => side >= 0),
    lt: compared((side) => side < 0),
    lte: compared((side) => side <= 0),
    beginsWith: text((value, part) => value.startsWith(part)),
    endsWith: text((value, part) => value.endsWith(part)),
    contains: text((value, part) => value.includes(part)),
    exist: (item) => (valueAtPath(item, field) ?? null) !== null,
    notExist: (item) => (valueAtPath(item, field) ?? null) === null,
    in: (item) => Array.isArray(wanted) && isSame(valueAtPath(item, field), wanted),
  };
  return Object.hasOwn(filters, op) ? filters[op] : undefined;
}

/** `company/name desc, id`; undefined when the text is not understood. */
function sort(items: readonly Item[], orderBy: string): readonly Item[] | undefined {
  if (orderBy.trim() === '') return items;
  const keys: { readonly path: string; readonly sign: number }[] = [];
  for (const text of orderBy.split(',')) {
    const [, path, direction = 'asc'] = /^\s*([A-Za-z][\w/]*)(?:\s+(asc|desc))?\s*$/i.exec(text) ?? [];
    if (path === undefined) return undefined;
    keys.push({ path, sign: direction.toLowerCase() === 'desc' ? -1 : 1 });
  }
  return [...items].sort((a, b) => {
    for (const { path, sign } of keys) {
      const side = sign * order(valueAtPath(a, path), valueAtPath(b, path));
      if (side !== 0) return side;
    }
    return 0;
  });
}

function only(item: Item, names: readonly string[]): Item {
  if (names.length === 0) return item;
  const tops = new Set(names.map((name) => name.split('/')[0]));
  return Object.fromEntries(Object.entries(item).filter(([key]) => tops.has(key)));
}
