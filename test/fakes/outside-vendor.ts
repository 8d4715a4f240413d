/**
 * The simulated ConnectWise PSA in the process of the test, so that it outlives a killed application and can tell what
 * ran twice. It lets in nobody but the holder of the planted keys.
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { credentialHeaders } from '../../src/main/catalog/connect-form';
import { loadCatalog } from '../../src/main/catalog/load.node';
import { planted } from './planted-secrets';
import { startPractice } from './practice';

const root = resolve(import.meta.dirname, '../..');
export const appId = 'connectwise-psa';
const api = '/v4_6_release/apis/3.0';
export const ticket = 48213;
/** Tells the test's own questions from those of the application. */
const ourQuery = '?pageSize=999';

export interface OutsideVendor {
  /** File with the CA that signed the vendor's certificate, for NODE_EXTRA_CA_CERTS. */
  readonly caFile: string;
  /** What to type into the connect form. */
  readonly values: Record<string, string>;
  /** Every request from now on waits until the answered function is called; a later hold is another one. */
  hold(): () => void;
  free(): void;
  /** Requests of the application for tickets that have arrived, answered or not. */
  arrived(): number;
  /** Texts of the notes on the ticket, as the vendor has them. */
  notes(): Promise<string[]>;
  close(): Promise<void>;
}

export async function startOutsideVendor(): Promise<OutsideVendor> {
  const apps = loadCatalog(join(root, 'build', 'catalog.json'));
  const app = apps.get(appId);
  if (app === undefined) throw new Error('The catalog has no ConnectWise PSA.');
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-vendor-'));
  const caFile = join(folder, 'ca.pem');
  const samples = writeSamples(folder);
  const vendors = await startPractice(new Map([[appId, app]]), folder);
  rmSync(samples);
  writeFileSync(caFile, vendors.caPem);
  // The application under test knows nothing of this vendor's made-up name.
  const values = { ...vendors.sampleValues(appId), siteUrl: vendors.origin(appId) };
  return {
    caFile,
    values,
    hold() {
      let release: () => void = () => undefined;
      const untilReleased = new Promise<void>((done) => {
        release = done;
      });
      vendors.fail(appId, { kind: 'slow', wait: () => untilReleased });
      return release;
    },
    free: () => vendors.fail(appId, undefined),
    arrived: () =>
      vendors
        .requests()
        .filter(({ path, query }) => path.startsWith(`${api}/service/tickets`) && query !== ourQuery).length,
    notes: () =>
      readNotes(
        vendors.origin(appId),
        vendors.caPem,
        app.auth.kind === 'credentials' ? credentialHeaders(app.auth, values) : {},
      ),
    close: async () => {
      await vendors.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The practice records with the planted keys. */
function writeSamples(folder: string): string {
  const samples = JSON.parse(readFileSync(join(root, 'resources', 'practice', `${appId}.json`), 'utf8'));
  const file = join(folder, `${appId}.json`);
  const values = {
    ...samples.values,
    publicKey: planted('public key'),
    privateKey: planted('private key'),
    clientId: planted('client id'),
  };
  writeFileSync(file, JSON.stringify({ ...samples, values }));
  copyFileSync(join(root, 'resources', 'practice', 'world.json'), join(folder, 'world.json'));
  return file;
}

/** Asked past the gateway: what stands here has really happened. */
function readNotes(origin: string, ca: string, headers: Record<string, string>): Promise<string[]> {
  return new Promise((done, failed) => {
    const url = `${origin}${api}/service/tickets/${ticket}/notes${ourQuery}`;
    const call = request(url, { ca, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => {
        const notes: { text: string }[] = JSON.parse(text);
        done(notes.map((note) => note.text));
      });
    });
    call.on('error', failed).end();
  });
}
