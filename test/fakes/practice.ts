/** The simulated vendors of the practice workspace, put together as the application does. */
import { randomBytes } from 'node:crypto';
import type { App } from '../../src/main/catalog/app';
import { openAuthorizationServer } from '../../src/main/practice/authorization-server.node';
import { makeCertificates } from '../../src/main/practice/certificates.node';
import { serveVendor } from '../../src/main/practice/serve-vendor.node';
import { type SimulatedVendors, startSimulatedVendors } from '../../src/main/practice/simulated-vendors.node';

export function startPractice(
  apps: ReadonlyMap<string, App>,
  samplesFolder = 'resources/practice',
): Promise<SimulatedVendors> {
  return startSimulatedVendors({
    apps,
    samplesFolder,
    caNowMs: Date.now(),
    random: { bytes: (count) => new Uint8Array(randomBytes(count)) },
    makeCertificates,
    openAuthorizationServer,
    serveVendor,
  });
}
