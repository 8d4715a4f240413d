/**
 * The records of a simulated vendor and what requests do to them, in memory only.
 * Refuses unknown ids and filters it does not understand, in the vendor's own error shape.
 */
import { z } from 'zod';
import { type Item, order, parseConditions, valueAtPath } from './conditions';
import type { Route } from './router';

export const samplesSchema = z.strictObject({
  /** Sample values of the connect form, by field. */
  values: z.record(z.string(), z.string()),
  /** Paths that answer one object. */
  single: z.record(z.string(), z.record(z.string(), z.unknown())),
  /** Collections by their path, for example `/service/tickets` or `/service/tickets/48213/notes`. */
  collections: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
  /** Collections below a record that are views of another one: `{ from, by }`, `by` holds the record's id. */
  views: z.record(z.string(), z.strictObject({ from: z.string(), by: z.string() })),
});
export type Samples = z.infer<typeof samplesSchema>;

export interface StateAnswer {
  readonly status: number;
  readonly json?: unknown;
  /** Number of the last page, where there is a further one. */
  readonly lastPage?: number;
}

export interface VendorState {
  /** @param body Parsed JSON, untrusted. */
  answer(route: Route, query: URLSearchParams, body: unknown): StateAnswer;
}

type Records = Map<string, Item[]>;

export function createVendorState(samples: Samples): VendorState {
  const records: Records = new Map(
    Object.entries(structuredClone(samples.collections)).map(([path, items]) => [path, items]),
  );
  let newest = Math.max(0, ...[...records.values()].flat().map((item) => Number(item.id) || 0));
  const nextId = () => {
    newest += 1;
    return newest;
  };
  return {
    answer(route, query, body) {
      const { method, path } = route.tool.request;
      const single = samples.single[path];
      if (single !== undefined) return { status: 200, json: single };
      const concrete = path.replace(/\{([^}]+)\}/g, (_, name: string) => route.params[name] ?? '');
      if (method === 'POST' && path.endsWith('/search')) {
        const merged = withBody(query, body);
        return list(records.get(concrete.slice(0, -'/search'.length)) ?? [], merged);
      }
      if (path.endsWith('/count'))
        return count(records.get(concrete.slice(0, -'/count'.length)) ?? [], query);
      if (method === 'POST' && path.endsWith('/merge')) return merge(records, concrete, body);
      if (path.endsWith('}')) return one(records, method, concrete, body);
      if (parentMissing(records, concrete)) return notFound(concrete);
      if (method === 'POST') return add(records, concrete, body, nextId);
      return list(viewed(samples, records, path, concrete), query);
    },
  };
}

/** The vendor's error shape. */
export function vendorError(status: number, code: string, message: string): StateAnswer {
  return { status, json: { code, message, errors: [] } };
}

function notFound(path: string): StateAnswer {
  return vendorError(404, 'NotFound', `Entity not found: ${path}`);
}

function withBody(query: URLSearchParams, body: unknown): URLSearchParams {
  const merged = new URLSearchParams(query);
  for (const [name, value] of Object.entries(asItem(body) ?? {})) {
    if (typeof value === 'string') merged.set(name, value);
  }
  return merged;
}

function asItem(value: unknown): Item | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined;
}

function splitItemPath(path: string): { collection: string; id: number } {
  const slash = path.lastIndexOf('/');
  return { collection: path.slice(0, slash), id: Number(path.slice(slash + 1)) };
}

function parentMissing(records: Records, path: string): boolean {
  const parent = /^(.*)\/(\d+)\/[^/]+$/.exec(path);
  if (parent === null) return false;
  return !(records.get(parent[1] ?? '') ?? []).some((item) => item.id === Number(parent[2]));
}

function viewed(samples: Samples, records: Records, template: string, concrete: string): readonly Item[] {
  const view = samples.views[template];
  if (view === undefined) return records.get(concrete) ?? [];
  const { id } = splitItemPath(concrete.slice(0, concrete.lastIndexOf('/')));
  if (view.by === '')
    return records.get(`${concrete.slice(0, concrete.lastIndexOf('/'))}/${view.from}`) ?? [];
  return (records.get(view.from) ?? []).filter((item) => valueAtPath(item, view.by) === id);
}

