/**
 * What agents ask of resources and prompts, and its answers as JSON-RPC. Hidden and unknown ones answer exactly alike; what is longer than
 * any address is refused before it is looked at.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/resources
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/prompts
 */
import type { CallWay, KnownAgent } from './core-ports';
import type { Gateway } from './gateway';
import { codes, errorText, type Message, type MessageId, resultText } from './json-rpc';
import type { Routed } from './routed';
import { maxAgentNameChars, maxAgentUriChars } from './surface-names';

type Params = Message['params'];

const listKinds = {
  'resources/list': 'resources',
  'resources/templates/list': 'templates',
  'prompts/list': 'prompts',
} as const;

export async function listSurface(
  gateway: Gateway,
  id: MessageId,
  method: keyof typeof listKinds,
  params: Params,
): Promise<string> {
  // Every list is whole, so that no cursor of ours exists.
  if (params?.cursor !== undefined) return errorText(id, codes.params, 'This cursor is not known.');
  return resultText(id, await gateway.surfaces.list(listKinds[method]));
}

export async function readResource(
  gateway: Gateway,
  agent: KnownAgent,
  id: MessageId,
  params: Params,
  way: CallWay,
): Promise<string> {
  const uri = params?.uri;
  if (typeof uri !== 'string' || uri.length > maxAgentUriChars)
    return errorText(id, codes.params, 'Reading a resource needs its uri.');
  const routed = await gateway.surfaces.read(agent, uri, way);
  return answered(id, routed, () =>
    errorText(id, codes.unknownResource, `Resource not found: ${uri}`, { uri }),
  );
}

export async function getPrompt(
  gateway: Gateway,
  agent: KnownAgent,
  id: MessageId,
  params: Params,
  way: CallWay,
): Promise<string> {
  const name = params?.name;
  if (typeof name !== 'string' || name.length > maxAgentNameChars)
    return errorText(id, codes.params, 'Getting a prompt needs its name.');
  const routed = await gateway.surfaces.get(agent, name, params?.arguments, way);
  return answered(id, routed, () => errorText(id, codes.params, `Unknown prompt: ${name}`));
}

export async function completeArgument(
  gateway: Gateway,
  agent: KnownAgent,
  id: MessageId,
  params: Params,
  way: CallWay,
): Promise<string> {
  const { ref, argument, context } = params ?? {};
  const what = isObject(ref) ? ref : {};
  const rest = { argument, ...(context === undefined ? {} : { context }) };
  const wrong = () => errorText(id, codes.params, 'There is nothing to complete here.');
  if (what.type === 'ref/prompt' && isShort(what.name, maxAgentNameChars)) {
    const routed = await gateway.surfaces.complete(agent, { kind: 'prompt', name: what.name }, rest, way);
    return answered(id, routed, wrong);
  }
  if (what.type === 'ref/resource' && isShort(what.uri, maxAgentUriChars)) {
    const routed = await gateway.surfaces.complete(agent, { kind: 'resource', uri: what.uri }, rest, way);
    return answered(id, routed, wrong);
  }
  return wrong();
}

function answered(id: MessageId, routed: Routed, unknown: () => string): string {
  if (routed.kind === 'unknown_tool') return unknown();
  if (routed.kind === 'said')
    return errorText(id, routed.isWrong === true ? codes.params : codes.internal, routed.text);
  const { json, error } = routed.result;
  return error === undefined ? resultText(id, json) : errorText(id, error.code, error.message);
}

const isShort = (value: unknown, maxChars: number): value is string =>
  typeof value === 'string' && value.length <= maxChars;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
