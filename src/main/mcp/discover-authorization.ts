/**
 * Where one signs in for a custom server: protected resource metadata, then authorization server metadata, in as few requests as
 * the place allows. Everything that is read is untrusted: each address in it passes the guard before it is used.
 *
 * @see RFC 9728, RFC 8414, OpenID Connect Discovery 1.0,
 *   https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization
 */
import { z } from 'zod';
import { Fault } from '../../preload/contract/reply';
import { parseJson } from '../catalog/vendor-answer';
import type { Challenge } from './challenge';
import { type Finding, finding, findingOf } from './probe/findings';
import type { Asked, Recorder } from './probe/report';

/** What is needed to sign in. Addresses have passed the guard. */
export interface AuthorizationFound {
  /** Sent as `resource` (RFC 8707): which server the token is for. */
  readonly resource: string;
  readonly issuer: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly registerUrl: string | undefined;
  readonly revokeUrl: string | undefined;
  /** Space separated; undefined leaves it to the authorization server. */
  readonly scope: string | undefined;
  /** `unsaid` where the metadata does not name PKCE with S256. */
  readonly pkce: 'S256' | 'unsaid';
  /** Takes the address of a client id metadata document as client ID. */
  readonly takesMetadataDocument: boolean;
  /** As the server lists them; empty where it does not. */
  readonly clientAuthMethods: readonly string[];
  /** RFC 9207: the answer must name its issuer. */
  readonly namesIssuer: boolean;
  /** Authorization servers that were named besides. */
  readonly otherIssuers: readonly string[];
}

export type Discovery =
  | { readonly kind: 'found'; readonly found: AuthorizationFound }
  /** The server says nothing of how one signs in. */
  | { readonly kind: 'none' }
  | { readonly kind: 'broken'; readonly finding: Finding };

export interface DiscoveryNeeds {
  readonly ask: Recorder['ask'];
  /** @throws Fault `address_refused` */
  readonly checkAddress: (text: string) => URL;
  readonly signal: AbortSignal | undefined;
}

const text = z.string().min(1).max(2_000);
const texts = z.array(text).max(500);
const resourceSchema = z.object({
  resource: text,
  authorization_servers: texts.optional(),
  scopes_supported: texts.optional(),
});
const serverSchema = z.object({
  issuer: text,
  authorization_endpoint: text,
  token_endpoint: text,
  registration_endpoint: text.optional(),
  revocation_endpoint: text.optional(),
  response_types_supported: texts.optional(),
  scopes_supported: texts.optional(),
  code_challenge_methods_supported: texts.optional(),
  token_endpoint_auth_methods_supported: texts.optional(),
  client_id_metadata_document_supported: z.boolean().optional().catch(undefined),
  authorization_response_iss_parameter_supported: z.boolean().optional().catch(undefined),
});
type ResourceMetadata = z.infer<typeof resourceSchema>;
type ServerMetadata = z.infer<typeof serverSchema>;

type LookedUp<Metadata> =
  | { readonly kind: 'metadata'; readonly metadata: Metadata }
  | { readonly kind: 'absent' }
  | { readonly kind: 'broken'; readonly finding: Finding };

const limits = { timeoutMs: 10_000, maxBytes: 200_000 } as const;
const maxServers = 5;

/** @param server The address of the MCP server. */
export async function discoverAuthorization(
  needs: DiscoveryNeeds,
  server: URL,
  challenge: Challenge,
): Promise<Discovery> {
  const resource = await findResource(needs, server, challenge);
  if (resource.kind === 'broken') return resource;
  if (resource.kind === 'absent') return await withoutResource(needs, server, challenge);
  const { metadata } = resource;
  if (!covers(metadata.resource, server)) {
    return broken(
      'resource_mismatch',
      `${server.host} says that its sign-in is for ${shown(metadata.resource)}, which is another server.`,
    );
  }
  const issuers = (metadata.authorization_servers ?? [server.origin]).slice(0, maxServers);
  for (const issuer of issuers) {
    const found = await findServer(needs, issuer);
    if (found.kind === 'broken') return found;
    if (found.kind === 'absent') continue;
    const others = issuers.filter((other) => other !== issuer);
    return judged(
      needs,
      found.metadata,
      metadata.resource,
      scopeOf(challenge, metadata, found.metadata),
      others,
    );
  }
  return broken(
    'metadata_invalid',
    `${server.host} names ${shown(issuers.join(', '))} for the sign-in, and nothing can be learnt from there about it.`,
  );
}

