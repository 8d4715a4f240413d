/** The way out through a CONNECT proxy: TLS stays end to end, the proxy sees names and never a header. */
import { createServer, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpOut } from '../../src/main/network/http-out.node';
import { makeCertificates } from '../../src/main/practice/certificates.node';
import type { Fault } from '../../src/preload/contract/reply';
import { TlsBench } from '../fakes/tls-server';

const limits = { timeoutMs: 5_000, maxBytes: 10_000 };
const secret = 'Basic c2VjcmV0LW9mLXRoZS10ZXN0';
const bench = new TlsBench();
afterEach(() => bench.close());

/** Leads every tunnel to `vendorPort`, whatever name it asks for; refuses with `status` where one is given. */
async function proxying(vendorPort: number, status?: number) {
  const asked: { readonly target: string; readonly headers: string }[] = [];
  const server = createServer();
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    asked.push({ target: request.url ?? '', headers: JSON.stringify(request.headers) });
    if (status !== undefined) return client.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
    const vendor = connect(vendorPort, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      vendor.pipe(client).pipe(vendor);
    });
    bench.closeLater(() => vendor.destroy());
    bench.closeLater(() => client.destroy());
    return vendor.on('error', () => client.destroy());
  });
  return { asked, port: await bench.listen(server) };
}

const get = (url: string) => ({ method: 'GET', url, headers: { Authorization: secret } });
const faultOf = (sent: Promise<unknown>): Promise<Fault> =>
  sent.then(
    () => Promise.reject(new Error('It should have been refused.')),
    (error: Fault) => error,
  );

describe('the way out through a proxy', () => {
  it('asks it for the name, and the proxy sees no header of the request', async () => {
    const seen: (string | undefined)[] = [];
    const vendor = await bench.secure((request, response) => {
      seen.push(request.headers.authorization);
      response.end('{"fine":true}');
    });
    const proxy = await proxying(vendor);
    const http = await bench.wayOut({ proxy: { url: `http://me:word@127.0.0.1:${proxy.port}`, except: '' } });
    expect((await http.send(get('https://vendor.example/a'), limits)).text).toBe('{"fine":true}');
    expect(seen).toEqual([secret]);
    expect(proxy.asked.map((one) => one.target)).toEqual(['vendor.example:443']);
    expect(proxy.asked[0]?.headers).not.toContain(secret.slice(6));
    expect(proxy.asked[0]?.headers).toContain('Basic bWU6d29yZA==');
  });

  it('holds the certificate to the name of the vendor', async () => {
    let asked = 0;
    const vendor = await bench.secure((_request, response) => {
      asked += 1;
      response.end('{}');
    });
    const proxy = await proxying(vendor);
    const http = await bench.wayOut({ proxy: { url: `http://127.0.0.1:${proxy.port}`, except: '' } });
    const fault = await faultOf(http.send(get('https://other.example/'), limits));
    expect(fault.code).toBe('vendor_tls');
    expect(fault.message).toContain('belongs to another host');
    expect(asked).toBe(0);
  });

  it('does not trust an authority that nobody added', async () => {
    const stranger = await makeCertificates(
      Date.now(),
      (count) => new Uint8Array(count).fill(7),
      '127.0.0.1',
      ['vendor.example'],
    );
    const vendor = await bench.secure((_request, response) => response.end('{}'), {
      cert: stranger.certPem,
      key: stranger.keyPem,
    });
    const proxy = await proxying(vendor);
    const http = await bench.wayOut({ proxy: { url: `http://127.0.0.1:${proxy.port}`, except: '' } });
    expect((await faultOf(http.send(get('https://vendor.example/'), limits))).code).toBe('vendor_tls');
  });

  it('leaves it out for exceptions, for this computer and for the simulated vendors', async () => {
    const vendor = await bench.secure((_request, response) => response.end('{}'));
    const proxy = await proxying(vendor);
    const url = `http://127.0.0.1:${proxy.port}`;
    const hosts = new Map([['vendor.example', vendor]]);
    for (const except of ['', '*', 'other.example, vendor.example']) {
      const http = await bench.wayOut({ proxy: { url, except }, hosts });
      expect((await http.send(get('https://vendor.example/'), limits)).status).toBe(200);
      expect((await http.send(get(`https://127.0.0.1:${vendor}/`), limits)).status).toBe(200);
    }
    expect(proxy.asked).toEqual([]);
  });

  it.each([403, 407, 502])('that refuses with %s says that it was the proxy', async (status) => {
    const proxy = await proxying(1, status);
    const http = await bench.wayOut({
      proxy: { url: `http://me:hidden-word@127.0.0.1:${proxy.port}`, except: '' },
    });
    const fault = await faultOf(http.send(get('https://vendor.example/'), limits));
    expect(fault.code).toBe('vendor_unreachable');
    expect(fault.message).toContain('proxy');
    expect(fault.message).not.toContain('hidden-word');
  });

  it('that is not there says to check the proxy', async () => {
    const http = await bench.wayOut({ proxy: { url: 'http://127.0.0.1:1', except: '' } });
    const fault = await faultOf(http.send(get('https://vendor.example/'), limits));
    expect(fault.code).toBe('vendor_unreachable');
    expect(fault.message).toContain('proxy');
  });

  it.each(['no address hidden-word', 'socks5://me:hidden-word@127.0.0.1:1', 'file:///hidden-word'])(
    'with the unusable address %s is refused at the start and not repeated',
    (url) => {
      const start = () => createHttpOut({ proxy: { url, except: '' } });
      expect(start).toThrow('HTTPS_PROXY');
      expect(start).not.toThrow('hidden-word');
    },
  );
});
