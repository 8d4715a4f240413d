/**
 * What agents ask of tools, resources and prompts, in both protocol eras. Hidden and unknown ones answer exactly alike; what is longer
 * than any name or address is refused before it is looked at.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/tools, …/server/resources, …/server/prompts
 */

import { Fault, never } from '../../preload/contract/reply';
import { isObject } from '../json-object';
import type { CallWay, KnownAgent } from './core-ports';
import type { Gateway } from './gateway';
import { type Answer, codes, failure, type Message, refusal } from './json-rpc';
import { type Routed, textResult } from './routed';
import { maxAgentNameChars, maxAgentUriChars } from './surface-names';

/** One request and what is needed to answer it. */
export interface Asked {
  readonly gateway: Gateway;
  readonly agent: KnownAgent;
  /** Untrusted. */
  readonly params: Message['params'];
  readonly way: CallWay;
  /** Keeps an unexpected error and answers its reference. */
  readonly onFault: (error: unknown) => string;
}

/** Undefined for a method that is none of these. */
export async function answerRequest(method: string, asked: Asked): Promise<Answer | undefined> {
  switch (method) {
    case 'tools/list':
      return { kind: 'prepared', members: asked.gateway.toolList(asked.agent) };
    case 'tools/call':
      return await guarded(asked, callTool);
    case 'resources/list':
    case 'resources/templates/list':
    case 'prompts/list':
      return await listSurface(asked, method);
    case 'resources/read':
      return await guarded(asked, readResource);
    case 'prompts/get':
      return await guarded(asked, getPrompt);
    case 'completion/complete':
      return await guarded(asked, completeArgument);
    default:
      return undefined;
  }
}

async function guarded(asked: Asked, answer: (asked: Asked) => Promise<Answer>): Promise<Answer> {
  try {
    return await answer(asked);
  } catch (error) {
    if (error instanceof Fault) return failure(codes.internal, error.message);
    const ref = asked.onFault(error);
    return failure(
      codes.internal,
      `Unexpected error, reference ${ref}. The call may have run; look at Activity.`,
    );
  }
}

async function callTool({ gateway, agent, params, way }: Asked): Promise<Answer> {
  const name = params?.name;
  if (typeof name !== 'string' || name.length > maxAgentNameChars)
    return failure(codes.params, 'A call needs the name of a tool.');
  const routed = await gateway.call(agent, name, params?.arguments ?? {}, way);
  switch (routed.kind) {
    case 'result':
      return routed.result.error?.lacks !== undefined && way.isModern === true
        ? lacking(routed.result.error.lacks)
        : { kind: 'result', json: routed.result.json };
    case 'said':
      return pending(routed, way) ?? { kind: 'result', json: textResult(routed.text, routed.isError).json };
    case 'unknown_tool':
      return failure(codes.params, `Unknown tool: ${routed.name ?? name}`);
    default:
      return never(routed);
  }
}

const listKinds = {
  'resources/list': 'resources',
  'resources/templates/list': 'templates',
  'prompts/list': 'prompts',
} as const;

async function listSurface(
  { gateway, agent, params }: Asked,
  method: keyof typeof listKinds,
): Promise<Answer> {
  // Every list is whole, so that no cursor of ours exists.
  if (params?.cursor !== undefined) return failure(codes.params, 'This cursor is not known.');
  return {
    kind: 'result',
    json: await gateway.surfaces.list(agent, listKinds[method]),
    isCacheable: true,
  };
}

async function readResource({ gateway, agent, params, way }: Asked): Promise<Answer> {
  const uri = params?.uri;
  if (typeof uri !== 'string' || uri.length > maxAgentUriChars)
    return failure(codes.params, 'Reading a resource needs its uri.');
  const routed = await gateway.surfaces.read(agent, uri, way);
  const answer = answered(routed, way, () =>
    failure(codes.unknownResource, `Resource not found: ${uri}`, { uri }),
  );
  if (answer.kind === 'result') return { ...answer, isCacheable: true };
  return answer.kind === 'error' ? { ...answer, data: answer.data ?? { uri } } : answer;
}

async function getPrompt({ gateway, agent, params, way }: Asked): Promise<Answer> {
  const name = params?.name;
  if (typeof name !== 'string' || name.length > maxAgentNameChars)
    return failure(codes.params, 'Getting a prompt needs its name.');
  const routed = await gateway.surfaces.get(agent, name, params?.arguments, way);
  return answered(routed, way, () => failure(codes.params, `Unknown prompt: ${name}`));
}

async function completeArgument({ gateway, agent, params, way }: Asked): Promise<Answer> {
  const { ref, argument, context } = params ?? {};
  const what = isObject(ref) ? ref : {};
  const rest = { argument, ...(context === undefined ? {} : { context }) };
  const wrong = () => failure(codes.params, 'There is nothing to complete here.');
  if (what.type === 'ref/prompt' && isShort(what.name, maxAgentNameChars)) {
    const routed = await gateway.surfaces.complete(agent, { kind: 'prompt', name: what.name }, rest, way);
    return answered(routed, way, wrong);
  }
  if (what.type === 'ref/resource' && isShort(what.uri, maxAgentUriChars)) {
    const routed = await gateway.surfaces.complete(agent, { kind: 'resource', uri: what.uri }, rest, way);
    return answered(routed, way, wrong);
  }
  return wrong();
}

function answered(routed: Routed, way: CallWay, unknown: () => Answer): Answer {
  if (routed.kind === 'unknown_tool') return unknown();
  if (routed.kind === 'said')
    return (
      pending(routed, way) ?? failure(routed.isWrong === true ? codes.params : codes.internal, routed.text)
    );
  const { json, error } = routed.result;
  if (error === undefined) return { kind: 'result', json };
  return error.lacks !== undefined && way.isModern === true
    ? lacking(error.lacks)
    : failure(error.code, error.message);
}

/**
 * Since 2026-07-28 an agent is told to send the same request again, with the id of the question that waits for a technician.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/utilities/mrtr
 */
function pending({ pendingId }: Extract<Routed, { kind: 'said' }>, way: CallWay): Answer | undefined {
  if (pendingId === undefined || way.isModern !== true) return undefined;
  return {
    kind: 'result',
    json: JSON.stringify({ resultType: 'input_required', requestState: pendingId }),
  };
}

/** @see MCP 2026-07-28, MissingRequiredClientCapabilityError */
function lacking(lacks: readonly string[]): Answer {
  return refusal(400, codes.missingCapability, `This needs a client that offers ${lacks.join(' and ')}.`, {
    requiredCapabilities: Object.fromEntries(lacks.map((name) => [name, {}])),
  });
}

const isShort = (value: unknown, maxChars: number): value is string =>
  typeof value === 'string' && value.length <= maxChars;
