/**
 * Questions of a server to the agent in the middle of a call. Refuses what the technician did not allow for this server, what the agent
 * did not offer, other addresses than `https:`, and more than a few; each that passes has its row before it leaves.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation
 * @see https://modelcontextprotocol.io/specification/2025-11-25/client/sampling
 */

import { Fault } from '../../preload/contract/reply';
import type { ActivityEntry } from '../activity/record';
import { isObject } from '../json-object';
import type { AgentOffers, AskKind } from '../mcp/asked-by-server';
import type { AskedByServer, CallOptions } from '../mcp/tool-server';
import type { ActivitySink, AgentAsker } from './core-ports';

const maxQuestions = 20;
const maxQuestionChars = 1_000_000;

/** @param capabilities Untrusted: of `initialize`, or of one request since 2026-07-28. */
export function readOffers(capabilities: unknown): AgentOffers {
  const { elicitation, sampling, roots } = isObject(capabilities) ? capabilities : {};
  const modes = isObject(elicitation) ? elicitation : undefined;
  const url = modes !== undefined && isObject(modes.url);
  return {
    // An empty object is how forms were offered before there were modes.
    form: modes !== undefined && (isObject(modes.form) || !url),
    url,
    sampling: isObject(sampling),
    roots: isObject(roots),
  };
}

export type JudgedQuestion =
  | { readonly kind: 'fine'; readonly what: AskKind; readonly question: AskedByServer }
  /** `why` is a whole sentence, for the server. */
  | { readonly kind: 'refused'; readonly why: string };

/** @param asked Untrusted. @param label What the technician calls the server. */
export function judgeQuestion(
  asked: AskedByServer,
  label: string,
  mayAsk: readonly AskKind[],
  offers: AgentOffers,
): JudgedQuestion {
  const what = kindOf(asked.method);
  if (what === undefined || !mayAsk.includes(what)) return refuse('This is not allowed for this server.');
  // Asking for the roots takes no parameters.
  const params = asked.params ?? (what === 'roots' ? {} : undefined);
  if (!isObject(params)) return refuse('The question has no parameters.');
  if (JSON.stringify(params).length > maxQuestionChars) return refuse('The question is too long.');
  const why = whyNot[what](params, offers);
  if (why !== undefined) return refuse(why);
  return { kind: 'fine', what, question: { ...asked, params: passedOn(what, params, label) } };
}

/** The person in front of the agent sees our name only, so the server's own stands before what it wants to know. */
function passedOn(what: AskKind, params: Params, label: string): Params {
  if (what === 'elicitation')
    return {
      ...params,
      message: `${label} asks: ${typeof params.message === 'string' ? params.message : ''}`,
    };
  if (what === 'roots') return {};
  // The context would be that of every server behind this gateway. A client may leave it out, whatever is asked for.
  const { includeContext: _context, ...rest } = params;
  return rest;
}

function whyNoElicitation({ mode, url }: Params, offers: AgentOffers): string | undefined {
  if (mode === undefined || mode === 'form') return offers.form ? undefined : notOffered;
  if (mode !== 'url' || !offers.url) return notOffered;
  const isSafe = typeof url === 'string' && URL.canParse(url) && new URL(url).protocol === 'https:';
  return isSafe ? undefined : 'Only an address that starts with https:// may be opened.';
}

function whyNoSampling({ tools, toolChoice }: Params, offers: AgentOffers): string | undefined {
  if (!offers.sampling) return notOffered;
  return tools === undefined && toolChoice === undefined ? undefined : 'Tools in sampling are not offered.';
}

const whyNot: Readonly<Record<AskKind, (params: Params, offers: AgentOffers) => string | undefined>> = {
  elicitation: whyNoElicitation,
  sampling: whyNoSampling,
  roots: (_params, offers) => (offers.roots ? undefined : notOffered),
};

/** Undefined where nothing may be asked or nothing is offered: then the link says that nobody answers. */
export function askingIn(
  activity: ActivitySink,
  call: Omit<ActivityEntry, 'kind' | 'detail'>,
  mayAsk: readonly AskKind[],
  asker: AgentAsker | undefined,
  label: string,
): CallOptions['onAsked'] {
  if (asker === undefined || !mayAsk.some((kind) => isOffered(kind, asker.offers))) return undefined;
  let count = 0;
  return async (asked) => {
    const questions: [name: string, question: AskedByServer][] = [];
    const row = (outcome: 'noted' | 'refused', detail: string) =>
      activity.append({ ...call, kind: 'connection', outcome, detail });
    for (const [name, one] of Object.entries(asked)) {
      count += 1;
      if (count > maxQuestions)
        throw new Fault(
          'vendor_refused',
          `No more than ${maxQuestions} questions are passed on in one call.`,
        );
      const judged = judgeQuestion(one, label, mayAsk, asker.offers);
      if (judged.kind === 'refused') {
        await row('refused', `The server wanted to ask the agent. ${judged.why}`);
        throw new Fault('vendor_refused', judged.why);
      }
      await row('noted', `The server asks the agent in the middle of this call: ${judged.what}.`);
      questions.push([name, judged.question]);
    }
    const answers = await asker.ask(Object.fromEntries(questions));
    const given = questions.map(([name, { method }]) => {
      const answer = Object.hasOwn(answers, name) ? answers[name] : undefined;
      if (!isAnswerTo(method, answer))
        throw new Fault('request_invalid', 'The agent sent something that is no answer.');
      return [name, answer] as const;
    });
    return Object.fromEntries(given);
  };
}

/** @param answer Untrusted. */
export function isAnswerTo(method: string, answer: unknown): answer is Params {
  if (!isObject(answer)) return false;
  const { action, role, content, roots } = answer;
  const what = kindOf(method);
  if (what === 'elicitation') return action === 'accept' || action === 'decline' || action === 'cancel';
  if (what === 'roots') return Array.isArray(roots);
  return typeof role === 'string' && typeof content === 'object' && content !== null;
}

function isOffered(kind: AskKind, { form, url, sampling, roots }: AgentOffers): boolean {
  if (kind === 'elicitation') return form || url;
  return kind === 'sampling' ? sampling : roots;
}

function kindOf(method: string): AskKind | undefined {
  if (method === 'elicitation/create') return 'elicitation';
  if (method === 'roots/list') return 'roots';
  return method === 'sampling/createMessage' ? 'sampling' : undefined;
}

type Params = Readonly<Record<string, unknown>>;
const notOffered = 'This agent does not offer that.';
const refuse = (why: string): JudgedQuestion => ({ kind: 'refused', why });
