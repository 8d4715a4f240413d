/**
 * What a probe needs, and the shapes that its steps hand on. Types and the one way to ask.
 */
import type { HttpOut, InboundAnswer, OutboundRequest } from '../../ports';
import { type ReadAnswer, readAnswer } from '../answer';
import type { AuthorizationFound } from '../discover-authorization';
import type { Finding } from './findings';
import type { Asked, Recorder } from './report';

export interface ProbeNeeds {
  readonly http: HttpOut;
  readonly nowMs: () => number;
  /** Ours, as servers get to read it. */
  readonly version: string;
  /** @throws Fault `address_refused` */
  readonly checkAddress: (text: string) => URL;
  readonly takenNames: readonly string[];
  /** Given what may end later than the probe: the goodbye to a server that keeps sessions. Never rejects. */
  readonly afterwards: (work: Promise<void>) => void;
}

export type FoundAuth =
  /** `toolCount` of the first page; undefined where the old transport was not asked, or the list failed. */
  | { readonly kind: 'none'; readonly toolCount: number | undefined; readonly hasMore: boolean }
  | { readonly kind: 'oauth'; readonly found: AuthorizationFound }
  | { readonly kind: 'bearer' }
  | { readonly kind: 'header' };

export interface FoundServer {
  readonly kind: 'server';
  /** Where it is, after redirects within its origin. */
  readonly url: string;
  readonly transport: 'streamable_http' | 'http_sse';
  /** Undefined where one has to sign in before it is told. */
  readonly protocol: string | undefined;
  /** What it calls itself; empty where it does not. */
  readonly serverName: string;
  readonly auth: FoundAuth;
  /** What a technician should know before going on. */
  readonly findings: readonly Finding[];
  readonly suggestedName: string;
}

export interface Probing {
  readonly needs: ProbeNeeds;
  readonly recorder: Recorder;
  readonly signal: AbortSignal | undefined;
  readonly nextId: () => number;
}

/** What a step came to; undefined when the next one has to be tried. */
export type Step = Omit<FoundServer, 'kind' | 'suggestedName'> | Finding | undefined;

export type Facts = Pick<FoundServer, 'url' | 'transport' | 'protocol' | 'serverName'>;

/** An answer, read as JSON-RPC. */
export interface Heard extends Asked {
  readonly read: ReadAnswer;
}

export const stepLimits = { timeoutMs: 10_000, maxBytes: 16_000_000, redirects: 'returned' } as const;

/** @throws Fault of the way out. */
export async function ask(
  { recorder, signal, nextId }: Probing,
  purpose: string,
  request: (id: number) => OutboundRequest,
): Promise<Heard> {
  const id = nextId();
  const untilEvent = (data: string) => /^(?:result|error)$/.test(readAnswer(data, id).kind);
  const asked = await recorder.ask(purpose, request(id), { ...stepLimits, signal, untilEvent });
  return { ...asked, read: readAnswer(asked.answer.text, id) };
}

export function typeOf({ headers }: InboundAnswer): string {
  return headers['content-type'] ?? '';
}
