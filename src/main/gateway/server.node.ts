/**
 * The MCP endpoint on this computer: Streamable HTTP on 127.0.0.1 only, protocol 2025-11-25 and older.
 * Refuses everything without a token of a living agent before it reads a body.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Fault } from '../../preload/contract/reply';
import { answerMessage } from './answer-message';
import { readOffers } from './asking';
import { type CallStream, openCallStream } from './call-stream';
import type { KnownAgent } from './core-ports';
import { judgeKnock } from './door';
import type { Gateway } from './gateway';
import { codes, errorText, type Message, type Pieces, parseMessage } from './json-rpc';
import { type Session, Sessions } from './sessions';

export interface ServedGateway {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const maxBodyBytes = 4_000_000;
const maxInFlight = 8000;
/** Bytes that wait for an agent that does not read; what comes on top is left out. */
const maxUnread = 4_000_000;

/**
 * @param needs `port` 0 takes any free one; `onFault` keeps an unexpected error and answers its reference.
 * @throws Fault `port_taken`
 */
export async function serveGateway(needs: {
  readonly gateway: Gateway;
  readonly port: number;
  /** While true, everyone at the door hears that the vault is locked, and no token is looked up. */
  readonly isLocked?: (() => boolean) | undefined;
  readonly onFault: (error: unknown) => string;
}): Promise<ServedGateway> {
  const sessions = new Sessions();
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
        return send(response, 503, errorText(null, codes.internal, 'Too many calls at once. Try again.'));
      serve({ ...needs, sessions, port }, request, response).catch((error: unknown) => {
        const ref = needs.onFault(error);
        if (!response.headersSent)
          send(response, 500, errorText(null, codes.internal, `Unexpected error, reference ${ref}.`));
        else response.destroy();
      });
    },
  );
  port = await listen(server, needs.port);
  const stopTelling = needs.gateway.onListChanged((what) =>
    sessions.announceAll(JSON.stringify({ jsonrpc: '2.0', method: `notifications/${what}/list_changed` })),
  );
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    port,
    close: () => {
      stopTelling();
      sessions.closeAll();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

interface Desk {
  readonly gateway: Gateway;
  readonly isLocked?: (() => boolean) | undefined;
  readonly sessions: Sessions;
  readonly port: number;
  readonly onFault: (error: unknown) => string;
}

async function serve(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const judged = judgeKnock(
    {
      method: request.method ?? '',
      path: (request.url ?? '').split('?')[0] ?? '',
      host: request.headers.host,
      origin: request.headers.origin,
      authorization: request.headers.authorization,
      contentType: request.headers['content-type'],
    },
    desk.port,
    desk.isLocked?.(),
  );
  if (judged.kind === 'refused') return refuse(response, judged.status, judged.message);
  const agent = desk.gateway.agentOf(judged.token);
  if (agent === undefined)
    return refuse(response, 401, 'Unauthorized: this token is not known. It may have been revoked.');
  desk.gateway.seen(agent.agentId);
  if (request.method === 'GET') return openStream(desk, agent, request, response);
  if (request.method === 'DELETE') return closeSession(desk, agent, request, response);
  const body = await readBody(request);
  if (body === undefined) return refuse(response, 413, `The message is larger than ${maxBodyBytes} bytes.`);
  const parsed = parseMessage(body);
  if (parsed.kind === 'wrong') return send(response, 400, errorText(null, parsed.code, parsed.text));
  await servePost(desk, agent, parsed.message, request, response);
}

async function servePost(
  desk: Desk,
  agent: KnownAgent,
  message: Message,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (message.method === 'initialize' && message.id !== undefined) {
    const session = desk.sessions.open(randomUUID(), agent, readOffers(message.params?.capabilities));
    response.setHeader('mcp-session-id', session.id);
  }
  const sessionId = one(request.headers['mcp-session-id']);
  const session = desk.sessions.find(sessionId, agent);
  if (sessionId !== undefined && session === undefined)
    return refuse(response, 404, 'Session not found. Initialize again.');
  if (message.method === undefined) return takeAnswer(session, message, response);
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  const { id } = message;
  if (id !== undefined) session?.running.set(id, controller);
  try {
    const { signal } = controller;
    const stream = streamOf(desk, session, message, request, response);
    const answer = await answerMessage(
      desk.gateway,
      agent,
      message,
      session,
      stream === undefined ? { signal } : { ...stream.call, signal },
      desk.onFault,
    ).finally(() => stream?.call.stop());
    if (response.destroyed) return;
    if (answer === undefined) response.writeHead(202).end();
    else if (typeof answer !== 'string') sendPieces(response, answer);
    else if (stream?.isOpen() === true) response.end(`event: message\ndata: ${answer}\n\n`);
    else send(response, 200, answer);
  } finally {
    if (id !== undefined) session?.running.delete(id);
  }
}

/** The answer of an agent to a question of ours, in its own session only. */
function takeAnswer(session: Session | undefined, message: Message, response: ServerResponse): void {
  const settle = typeof message.id === 'string' ? session?.questions.get(message.id) : undefined;
  if (settle === undefined) {
    refuse(response, 400, 'No question waits for this answer.');
    return;
  }
  settle(message);
  response.writeHead(202).end();
}

const streamed = new Set(['tools/call', 'resources/read', 'prompts/get']);

/**
 * What is told or asked in the middle of a call goes out at once, where the agent reads event streams; everything quicker is answered as
 * plain JSON.
 */
function streamOf(
  { gateway }: Desk,
  session: Session | undefined,
  message: Message,
  request: IncomingMessage,
  response: ServerResponse,
): { readonly call: CallStream; isOpen(): boolean } | undefined {
  const accepts = (request.headers.accept ?? '').includes('text/event-stream');
  if (!accepts || message.id === undefined || !streamed.has(message.method ?? '')) return undefined;
  const call = openCallStream({
    clock: gateway.clock,
    newQuestionId: gateway.newQuestionId,
    session,
    progressToken: progressTokenOf(message),
    send(text) {
      if (response.destroyed || response.writableLength > maxUnread) return false;
      if (!response.headersSent)
        response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(`event: message\ndata: ${text}\n\n`);
      return true;
    },
  });
  return { call, isOpen: () => response.headersSent };
}

function progressTokenOf({ params }: Message): string | number | undefined {
  const meta = params?._meta;
  if (typeof meta !== 'object' || meta === null || !('progressToken' in meta)) return undefined;
  const token = meta.progressToken;
  return typeof token === 'string' || typeof token === 'number' ? token : undefined;
}

function openStream(desk: Desk, agent: KnownAgent, request: IncomingMessage, response: ServerResponse): void {
  const session = desk.sessions.find(one(request.headers['mcp-session-id']), agent);
  if (session === undefined) {
    refuse(response, 404, 'Session not found. Initialize again.');
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
  const announce = (text: string) => response.write(`event: message\ndata: ${text}\n\n`);
  session.announce = announce;
  response.once('close', () => {
    if (session.announce === announce) session.announce = undefined;
  });
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

/** The body as text; undefined when it is larger than the cap. Rejects when the sender breaks off. */
function readBody(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBodyBytes) return void chunks.push(chunk);
      request.pause();
      resolve(undefined);
    });
    request.on('end', () => {
      const [only] = chunks;
      const body = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
      resolve(body.toString('utf8'));
    });
    request.on('error', reject);
    request.on('close', () => {
      // Also comes after a whole body, when there is nobody left to tell.
      if (!request.complete) reject(new Fault('cancelled', 'The agent went away while it was asking.'));
    });
  });
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="Gatehouse"');
  if (status === 405) response.setHeader('Allow', 'POST, GET, DELETE');
  if (status === 413) response.setHeader('Connection', 'close');
  send(response, status, errorText(null, codes.invalid, message));
}

function send(response: ServerResponse, status: number, text: string): void {
  // A text goes out together with the headers in one write; bytes would be a second one.
  response.writeHead(status, jsonHeaders(Buffer.byteLength(text))).end(text);
}

function sendPieces(response: ServerResponse, [head, prepared, tail]: Pieces): void {
  response.writeHead(200, jsonHeaders(Buffer.byteLength(head) + prepared.length + Buffer.byteLength(tail)));
  response.write(head);
  response.write(prepared);
  response.end(tail);
}

function jsonHeaders(bytes: number): Record<string, string | number> {
  return { 'content-type': 'application/json', 'content-length': bytes, 'cache-control': 'no-store' };
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
