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
  CERT_SIGNATURE_FAILURE: 'its certificate claims an authority that did not sign it',
};

/** The rest of the same list: rare, and all mean that the certificate is not good. */
const otherCertificateProblem =
  /^(?:CERT_|CRL_|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_EXCEEDED$|HOSTNAME_MISMATCH$|UNABLE_TO_(?:DECODE|DECRYPT|GET_CRL)|ERROR_IN_(?:CERT|CRL)_)/;

const unreachable: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name was not found (DNS). Check the address',
  EAI_AGAIN: 'the name could not be looked up (DNS). Check the network of this computer',
  ECONNREFUSED: 'the connection was refused. Check the address and the port',
  EHOSTUNREACH: 'there is no way to it from this network',
  ENETUNREACH: 'there is no way to it from this network',
};

const notHttp = 'not http';

/** Codes of a handshake that failed, so before the request; others may come in the middle of an answer. */
const handshake =
  /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|HANDSHAKE_FAILURE|HTTP_REQUEST/;

const timeouts = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
]);

/**
 * @param error     What the transport threw; only its code (or the code of its cause) is used in the sentence.
 * @param isProxied A proxy may stand between: then the fault may be on its side.
 */
export function networkFault(url: URL, error: unknown, isProxied = false): Fault {
  const code = codeOf(error);
  const tls =
    tlsProblems[code] ?? (otherCertificateProblem.test(code) ? 'its certificate is not good' : undefined);
  if (tls !== undefined) {
    return new Fault('vendor_tls', `The connection to ${url.host} is not safe: ${tls}. Nothing was sent.`);
  }
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || code === 'EPROTO') {
    return new Fault('vendor_tls', tlsSentence(url, code));
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
  const hint = isProxied ? ' Check the proxy (HTTPS_PROXY) too: it may have refused.' : '';
  return new Fault('vendor_unreachable', `${url.host} cannot be reached: ${reason}.${hint}`, {
    retryable: true,
  });
}

/** In TLS 1.3 a server refuses our missing certificate only after the request has left. */
function tlsSentence(url: URL, code: string): string {
  if (code.includes('CERTIFICATE_REQUIRED'))
    return `${url.host} wants a certificate of its own for this computer, which is not supported. Check the address.`;
  const sent = handshake.test(code) ? ' Nothing was sent.' : '';
  return `${url.host} does not speak TLS as it should.${sent} Check the address.`;
}

/** Scheme, host and port only; undefined for text that is no address with a host. */
export function originOf(location: string, base: URL): string | undefined {
  if (!URL.canParse(location, base.href)) return undefined;
  const { origin } = new URL(location, base.href);
  return origin === 'null' ? undefined : origin;
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
