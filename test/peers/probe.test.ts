/** The probe against real servers over TLS: what it finds, and with how few requests. */
import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { FoundServer } from '../../src/main/mcp/probe/found';
import { type ProbeResult, probe } from '../../src/main/mcp/probe/probe';
import { checkAddress } from '../../src/main/network/public-address';
import { everythingPeer, oldPeer, type Peer, v1Peer, v2Peer } from '../fakes/mcp-peers';
import { TlsBench } from '../fakes/tls-server';

const bench = new TlsBench();
afterEach(() => bench.close());

async function probed(listener: RequestListener, path = '/mcp'): Promise<ProbeResult> {
  const port = await bench.secure(listener);
  const http = await bench.wayOut();
  const goodbyes: Promise<void>[] = [];
  const result = await probe(`https://127.0.0.1:${port}${path}`, {
    http,
    nowMs: () => performance.now(),
    version: '1',
    checkAddress: (text) => checkAddress(text, 'this computer too'),
    takenNames: [],
    afterwards: (work) => goodbyes.push(work),
  });
  await Promise.all(goodbyes);
  return result;
}

async function found(peer: Peer, path?: string): Promise<FoundServer> {
  const result = await probed(peer.listener, path);
  if (result.kind !== 'server') throw new Error(result.finding.sentence);
  return result;
}

const requests = (peer: Peer) => peer.seen.map(({ method, path }) => `${method} ${path}`);
const tools = (toolCount: number) => ({ kind: 'none', toolCount, hasMore: false });

describe('a server that needs no sign-in', () => {
  it.each([
    { sessions: true, json: false },
    { sessions: true, json: true },
    { sessions: false, json: false },
    { sessions: false, json: true },
  ])('v1, $sessions sessions, JSON $json', async (options) => {
    const peer = v1Peer(options);
    const server = await found(peer);
    expect(server).toMatchObject({
      protocol: '2025-11-25',
      transport: 'streamable_http',
      serverName: 'Orders of Example',
      auth: tools(3),
      findings: [],
    });
    // Discover, initialize, the notification and the list; and the goodbye where there is a session.
    expect(requests(peer).filter((one) => one === 'POST /mcp')).toHaveLength(4);
    expect(requests(peer).filter((one) => one === 'DELETE /mcp')).toHaveLength(options.sessions ? 1 : 0);
    expect(peer.openSessions()).toBe(0);
  });

  it('v2, which speaks 2026-07-28, is asked twice', async () => {
    const peer = v2Peer('stateless');
    expect(await found(peer)).toMatchObject({
      protocol: '2026-07-28',
      serverName: 'Orders of Example',
      auth: tools(1),
    });
    expect(requests(peer)).toEqual(['POST /mcp', 'POST /mcp']);
  });

  it('v2 that serves nobody else', async () => {
    expect(await found(v2Peer('reject'))).toMatchObject({ protocol: '2026-07-28', auth: tools(1) });
  });

  it('the transport of 2024-11-05', async () => {
    const peer = oldPeer();
    expect(await found(peer, '/sse')).toMatchObject({
      protocol: '2024-11-05',
      transport: 'http_sse',
      auth: { kind: 'none', toolCount: undefined },
    });
    expect(requests(peer)).toEqual(['POST /sse', 'POST /sse', 'GET /sse']);
    // The stream is let go.
    await expect.poll(() => peer.openSessions()).toBe(0);
  });

  it('the reference server', async () => {
    const peer = await everythingPeer();
    bench.closeLater(peer.close);
    const server = await found(peer);
    expect(server).toMatchObject({ protocol: '2025-11-25', transport: 'streamable_http' });
    expect(server.auth.kind === 'none' ? server.auth.toolCount : 0).toBeGreaterThan(5);
  });
});
