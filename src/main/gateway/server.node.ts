/**
 * The MCP endpoint on this computer: HTTP on 127.0.0.1 only, for agents of both protocol eras and for those of 2024-11-05.
 * Refuses everything without a token of a living agent before it reads a body.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports, …/2025-11-25/basic/transports
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Fault } from '../../preload/contract/reply';
import { createServer } from '../node-http.node';
import { readOffers } from './asking';
import type { KnownAgent } from './core-ports';
import { judgeKnock } from './door';
import { judgeEra } from './era';
import type { Desk } from './exchange';
import { carriedExchange, httpExchange, readBody, sendText, startStream } from './http-exchange.node';
import { answerText, codes, errorText, type Message, parseMessage } from './json-rpc';
import { Listening } from './listening';
import { AgentPaces, paceOf } from './pace';
import { Rounds } from './rounds';
import { serveModern } from './serve-modern';
import { serveOlder } from './serve-older';
import { type Session, Sessions } from './sessions';

export interface ServedGateway {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const maxBodyBytes = 4_000_000;
const maxInFlight = 8000;

interface Door extends Desk {
  readonly port: number;
  /** While true, everyone at the door hears that the vault is locked, and no token is looked up. */
  readonly isLocked?: (() => boolean) | undefined;
  readonly paces: AgentPaces;
}

/**
 * @param needs `port` 0 takes any free one; `onFault` keeps an unexpected error and answers its reference.
 * @throws Fault `port_taken`
 */
