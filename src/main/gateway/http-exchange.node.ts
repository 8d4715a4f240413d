/**
 * A message over HTTP and the way back: JSON where the answer comes alone, an event stream where something is told before it. Refuses
 * bodies over their cap, and drops what an agent does not read.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Fault } from '../../preload/contract/reply';
import type { Exchange } from './exchange';
import type { Pieces } from './json-rpc';
import type { Session } from './sessions';

/** Bytes that wait for an agent that does not read; what comes on top is left out. */
const maxUnread = 4_000_000;

export function httpExchange(request: IncomingMessage, response: ServerResponse): Exchange {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  const tell = (text: string): boolean => {
    if (response.destroyed || response.writableEnded || response.writableLength > maxUnread) return false;
    if (!response.headersSent) startStream(response);
    response.write(eventText('message', text));
    return true;
  };
  return {
    header: (name) => {
      const value = request.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
    signal: controller.signal,
    abort: () => controller.abort(),
    takesStream: (request.headers.accept ?? '').includes('text/event-stream'),
    tell,
    answer(status, body, headers) {
      if (response.destroyed) return;
      if (response.headersSent) {
        if (body !== undefined) response.write(eventText('message', wholeText(body)));
        response.end();
      } else if (body === undefined) response.writeHead(status, headers).end();
      else if (typeof body === 'string') sendText(response, status, body, headers);
      else sendPieces(response, body);
    },
  };
}

/** A message of 2024-11-05, answered on the stream of its session. */
export function carriedExchange(session: Session): Exchange {
  const controller = new AbortController();
  const tell = (text: string): boolean => session.announce?.(text) ?? false;
  return {
    header: () => undefined,
    signal: controller.signal,
    abort: () => controller.abort(),
    takesStream: true,
    tell,
    answer: (_status, body) => {
      if (body !== undefined) tell(wholeText(body));
    },
  };
}

/** Opens an event stream. `write` answers false where the agent cannot take any more. */
export function startStream(response: ServerResponse): { write(event: string, data: string): boolean } {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
  return {
    write(event, data) {
      if (response.destroyed || response.writableLength > maxUnread) return false;
      response.write(eventText(event, data));
      return true;
    },
  };
}

const eventText = (event: string, data: string) => `event: ${event}\ndata: ${data}\n\n`;

const wholeText = (body: string | Pieces): string =>
  typeof body === 'string' ? body : `${body[0]}${Buffer.from(body[1]).toString('utf8')}${body[2]}`;

export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers?: Readonly<Record<string, string>>,
): void {
  // A text goes out together with the headers in one write; bytes would be a second one.
  response.writeHead(status, jsonHeaders(Buffer.byteLength(text), headers)).end(text);
}

function sendPieces(response: ServerResponse, [head, prepared, tail]: Pieces): void {
  response.writeHead(200, jsonHeaders(Buffer.byteLength(head) + prepared.length + Buffer.byteLength(tail)));
  response.write(head);
  response.write(prepared);
  response.end(tail);
}

function jsonHeaders(
  bytes: number,
  more?: Readonly<Record<string, string>>,
): Record<string, string | number> {
  return {
    'content-type': 'application/json',
    'content-length': bytes,
    'cache-control': 'no-store',
    ...more,
  };
}

/** The body as text; undefined when it is larger than the cap. Rejects when the sender breaks off. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) return void chunks.push(chunk);
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
