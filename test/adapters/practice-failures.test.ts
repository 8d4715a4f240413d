/** The simulated vendor on demand: its failures, its refusals of a sign-in, its pages, filters and orders. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { credentialHeaders } from '../../src/main/catalog/connect-form';
import { parseCatalog } from '../../src/main/catalog/load.node';
import { buildRequest } from '../../src/main/catalog/request-template';
import { createHttpOut } from '../../src/main/network/http-out.node';
import type { InboundAnswer } from '../../src/main/ports';
import type { SimulatedVendors } from '../../src/main/practice/simulated-vendors.node';
import { startPractice } from '../fakes/practice';

const id = 'connectwise-psa';
const apps = parseCatalog([parse(readFileSync(`resources/catalog/${id}.yaml`, 'utf8'))]);
const limits = { timeoutMs: 10_000, maxBytes: 1_000_000 };
let vendors: SimulatedVendors;
let http: ReturnType<typeof createHttpOut>;

beforeEach(async () => {
  vendors = await startPractice(apps);
  http = createHttpOut({ extraCaPem: [vendors.caPem], hosts: vendors.hosts });
});
afterEach(async () => {
  await http.close();
  await vendors.close();
});

function requestOf(name: string, args: Record<string, unknown>, change: Record<string, string> = {}) {
  const app = apps.get(id);
  const tool = app?.tools.find((one) => one.name === name);
  if (app === undefined || tool === undefined) throw new Error(`No tool ${name}.`);
  const values = { ...vendors.sampleValues(id), ...change };
  const request = buildRequest(app, tool, args, values);
  const signIn = app.auth.kind === 'credentials' ? credentialHeaders(app.auth, values) : {};
  return { ...request, headers: { ...request.headers, ...signIn } };
}
const call = (name: string, args: Record<string, unknown>): Promise<InboundAnswer> =>
  http.send(requestOf(name, args), limits);
async function idsOf(args: Record<string, unknown>): Promise<unknown[]> {
  const answer = await call('list-tickets', { fields: 'id', ...args });
  expect(answer.status).toBe(200);
  return JSON.parse(answer.text).map((item: { id: unknown }) => item.id);
}
const linksOf = (answer: InboundAnswer): Record<string, string | null> =>
  Object.fromEntries(
    [...(answer.headers.link ?? '').matchAll(/<([^>]+)>; rel="([a-z]+)"/g)].map(([, target, rel]) => [
      rel,
      new URL(target ?? '', 'https://vendor.example').searchParams.get('page'),
    ]),
  );

describe('a failure on demand', () => {
  it.each([401, 403, 404, 429, 500])('of status %s answers in the shape of the vendor', async (status) => {
    vendors.fail(id, { kind: 'status', status, ...(status === 429 ? { retryAfter: '7' } : {}) });
    const answer = await call('list-tickets', {});
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ message: 'Failed on demand', errors: [] });
    expect(answer.headers['retry-after']).toBe(status === 429 ? '7' : undefined);
    vendors.fail(id, undefined);
    expect((await call('list-tickets', {})).status).toBe(200);
  });

  it('before a write leaves nothing behind', async () => {
    const before = await call('list-ticket-notes', { id: 48213 });
    vendors.fail(id, { kind: 'status', status: 500 });
    await call('add-ticket-note', { id: 48213, text: 'Never kept.' });
    vendors.fail(id, undefined);
    expect((await call('list-ticket-notes', { id: 48213 })).text).toBe(before.text);
  });

  it('with a page of HTML says so in its type', async () => {
    vendors.fail(id, { kind: 'html' });
    const answer = await call('list-tickets', {});
    expect(answer.headers['content-type']).toBe('text/html');
    expect(answer.text).toContain('<h1>');
  });

  it('that is slow answers when it is let go, and can be given up before', async () => {
    let release: () => void = () => undefined;
    const untilReleased = new Promise<void>((resolve) => {
      release = resolve;
    });
    vendors.fail(id, { kind: 'slow', wait: () => untilReleased });
    const short = http.send(requestOf('list-tickets', {}), { ...limits, timeoutMs: 50 });
    await expect(short).rejects.toMatchObject({ code: 'vendor_timeout' });
    const patient = call('list-tickets', {});
    release();
    expect((await patient).status).toBe(200);
  });
});

describe('a sign-in that is not right', () => {
  it.each<[string, Record<string, string>]>([
    ['a wrong private key', { privateKey: 'wrongwrongwrong1' }],
    ['a wrong public key', { publicKey: 'wrongwrongwrong1' }],
    ['another company', { companyId: 'othermsp' }],
    ['another client id', { clientId: '11111111-5a3b-4000-8000-000000000000' }],
  ])('with %s is refused in the shape of the vendor', async (_what, change) => {
    const answer = await http.send(requestOf('list-tickets', {}, change), limits);
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'Unauthorized', errors: [] });
    expect(vendors.requests().at(-1)?.authenticated).toBe(false);
  });

  it.each(['clientId', 'Authorization'])(
    'without the header %s is refused, also for a write',
    async (name) => {
      const whole = requestOf('delete-ticket', { id: 48213 });
      const headers = Object.fromEntries(
        Object.entries(whole.headers).filter(([key]) => key.toLowerCase() !== name.toLowerCase()),
      );
      expect(Object.keys(headers)).toHaveLength(Object.keys(whole.headers).length - 1);
      expect((await http.send({ ...whole, headers }, limits)).status).toBe(401);
      expect((await call('get-ticket', { id: 48213 })).status).toBe(200);
    },
  );
});

describe('records that change', () => {
  it('closes merged tickets under their parent, and merges nothing when one is unknown', async () => {
    const wrong = { parentId: 48213, mergeTicketIds: [48214, 1], status: { id: 5 } };
    expect((await call('merge-tickets', wrong)).status).toBe(404);
    expect(JSON.parse((await call('get-ticket', { id: 48214 })).text).closedFlag).toBe(false);
    const right = { parentId: 48213, mergeTicketIds: [48214], status: { id: 5 } };
    expect((await call('merge-tickets', right)).status).toBe(200);
    expect(JSON.parse((await call('get-ticket', { id: 48214 })).text)).toMatchObject({
      closedFlag: true,
      parentTicketId: 48213,
    });
  });

  it('applies all operations of a patch or none', async () => {
    const patch = (operations: unknown) => call('update-ticket', { id: 48213, operations });
    const bad = [
      { op: 'replace', path: 'summary', value: 'Changed' },
      { op: 'move', path: 'status', value: 1 },
    ];
    expect((await patch(bad)).status).toBe(400);
    expect(JSON.parse((await call('get-ticket', { id: 48213 })).text).summary).toBe('VPN drops every hour');
    const good = [
      { op: 'replace', path: '/summary', value: 'Changed' },
      { op: 'replace', path: 'status/id', value: 9 },
      { op: 'remove', path: 'owner' },
    ];
    expect((await patch(good)).status).toBe(200);
    const ticket = JSON.parse((await call('get-ticket', { id: 48213 })).text);
    expect(ticket).toMatchObject({ summary: 'Changed', status: { id: 9 } });
    expect(ticket).not.toHaveProperty('owner');
  });

  it('refuses a patch of a name that is no field', async () => {
    for (const path of ['__proto__', '__proto__/polluted', 'constructor/prototype', '', 'id']) {
      const operations = [{ op: 'add', path, value: { polluted: true } }];
      expect((await call('update-ticket', { id: 48213, operations })).status, path).toBe(400);
    }
  });

  it('refuses a body that is not JSON', async () => {
    const request = { ...requestOf('add-ticket-note', { id: 48213, text: 'x' }), body: '{"text":' };
    expect((await http.send(request, limits)).status).toBe(400);
  });
});

describe('pages, filters and orders', () => {
  it('names the next and the last page until there is none', async () => {
    expect(linksOf(await call('list-tickets', { pageSize: 10 }))).toEqual({ next: '2', last: '3' });
    expect(linksOf(await call('list-tickets', { pageSize: 10, page: 2 }))).toEqual({ next: '3', last: '3' });
    expect(linksOf(await call('list-tickets', { pageSize: 10, page: 3 }))).toEqual({});
  });

  it('shows every record once over all pages, 25 on one where nothing is said', async () => {
    const pages = await Promise.all([1, 2, 3].map((page) => idsOf({ page, pageSize: 10 })));
    expect(pages.map((page) => page.length)).toEqual([10, 10, 5]);
    expect(new Set(pages.flat()).size).toBe(25);
    expect(await idsOf({})).toHaveLength(25);
    expect(await idsOf({ page: 4, pageSize: 10 })).toEqual([]);
  });

  it('refuses pages that cannot be', async () => {
    for (const query of ['page=0', 'pageSize=0', 'pageSize=1001', 'page=x', 'page=1.5']) {
      const plain = requestOf('list-tickets', {});
      const request = { ...plain, url: `${plain.url.split('?')[0]}?${query}` };
      expect((await http.send(request, limits)).status, query).toBe(400);
    }
  });

  it('orders by several fields, each in its direction', async () => {
    expect((await idsOf({ orderBy: 'id desc' }))[0]).toBe(48237);
    const both = await idsOf({ orderBy: 'company/id desc, id desc', conditions: 'company/id >= 5' });
    expect(both).toEqual([48237, 48232, 48227, 48222, 48217, 48236, 48231, 48226, 48221, 48216]);
  });

  it('refuses an order that it does not understand instead of another one', async () => {
    for (const orderBy of ['id upwards', 'id desc desc', 'id,,summary'])
      expect((await call('list-tickets', { orderBy })).status, orderBy).toBe(400);
  });

  it.each([
    ['company/id = 6 and priority/id != 1', [48222, 48227, 48232]],
    ['id < 48215', [48213, 48214]],
    ['dateEntered <= [2026-11-02T23:59:59Z]', [48213, 48214, 48233, 48234]],
    ['summary like "%VPN%"', [48213, 48233]],
    ['owner/name = null and id = 1', []],
  ])('keeps to the conditions %s', async (conditions, wanted) => {
    expect(await idsOf({ conditions })).toEqual(wanted);
  });

  it('never counts or lists without a filter that it does not understand', async () => {
    for (const filter of [
      { conditions: 'id = 1 or id = 2' },
      { conditions: 'drop everything' },
      { childConditions: 'x = 1' },
      { customFieldConditions: 'caption="a"' },
    ]) {
      expect((await call('list-tickets', filter)).status, JSON.stringify(filter)).toBe(400);
      expect((await call('count-tickets', filter)).status, JSON.stringify(filter)).toBe(400);
    }
  });
});