function list(items: readonly Item[], query: URLSearchParams): StateAnswer {
  const filter = parseConditions(query.get('conditions') ?? '');
  if (filter === undefined || hasOtherConditions(query)) return badConditions();
  const page = Number(query.get('page') ?? 1);
  const pageSize = Number(query.get('pageSize') ?? 25);
  if (!Number.isInteger(page) || page < 1 || !Number.isInteger(pageSize) || pageSize < 1 || pageSize > 1000) {
    return vendorError(400, 'InvalidObject', 'page or pageSize is not valid');
  }
  const sorted = sort(items.filter(filter), query.get('orderBy') ?? '');
  if (sorted === undefined) return vendorError(400, 'InvalidObject', 'The orderBy is not valid');
  const from = (page - 1) * pageSize;
  const names = (query.get('fields') ?? '').split(',').flatMap((name) => name.trim() || []);
  return {
    status: 200,
    json: sorted.slice(from, from + pageSize).map((item) => only(item, names)),
    ...(sorted.length > from + pageSize ? { lastPage: Math.ceil(sorted.length / pageSize) } : {}),
  };
}

/** Conditions of the vendor that the simulator does not know. */
function hasOtherConditions(query: URLSearchParams): boolean {
  return query.has('childConditions') || query.has('customFieldConditions');
}

function badConditions(): StateAnswer {
  return vendorError(400, 'InvalidObject', 'The conditions are not valid');
}

function count(items: readonly Item[], query: URLSearchParams): StateAnswer {
  const filter = parseConditions(query.get('conditions') ?? '');
  return filter === undefined || hasOtherConditions(query)
    ? badConditions()
    : { status: 200, json: { count: items.filter(filter).length } };
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

function one(records: Records, method: string, path: string, body: unknown): StateAnswer {
  const { collection, id } = splitItemPath(path);
  const items = records.get(collection) ?? [];
  const place = items.findIndex((item) => item.id === id);
  const item = items[place];
  if (item === undefined) return notFound(path);
  if (method === 'GET') return { status: 200, json: item };
  if (method === 'DELETE') {
    items.splice(place, 1);
    return { status: 204 };
  }
  const changed = patch(item, body);
  if (changed === undefined) return vendorError(400, 'InvalidObject', 'The patch operations are not valid');
  items[place] = changed;
  return { status: 200, json: changed };
}

/** Top level `replace`, `add` and `remove` of RFC 6902; the leading slash may be missing, as at the vendor. */
function patch(item: Item, body: unknown): Item | undefined {
  if (!Array.isArray(body)) return undefined;
  const changed: Record<string, unknown> = { ...item };
  for (const raw of body) {
    const operation = asItem(raw);
    const [name = '', inner, ...deeper] = String(operation?.path ?? '')
      .replace(/^\//, '')
      .split('/');
    if (operation === undefined || name === 'id' || deeper.length > 0) return undefined;
    if (!isFieldName(name) || (inner !== undefined && !isFieldName(inner))) return undefined;
    const remove = operation.op === 'remove';
    if (!remove && operation.op !== 'replace' && operation.op !== 'add') return undefined;
    if (inner !== undefined) {
      const entries = Object.entries(asItem(changed[name]) ?? {}).filter(([key]) => key !== inner);
      changed[name] = Object.fromEntries(remove ? entries : [...entries, [inner, operation.value]]);
    } else if (remove) delete changed[name];
    else changed[name] = operation.value;
  }
  return changed;
}

/** No name that means something to the language itself. */
function isFieldName(name: string): boolean {
  return /^[A-Za-z]\w*$/.test(name) && !Object.hasOwn(Object.prototype, name);
}

function add(records: Records, path: string, body: unknown, nextId: () => number): StateAnswer {
  const given = asItem(body);
  if (given === undefined) return vendorError(400, 'InvalidObject', 'The body is not a JSON object');
  const items = records.get(path) ?? [];
  records.set(path, items);
  const id = typeof given.id === 'number' ? given.id : nextId();
  const made = { ...given, id };
  items.push(made);
  return { status: 201, json: made };
}

function merge(records: Records, path: string, body: unknown): StateAnswer {
  const { collection, id } = splitItemPath(path.slice(0, -'/merge'.length));
  const items = records.get(collection) ?? [];
  const ids = asItem(body)?.mergeTicketIds;
  const parent = items.find((item) => item.id === id);
  if (parent === undefined || !Array.isArray(ids)) return notFound(path);
  if (!ids.every((wanted) => items.some((item) => item.id === wanted))) return notFound(path);
  for (const [place, item] of items.entries()) {
    if (ids.includes(item.id) && item.id !== id)
      items[place] = { ...item, closedFlag: true, parentTicketId: id };
  }
  return { status: 200, json: parent };
}
