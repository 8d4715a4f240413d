/**
 * Turns one tool and its checked arguments into one request, without credentials.
 * Refuses everything that would leave the base address: a path parameter is always one encoded segment.
 */
import { Fault } from '../../preload/contract/reply';
import type { OutboundRequest } from '../ports';
import type { App, AppTool, BodyTemplate } from './app';

export type Arguments = Readonly<Record<string, unknown>>;
export type FormValues = Readonly<Record<string, string>>;

/**
 * @param args   Untrusted; already checked against the tool's input schema.
 * @param values The connection's fields that are not secret.
 * @throws Fault `request_invalid` when a path parameter is missing or is a dot segment (RFC 3986 §3.3).
 */
export function buildRequest(app: App, tool: AppTool, args: Arguments, values: FormValues): OutboundRequest {
  const path = tool.request.path.replace(/\{([^}]+)\}/g, (_, name: string) =>
    pathSegment(name, own(args, name)),
  );
  const query = new URLSearchParams();
  for (const [name, template] of queryOf(tool)) {
    const value = filled(template, args);
    if (value !== undefined) query.set(name, plainText(value));
  }
  const body = bodyOf(tool, args);
  const hasQuery = query.size > 0;
  return {
    method: tool.request.method,
    url: within(app, values, `${path}${hasQuery ? `?${query.toString()}` : ''}`),
    headers: {
      ...fillHeaders(app.headers, values),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...tool.request.headers,
    },
    ...(body === undefined ? {} : { body }),
  };
}

/** The cheap request behind Test connection. */
export function buildTestRequest(app: App, values: FormValues): OutboundRequest {
  return {
    method: 'GET',
    url: within(app, values, app.test.path),
    headers: fillHeaders(app.headers, values),
  };
}

/** The request that ends the access of a connection, where the vendor has an endpoint of its own for it. */
export function buildRevokeRequest(
  app: App,
  revoke: { readonly method: string; readonly path: string },
  values: FormValues,
): OutboundRequest {
  return {
    method: revoke.method,
    url: within(app, values, fill(revoke.path, encodedValues(values))),
    headers: fillHeaders(app.headers, values),
  };
}

/** Each value as one segment of a path; whole addresses stay as they are. */
export function encodedValues(values: FormValues): FormValues {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      URL.canParse(value) ? value : encodeURIComponent(value),
    ]),
  );
}

/** Everything below this address belongs to the connection and nothing else does. Ends without a slash. */
export function baseAddress(app: App, values: FormValues): string {
  return fill(app.baseUrl, values).replace(/\/+$/, '');
}

/** "POST /service/tickets/{id}/notes" */
export function describeRequest(tool: AppTool): string {
  return `${tool.request.method} ${tool.request.path}`;
}

/** Replaces `{name}`; a name without a value becomes empty. */
export function fill(template: string, values: FormValues): string {
  return template.replace(/\{([^}]+)\}/g, (_, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? '') : '',
  );
}

function fillHeaders(headers: FormValues, values: FormValues): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, template]) => [name, fill(template, values)]),
  );
}

function within(app: App, values: FormValues, pathAndQuery: string): string {
  const base = baseAddress(app, values);
  const url = new URL(`${base}${pathAndQuery}`);
  const root = new URL(`${base}/`);
  if (url.origin !== root.origin || !url.pathname.startsWith(root.pathname)) {
    throw new Fault(
      'request_invalid',
      'The request would leave the address of this connection, so it was not sent.',
    );
  }
  return url.href;
}

function pathSegment(name: string, value: unknown): string {
  const text = value === undefined || value === null ? '' : plainText(value);
  if (text === '' || text === '.' || text === '..') {
    throw new Fault('request_invalid', `The argument ${name} cannot be part of an address.`);
  }
  if (!text.isWellFormed()) throw new Fault('request_invalid', `The argument ${name} is not valid text.`);
  return encodeURIComponent(text);
}

function queryOf(tool: AppTool): readonly (readonly [string, BodyTemplate])[] {
  const { query } = tool.request;
  return Array.isArray(query) ? query.map((name) => [name, `{${name}}`]) : Object.entries(query);
}

function bodyOf(tool: AppTool, args: Arguments): string | undefined {
  const { body, bodyFrom, inList } = tool.request;
  if (bodyFrom !== undefined) return JSON.stringify(own(args, bodyFrom));
  if (body === undefined) return undefined;
  const template = Array.isArray(body) ? Object.fromEntries(body.map((name) => [name, `{${name}}`])) : body;
  const value = filled(template, args) ?? {};
  return JSON.stringify(inList === true ? [value] : value);
}

/** The template with its arguments in it; undefined when everything in it stands for arguments that are absent. */
function filled(template: BodyTemplate, args: Arguments): unknown {
  if (typeof template === 'string') {
    const name = /^\{([A-Za-z][A-Za-z0-9]*)\}$/.exec(template)?.[1];
    return name === undefined ? template : own(args, name);
  }
  if (typeof template !== 'object') return template;
  if (Array.isArray(template)) {
    const items = template.map((item) => filled(item, args)).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  const entries = Object.entries(template)
    .map(([name, inner]) => [name, filled(inner, args)] as const)
    .filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function plainText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function own(args: Arguments, name: string): unknown {
  return Object.hasOwn(args, name) ? args[name] : undefined;
}
