/**
 * Messages of a client that only starts commands, as they go to the gateway's door and back. Refuses a gateway that is not on this
 * computer: the token would leave it.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports#stdio, …/2025-11-25/basic/transports#stdio
 */
import { Fault } from '../../preload/contract/reply';
import { headerValue } from '../mcp/param-headers';
import { metaKeys, namedBy } from './era';
import { errorText, type Message, type MessageId } from './json-rpc';

/** Of the environment: what every user of the computer could read on a command line. */
export const tokenVariable = 'GATEHOUSE_TOKEN';

/** What the gateway said at `initialize`; nothing before, and nothing for clients of 2026-07-28. */
export interface BridgeSession {
  readonly id: string;
  readonly version: string;
}

/** @throws Fault `bad_input` */
export function gatewayAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHere = url?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url === undefined || !isHere)
    throw new Fault(
      'bad_input',
      `--url takes the address of the Tool Gateway on this computer, for example http://127.0.0.1:8417/mcp, not “${text.slice(0, 100)}”.`,
    );
  return url;
}

/** The version that a message of 2026-07-28 or newer says of itself. */
export function modernVersionOf({ params }: Message): string | undefined {
  const meta = params?._meta;
  const said = typeof meta === 'object' && meta !== null ? Object(meta)[metaKeys.version] : undefined;
  return typeof said === 'string' ? said : undefined;
}

/** What HTTP wants besides the message itself. */
export function bridgeHeaders(message: Message, session: BridgeSession | undefined): Record<string, string> {
  const modern = modernVersionOf(message);
  const always = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  if (modern === undefined)
    return session === undefined
      ? always
      : { ...always, 'mcp-session-id': session.id, 'mcp-protocol-version': session.version };
  const member = namedBy.get(message.method ?? '');
  const name = member === undefined ? undefined : message.params?.[member];
  return {
    ...always,
    'mcp-protocol-version': modern,
    'mcp-method': message.method ?? '',
    ...(typeof name === 'string' ? { 'mcp-name': headerValue(name) } : {}),
    // There is nothing between this program and the gateway that arguments in headers could be for.
    [bridgeHeader]: 'stdio',
  };
}

export const bridgeHeader = 'gatehouse-bridge';

/** The answer for a client that got none from the gateway, or one without its id. @param body Untrusted. */
export function bridgedError(id: MessageId, status: number, body: string): string {
  const error = errorOf(body);
  if (error !== undefined) return errorText(id, error.code, error.message, error.data);
  return errorText(id, -32603, `Gatehouse answered ${status}.`);
}

export const notRunning = (id: MessageId): string =>
  errorText(
    id,
    -32603,
    'Gatehouse is not running, or its Tool Gateway listens elsewhere. Start Gatehouse and try again.',
  );

function errorOf(body: string): { code: number; message: string; data: unknown } | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const { code, message, data } = Object(Object(parsed).error);
  return typeof code === 'number' && typeof message === 'string' ? { code, message, data } : undefined;
}
