/** The simulated vendor over real TLS through the real way out. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { credentialHeaders } from '../../src/main/catalog/connect-form';
import { parseCatalog } from '../../src/main/catalog/load.node';
import { buildRequest } from '../../src/main/catalog/request-template';
import { createHttpOut } from '../../src/main/network/http-out.node';
import type { InboundAnswer } from '../../src/main/ports';
import type { SimulatedVendors } from '../../src/main/practice/simulated-vendors.node';
import { startPractice } from '../fakes/practice';

const apps = parseCatalog([parse(readFileSync('resources/catalog/connectwise-psa.yaml', 'utf8'))]);
const limits = { timeoutMs: 10_000, maxBytes: 1_000_000 };
let vendors: SimulatedVendors;
let http: ReturnType<typeof createHttpOut>;

beforeAll(async () => {
  vendors = await startPractice(apps);
  http = createHttpOut({
    extraCaPem: [vendors.caPem],
    hosts: vendors.hosts,
  });
});

afterAll(async () => {
  await http.close();
  await vendors.close();
});

async function call(name: string, args: Record<string, unknown>, change = {}): Promise<InboundAnswer> {
  const app = apps.get('connectwise-psa');
  const tool = app?.tools.find((one) => one.name === name);
  if (app === undefined || tool === undefined) throw new Error(`No tool ${name}.`);
  const values = { ...vendors.sampleValues(app.id), ...change };
  const request = buildRequest(app, tool, args, values);
  return http.send(
    {
      ...request,
      headers: {
        ...request.headers,
        ...(app.auth.kind === 'credentials' ? credentialHeaders(app.auth, values) : {}),
      },
    },
    limits,
  );
}

describe('the address of a simulated vendor', () => {
  it('stays the same when it starts again on another port, and the certificate is held to it', async () => {
    const again = await startPractice(apps);
    const url = vendors.sampleValues('connectwise-psa').siteUrl ?? '';
    expect(again.sampleValues('connectwise-psa').siteUrl).toBe(url);
    expect(again.origin('connectwise-psa')).not.toBe(vendors.origin('connectwise-psa'));
    const other = createHttpOut({ extraCaPem: [again.caPem], hosts: again.hosts });
    const request = { method: 'GET', url: `${url}/login/companyinfo/x`, headers: {} };
    await other.send(request, limits);
    expect(again.requests()).toHaveLength(1);
    await other.close();
    const port = again.hosts.get(new URL(url).hostname) ?? 0;
    const wrongName = createHttpOut({
      extraCaPem: [again.caPem],
      hosts: new Map([['other.practice.invalid', port]]),
    });
    const elsewhere = { ...request, url: 'https://other.practice.invalid/' };
    await expect(wrongName.send(elsewhere, limits)).rejects.toMatchObject({ code: 'vendor_tls' });
    await wrongName.close();
    await again.close();
  });

  it('resolves nowhere without the simulator', async () => {
    const plain = createHttpOut({});
    const url = vendors.sampleValues('connectwise-psa').siteUrl ?? '';
    const sent = plain.send({ method: 'GET', url, headers: {} }, limits);
    await expect(sent).rejects.toMatchObject({ code: 'address_refused' });
    await plain.close();
  });
});

describe('the simulated vendor', () => {
  it('returns a sample ticket', async () => {
    expect(JSON.parse((await call('get-ticket', { id: 48213 })).text).summary).toBe('VPN drops every hour');
  });

  it('keeps a note that was added', async () => {
    expect((await call('add-ticket-note', { id: 48213, text: 'Checked.' })).status).toBe(201);
    expect((await call('list-ticket-notes', { id: 48213 })).text).toContain('Checked.');
    expect((await call('list-all-ticket-notes', { id: 48213 })).text).toContain('Checked.');
  });

  it('applies a patch and deletes', async () => {
    const operations = [{ op: 'replace', path: 'status', value: { id: 3 } }];
    expect(JSON.parse((await call('update-ticket', { id: 48214, operations })).text).status).toEqual({
      id: 3,
    });
    expect((await call('delete-ticket', { id: 48237 })).status).toBe(204);
    expect((await call('get-ticket', { id: 48237 })).status).toBe(404);
  });

  it('filters, counts and pages', async () => {
    const conditions = 'company/id=2 and summary contains "VPN"';
    const found: unknown = JSON.parse((await call('list-tickets', { conditions, fields: 'id' })).text);
    expect(found).toContainEqual({ id: 48213 });
    expect(JSON.parse((await call('count-tickets', { conditions })).text).count).toBeGreaterThan(0);
    expect((await call('list-tickets', { pageSize: 5 })).headers.link).toContain('page=2');
    expect((await call('list-tickets', { conditions: 'id in (1,2)' })).status).toBe(400);
  });

  it('refuses a wrong key and a missing client id', async () => {
    expect((await call('list-tickets', {}, { privateKey: 'wrongwrong' })).status).toBe(401);
    expect((await call('list-tickets', {}, { clientId: '' })).status).toBe(401);
  });

  it('pours an endless body, which the way out refuses', async () => {
    vendors.fail('connectwise-psa', { kind: 'endless' });
    await expect(call('list-tickets', {})).rejects.toMatchObject({ code: 'vendor_too_large' });
    vendors.fail('connectwise-psa', undefined);
  });

  it('is not trusted without its authority', async () => {
    const strict = createHttpOut({ allowLoopback: true });
    const request = { method: 'GET', url: vendors.origin('connectwise-psa'), headers: {} };
    await expect(strict.send(request, limits)).rejects.toMatchObject({ code: 'vendor_tls' });
    await strict.close();
  });
});
