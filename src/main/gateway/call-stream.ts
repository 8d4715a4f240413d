/**
 * What an agent hears on the stream of one call before its answer: progress and log messages. Refuses everything after the call is over,
 * levels that were not asked for, and floods.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#sending-messages-to-the-server
 */
import type { Notice } from '../mcp/tool-server';
import type { Clock } from '../ports';
import type { CallWay } from './core-ports';
import { isBelow, type LogLevel, readLogLevel } from './log-level';
import { Progress } from './progress';

const beatMs = 10_000;
const maxNotices = 1_000;
const maxNoticeChars = 65_536;

export interface CallStreamNeeds {
  readonly clock: Clock;
  /** Sends one message to the agent. @returns False where it cannot take any more, and the message was dropped. */
  readonly send: (text: string) => boolean;
  /** The agent's, where it asked for progress. */
  readonly progressToken: string | number | undefined;
  /** The least urgent level that passes, at this moment. */
  readonly logLevel: () => LogLevel | 'none';
}

export interface CallStream extends Pick<CallWay, 'onNotice' | 'wantsProgress'> {
  /** The call is over: nothing more is sent. */
  stop(): void;
}

export function openCallStream(needs: CallStreamNeeds): CallStream {
  const { clock, progressToken } = needs;
  const progress = progressToken === undefined ? undefined : new Progress(progressToken);
  let isOver = false;
  let notices = 0;
  let stopBeat: (() => void) | undefined;

  const tell = (method: string, params: unknown) => {
    if (params !== undefined && !isOver) needs.send(JSON.stringify({ jsonrpc: '2.0', method, params }));
  };
  const beatLater = () => {
    stopBeat = clock.after(beatMs, () => {
      const params = progress?.beat('Waiting for a technician to decide.');
      tell('notifications/progress', params);
      if (params !== undefined) beatLater();
    });
  };
  if (progress !== undefined) beatLater();

  return {
    onNotice({ method, params }: Notice): void {
      notices += 1;
      if (notices > maxNotices || JSON.stringify(params).length > maxNoticeChars) return;
      if (method === 'notifications/progress') {
        tell(method, progress?.heard(params));
        return;
      }
      const level = readLogLevel(params.level);
      const least = needs.logLevel();
      if (level !== undefined && least !== 'none' && !isBelow(level, least)) tell(method, params);
    },
    wantsProgress: progress !== undefined,
    stop() {
      isOver = true;
      stopBeat?.();
    },
  };
}

/** @param meta `_meta` of a request, untrusted. */
export function progressTokenOf(meta: unknown): string | number | undefined {
  if (typeof meta !== 'object' || meta === null || !('progressToken' in meta)) return undefined;
  const token = meta.progressToken;
  return typeof token === 'string' || typeof token === 'number' ? token : undefined;
}