export async function serveGateway(
  needs: Pick<Door, 'gateway' | 'port' | 'isLocked' | 'onFault'> & {
    readonly mostPerSecond?: number | undefined;
  },
): Promise<ServedGateway> {
  const { gateway } = needs;
  const paces = new AgentPaces(gateway.clock, paceOf(needs.mostPerSecond));
  const sessions = new Sessions(randomUUID);
  const rounds = new Rounds(gateway.clock, () => `rnd_${randomUUID()}`);
  const listening = new Listening();
  let port = needs.port;
  let inFlight = 0;
  const server = createServer(
    { maxHeaderSize: 16_384, requestTimeout: 30_000, headersTimeout: 10_000 },
    (request, response) => {
      inFlight += 1;
      response.once('close', () => {
        inFlight -= 1;
      });
      if (inFlight > maxInFlight)
        return sendText(response, 503, errorText(null, codes.internal, 'Too many calls at once. Try again.'));
      serve({ ...needs, sessions, rounds, listening, port, paces }, request, response).catch(
        (error: unknown) => {
          const ref = needs.onFault(error);
          if (!response.headersSent)
            sendText(response, 500, errorText(null, codes.internal, `Unexpected error, reference ${ref}.`));
          else response.destroy();
        },
      );
    },
  );
  port = await listen(server, needs.port);
  const stopTelling = gateway.onListChanged((what) => {
    sessions.announceAll(JSON.stringify({ jsonrpc: '2.0', method: `notifications/${what}/list_changed` }));
    listening.tell(what, gateway.isActive);
  });
  const end = (agentId?: string): void => {
    sessions.closeAll(agentId);
    rounds.end(agentId);
    listening.end(agentId);
  };
  const stopEnding = gateway.onEnded(end);
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    port,
    close: () => {
      stopTelling();
      stopEnding();
      end();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function serve(door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const judged = judgeKnock(
    {
      method: request.method ?? '',
      path: (request.url ?? '').split('?')[0] ?? '',
      host: request.headers.host,
      origin: request.headers.origin,
      authorization: request.headers.authorization,
      contentType: request.headers['content-type'],
    },
    door.port,
    door.isLocked?.(),
  );
  if (judged.kind === 'refused') return refuse(response, judged.status, judged.message);
  const agent = door.gateway.agentOf(judged.token);
  if (agent === undefined)
    return refuse(
      response,
      401,
      'Unauthorized: this token is not known. It was revoked, or its time is over.',
    );
  door.gateway.seen(agent.agentId);
  const place = door.paces.enter(agent.agentId);
  if (place.kind === 'slower') {
    if (place.isFirst) await door.gateway.turnedAway(agent, place.why);
    return refuse(response, 429, `${place.why} Wait a second, then go on.`);
  }
  try {
    await serveKnown(door, agent, request, response);
  } finally {
    // A stream stays open after its request was understood.
    if (response.writableFinished || response.destroyed) place.leave();
    else response.once('close', place.leave);
  }
}

async function serveKnown(
  door: Door,
  agent: KnownAgent,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === 'GET') return openStream(door, agent, request, response);
  if (request.method === 'DELETE') return closeSession(door, agent, request, response);
  const body = await readBody(request, maxBodyBytes);
  if (body === undefined) return refuse(response, 413, `The message is larger than ${maxBodyBytes} bytes.`);
  const parsed = parseMessage(body);
  if (parsed.kind === 'wrong') return sendText(response, 400, errorText(null, parsed.code, parsed.text));
  const carrier = carrierOf(door, agent, request);
  if (carrier === 'unknown') return refuse(response, 404, 'Session not found.');
  if (carrier !== undefined) return await serveCarried(door, agent, parsed.message, carrier, response);
  await servePost(door, agent, parsed.message, request, response);
}

async function servePost(
  desk: Desk,
  agent: KnownAgent,
  message: Message,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const exchange = httpExchange(request, response);
  const era = judgeEra(message, exchange.header);
  if (era.kind === 'older') return await serveOlder(desk, agent, message, exchange);
  if (era.kind === 'modern') return await serveModern(desk, agent, message, era, exchange);
  exchange.answer(400, message.id === undefined ? undefined : answerText(message.id, era.answer));
}

/** A stream of a session, or, without one, the whole connection of an agent of 2024-11-05. */
function openStream(
  { sessions }: Desk,
  agent: KnownAgent,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const id = one(request.headers['mcp-session-id']);
  const known = sessions.find(id, agent);
  if (id !== undefined && known === undefined) {
    refuse(response, 404, 'Session not found. Initialize again.');
    return;
  }
  const session = known ?? sessions.open(agent, readOffers({}));
  const stream = startStream(response);
  if (known === undefined) stream.write('endpoint', `/mcp?session=${session.id}`);
  const announce = (text: string) => stream.write('message', text);
  session.announce = announce;
  response.once('close', () => {
    if (known === undefined) sessions.close(session.id);
    else if (session.announce === announce) session.announce = undefined;
  });
}

/** The session on whose stream this message is to be answered, as 2024-11-05 has it. */
function carrierOf(
  { sessions }: Desk,
  agent: KnownAgent,
  request: IncomingMessage,
): Session | 'unknown' | undefined {
  const id = /[?&]session=([\w-]{1,80})/.exec(request.url ?? '')?.[1];
  return id === undefined ? undefined : (sessions.find(id, agent) ?? 'unknown');
}

/** @see https://modelcontextprotocol.io/specification/2024-11-05/basic/transports#http-with-sse */
async function serveCarried(
  desk: Desk,
  agent: KnownAgent,
  message: Message,
  session: Session,
  response: ServerResponse,
): Promise<void> {
  response.writeHead(202).end();
  await serveOlder(desk, agent, message, carriedExchange(session), session);
}

function closeSession(
  desk: Desk,
  agent: KnownAgent,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const session = desk.sessions.find(one(request.headers['mcp-session-id']), agent);
  if (session === undefined) {
    refuse(response, 404, 'Session not found.');
    return;
  }
  desk.sessions.close(session.id);
  response.writeHead(204).end();
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="Gatehouse"');
  if (status === 405) response.setHeader('Allow', 'POST, GET, DELETE');
  if (status === 429) response.setHeader('Retry-After', '1');
  if (status === 413) response.setHeader('Connection', 'close');
  sendText(response, status, errorText(null, codes.invalid, message));
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE' || cause.code === 'EACCES';
      reject(taken ? new Fault('port_taken', `Port ${port} is taken by another program.`, { cause }) : cause);
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
