/** One message of an agent and the way back to it, whatever carries the two. Types only. */
import type { Gateway } from './gateway';
import type { Pieces } from './json-rpc';
import type { Listening } from './listening';
import type { Rounds } from './rounds';
import type { Sessions } from './sessions';

export interface Exchange {
  /** One header by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  /** Aborted when the agent goes away before it was answered. */
  readonly signal: AbortSignal;
  /** Ends what runs for this message. */
  abort(): void;
  /** Whether something can be told before the answer. */
  readonly takesStream: boolean;
  /** @returns False where the agent cannot take any more, and the message was dropped. */
  tell(text: string): boolean;
  /** Ends the exchange. Without a body there was nothing to answer. */
  answer(status: number, body?: string | Pieces, headers?: Readonly<Record<string, string>>): void;
}

/** What serves the agents of both eras. */
export interface Desk {
  readonly gateway: Gateway;
  readonly sessions: Sessions;
  readonly rounds: Rounds;
  readonly listening: Listening;
  /** Keeps an unexpected error and answers its reference. */
  readonly onFault: (error: unknown) => string;
}
