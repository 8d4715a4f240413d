/**
 * What every call across the bridge answers with, and the one error class that carries a code.
 * Refuses to carry anything but a code, a sentence, whether a retry helps and a reference.
 */
export const faultCodes = [
  'unexpected',
  'bad_input',
  'untrusted_sender',
  'not_found',
  'vault_locked',
  'vault_needs_passphrase',
  'vault_wrong_passphrase',
  'vault_unreadable',
  'passphrase_too_short',
  'keychain_unavailable',
  'store_unreadable',
  'store_from_future',
  'store_write_failed',
  'policies_tampered',
  'policy_conflict',
  'secret_missing',
  'catalog_invalid',
  'form_invalid',
  'label_taken',
  'vendor_refused',
  'vendor_unreachable',
  'vendor_timeout',
  'vendor_tls',
  'vendor_answer_invalid',
  'vendor_too_large',
  'vendor_rate_limited',
  'vendor_busy',
  'redirect_refused',
  'address_refused',
  'oauth_state_mismatch',
  'oauth_denied',
  'oauth_failed',
  'oauth_closed',
  'oauth_refused',
  'cancelled',
  'request_invalid',
  'approval_gone',
  'activity_write_failed',
  'activity_unreadable',
  'export_failed',
  'port_taken',
  'flag_refused',
  'already_open',
  'client_file_refused',
  'client_file_changed',
] as const;

export type FaultCode = (typeof faultCodes)[number];

/** A failure that a person can read: `message` is a whole sentence that says what is wrong and what to do. */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly retryable: boolean;
  /** Facts for the caller, never secret, for example the fields of a form with their sentences. */
  readonly fields: readonly FieldFault[];

  constructor(
    code: FaultCode,
    message: string,
    options: { retryable?: boolean; cause?: unknown; fields?: readonly FieldFault[] } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'Fault';
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.fields = options.fields ?? [];
  }
}

/** One field of a form and what is wrong with it. */
export interface FieldFault {
  readonly field: string;
  readonly message: string;
}

export interface FaultReply {
  readonly code: FaultCode;
  readonly message: string;
  readonly retryable: boolean;
  /** The same reference stands in the log beside the whole error; only for `unexpected`. */
  readonly ref?: string | undefined;
  readonly fields?: readonly FieldFault[] | undefined;
}

export type Reply<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly fault: FaultReply };

/** Ends a `switch` over a union: the compiler refuses a case that was forgotten. */
export function never(value: never): never {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`);
}
