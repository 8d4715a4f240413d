/**
 * A certificate authority that lives as long as the simulator, and its certificate for 127.0.0.1.
 * Refuses to write a key anywhere: the authority's key cannot be exported from memory.
 */
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const hourMs = 3_600_000;

export interface PracticeCertificates {
  readonly caPem: string;
  readonly certPem: string;
  readonly keyPem: string;
}

/**
 * @param nowMs   The middle of the validity; 30 days either way.
 * @param address IP address in the certificate.
 * @param hosts   Names in the certificate besides.
 */
export async function makeCertificates(
  nowMs: number,
  serial: (bytes: number) => Uint8Array,
  address = '127.0.0.1',
  hosts: readonly string[] = [],
): Promise<PracticeCertificates> {
  const notBefore = new Date(nowMs - 24 * hourMs);
  const notAfter = new Date(nowMs + 30 * 24 * hourMs);
  const caKeys = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
  const leafKeys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const name = 'CN=Practice vendors (samples only)';
  const ca = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialText(serial(12)),
      name,
      notBefore,
      notAfter,
      keys: caKeys,
      signingAlgorithm: algorithm,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
      ],
    },
    crypto,
  );
  const leaf = await X509CertificateGenerator.create(
    {
      serialNumber: serialText(serial(12)),
      subject: `CN=${address}`,
      issuer: ca.subject,
      notBefore,
      notAfter,
      signingKey: caKeys.privateKey,
      publicKey: leafKeys.publicKey,
      signingAlgorithm: algorithm,
      extensions: [
        new SubjectAlternativeNameExtension([
          { type: 'ip', value: address },
          ...hosts.map((value) => ({ type: 'dns' as const, value })),
        ]),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      ],
    },
    crypto,
  );
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', leafKeys.privateKey)).toString('base64');
  const keyPem = `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`;
  return { caPem: ca.toString('pem'), certPem: leaf.toString('pem'), keyPem };
}

/** A positive serial number in hexadecimal (RFC 5280 §4.1.2.2). */
function serialText(bytes: Uint8Array): string {
  return `01${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