/** Servers of 2025-03-26 are their own authorization server, and have no metadata of their own about it. */
async function withoutResource(needs: DiscoveryNeeds, server: URL, challenge: Challenge): Promise<Discovery> {
  const found = await findServer(needs, server.origin);
  if (found.kind === 'broken') return found;
  if (found.kind === 'absent') return { kind: 'none' };
  return judged(needs, found.metadata, server.href, scopeOf(challenge, {}, found.metadata), []);
}

async function findResource(
  needs: DiscoveryNeeds,
  server: URL,
  challenge: Challenge,
): Promise<LookedUp<ResourceMetadata>> {
  const purpose = 'Protected resource metadata (RFC 9728)';
  const named = challenge.resourceMetadata;
  if (named !== undefined) {
    const found = await lookUp(needs, purpose, named, resourceSchema);
    if (found.kind !== 'absent') return found;
  }
  const path = server.pathname.replace(/\/$/, '');
  const known = '/.well-known/oauth-protected-resource';
  const places = path === '' ? [known] : [`${known}${path}`, known];
  return await oneByOne(places, (place) =>
    lookUp(needs, purpose, new URL(place, server.origin).href, resourceSchema),
  );
}

/** The order of the specification: RFC 8414, then OpenID, for an issuer with a path before and behind it. */
async function findServer(needs: DiscoveryNeeds, issuer: string): Promise<LookedUp<ServerMetadata>> {
  if (!URL.canParse(issuer))
    return broken('metadata_invalid', `“${shown(issuer)}” is named for the sign-in, which is no address.`);
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const places =
    path === ''
      ? ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']
      : [
          `/.well-known/oauth-authorization-server${path}`,
          `/.well-known/openid-configuration${path}`,
          `${path}/.well-known/openid-configuration`,
        ];
  const purpose = 'Authorization server metadata (RFC 8414, OpenID)';
  const at = (place: string) => lookUp(needs, purpose, new URL(place, origin).href, serverSchema);
  // With a path it is mostly the last place that answers; without one, the first.
  const found = path === '' ? await oneByOne(places, at) : await firstOf(places.map(at));
  // RFC 8414 §3.3: the document must be about the very issuer that was asked for.
  if (found.kind === 'metadata' && !isSameIssuer(found.metadata.issuer, issuer)) {
    return broken(
      'issuer_mismatch',
      `The sign-in was looked up at ${shown(issuer)}, and the answer speaks for ${shown(found.metadata.issuer)}.`,
    );
  }
  return found;
}

/** Letter by letter, but for the slash that a bare origin gains when it is read as a URL. */
function isSameIssuer(said: string, asked: string): boolean {
  return said === asked || (asked.endsWith('/') && said === asked.slice(0, -1));
}

/** A look-up on the connection that is there costs less than dialling for one that is not needed. */
async function oneByOne<Metadata>(
  places: readonly string[],
  at: (place: string) => Promise<LookedUp<Metadata>>,
): Promise<LookedUp<Metadata>> {
  const found: LookedUp<Metadata>[] = [];
  for (const place of places) {
    const one = await at(place);
    if (one.kind === 'metadata') return one;
    found.push(one);
  }
  return found.find(({ kind }) => kind === 'broken') ?? { kind: 'absent' };
}

/** All are under way together; the order decides, not the speed. */
async function firstOf<Metadata>(
  lookUps: readonly Promise<LookedUp<Metadata>>[],
): Promise<LookedUp<Metadata>> {
  const found = await Promise.all(lookUps);
  return (
    found.find(({ kind }) => kind === 'metadata') ??
    found.find(({ kind }) => kind === 'broken') ?? { kind: 'absent' }
  );
}

