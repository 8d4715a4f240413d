/** The real application with custom MCP servers to add, on this computer over TLS of an authority that it is told of. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GuardedOptions, guardedMcp } from '../fakes/guarded-mcp';
import { plant } from '../fakes/planted-secrets';
import { TlsBench } from '../fakes/tls-server';
import { launch, type Opened } from './launch';

export interface ServerDesk {
  readonly opened: Opened;
  readonly caPem: string;
  /** @returns The address of a server that answers so. */
  at(listener: RequestListener): Promise<string>;
  guarded(options?: GuardedOptions): Promise<{
    readonly server: Awaited<ReturnType<typeof guardedMcp>>;
    readonly url: string;
  }>;
  close(): Promise<void>;
}

/** @param env Added to the environment of the application. */
export async function openServerDesk(env: Readonly<Record<string, string>> = {}): Promise<ServerDesk> {
  const bench = new TlsBench();
  const folder = mkdtempSync(join(tmpdir(), 'server-desk-'));
  const { caPem } = await bench.certificates();
  const authority = join(folder, 'authority.pem');
  writeFileSync(authority, caPem);
  const opened = await launch({
    args: ['--allow-loopback'],
    env: { NODE_EXTRA_CA_CERTS: authority, ...env },
  });
  return {
    opened,
    caPem,
    at: async (listener) => `https://127.0.0.1:${await bench.secure(listener)}/mcp`,
    async guarded(options = {}) {
      let port = 0;
      const onToken = (token: string) => void plant('token of a custom server', token);
      const server = await guardedMcp(() => `https://127.0.0.1:${port}`, { onToken, ...options });
      port = await bench.secure(server.listener);
      return { server, url: `https://127.0.0.1:${port}/mcp` };
    },
    async close() {
      await opened.close();
      await bench.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
