/**
 * The three ways to speak with a server, newest first, as far as the list of its tools. Runs no tool.
 */
import { Fault } from '../../../preload/contract/reply';
import { oneLine } from '../../catalog/vendor-answer';
import type { ReadAnswer } from '../answer';
import { type Finding, finding, notAServer } from './findings';
import { ask, type Facts, type Heard, type Probing, type Step, stepLimits, typeOf } from './found';
import { isLocked, wantsSignIn } from './locked';
import {
  endSessionRequest,
  initializeRequest,
  legacyRequest,
  legacyVersions,
  modernRequest,
  modernVersion,
  oldStreamRequest,
  type Session,
} from './mcp-requests';

type Spoken = NonNullable<Step>;

/** @see https://modelcontextprotocol.io/specification/2026-07-28/basic/lifecycle (unsupported protocol version) */
const unsupportedVersion = -32022;

/** Which versions a server says that it speaks; undefined where it says nothing of the kind. */
function versionsOf(read: ReadAnswer): readonly unknown[] | undefined {
  const said =
    read.kind === 'result'
      ? read.value.supportedVersions
      : read.kind === 'error' && read.code === unsupportedVersion
        ? member(read.data, 'supported')
        : undefined;
  return Array.isArray(said) ? said : undefined;
}

export async function speaksModern(probing: Probing, url: URL, heard: Heard): Promise<Step> {
  const versions = versionsOf(heard.read);
  if (versions === undefined) {
    heard.conclude('It does not know 2026-07-28; the protocol before it is tried.');
    return undefined;
  }
  if (!versions.includes(modernVersion)) {
    const speaksOlder = versions.some((one) => legacyVersions.includes(String(one)));
    heard.conclude(
      speaksOlder ? 'It speaks an older version.' : 'It speaks no version that Gatehouse speaks.',
    );
    return speaksOlder ? undefined : notSpoken(url, versions.join(', '));
  }
  if (heard.read.kind === 'result') return await modernTools(probing, url, heard);
  heard.conclude('It refused, and says that it speaks 2026-07-28: it is asked again.');
  const again = await ask(probing, 'server/discover, once more', (id) =>
    modernRequest(url.href, id, 'server/discover', probing.needs),
  );
  return again.read.kind === 'result' ? await modernTools(probing, url, again) : undefined;
}

async function modernTools(probing: Probing, url: URL, { read, conclude }: Heard): Promise<Step> {
  if (read.kind !== 'result') return undefined;
  conclude('It speaks 2026-07-28.');
  const server = member(member(read.value, '_meta'), 'io.modelcontextprotocol/serverInfo');
  const facts = factsOf(url, modernVersion, server);
  if (member(read.value.capabilities, 'tools') === undefined) return noTools(facts);
  const list = await ask(probing, 'tools/list', (id) =>
    modernRequest(url.href, id, 'tools/list', probing.needs),
  );
  return (await wantsSignIn(probing, url, list.answer, 'streamable_http', facts)) ?? listed(facts, list);
}

/** @param discover What was heard before, on a connection of its own. */
export async function speaksLegacy(probing: Probing, url: URL, discover: Heard): Promise<Spoken> {
  const hello = await ask(probing, 'initialize of 2025-11-25', (id) =>
    initializeRequest(url.href, id, probing.needs),
  );
  const { read, answer, conclude } = hello;
  const locked = await wantsSignIn(probing, url, answer, 'streamable_http');
  if (locked !== undefined) return locked;
  if (read.kind !== 'result') {
    if (read.kind === 'error') {
      conclude(`It answered with error ${read.code}.`);
      return (await speaksOldTransport(probing, url)) ?? saidError(url, read);
    }
    conclude('It does not answer as a server of Streamable HTTP; the transport before it is tried.');
    return (await speaksOldTransport(probing, url)) ?? notAServer(url.host, answer.status, typeOf(answer));
  }
  const version = String(read.value.protocolVersion);
  if (!legacyVersions.includes(version)) {
    conclude('It speaks no version that Gatehouse speaks.');
    return notSpoken(url, version);
  }
  conclude(`It speaks ${oneLine(version)}.`);
  const session = { url: url.href, version, sessionId: answer.headers['mcp-session-id'] };
  const facts = factsOf(url, version, read.value.serverInfo);
  const hasTools = member(read.value.capabilities, 'tools') !== undefined;
  try {
    const { list } = await greet(probing, session, { hasTools, sideBySide: dialsFast(discover, hello) });
    if (list === undefined) return noTools(facts);
    return (await wantsSignIn(probing, url, list.answer, 'streamable_http', facts)) ?? listed(facts, list);
  } finally {
    if (session.sessionId !== undefined) probing.needs.afterwards(endSession(probing, session));
  }
}

