/** The way out against a real server on the loopback address that misbehaves. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpOut } from '../../src/main/network/http-out.node';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function serving(listener: RequestListener) {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port.');
  const http = createHttpOut({ allowLoopback: true });
  closing.push(http.close, async () => {
    server.closeAllConnections();
    server.close();
  });
  return { http, request: { method: 'GET', url: `http://127.0.0.1:${address.port}/`, headers: {} } };
}

const limits = { timeoutMs: 5_000, maxBytes: 10_000 };

describe('the way out', () => {
  it('refuses a redirect and names only the origin of the target', async () => {
    const { http, request } = await serving((_, response) => {
      response.writeHead(302, { Location: 'https://evil.example/steal?x=1' }).end();
    });
    const refused = http.send(request, limits);
    await expect(refused).rejects.toMatchObject({ code: 'redirect_refused' });
    await expect(refused).rejects.not.toThrow('steal');
  });

  it('refuses a small packed body that grows', async () => {
    const { http, request } = await serving((_, response) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(Buffer.alloc(5_000_000)));
    });
    await expect(http.send(request, limits)).rejects.toMatchObject({ code: 'vendor_too_large' });
  });

  it('reads a packed body within the cap', async () => {
    const { http, request } = await serving((_, response) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync('grüße'));
    });
    expect((await http.send(request, limits)).text).toBe('grüße');
  });

  it('stops when it is cancelled and when time is up', async () => {
    const stop = new AbortController();
    const { http, request } = await serving(() => stop.abort());
    await expect(http.send(request, { ...limits, signal: stop.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    await expect(http.send(request, { ...limits, timeoutMs: 50 })).rejects.toMatchObject({
      code: 'vendor_timeout',
    });
  });

  describe('takes one event of a stream', () => {
    const event = 'data: {"here":true}\n\n';
    const untilEvent = (data: string) => data.includes('here');
    /** Sends twice, the second time at once, and counts the connections. */
    async function twice(listener: RequestListener): Promise<number> {
      const sockets = new Set<unknown>();
      const { http, request } = await serving((incoming, response) => {
        sockets.add(incoming.socket);
        response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        listener(incoming, response);
      });
      const taking = { ...limits, maxBytes: 1_000_000, untilEvent };
      const first = await http.send(request, taking);
      const second = await http.send(request, taking);
      expect([first.text, second.text]).toEqual(Array(2).fill('{"here":true}'));
      return sockets.size;
    }

    it('that is then over, and keeps its connection', async () => {
      expect(await twice((_, response) => response.end(event))).toBe(1);
    });

    it('that ends a moment later in more pieces, and keeps its connection', async () => {
      const ending: RequestListener = (_, response) => {
        response.write(event);
        setImmediate(() => response.write(': bye\n\n', () => response.end()));
      };
      expect(await twice(ending)).toBe(1);
    });

    it('that goes on for ever, and lets the connection go', async () => {
      expect(await twice((_, response) => void response.write(event))).toBe(2);
    });

    it('behind which more comes than may be, which is not waited for', async () => {
      const flooding: RequestListener = (_, response) => {
        response.write(event);
        response.end('x'.repeat(5_000_000));
      };
      expect(await twice(flooding)).toBe(2);
    });
  });

  it('says that a refused connection cannot be reached', async () => {
    const http = createHttpOut({ allowLoopback: true });
    closing.push(http.close);
    const request = { method: 'GET', url: 'http://127.0.0.1:1/', headers: {} };
    await expect(http.send(request, limits)).rejects.toMatchObject({ code: 'vendor_unreachable' });
  });
});
