/**
 * All custom servers of this run: connects them together, tells of changes in one go, closes them together.
 */
import type { Policy } from '../../preload/contract/shapes';
import type { ToolServer } from '../mcp/tool-server';
import type { Clock } from '../ports';
import { createMcpSource, type McpSource } from './mcp-source';

export interface LinkedServer extends ToolServer {
  /** Never rejects. */
  connect(): Promise<void>;
  close(): Promise<void>;
}

export interface CustomServers extends McpSource {
  /** Starts connecting. `onChanged` is told soon after states or tools have changed, once for many of them. */
  start(onChanged: () => void): void;
  /** Every server was tried once, or `timeoutMs` have gone by. */
  tried(timeoutMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Servers that come up together are shown together. */
const gatherMs = 20;

export function createCustomServers<Wanted>(needs: {
  readonly wanted: readonly Wanted[];
  readonly policy: Policy | undefined;
  readonly clock: Clock;
  readonly link: (wanted: Wanted, onChanged: () => void) => LinkedServer;
}): CustomServers {
  const { clock } = needs;
  let tell: () => void = () => undefined;
  let stopTelling: (() => void) | undefined;
  let firstTry: Promise<unknown> = Promise.resolve();
  const changed = () => {
    stopTelling ??= clock.after(gatherMs, () => {
      stopTelling = undefined;
      tell();
    });
  };
  const links = needs.wanted.map((wanted) => needs.link(wanted, changed));
  return {
    ...createMcpSource(links, needs.policy),
    start(onChanged) {
      tell = onChanged;
      firstTry = Promise.all(links.map((link) => link.connect()));
    },
    async tried(timeoutMs) {
      let stop: (() => void) | undefined;
      const late = new Promise<void>((resolve) => {
        stop = clock.after(timeoutMs, resolve);
      });
      await Promise.race([firstTry, late]);
      stop?.();
      tell();
    },
    async close() {
      tell = () => undefined;
      stopTelling?.();
      await Promise.all(links.map((link) => link.close()));
    },
  };
}
