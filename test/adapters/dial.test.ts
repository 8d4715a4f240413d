/** What is dialled after a name was looked up: the addresses that were judged, and no others. */
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openCallPipe } from '../../src/main/mcp/call-pipe.node';
import { guardedConnector, guardedLookup } from '../../src/main/network/dial.node';
import { createHttpOut } from '../../src/main/network/http-out.node';
import type { Fault } from '../../src/preload/contract/reply';

type Asked = NonNullable<Parameters<typeof guardedLookup>[1]>;
const answering =
  (...rounds: readonly (readonly string[])[]): Asked =>
  (_name, _options, done) => {
    const [now = [], ...later] = rounds;
    if (later.length > 0) rounds = later;
    done(
      null,
      now.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };

const found = (asked: Asked, reach: Parameters<typeof guardedLookup>[0] = 'public') =>
  new Promise<unknown>((resolve) => {
    guardedLookup(reach, asked)('mcp.example.com', { all: true }, (error, addresses) =>
      resolve(error ?? addresses),
    );
  });

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(): Promise<{ port: number; knocks: () => number }> {
  let knocks = 0;
  const server = createServer((socket) => {
    knocks += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((done) => server.once('listening', done));
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, knocks: () => knocks };
}

describe('a name', () => {
  it('is dialled at the addresses that were judged', async () => {
    expect(await found(answering(['8.8.8.8', '2606:4700:4700::1111']))).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700:4700::1111', family: 6 },
    ]);
  });

  it.each([
    ['127.0.0.1'],
    ['10.1.2.3'],
    ['169.254.169.254'],
    ['::1'],
    ['fd00::1'],
    ['::ffff:10.0.0.1'],
    ['64:ff9b::a00:1'],
    ['8.8.8.8', '192.168.0.1'],
  ])('that leads to %s is refused as a whole', async (...addresses) => {
    expect(await found(answering(addresses))).toMatchObject({
      code: 'address_refused',
      message: expect.stringMatching(
        /^mcp\.example\.com leads to an address that is not called: .* Nothing was sent\.$/,
      ),
    });
  });

  it('may lead into one’s own network where a technician has typed it, and to this computer never', async () => {
    expect(await found(answering(['192.168.0.1']), 'own network')).toEqual([
      { address: '192.168.0.1', family: 4 },
    ]);
    expect(await found(answering(['127.0.0.1']), 'own network')).toMatchObject({ code: 'address_refused' });
  });

  it('that changes its mind between two look-ups is judged each time', async () => {
    const rebinding = answering(['8.8.8.8'], ['127.0.0.1']);
    expect(await found(rebinding)).toEqual([{ address: '8.8.8.8', family: 4 }]);
    expect(await found(rebinding)).toMatchObject({ code: 'address_refused' });
  });

  it('that nobody knows stays what it is', async () => {
    const unknown: Asked = (_name, _options, done) =>
      done(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), []);
    expect(await found(unknown)).toMatchObject({ code: 'ENOTFOUND' });
    expect(await found(answering([]))).toMatchObject({ code: 'ENOTFOUND' });
  });
});

describe('a connection', () => {
  it('to a name that leads here is not opened at all', async () => {
    const { port, knocks } = await listening();
    const connect = guardedConnector({}, 'public', answering(['127.0.0.1']));
    const fault = await new Promise((resolve) =>
      connect(
        {
          hostname: 'mcp.example.com',
          protocol: 'https:',
          port: String(port),
          host: `mcp.example.com:${port}`,
        },
        (...outcome) => resolve(outcome[0]),
      ),
    );
    expect(fault).toMatchObject({ code: 'address_refused' });
    expect(knocks()).toBe(0);
  });

  it('to a number of this computer is not opened at all', async () => {
    const { port, knocks } = await listening();
    const connect = guardedConnector({}, 'own network');
    const fault = await new Promise((resolve) =>
      connect(
        { hostname: '127.0.0.1', protocol: 'https:', port: String(port), host: `127.0.0.1:${port}` },
        (...outcome) => resolve(outcome[0]),
      ),
    );
    expect(fault).toMatchObject({ code: 'address_refused' });
    expect(knocks()).toBe(0);
  });
});

describe('everything that leaves', () => {
  it('goes through the same judge: the way out', async () => {
    const { port, knocks } = await listening();
    const http = createHttpOut({});
    const send = (url: string) =>
      http.send({ method: 'GET', url, headers: {} }, { timeoutMs: 5_000, maxBytes: 1_000 }).then(
        () => 'sent',
        (error: Fault) => error.code,
      );
    for (const url of [
      `https://127.0.0.1:${port}/`,
      `https://2130706433:${port}/`,
      `https://localhost:${port}/`,
    ])
      expect(await send(url)).toBe('address_refused');
    expect(knocks()).toBe(0);
    await http.close();
  });

  it('goes through the same judge: the way to custom servers', async () => {
    const { port, knocks } = await listening();
    expect(() => openCallPipe(`https://127.0.0.1:${port}/mcp`, 'public')).toThrow(/this computer itself/);
    expect(() => openCallPipe(`http://mcp.example.com:${port}/mcp`, 'public')).toThrow(/Only https/);
    expect(knocks()).toBe(0);
  });
});
