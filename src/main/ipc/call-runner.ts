/**
 * One call from parsed name to envelope: input parsed, handler, output parsed. Every way out is a Reply.
 * Refuses to pass on the words of an error it does not know: they stay in the log under a reference.
 */
import type { z } from 'zod';
import { calls, type Handlers, type ParsedInput } from '../../preload/contract/calls';
import type { CallName } from '../../preload/contract/names';
import { Fault, type FaultReply, type FieldFault, type Reply } from '../../preload/contract/reply';
import type { Log } from '../ports';
import { isPlainInput } from './plain-input';

/**
 * Runs one call. Never rejects.
 *
 * @param name  Untrusted; anything but a name of the contract is refused.
 * @param input Untrusted.
 */
export async function runCall(
  name: unknown,
  input: unknown,
  handlers: Handlers,
  log: Log,
): Promise<Reply<unknown>> {
  if (!isCallName(name)) return refused(new Fault('bad_input', 'There is no such call.'));
  try {
    return { ok: true, value: await parseRunParse(name, input, handlers) };
  } catch (error) {
    return refused(error, (unknownError) => log.failure(`call ${name} failed`, unknownError));
  }
}

/** The answer to a sender that is not our page. */
export const untrustedSenderReply: Reply<never> = {
  ok: false,
  fault: {
    code: 'untrusted_sender',
    message: 'Only the window of Gatehouse may make this call.',
    retryable: false,
  },
};

async function parseRunParse<Name extends CallName>(name: Name, input: unknown, handlers: Handlers) {
  if (!isPlainInput(input)) throw new Fault('bad_input', 'The window sent something that is not plain data.');
  const parsed = calls[name].input.safeParse(input);
  if (!parsed.success) throw badInput(parsed.error);
  // The compiler does not follow a name through the table; parsed by exactly this call's schema, it fits.
  const value = await handlers[name](parsed.data as ParsedInput<Name>);
  return calls[name].output.parse(value);
}

function isCallName(name: unknown): name is CallName {
  return typeof name === 'string' && Object.hasOwn(calls, name);
}

function badInput(error: z.ZodError): Fault {
  const fields = error.issues.slice(0, 40).map(
    (issue): FieldFault => ({
      field: issue.path.map(String).join('.').slice(0, 200),
      message: sentenceOf(issue),
    }),
  );
  const [first] = fields;
  const [issue] = error.issues;
  // A sentence of our own says it all; the general ones need the place.
  if (first !== undefined && issue !== undefined && issue.message === first.message)
    return new Fault('bad_input', first.message, { fields });
  const place = first && first.field !== '' ? ` (${first.field})` : '';
  return new Fault(
    'bad_input',
    `This cannot be used${place}: ${first?.message ?? 'It has the wrong shape.'}`,
    {
      fields,
    },
  );
}

/** Our own sentences end with a full stop; what the parser words itself is said in ours. */
function sentenceOf({ code, message }: z.core.$ZodIssue): string {
  // An unknown key is the sender's own text; it is not repeated.
  if (code === 'unrecognized_keys') return 'There is a field that this call does not take.';
  if (message.endsWith('.')) return message;
  switch (code) {
    case 'too_big':
      return 'It is too long or too large.';
    case 'too_small':
      return 'It is too short or too small.';
    case 'invalid_format':
      return 'It is not written as it should be.';
    default:
      return 'It has the wrong shape.';
  }
}

function refused(error: unknown, keep?: (error: unknown) => string): Reply<never> {
  if (error instanceof Fault && error.code !== 'unexpected') {
    const { code, message, retryable, fields } = error;
    const fault: FaultReply = { code, message, retryable, ...(fields.length > 0 ? { fields } : {}) };
    return { ok: false, fault };
  }
  const ref = keep?.(error);
  const message = `Gatehouse met an error of its own. Nothing more was done; the log has the details${
    ref === undefined ? '.' : ` under ${ref}.`
  }`;
  return { ok: false, fault: { code: 'unexpected', message, retryable: false, ref } };
}
