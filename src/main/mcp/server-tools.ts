/**
 * Reads what a custom server lists, tool by tool, within bounds. Refuses a tool, never the list: one bad definition
 * must not take the others with it.
 */
import { isObject } from '../json-object';
import { schemaProblem } from './check-server-arguments';
import { readParamHeaders } from './param-headers';
import { declaredSurfaces, surfaceNamed } from './surfaces';
import type { Listing, RefusedTool, ServerTool } from './tool-server';

/** SHA-256 of a text, lower-case hex. */
export type Hash = (text: string) => string;

export const listBounds = { tools: 10_000, pages: 500, chars: 64_000_000 } as const;
const maxSchemaChars = 131_072;
const maxDepth = 40;
const maxRefused = 200;
/** Printable ASCII: nothing that hides or turns around what a person reads. */
const goodName = /^[\x21-\x7e]{1,128}$/;
const ours = new Set(['name', 'title', 'description', 'inputSchema', 'annotations', 'execution']);

/**
 * @param listed Untrusted: `tools` of a `tools/list` result. Names that come twice count once, the first.
 * @param capabilities Untrusted: what the server declares besides tools gets an entry each, behind them.
 */
export function readServerTools(
  listed: readonly unknown[],
  hash: Hash,
  capabilities: Parameters<typeof declaredSurfaces>[0] = {},
): Listing {
  const tools = new Map<string, ServerTool>();
  const refused: RefusedTool[] = [];
  for (const one of listed.slice(0, listBounds.tools)) {
    const read = isReserved(one)
      ? 'Its name is reserved for the resources or the prompts of its server.'
      : readServerTool(one, hash);
    if (typeof read !== 'string' && !tools.has(read.name)) tools.set(read.name, read);
    else if (refused.length < maxRefused)
      refused.push({ name: nameOf(one), why: typeof read === 'string' ? read : 'Its name is there twice.' });
  }
  for (const definition of declaredSurfaces(capabilities)) {
    const entry = readServerTool(definition, hash);
    if (typeof entry !== 'string') tools.set(entry.name, entry);
  }
  return { tools: [...tools.values()], refused };
}

/** A definition that was kept: what a server may not call a tool was refused when it was listed. */
export function readKeptDefinition(definition: unknown, hash: Hash): ServerTool | undefined {
  const read = readServerTool(definition, hash);
  return typeof read === 'string' ? undefined : read;
}

function isReserved(listed: unknown): boolean {
  return surfaceNamed(nameOf(listed)) !== 'tool';
}

function nameOf(listed: unknown): string {
  return isObject(listed) && typeof listed.name === 'string' ? listed.name.slice(0, 200) : '';
}

/** @returns Why not, as a whole sentence, for a tool that cannot be offered. */
function readServerTool(listed: unknown, hash: Hash): ServerTool | string {
  if (!isObject(listed)) return 'It is not a definition of a tool.';
  const { name, title, description, inputSchema, annotations } = listed;
  if (typeof name !== 'string' || name === '') return 'It has no name.';
  if (name.length > 128) return 'Its name is longer than 128 characters.';
  if (!goodName.test(name))
    return 'Its name has characters in it that hide, turn around or separate what one reads.';
  if (!isObject(inputSchema)) return 'It has no input schema.';
  if (depthOf(listed, maxDepth) > maxDepth) return `Its definition is nested more than ${maxDepth} deep.`;
  const definition = canonical(listed);
  if (definition.length > maxSchemaChars) return 'Its definition is larger than 128 KB.';
  const headers = readParamHeaders(inputSchema);
  if (headers.kind === 'wrong') return `Its header parameters are wrong: ${headers.why}`;
  const problem = schemaProblem(inputSchema);
  if (problem !== undefined) return `Its input schema cannot be used: ${problem}.`;
  const said = isObject(annotations) ? annotations : {};
  return {
    surface: surfaceNamed(name),
    name,
    title: typeof title === 'string' ? title : typeof said.title === 'string' ? said.title : name,
    description: typeof description === 'string' ? description : '',
    inputSchema,
    paramHeaders: headers.headers,
    hints: {
      ...(typeof said.readOnlyHint === 'boolean' ? { readOnlyHint: said.readOnlyHint } : {}),
      ...(typeof said.destructiveHint === 'boolean' ? { destructiveHint: said.destructiveHint } : {}),
    },
    more: Object.fromEntries(Object.entries(listed).filter(([key]) => !ours.has(key))),
    definition: listed,
    definitionHash: hash(definition),
  };
}

/** JSON with the members of every object in the order of their names: the same definition is always the same text. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${members.join(',')}}`;
}

function depthOf(value: unknown, left: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (left < 0) return 1;
  let deepest = 0;
  for (const inner of Object.values(value)) deepest = Math.max(deepest, depthOf(inner, left - 1));
  return deepest + 1;
}
