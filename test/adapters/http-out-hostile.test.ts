/** The way out against TLS that cannot be trusted and answers that cannot be read: each a sentence, none with a secret. */
import { randomBytes } from 'node:crypto';
import { createServer as createPlain, type RequestListener } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHttpOut } from '../../src/main/network/http-out.node';
import { makeCertificates, type PracticeCertificates } from '../../src/main/practice/certificates.node';
import type { Fault } from '../../src/preload/contract/reply';

const secret = 'Basic c2VjcmV0LW9mLXRoZS10ZXN0';
const headers = { Authorization: secret };
const limits = { timeoutMs: 5_000, maxBytes: 10_000 };
const serial = (count: number) => new Uint8Array(randomBytes(count));
const dayMs = 86_400_000;

let fresh: PracticeCertificates;
let expired: PracticeCertificates;
let future: PracticeCertificates;
let elsewhere: PracticeCertificates;
const closing: (() => Promise<unknown> | unknown)[] = [];

beforeAll(async () => {
  [fresh, expired, future, elsewhere] = await Promise.all([
    makeCertificates(Date.now(), serial),
    makeCertificates(Date.now() - 365 * dayMs, serial),
    makeCertificates(Date.now() + 365 * dayMs, serial),
    makeCertificates(Date.now(), serial, '127.0.0.2'),
  ]);
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function secure(
  certificates: PracticeCertificates,
  listener: RequestListener = answerFine,
): Promise<string> {
  const server = createSecure({ cert: certificates.certPem, key: certificates.keyPem }, listener);
  closing.push(() => server.closeAllConnections());
  return `https://127.0.0.1:${await listening(server)}/`;
}

async function plain(listener: RequestListener): Promise<string> {
  const server = createPlain(listener);
  closing.push(() => server.closeAllConnections());
  return `http://127.0.0.1:${await listening(server)}/`;
}

const answerFine: RequestListener = (_request, response) => response.end('{}');

function way(trusted: readonly PracticeCertificates[] = []) {
  const http = createHttpOut({ extraCaPem: trusted.map((one) => one.caPem), allowLoopback: true });
  closing.push(http.close);
  return http;
}

async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  const fault = await promise.then(
    () => Promise.reject(new Error('It should have been refused.')),
    (error: Fault) => error,
  );
  expect(JSON.stringify([fault.message, fault.fields])).not.toContain(secret.slice(6));
  return fault;
}

describe('TLS that cannot be trusted', () => {
  it.each([
    ['has expired', () => expired, 'its certificate has expired'],
    ['is not valid yet', () => future, 'check the clock of this computer'],
    ['belongs to another host', () => elsewhere, 'belongs to another host'],
  ])('whose certificate %s sends nothing', async (_what, certificates, sentence) => {
    let asked = 0;
    const url = await secure(certificates(), (_request, response) => {
      asked += 1;
      response.end('{}');
    });
    const fault = await faultOf(way([certificates()]).send({ method: 'GET', url, headers }, limits));
    expect(fault).toMatchObject({ code: 'vendor_tls', retryable: false });
    expect(fault.message).toContain(sentence);
    expect(fault.message).toContain('Nothing was sent.');
    expect(asked).toBe(0);
  });

  it('of an unknown authority sends nothing', async () => {
    const url = await secure(fresh);
    const fault = await faultOf(way().send({ method: 'GET', url, headers }, limits));
    expect(fault.code).toBe('vendor_tls');
    expect(fault.message).toContain('unknown authority');
  });

  it('is not there at all: plain HTTP on the port', async () => {
    const url = (await plain(answerFine)).replace('http:', 'https:');
    const fault = await faultOf(way().send({ method: 'GET', url, headers }, limits));
    expect(fault.code).toBe('vendor_tls');
    expect(fault.message).toContain('does not speak TLS');
  });

  it('is fine when the authority is known', async () => {
    const url = await secure(fresh);
    expect((await way([fresh]).send({ method: 'GET', url, headers }, limits)).text).toBe('{}');
  });
});

describe('a host that is not there', () => {
  it('whose name nobody knows says to check the address', async () => {
    const url = 'https://nobody.gatehouse.example/';
    const fault = await faultOf(way().send({ method: 'GET', url, headers }, limits));
    expect(fault).toMatchObject({ code: 'vendor_unreachable', retryable: true });
    expect(fault.message).toContain('(DNS)');
  });

  it('that hangs up in the middle says that the connection broke off', async () => {
    const url = await plain((_request, response) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('only some');
      response.socket?.destroy();
    });
    const fault = await faultOf(way().send({ method: 'GET', url, headers }, limits));
    expect(fault.code).toBe('vendor_unreachable');
  });

  it('that answers with something else than HTTP says so', async () => {
    const server = createSocketServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    const url = `http://127.0.0.1:${await listening(server)}/`;
    const fault = await faultOf(way().send({ method: 'GET', url, headers }, limits));
    expect(fault.code).toBe('vendor_answer_invalid');
    expect(fault.message).toContain('does not speak HTTP');
  });
});