/**
 * The notification and the list: one after the other on the connection that is there, or side by side where dialling another one takes
 * far less than an answer does. Side by side the list may come first, and a server that minds is asked again when it has heard the
 * notification.
 */
async function greet(
  probing: Probing,
  session: Session,
  how: { readonly hasTools: boolean; readonly sideBySide: boolean },
): Promise<{ list: Heard | undefined }> {
  const greeting = ask(probing, 'notifications/initialized', () =>
    legacyRequest(session, undefined, 'notifications/initialized'),
  );
  const askList = () => ask(probing, 'tools/list', (id) => legacyRequest(session, id, 'tools/list'));
  if (!how.hasTools || !how.sideBySide) {
    await greeting;
    return { list: how.hasTools ? await askList() : undefined };
  }
  const [, list] = await Promise.all([greeting, askList()]);
  return { list: list.read.kind === 'result' || isLocked(list.answer) ? list : await askList() };
}

/** What the first request took longer than the second is what dialling took. */
function dialsFast(first: Heard, second: Heard): boolean {
  return first.answer.tookMs - second.answer.tookMs < second.answer.tookMs / 2;
}

/** The probe waits for no goodbye, and a server that knows none is no reason to worry. */
async function endSession({ needs, signal }: Probing, session: Session): Promise<void> {
  const limits = { timeoutMs: 2_000, maxBytes: 100_000, signal };
  await needs.http.send(endSessionRequest(session), limits).catch((error: unknown) => {
    if (!(error instanceof Fault)) throw error;
  });
}

/** @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#backwards-compatibility */
async function speaksOldTransport(probing: Probing, url: URL): Promise<Step> {
  const asked = await probing.recorder
    .ask('The transport of 2024-11-05 (HTTP with SSE)', oldStreamRequest(url.href), {
      ...stepLimits,
      signal: probing.signal,
      untilEvent: () => true,
    })
    .catch((error: unknown) => {
      // A server that keeps the stream open and says nothing is not of this kind.
      if (error instanceof Fault && error.code === 'vendor_timeout') return undefined;
      throw error;
    });
  if (asked === undefined) return undefined;
  const { answer, conclude } = asked;
  const locked = await wantsSignIn(probing, url, answer, 'http_sse');
  if (locked !== undefined) return locked;
  const isStream = answer.status === 200 && typeOf(answer).startsWith('text/event-stream');
  const place = isStream ? answer.text.trim() : '';
  if (place === '' || place.startsWith('{') || !URL.canParse(place, url.href)) {
    conclude('It does not speak this transport.');
    return undefined;
  }
  if (new URL(place, url.href).origin !== url.origin) {
    conclude('It wants messages at another server, which is refused.');
    return finding('redirected', `${url.host} wants its messages at another server, which is refused.`);
  }
  conclude('It speaks the transport of 2024-11-05.');
  const facts = { ...factsOf(url, '2024-11-05', undefined), transport: 'http_sse' as const };
  return { ...facts, auth: { kind: 'none', toolCount: undefined, hasMore: false }, findings: [] };
}

function factsOf(url: URL, protocol: string, serverInfo: unknown): Facts {
  const said = member(serverInfo, 'title') ?? member(serverInfo, 'name');
  const serverName = typeof said === 'string' ? oneLine(said).slice(0, 80) : '';
  return { url: url.href, transport: 'streamable_http', protocol, serverName };
}

function listed(facts: Facts, { read, conclude }: Heard): Spoken {
  if (read.kind === 'result' && Array.isArray(read.value.tools)) {
    const toolCount = read.value.tools.length;
    const hasMore = typeof read.value.nextCursor === 'string';
    conclude(`It lists ${toolCount}${hasMore ? ' tools and more' : ' tools'} without a sign-in.`);
    return { ...facts, auth: { kind: 'none', toolCount, hasMore }, findings: [] };
  }
  conclude('The list of tools failed.');
  const words = read.kind === 'error' ? ` It said: “${oneLine(read.message).slice(0, 200)}”.` : '';
  const failed = finding('list_failed', `The server answers, but its list of tools failed.${words}`);
  return { ...facts, auth: { kind: 'none', toolCount: undefined, hasMore: false }, findings: [failed] };
}

function noTools(facts: Facts): Spoken {
  return { ...facts, auth: { kind: 'none', toolCount: 0, hasMore: false }, findings: [] };
}

function notSpoken(url: URL, versions: string): Finding {
  const said = oneLine(versions).slice(0, 100);
  return finding(
    'version_not_spoken',
    `${url.host} is an MCP server of version ${said}, which Gatehouse does not speak.`,
  );
}

function saidError(url: URL, { code, message }: Extract<ReadAnswer, { kind: 'error' }>): Finding {
  const words = oneLine(message).slice(0, 200);
  return finding(
    'server_fault',
    `${url.host} answered the first message with error ${code}${words === '' ? '.' : `: “${words}”.`}`,
  );
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
}
