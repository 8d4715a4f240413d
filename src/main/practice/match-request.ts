/**
 * Finds the catalog tool that a request belongs to, and the arguments that it was made from: the request template read
 * backwards. Refuses what no tool would send: the simulator knows exactly the requests of the catalog.
 */
import type { App, AppTool, BodyTemplate } from '../catalog/app';

export interface AskedRequest {
  readonly method: string;
  /** Below the base address, still encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown;
}

export interface MatchedCall {
  readonly tool: AppTool;
  readonly args: Readonly<Record<string, unknown>>;
}

/** The tool whose constants fit best. */
export function matchRequest(app: App, asked: AskedRequest): MatchedCall | undefined {
  let best: (MatchedCall & { readonly score: number }) | undefined;
  for (const tool of app.tools) {
    const found = match(tool, asked);
    if (found !== undefined && (best === undefined || found.score > best.score)) best = { tool, ...found };
  }
  return best;
}

interface Found {
  readonly args: Record<string, unknown>;
  score: number;
}

function match(tool: AppTool, asked: AskedRequest): Found | undefined {
  if (tool.request.method !== asked.method) return undefined;
  const found: Found = { args: {}, score: 0 };
  const fits = matchPath(tool, asked.path, found) && matchQuery(tool, asked.query, found);
  return fits && matchBody(tool, asked.body, found) ? found : undefined;
}

function matchPath(tool: AppTool, path: string, found: Found): boolean {
  const names: string[] = [];
  const pattern = tool.request.path
    .split(/(\{[^}]+\})/)
    .map((part) => {
      if (!part.startsWith('{')) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      names.push(part.slice(1, -1));
      return '([^/]+?)';
    })
    .join('');
  const values = new RegExp(`^${pattern}$`).exec(path)?.slice(1);
  if (values === undefined) return false;
  for (const [place, name] of names.entries()) {
    const text = decoded(values[place] ?? '');
    if (text === undefined) return false;
    found.args[name] = typed(tool, name, text);
  }
  found.score += tool.request.path.split('/').length - names.length;
  return true;
}

function matchQuery(tool: AppTool, asked: URLSearchParams, found: Found): boolean {
  const { query } = tool.request;
  const known = new Map<string, BodyTemplate>(
    Array.isArray(query) ? query.map((name) => [name, `{${name}}`]) : Object.entries(query),
  );
  for (const [name, text] of asked) {
    const argument = argumentOf(known.get(name));
    if (argument !== undefined) found.args[argument] = typed(tool, argument, text);
    else if (!known.has(name)) return false;
  }
  for (const [name, template] of known) {
    if (argumentOf(template) !== undefined) continue;
    if (asked.get(name) !== String(template)) return false;
    found.score += 1;
  }
  return true;
}

function matchBody(tool: AppTool, asked: unknown, found: Found): boolean {
  const { body, bodyFrom, inList } = tool.request;
  if (bodyFrom !== undefined) {
    found.args[bodyFrom] = asked;
    return asked !== undefined;
  }
  if (body === undefined) return asked === undefined;
  const template = Array.isArray(body) ? Object.fromEntries(body.map((name) => [name, `{${name}}`])) : body;
  return matchValue(inList === true ? [template] : template, asked, found);
}

function matchValue(template: BodyTemplate, asked: unknown, found: Found): boolean {
  const argument = argumentOf(template);
  if (argument !== undefined) {
    if (asked !== undefined) found.args[argument] = asked;
    return true;
  }
  if (typeof template !== 'object') {
    if (asked === template) found.score += 1;
    return asked === template;
  }
  if (Array.isArray(template)) {
    const given = asked === undefined ? [] : asked;
    if (!Array.isArray(given) || given.length > template.length) return false;
    return template.every((inner, place) => matchValue(inner, given[place], found));
  }
  if (asked !== undefined && (typeof asked !== 'object' || asked === null || Array.isArray(asked)))
    return false;
  const given = new Map<string, unknown>(Object.entries(asked ?? {}));
  const inner = Object.entries(template);
  return (
    [...given.keys()].every((name) => Object.hasOwn(template, name)) &&
    inner.every(([name, one]) => matchValue(one, given.get(name), found))
  );
}

function argumentOf(template: BodyTemplate | undefined): string | undefined {
  return typeof template === 'string' ? /^\{([A-Za-z][A-Za-z0-9]*)\}$/.exec(template)?.[1] : undefined;
}

/** What stood in an address, as the type that the tool's schema names. Text that does not fit stays text, and the schema says so. */
function typed(tool: AppTool, name: string, text: string): unknown {
  const type = tool.input.properties[name]?.type;
  if (type === 'integer' || type === 'number')
    return text.trim() === '' ? text : fallBack(Number(text), text);
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (type !== 'array' && type !== 'object') return text;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

function fallBack(number: number, text: string): number | string {
  return Number.isNaN(number) ? text : number;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