async function lookUp<Schema extends z.ZodType>(
  needs: DiscoveryNeeds,
  purpose: string,
  address: string,
  schema: Schema,
): Promise<LookedUp<z.infer<Schema>>> {
  let asked: Asked;
  try {
    const url = needs.checkAddress(address).href;
    asked = await needs.ask(
      purpose,
      { method: 'GET', url, headers: { Accept: 'application/json' } },
      { ...limits, signal: needs.signal },
    );
  } catch (error) {
    if (!(error instanceof Fault) || error.code === 'cancelled') throw error;
    if (error.code === 'address_refused')
      return broken(
        'metadata_address_refused',
        `The metadata points to an address that is not called: ${error.message}`,
      );
    if (error.code === 'redirect_refused') return { kind: 'absent' };
    return { kind: 'broken', finding: findingOf(error) };
  }
  const { answer, conclude } = asked;
  const json = answer.status === 200 ? parseJson(answer.text) : undefined;
  if (json === undefined) {
    conclude(
      answer.status === 200 ? 'There is no metadata here, but something else.' : 'There is no metadata here.',
    );
    return { kind: 'absent' };
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const places = parsed.error.issues
      .slice(0, 3)
      .map((issue) => issue.path.join('.') || 'the whole document');
    conclude(`The metadata is not as it should be: ${places.join(', ')}.`);
    return broken(
      'metadata_invalid',
      `The metadata at ${shown(address)} is not as it should be: ${places.join(', ')}.`,
    );
  }
  conclude('Metadata was found.');
  return { kind: 'metadata', metadata: parsed.data };
}

function judged(
  needs: DiscoveryNeeds,
  metadata: ServerMetadata,
  resource: string,
  scope: string | undefined,
  otherIssuers: readonly string[],
): Discovery {
  const { registration_endpoint: registerUrl, revocation_endpoint: revokeUrl } = metadata;
  const addresses = [metadata.authorization_endpoint, metadata.token_endpoint, registerUrl, revokeUrl];
  for (const address of addresses) {
    try {
      if (address !== undefined) needs.checkAddress(address);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return broken(
        'metadata_address_refused',
        `The metadata points to an address that is not called: ${error.message}`,
      );
    }
  }
  if (metadata.response_types_supported?.includes('code') === false)
    return broken('metadata_invalid', `${shown(metadata.issuer)} offers no sign-in by authorization code.`);
  return {
    kind: 'found',
    found: {
      resource,
      issuer: metadata.issuer,
      authorizeUrl: metadata.authorization_endpoint,
      tokenUrl: metadata.token_endpoint,
      registerUrl,
      revokeUrl,
      scope,
      pkce: metadata.code_challenge_methods_supported?.includes('S256') === true ? 'S256' : 'unsaid',
      takesMetadataDocument: metadata.client_id_metadata_document_supported === true,
      clientAuthMethods: metadata.token_endpoint_auth_methods_supported ?? [],
      namesIssuer: metadata.authorization_response_iss_parameter_supported === true,
      otherIssuers,
    },
  };
}

/**
 * What was asked for in the challenge, or else everything that the server lists; nothing otherwise. A refresh token is asked for
 * only where the authorization server knows how.
 */
function scopeOf(
  challenge: Pick<Challenge, 'scope'>,
  resource: Pick<ResourceMetadata, 'scopes_supported'>,
  server: ServerMetadata,
): string | undefined {
  const wanted = challenge.scope ?? resource.scopes_supported?.join(' ');
  if (wanted === undefined || wanted === '') return undefined;
  const offline = 'offline_access';
  const adds = server.scopes_supported?.includes(offline) === true && !wanted.split(' ').includes(offline);
  return adds ? `${wanted} ${offline}` : wanted;
}

/** RFC 9728 §3.3, with the room that MCP leaves: the resource may be the whole site or a folder above the server. */
function covers(resource: string, server: URL): boolean {
  if (!URL.canParse(resource)) return false;
  const { origin, pathname } = new URL(resource);
  const folder = pathname.endsWith('/') ? pathname : `${pathname}/`;
  return origin === server.origin && `${server.pathname}/`.startsWith(folder);
}

function broken(code: Finding['code'], sentence: string): { kind: 'broken'; finding: Finding } {
  return { kind: 'broken', finding: finding(code, sentence) };
}

const shown = (value: string) => value.replace(/[\p{Cc}\p{Cf}]/gu, '').slice(0, 200);
