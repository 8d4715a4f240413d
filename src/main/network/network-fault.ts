/**
 * Says in a sentence why an exchange failed, from the error code of the transport.
 * Refuses to repeat anything the other side sent, or any header.
 */
import { Fault } from '../../preload/contract/reply';

/** @see https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const tlsProblems: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; check the clock of this computer',
  CERT_REVOKED: 'its certificate was revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by an unknown, self-signed authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate comes from an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an unknown authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate belongs to another host (wrong host)',
};

const unreachable: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name was not found (DNS). Check the address',
  EAI_AGAIN: 'the name could not be looked up (DNS). Check the network of this computer',
  ECONNREFUSED: 'the connection was refused. Check the address and the port',
  EHOSTUNREACH: 'there is no way to it from this network',
  ENETUNREACH: 'there is no way to it from this network',
};

const notHttp = 'not http';

const timeouts = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
]);

/** @param error What the transport threw; only its code (or the code of its cause) is used in the sentence. */
export function networkFault(url: URL, error: unknown): Fault {
  const code = codeOf(error);
  const tls = tlsProblems[code];
  if (tls !== undefined) {
    return new Fault('vendor_tls', `The connection to ${url.host} is not safe: ${tls}. Nothing was sent.`);
  }
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || code === 'EPROTO') {
    return new Fault('vendor_tls', `${url.host} does not speak TLS as it should. Nothing was sent.`);
  }
  if (timeouts.has(code)) {
    return new Fault('vendor_timeout', `${url.host} did not answer in time. Try again later.`, {
      retryable: true,
    });
  }
  if (code.startsWith('Z_') || code.startsWith('ERR__ERROR') || code.startsWith('ERR_BROTLI')) {
    return new Fault('vendor_answer_invalid', `${url.host} sent a packed answer that cannot be unpacked.`);
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return new Fault(
      'vendor_answer_invalid',
      `${url.host} sent more headers than can be taken. Check the address.`,
    );
  }
  if (code === notHttp) {
    return new Fault(
      'vendor_answer_invalid',
      `What answers at ${url.host} does not speak HTTP. Check the address.`,
    );
  }
  if (code.startsWith('ERR_INVALID') || code === 'UND_ERR_INVALID_ARG') {
    return new Fault('request_invalid', 'The request has a header or a value that cannot be sent.');
  }
  const reason = unreachable[code] ?? 'the connection broke off. Try again later';
  return new Fault('vendor_unreachable', `${url.host} cannot be reached: ${reason}.`, { retryable: true });
}

/** Scheme, host and port only; undefined for text that is no address. */
export function originOf(location: string, base: URL): string | undefined {
  return URL.canParse(location, base.href) ? new URL(location, base.href).origin : undefined;
}

function codeOf(error: unknown): string {
  let current: unknown = error;
  for (let depth = 0; depth < 4 && current instanceof Error; depth += 1) {
    if ('code' in current && typeof current.code === 'string') return current.code;
    // The one error of the transport without a code of its own.
    if (current.name === 'HTTPParserError') return notHttp;
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return '';
}
