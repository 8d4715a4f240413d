/** What a simulated vendor answers, and its failures in the shape of the vendor. */
import { fillTemplate } from './fill-template';
import type { Dialect } from './samples';

export interface StateAnswer {
  readonly status: number;
  readonly json?: unknown;
  /** Pages of a list that has more than one. */
  readonly pages?: { readonly next: number | undefined; readonly last: number };
}

/** The vendor's error shape. */
export function vendorError(dialect: Dialect, status: number, message: string): StateAnswer {
  const template =
    status === 401 && dialect.unauthorized !== undefined ? dialect.unauthorized : dialect.error;
  const facts: Record<string, unknown> = {
    $status: status,
    $code: codes[status] ?? 'Error',
    $message: message,
  };
  return { status, json: fillTemplate(template, (name) => facts[name]) };
}

const codes: Readonly<Record<number, string>> = {
  400: 'InvalidObject',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  406: 'NotAcceptable',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  501: 'NotImplemented',
};

export function notFound(dialect: Dialect): StateAnswer {
  return vendorError(dialect, 404, 'There is no such record');
}
