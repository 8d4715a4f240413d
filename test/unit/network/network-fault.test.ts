/** What the codes of the transport become: certificates are never a matter of trying again. */
import { describe, expect, it } from 'vitest';
import { networkFault, originOf } from '../../../src/main/network/network-fault';

const url = new URL('https://vendor.example/path-of-the-test?key=hidden');
const faultOf = (code: string, isProxied = false) =>
  networkFault(url, Object.assign(new Error('hidden'), { code }), isProxied);

describe('the sentence about a failed exchange', () => {
  it.each([
    'CERT_SIGNATURE_FAILURE',
    'CERT_UNTRUSTED',
    'CERT_CHAIN_TOO_LONG',
    'INVALID_CA',
    'INVALID_PURPOSE',
    'HOSTNAME_MISMATCH',
  ])('calls %s unsafe and not worth another try', (code) => {
    expect(faultOf(code)).toMatchObject({ code: 'vendor_tls', retryable: false });
    expect(faultOf(code).message).toContain('Nothing was sent.');
  });

  it('claims that nothing was sent only about a handshake', () => {
    expect(faultOf('ERR_SSL_WRONG_VERSION_NUMBER').message).toContain('Nothing was sent.');
    for (const code of [
      'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
      'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    ]) {
      expect(faultOf(code).code).toBe('vendor_tls');
      expect(faultOf(code).message).not.toContain('Nothing was sent');
    }
  });

  it('names the proxy only where there is one', () => {
    expect(faultOf('ECONNREFUSED').message).not.toContain('proxy');
    expect(faultOf('ECONNREFUSED', true).message).toContain('proxy');
  });

  it('holds the host and nothing else of the address or the error', () => {
    for (const code of ['ENOTFOUND', 'CERT_HAS_EXPIRED', 'UND_ERR_BODY_TIMEOUT', 'Z_DATA_ERROR', '']) {
      const { message, cause } = faultOf(code, true);
      expect(message).toContain('vendor.example');
      expect(message + String(cause)).not.toMatch(/hidden|path-of-the-test/);
    }
  });

  it('knows no origin of what is no address with a host', () => {
    expect(originOf('javascript:alert(1)', url)).toBeUndefined();
    expect(originOf('https://%', url)).toBeUndefined();
    expect(originOf('/x', url)).toBe('https://vendor.example');
  });
});
