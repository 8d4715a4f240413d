/** A simulated vendor that signs in by OAuth, behind real TLS and a real authorization server, and the way out to it. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from '../../src/main/catalog/app';
import { createHttpOut } from '../../src/main/network/http-out.node';
import type { InboundAnswer, OutboundRequest } from '../../src/main/ports';
import type { SimulatedVendors } from '../../src/main/practice/simulated-vendors.node';
import { byToken, madeUpApp, oauth } from './made-up-app';
import { startPractice } from './practice';

export interface OAuthVendor {
  readonly app: App;
  readonly vendors: SimulatedVendors;
  readonly values: Readonly<Record<string, string>>;
  send(request: OutboundRequest, signal?: AbortSignal): Promise<InboundAnswer>;
  close(): Promise<void>;
}

const samples = {
  values: { clientId: 'sample-client', clientSecret: 'sample-client-secret', site: '{origin}' },
  paths: { '/me': { id: 'anna.keller' } },
  dialect: { list: '{$items}', one: '{$item}', error: { message: '{$message}' } },
  records: { things: [{ id: 1, name: 'A thing' }] },
  answers: {
    'list-thing': { do: 'list', in: 'things' },
    'delete-thing': { do: 'say', as: { deleted: true } },
  },
};

/** @param client `public` has no secret. */
export async function startOAuthVendor(client: 'public' | 'with a secret'): Promise<OAuthVendor> {
  const secret = {
    name: 'clientSecret',
    label: 'Client secret',
    help: 'Where it is.',
    secret: true,
    required: false,
  };
  const site = { name: 'site', label: 'Site', help: 'Where it is.', secret: false, normalize: 'origin' };
  const app: App = {
    ...madeUpApp(byToken, {
      ...oauth,
      fields: [site, { ...secret, name: 'clientId', secret: false }, secret],
      authorizeUrl: '{site}/authorize',
      tokenUrl: '{site}/token',
      scope: 'things.read offline_access',
    }),
    baseUrl: '{site}/v1',
    revoke: { kind: 'rfc7009', url: '{site}/revoke' },
  };
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-oauth-'));
  const values = client === 'public' ? { ...samples.values, clientSecret: '' } : samples.values;
  writeFileSync(join(folder, `${app.id}.json`), JSON.stringify({ ...samples, values }));
  copyFileSync('resources/practice/world.json', join(folder, 'world.json'));
  const vendors = await startPractice(new Map([[app.id, app]]), folder);
  const http = createHttpOut({ extraCaPem: [vendors.caPem], hosts: vendors.hosts });
  return {
    app,
    vendors,
    values: vendors.sampleValues(app.id),
    send: (request, signal) => http.send(request, { timeoutMs: 10_000, maxBytes: 1_000_000, signal }),
    close: async () => {
      await http.close();
      await vendors.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
