/**
 * The records of a simulated vendor and what calls do to them, in memory only.
 * Refuses unknown ids, filters it does not understand and arguments that the tool's schema does not allow, in the vendor's own
 * error shape.
 */
import { checkArguments } from '../catalog/check-arguments';
import { type Filter, type Item, order, parseConditions } from './conditions';
import { fillTemplate, type Json, valueAtPath } from './fill-template';
import type { MatchedCall } from './match-request';
import { jsonPatched } from './patch';
import type { Dialect, Samples, ToolAnswer } from './samples';

export interface StateAnswer {
  readonly status: number;
  readonly json?: unknown;
  /** Pages of a list that has more than one. */
  readonly pages?: { readonly next: number | undefined; readonly last: number };
}

/** Where a list begins and how long it is; undefined where the request does not say. */
export interface AskedPage {
  readonly page: number | undefined;
  readonly first: number;
  readonly size: number | undefined;
  /** The address of another page, for vendors that send it. */
  readonly addressOf: (page: number) => string;
}

export interface VendorState {
  /** @param body Parsed JSON, untrusted. */
  answer(call: MatchedCall, body: unknown, page: AskedPage): StateAnswer;
}

export function createVendorState(samples: Samples, made: ReadonlyMap<string, Item[]>): VendorState {
  const records = new Map([...made].map(([name, items]) => [name, structuredClone(items)]));
  const { dialect } = samples;
  let newest = Math.max(1000, ...[...records.values()].flat().map((item) => Number(item[dialect.id]) || 0));
  const newId = (): string | number => {
    newest += 1;
    if (dialect.newIds === 'number') return newest;
    if (dialect.newIds === 'text') return String(newest);
    return `00000000-0000-4000-8000-${String(newest).padStart(12, '0')}`;
  };

  return {
    answer({ tool, args }, body, page) {
      const rule = samples.answers[tool.name];
      if (rule === undefined) return vendorError(dialect, 501, `There is no sample for ${tool.name}`);
      const wrong = checkArguments(tool.input, args);
      if (wrong !== undefined) return vendorError(dialect, 400, wrong);
      const refused = [...dialect.refuse, ...rule.refuse].find((name) => args[name] !== undefined);
      if (refused !== undefined)
        return vendorError(dialect, 400, `The practice workspace does not understand ${refused}`);
      if (!needed(records, rule, args)) return notFound(dialect);
      const items = records.get(rule.in ?? '') ?? [];
      const selected = select(items, rule, args);
      switch (rule.do) {
        case 'say':
          return { status: rule.status ?? 200, json: fillTemplate(rule.as ?? {}, (name) => args[name]) };
        case 'list':
        case 'count':
          return listed(dialect, rule, args, selected, page);
        case 'get':
          return selected[0] === undefined ? notFound(dialect) : one(dialect, rule, selected[0]);
        case 'remove':
          return remove(dialect, rule, items, selected);
        case 'change':
          return change(dialect, rule, args, items, selected, body);
        case 'add': {
          const sent = sentRecord(rule, body);
          if (sent === undefined) return vendorError(dialect, 400, 'The body does not hold a record');
          const item = { [dialect.id]: newId(), ...sent, ...filledSet(rule, args) };
          items.push(item);
          records.set(rule.in ?? '', items);
          return one(dialect, { status: dialect.addedStatus, ...rule }, item);
        }
      }
    },
  };
}

/** The vendor's error shape. */
export function vendorError(dialect: Dialect, status: number, message: string): StateAnswer {
  const template =
    status === 401 && dialect.unauthorized !== undefined ? dialect.unauthorized : dialect.error;
  const facts: Record<string, unknown> = {
    $status: status,
    $code: codes[status] ?? 'Error',
    $message: message,
  };
  return { status, json: fillTemplate(template, (name) => facts[name]) };
}

const codes: Readonly<Record<number, string>> = {
  400: 'InvalidObject',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  406: 'NotAcceptable',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  501: 'NotImplemented',
};

function notFound(dialect: Dialect): StateAnswer {
  return vendorError(dialect, 404, 'There is no such record');
}

