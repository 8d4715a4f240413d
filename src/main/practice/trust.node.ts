/** Judges the certificate that a simulated vendor shows to the sign-in window: signed by the authority of this run, for this host, now. */
import { X509Certificate } from 'node:crypto';

export function trustsOnly(
  caPem: string,
  hosts: ReadonlyMap<string, number>,
): (host: string, pem: string) => boolean {
  const authority = new X509Certificate(caPem);
  return (host, pem) => {
    if (!hosts.has(host)) return false;
    const shown = new X509Certificate(pem);
    const nowMs = Date.now();
    return (
      shown.verify(authority.publicKey) &&
      shown.checkHost(host, { subject: 'never' }) !== undefined &&
      Date.parse(shown.validFrom) <= nowMs &&
      nowMs <= Date.parse(shown.validTo)
    );
  };
}
