/**
 * Joining a custom server, step by step: from what was found and chosen to what is kept, tried at the server itself, and looked at
 * again later. Saves nothing.
 */
import { Fault } from '../../preload/contract/reply';
import type { SignInWay } from '../../preload/contract/shapes';
import type { FormValues } from '../catalog/request-template';
import { refuseCancelled } from '../connections/attempts';
import { withTokens } from '../connections/granted';
import type { ConnectionRecord } from '../store/state-record';
import type { Refusal } from './credentials';
import type { CustomNeeds } from './custom-connections';
import type { FoundServer } from './probe/found';
import { unionOfScopes } from './scopes';
import { type ServerChoice, secretsOf } from './server-choice';
import type { KeptLink } from './server-links';
import { readServer, type ServerFacts } from './server-record';
import type { ClientIdentity, SignInChoices } from './sign-in-to-server';

export interface Joined {
  readonly facts: ServerFacts;
  readonly secret: FormValues;
}

/** From what was found and what was chosen to what is kept. A person signs in on the way, where that is the choice. */
export async function join(
  needs: Pick<CustomNeeds, 'authorize' | 'vault'>,
  server: FoundServer,
  choice: ServerChoice,
  how: SignInWay,
  signal: AbortSignal,
  before: Before | undefined,
): Promise<Joined> {
  const { url, transport, protocol, auth } = server;
  const base = { url, transport, protocol, mayAsk: [] };
  if (choice.kind === 'none' || choice.kind === 'bearer')
    return { facts: { ...base, auth: choice.kind }, secret: secretsOf(choice) };
  if (choice.kind === 'headers') {
    const headerNames = choice.headers.map(({ name }) => name);
    return { facts: { ...base, auth: 'headers', headerNames }, secret: secretsOf(choice) };
  }
  if (auth.kind !== 'oauth')
    throw new Fault(
      'form_invalid',
      'This server does not say where one signs in. Choose another authentication.',
    );
  const { found } = auth;
  const { clientDocumentUrl } = needs.vault.read().settings;
  const { clientId, clientSecret, allowWithoutPkce } = choice;
  const byHand =
    clientId === '' ? undefined : { clientId, clientSecret: clientSecret === '' ? undefined : clientSecret };
  const choices: SignInChoices = {
    byHand,
    documentUrl: clientDocumentUrl === '' ? undefined : clientDocumentUrl,
    known: before?.identity,
    allowsWithoutPkce: allowWithoutPkce,
    scope: unionOfScopes(found.scope, before?.scope),
  };
  const { client, tokens } = await needs.authorize(server, choices, how, signal);
  const facts: ServerFacts = {
    ...base,
    auth: 'oauth',
    issuer: found.issuer,
    authorizeUrl: found.authorizeUrl,
    tokenUrl: found.tokenUrl,
    revokeUrl: found.revokeUrl,
    resource: found.resource,
    scope: choices.scope,
    clientId: client.clientId,
    clientAuth: client.clientAuth,
    clientBy: client.by,
    clientPort: client.port,
    ...(found.pkce === 'S256' ? {} : { withoutPkce: 'allowed' as const }),
  };
  const typed: FormValues = client.clientSecret === undefined ? {} : { clientSecret: client.clientSecret };
  return { facts, secret: withTokens(typed, tokens) };
}

/** Who we were at the issuer until now, and what we may and should be able to do there. */
interface Before {
  /** Undefined where we have to be registered anew: a registration is good for the scopes that it was made with. */
  readonly identity: ClientIdentity | undefined;
  readonly scope: string | undefined;
}

export async function signedInBefore(
  { vault }: Pick<CustomNeeds, 'vault'>,
  record: ConnectionRecord,
): Promise<Before | undefined> {
  const facts = readServer(record.values);
  if (facts.auth !== 'oauth') return undefined;
  const { issuer, clientId, clientAuth, clientBy: by, clientPort: port } = facts;
  const { clientSecret } = await vault.readSecret(record.connectionId);
  const identity = { issuer, clientId, clientSecret, clientAuth, by, port };
  const isTooNarrow = by === 'registration' && facts.moreScope !== undefined;
  return { identity: isTooNarrow ? undefined : identity, scope: unionOfScopes(facts.scope, facts.moreScope) };
}

/** @throws Fault when the server does not take the credentials, or lists nothing that can be read. */
export async function tryOut(
  { links, clock }: Pick<CustomNeeds, 'links' | 'clock'>,
  record: Pick<ConnectionRecord, 'connectionId' | 'label' | 'values'>,
  secret: FormValues,
  signal: AbortSignal,
): Promise<{ readonly link: KeptLink; readonly tookMs: number }> {
  const startedMs = clock.nowMs();
  const link = links.open(record, { secret });
  const stop = () => void link.server.close();
  signal.addEventListener('abort', stop, { once: true });
  await link.server.connect();
  signal.removeEventListener('abort', stop);
  const state = link.server.state();
  if (state.kind === 'ready' && !signal.aborted)
    return { link, tookMs: Math.max(0, clock.nowMs() - startedMs) };
  await link.server.close();
  refuseCancelled(signal);
  throw new Fault('vendor_refused', whyNot(link, state.kind === 'lost' ? state.why : 'It did not answer.'));
}

function whyNot(link: KeptLink, otherwise: string): string {
  const refusal = link.refusal();
  if (refusal === undefined) return otherwise;
  return refusal.status === 401
    ? 'The server did not take these credentials (status 401). Check them and try again.'
    : 'The server knows these credentials and does not let them in (status 403). Ask whoever runs it for access.';
}

export async function lookedAt(link: KeptLink, lists: boolean): Promise<ConnectionRecord['state']> {
  const { server } = link;
  try {
    if (server.state().kind !== 'ready') await server.connect();
    else if (lists) await server.refresh();
    const state = server.state();
    if (state.kind === 'ready') return { kind: 'connected' };
    const why = state.kind === 'lost' ? state.why : 'It did not answer.';
    return judgedState(link, state.kind === 'lost' ? state.code : undefined, why);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return judgedState(link, error.code, error.message);
  }
}

function judgedState(link: KeptLink, code: string | undefined, why: string): ConnectionRecord['state'] {
  if (code === 'oauth_refused') return { kind: 'needs_sign_in', reason: why };
  return stateAfterRefusal(link.refusal()) ?? { kind: 'error', reason: why };
}

/** Undefined where a refusal says nothing about the connection: some calls are not for everyone. */
export function stateAfterRefusal(refusal: Refusal | undefined): ConnectionRecord['state'] | undefined {
  if (refusal?.status === 401)
    return {
      kind: 'needs_sign_in',
      reason: 'The server does not take the credentials any more (status 401). Use Reconnect.',
    };
  if (refusal?.challenge.error !== 'insufficient_scope') return undefined;
  const { scope } = refusal.challenge;
  const more = scope === undefined ? '' : ` It asks for ${scope.slice(0, 300)}.`;
  return {
    kind: 'needs_authorization',
    reason: `The server wants more rights for a call than it was given.${more} Use Reconnect to grant them.`,
  };
}