describe('an answer that is hard to read', () => {
  it.each([
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['gzip', gzipSync],
  ])('packed with %s is unpacked', async (encoding, pack) => {
    const url = await plain((_request, response) => {
      response.writeHead(200, { 'Content-Encoding': encoding }).end(pack('grüße'));
    });
    expect((await way().send({ method: 'GET', url, headers }, limits)).text).toBe('grüße');
  });

  it.each(['gzip', 'deflate', 'br'])('packed with %s and broken is a sentence', async (encoding) => {
    const url = await plain((_request, response) => {
      response.writeHead(200, { 'Content-Encoding': encoding }).end('this is not packed at all');
    });
    const fault = await faultOf(way().send({ method: 'GET', url, headers }, limits));
    expect(fault.code).toBe('vendor_answer_invalid');
  });

  it('cut off in the middle of a packed body is a sentence', async () => {
    const whole = gzipSync(randomBytes(2000));
    const url = await plain((_request, response) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(whole.subarray(0, 900));
    });
    const fault = await faultOf(way().send({ method: 'GET', url, headers }, limits));
    expect(fault.code).toBe('vendor_answer_invalid');
  });

  it('packed in an unknown way is refused', async () => {
    const url = await plain((_request, response) => {
      response.writeHead(200, { 'Content-Encoding': 'zstd' }).end('x');
    });
    const fault = await faultOf(way().send({ method: 'GET', url, headers }, limits));
    expect(fault.code).toBe('vendor_answer_invalid');
  });

  it('without a body is empty text', async () => {
    const url = await plain((_request, response) => {
      response.writeHead(204).end();
    });
    expect(await way().send({ method: 'DELETE', url, headers }, limits)).toMatchObject({
      status: 204,
      text: '',
    });
  });

  it('without an end stops at the cap, however small its parts are', async () => {
    const url = await plain((_request, response) => {
      const pour = () => {
        while (response.write('y'.repeat(97)));
      };
      response.on('drain', pour);
      pour();
    });
    const fault = await faultOf(way().send({ method: 'GET', url, headers }, limits));
    expect(fault.code).toBe('vendor_too_large');
  });

  it('that comes byte by byte ends with the time of the whole call', async () => {
    const url = await plain((_request, response) => {
      const timer = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const fault = await faultOf(way().send({ method: 'GET', url, headers }, { ...limits, timeoutMs: 200 }));
    expect(fault).toMatchObject({ code: 'vendor_timeout', retryable: true });
  });

  it('with headers without end is refused', async () => {
    const url = await plain((_request, response) => {
      response.writeHead(200, { 'X-Long': 'x'.repeat(60_000) }).end('{}');
    });
    const fault = await faultOf(way().send({ method: 'GET', url, headers }, limits));
    expect(fault.code).toBe('vendor_answer_invalid');
    expect(fault.message).toContain('headers');
  });

  it.each(['https://evil.example/', 'http://127.0.0.1:9/', '//evil.example/x', '/same-origin'])(
    'that redirects to %s is refused, and the credentials go nowhere else',
    async (location) => {
      let asked = 0;
      const url = await plain((_request, response) => {
        asked += 1;
        response.writeHead(307, { Location: location }).end();
      });
      const fault = await faultOf(way().send({ method: 'GET', url, headers }, limits));
      expect(fault.code).toBe('redirect_refused');
      expect(asked).toBe(1);
    },
  );
});

describe('a request that must not leave', () => {
  it.each([
    ['plain http to a name', { url: 'http://vendor.example/' }],
    ['a file', { url: 'file:///etc/passwd' }],
    ['no address', { url: 'not an address' }],
    ['a name and password in the address', { url: 'https://me:secret@vendor.example/' }],
    ['an unknown method', { url: 'https://vendor.example/', method: 'TRACE' }],
    ['a header with a line break', { url: 'https://vendor.example/', headers: { 'X-A': 'a\r\nX-B: b' } }],
  ])('with %s is refused before anything is sent', async (_what, change) => {
    const request = { method: 'GET', headers, ...change };
    const fault = await faultOf(way().send(request, limits));
    expect(['address_refused', 'request_invalid']).toContain(fault.code);
    expect(fault.message).not.toContain('secret@');
  });
});
