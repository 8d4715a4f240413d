/**
 * Arguments that a tool wants to see in headers too (`x-mcp-header`, 2026-07-28), so that gateways on the way can route by them.
 * Refuses a definition that declares them wrongly: its tool is not listed.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports (custom headers from tool parameters)
 */
import { isObject } from '../json-object';

export interface ParamHeader {
  /** Names of members, from the arguments downwards. */
  readonly path: readonly string[];
  /** As it is sent, without the prefix `Mcp-Param-`. */
  readonly name: string;
}

export type ParamHeaders =
  | { readonly kind: 'fine'; readonly headers: readonly ParamHeader[] }
  /** `why` is the end of a sentence. */
  | { readonly kind: 'wrong'; readonly why: string };

const key = 'x-mcp-header';
/** RFC 9110 §5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,100}$/;
const types: ReadonlySet<unknown> = new Set(['string', 'integer', 'boolean']);

/** @param inputSchema Untrusted; its depth was bounded before. */
export function readParamHeaders(inputSchema: unknown): ParamHeaders {
  const headers: ParamHeader[] = [];
  const seen = new Set<string>();
  /** Only a chain of `properties` leads to a value for certain; a declaration anywhere else is wrong. */
  const visit = (schema: unknown, path: readonly string[], isCertain: boolean): string | undefined => {
    if (Array.isArray(schema)) return firstOf(schema, (one) => visit(one, path, false));
    if (!isObject(schema)) return undefined;
    if (Object.hasOwn(schema, key)) {
      const why = isCertain && path.length > 0 ? declared(schema, path) : 'it stands where no argument is';
      if (why !== undefined) return `${key}: ${why}`;
    }
    return firstOf(Object.entries(schema), ([name, inner]) =>
      name === 'properties' && isObject(inner)
        ? firstOf(Object.entries(inner), ([member, one]) => visit(one, [...path, member], isCertain))
        : isValue.has(name)
          ? undefined
          : visit(inner, path, false),
    );
  };
  const declared = (schema: Readonly<Record<string, unknown>>, path: readonly string[]) => {
    const name = schema[key];
    if (typeof name !== 'string' || !token.test(name)) return 'its value is no name of a header';
    if (!types.has(schema.type)) return 'only a string, an integer or a boolean can be a header';
    if (seen.has(name.toLowerCase())) return 'the same header is declared twice';
    seen.add(name.toLowerCase());
    headers.push({ path, name });
    return undefined;
  };
  const why = visit(inputSchema, [], true);
  return why === undefined ? { kind: 'fine', headers } : { kind: 'wrong', why };
}

/** Members of a schema that hold values and no schemas. */
const isValue: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples', 'required', 'type']);

/** What is absent or null has no header; text that no header can carry is sent in base64. */
export function paramHeaders(declared: readonly ParamHeader[], args: unknown): Record<string, string> {
  const sent: Record<string, string> = {};
  for (const { path, name } of declared) {
    const text = asText(
      path.reduce<unknown>(
        (value, member) => (isObject(value) && Object.hasOwn(value, member) ? value[member] : undefined),
        args,
      ),
    );
    if (text !== undefined) sent[`mcp-param-${name.toLowerCase()}`] = headerValue(text);
  }
  return sent;
}

/** Text as the value of a header: as it is, or in base64 between `=?base64?` and `?=`. */
export function headerValue(text: string): string {
  const isPlain = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text);
  const looksPacked = text.startsWith('=?base64?') && text.endsWith('?=');
  if (isPlain && !looksPacked) return text;
  const bytes = new TextEncoder().encode(text);
  return `=?base64?${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}?=`;
}

/** What such a value says; undefined where the base64 in it is none. @param value Untrusted. */
export function headerText(value: string): string | undefined {
  const packed = /^=\?base64\?(.*)\?=$/.exec(value)?.[1];
  if (packed === undefined) return value;
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(packed)) return undefined;
  const bytes = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined;
}

function firstOf<One>(all: readonly One[], judge: (one: One) => string | undefined): string | undefined {
  for (const one of all) {
    const why = judge(one);
    if (why !== undefined) return why;
  }
  return undefined;
}
