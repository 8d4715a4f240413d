/**
 * What a server may ask for in the middle of a call: elicitation, sampling, roots. In both eras it is the agent that answers, where
 * it can and where the technician allows it; otherwise the server is told that nobody does.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/utilities/mrtr (SEP-2322)
 */

import { Fault } from '../../preload/contract/reply';
import { isObject } from '../json-object';
import type { Continued } from './call-request';
import type { Answers, AskedByServer, CallOptions, Questions } from './tool-server';

/** What a technician may allow a server to ask agents for. */
export const askKinds = ['elicitation', 'sampling', 'roots'] as const;
export type AskKind = (typeof askKinds)[number];

/** What an agent can be asked for. */
export interface AgentOffers {
  readonly form: boolean;
  readonly url: boolean;
  readonly sampling: boolean;
  readonly roots: boolean;
}

const everything: AgentOffers = { form: true, url: true, sampling: true, roots: true };

/** What a server is told that agents behind us can be asked for. @param offers Of the agent of one call. */
export function askCapabilities(mayAsk: readonly AskKind[], offers: AgentOffers = everything) {
  const { form, url } = offers;
  const elicits = mayAsk.includes('elicitation') && (form || url);
  return {
    ...(elicits ? { elicitation: { ...(form ? { form: {} } : {}), ...(url ? { url: {} } : {}) } } : {}),
    ...(mayAsk.includes('sampling') && offers.sampling ? { sampling: {} } : {}),
    ...(mayAsk.includes('roots') && offers.roots ? { roots: {} } : {}),
  };
}

export interface InputAsked {
  readonly requests: Questions;
  readonly requestState: unknown;
}

const maxRequests = 20;

/** Undefined for a result that is complete, which one without a type is. @param result Untrusted. */
export function askedInput(result: Readonly<Record<string, unknown>>): InputAsked | undefined {
  const { resultType, inputRequests = {}, requestState } = result;
  if (resultType !== 'input_required' || !isObject(inputRequests)) return undefined;
  const requests = Object.entries(inputRequests).slice(0, maxRequests);
  return {
    requests: Object.fromEntries(
      requests.map(([name, asked]) => [
        name,
        isObject(asked) ? { method: String(asked.method), params: asked.params } : { method: '', params: {} },
      ]),
    ),
    requestState,
  };
}

/** A server that is not ready yet asks for nothing, and gives a state to come again with. */
export const isOnlyLater = ({ requests, requestState }: InputAsked): boolean =>
  Object.keys(requests).length === 0 && requestState !== undefined;

/** @throws Fault `vendor_refused` where nobody can answer. */
export async function answered(
  server: string,
  { requests, requestState }: InputAsked,
  { onAsked }: CallOptions,
): Promise<Continued> {
  if (onAsked === undefined)
    throw new Fault(
      'vendor_refused',
      `${server} asks for input in the middle of this call, which this agent does not offer or which is not allowed for this server. Nothing more was run.`,
    );
  return { inputResponses: await onAsked(requests), requestState };
}

/** The answer to a question that came on the stream of a call (2025-11-25), as JSON-RPC has it. */
export async function reply(
  asked: AskedByServer,
  { onAsked }: CallOptions,
): Promise<{ result: unknown } | { error: { code: number; message: string } }> {
  if (asked.method === 'ping') return { result: {} };
  if (onAsked === undefined) return { error: { code: -32601, message: 'Nobody answers this here.' } };
  try {
    return { result: await askOne(onAsked, asked) };
  } catch (error) {
    const message = error instanceof Fault ? error.message : 'It could not be answered.';
    return { error: { code: -32603, message } };
  }
}

/** One question by itself, as servers ask before 2026-07-28. */
export async function askOne(
  onAsked: (asked: Questions) => Promise<Answers>,
  asked: AskedByServer,
): Promise<Readonly<Record<string, unknown>>> {
  return (await onAsked({ question: asked })).question ?? {};
}
