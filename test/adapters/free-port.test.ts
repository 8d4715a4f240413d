/** A port to offer instead of a taken one, on real sockets. */
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { freePortAfter } from '../../src/main/gateway/free-port.node';

const held: Server[] = [];
afterEach(async () => {
  await Promise.all(held.splice(0).map((server) => new Promise((done) => server.close(done))));
});

const hold = (port: number) =>
  new Promise<number>((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      held.push(server);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });

describe('the next free port', () => {
  it('is above the taken one, passes over taken ones and can be listened on', async () => {
    const first = await hold(0);
    const offered = await freePortAfter(first);
    expect(offered).toBeGreaterThan(first);
    await hold(offered);
    const next = await freePortAfter(first);
    expect(next).toBeGreaterThan(offered);
    expect(await hold(next)).toBe(next);
  });

  it('is refused where the numbers end', async () => {
    await expect(freePortAfter(65_535)).rejects.toMatchObject({ code: 'port_taken' });
  });
});
