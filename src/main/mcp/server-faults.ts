/**
 * What a custom server's failure is called, in sentences. Refuses to repeat more of a server's words than a line.
 */
import { z } from 'zod';
import { Fault } from '../../preload/contract/reply';
import { oneLine } from '../catalog/vendor-answer';
import { askKinds } from './asked-by-server';
import type { WantedRequest } from './call-request';
import type { ServerAnswer } from './tool-server';

/** A refusal of a call is a result that a model can read; of anything else it stays the error that it is. */
export function errorAnswer(
  name: string,
  method: WantedRequest['method'],
  { code, message, data }: { readonly code: number; readonly message: string; readonly data?: unknown },
): ServerAnswer {
  const words = oneLine(message).slice(0, 400);
  const lacks = code === missingCapability ? lacking(data) : [];
  const error = { code: Math.trunc(code), message: words, ...(lacks.length === 0 ? {} : { lacks }) };
  if (method !== 'tools/call') return { json: '', isError: true, bytes: 0, error };
  const text = `${name} answered with error ${code}${words === '' ? '.' : `: “${words}”.`}`;
  const json = JSON.stringify({ content: [{ type: 'text', text }], isError: true });
  return { json, isError: true, bytes: json.length, ...(lacks.length === 0 ? {} : { error }) };
}

/** @see https://modelcontextprotocol.io/specification/2026-07-28 (MissingRequiredClientCapabilityError) */
export const missingCapability = -32021;

/** Only what we know by name: nothing else of a server's reaches an agent here. @param data Untrusted. */
function lacking(data: unknown): readonly string[] {
  const parsed = lackingSchema.safeParse(data);
  return parsed.success
    ? askKinds.filter((kind) => Object.hasOwn(parsed.data.requiredCapabilities, kind))
    : [];
}

const lackingSchema = z.object({ requiredCapabilities: z.record(z.string(), z.unknown()) });

export const forgotten = (name: string) =>
  new Fault(
    'vendor_unreachable',
    `${name} had forgotten our session, so nothing was run. A new one is open; call again if it is still needed.`,
    { retryable: true },
  );

export function meaning(status: number): string {
  if (status === 401 || status === 403) return ' (it wants a sign-in or refuses this one)';
  if (status === 404) return ' (not found)';
  if (status === 429) return ' (too many requests)';
  return status >= 500 ? ' (a fault on its side)' : '';
}

export function connectFault(name: string, error: unknown): Fault {
  if (error instanceof Fault) return error;
  const status = httpStatus(error);
  if (status === 401 || status === 403)
    return new Fault('vendor_refused', `${name} answered ${status}${meaning(status)}.`, { cause: error });
  const code = networkCode(error);
  const why =
    code === 'ECONNREFUSED'
      ? 'the connection was refused'
      : code === ''
        ? 'it did not answer as an MCP server'
        : `the connection failed (${code})`;
  return new Fault('vendor_unreachable', `${name} cannot be reached: ${why}. It is tried again by itself.`, {
    retryable: true,
    cause: error,
  });
}

/** The SDK keeps the status of a refused request on its error. */
function httpStatus(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('status' in error && typeof error.status === 'number') return error.status;
  return error.name === 'UnauthorizedError' ? 401 : undefined;
}

function networkCode(error: unknown): string {
  let current: unknown = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    if ('code' in current && typeof current.code === 'string' && /^(E[A-Z]+|UND_ERR\w+)$/.test(current.code))
      return current.code;
    current = current.cause;
  }
  return '';
}

/** The SDK reports an error of the server with its number; everything else has none. */
export function protocolError(error: unknown): { code: number | undefined; message: string } {
  const isNumbered = error instanceof Error && 'code' in error && typeof error.code === 'number';
  return isNumbered ? { code: Number(error.code), message: error.message } : { code: undefined, message: '' };
}