type Args = Readonly<Record<string, unknown>>;

function wantedOf(conditions: Readonly<Record<string, Json>>, args: Args): [string, unknown][] {
  return Object.entries(conditions).map(([path, template]) => [
    path,
    fillTemplate(template, (name) => args[name]),
  ]);
}

/** Conditions whose argument is absent let everything through. */
function select(items: readonly Item[], rule: ToolAnswer, args: Args): readonly Item[] {
  const equal = wantedOf(rule.where, args).filter(([, wanted]) => wanted !== undefined);
  const within = wantedOf(rule.contains, args).filter(([, wanted]) => wanted !== undefined);
  return items.filter(
    (item) =>
      equal.every(([path, wanted]) => isSame(valueAtPath(item, path), wanted)) &&
      within.every(([path, part]) => hasPart(valueAtPath(item, path), part)),
  );
}

function isSame(value: unknown, wanted: unknown): boolean {
  return Array.isArray(wanted)
    ? wanted.some((one) => isSame(value, one))
    : String(value).toLowerCase() === String(wanted).toLowerCase();
}

function hasPart(value: unknown, part: unknown): boolean {
  return String(value ?? '')
    .toLowerCase()
    .includes(String(part).toLowerCase());
}

function needed(records: ReadonlyMap<string, readonly Item[]>, rule: ToolAnswer, args: Args): boolean {
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

function listed(
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

function one(dialect: Dialect, rule: Pick<ToolAnswer, 'as' | 'status'>, item: Item): StateAnswer {
  return { status: rule.status ?? 200, json: fillTemplate(rule.as ?? dialect.one, blanksOf(item)) };
}

function blanksOf(item: Item): (name: string) => unknown {
  return (name) => (name === '$item' ? item : name === '$items' ? [item] : valueAtPath(item, name));
}

function remove(dialect: Dialect, rule: ToolAnswer, items: Item[], gone: readonly Item[]): StateAnswer {
  if (gone[0] === undefined) return notFound(dialect);
  items.splice(0, items.length, ...items.filter((item) => !gone.includes(item)));
  const status = rule.status ?? dialect.removedStatus;
  return status === 204 ? { status } : one(dialect, { ...rule, status }, gone[0]);
}

function change(
  dialect: Dialect,
  rule: ToolAnswer,
  args: Args,
  items: Item[],
  selected: readonly Item[],
  body: unknown,
): StateAnswer {
  const before = selected[0];
  if (before === undefined || everyWantedIsThere(rule, args, selected) === false) return notFound(dialect);
  let answered: Item = before;
  for (const item of selected) {
    const sent =
      rule.patch === true ? jsonPatched(item, body) : { ...item, ...(sentRecord(rule, body) ?? {}) };
    if (sent === undefined) return vendorError(dialect, 400, 'The patch operations are not valid');
    const after = { ...sent, ...filledSet(rule, args) };
    items[items.indexOf(item)] = after;
    if (item === before) answered = after;
  }
  const status = rule.status ?? 200;
  return status === 204 ? { status } : one(dialect, { ...rule, status }, answered);
}

/** A list of ids changes all of them or none. */
function everyWantedIsThere(rule: ToolAnswer, args: Args, selected: readonly Item[]): boolean {
  return wantedOf(rule.where, args).every(
    ([path, wanted]) =>
      !Array.isArray(wanted) ||
      wanted.every((value) => selected.some((item) => isSame(valueAtPath(item, path), value))),
  );
}

function sentRecord(rule: ToolAnswer, body: unknown): Item | undefined {
  if (rule.take === '') return {};
  const whole = rule.take === undefined ? body : valueAtPath(body, rule.take);
  if (whole === undefined) return {};
  return asItem(Array.isArray(whole) ? whole[0] : whole);
}

function filledSet(rule: ToolAnswer, args: Args): Item {
  return Object.fromEntries(wantedOf(rule.set, args).filter(([, value]) => value !== undefined));
}

function asItem(value: unknown): Item | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined;
}
