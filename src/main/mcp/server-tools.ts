/**
 * Reads what a custom server lists, tool by tool, within bounds. Refuses a tool, never the list: one bad definition
 * must not take the others with it.
 */
import { readParamHeaders } from './param-headers';
import type { ServerTool } from './tool-server';

/** SHA-256 of a text, lower-case hex. */
export type Hash = (text: string) => string;

export const listBounds = { tools: 10_000, pages: 500 } as const;
const maxSchemaChars = 131_072;
const maxDepth = 40;
/** Printable ASCII: nothing that hides or turns around what a person reads. */
const goodName = /^[\x21-\x7e]{1,128}$/;
const ours = new Set(['name', 'title', 'description', 'inputSchema', 'annotations', 'execution']);

/** @param listed Untrusted: `tools` of a `tools/list` result. Names that come twice count once, the first. */
export function readServerTools(listed: readonly unknown[], hash: Hash): ServerTool[] {
  const tools = new Map<string, ServerTool>();
  for (const one of listed.slice(0, listBounds.tools)) {
    const tool = readServerTool(one, hash);
    if (tool !== undefined && !tools.has(tool.name)) tools.set(tool.name, tool);
  }
  return [...tools.values()];
}

function readServerTool(listed: unknown, hash: Hash): ServerTool | undefined {
  if (!isObject(listed)) return undefined;
  const { name, title, description, inputSchema, annotations } = listed;
  if (typeof name !== 'string' || !goodName.test(name)) return undefined;
  if (!isObject(inputSchema) || depthOf(listed, maxDepth) > maxDepth) return undefined;
  const headers = readParamHeaders(inputSchema);
  if (headers.kind === 'wrong') return undefined;
  const definition = canonical(listed);
  if (definition.length > maxSchemaChars) return undefined;
  const said = isObject(annotations) ? annotations : {};
  return {
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

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
