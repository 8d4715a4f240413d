/**
 * What the logic needs from the world, as plain interfaces. Real ones are made in house.ts, small working
 * fakes in test/fakes. Nothing here knows Electron or Node.
 */
export interface Clock {
  /** Milliseconds since 1970 by the wall clock; may jump in either direction. */
  nowMs(): number;
  /** Runs once after `ms`; the answer cancels it. */
  after(ms: number, run: () => void): () => void;
}

export interface Random {
  /** `count` unpredictable bytes. */
  bytes(count: number): Uint8Array;
}

/** One request that leaves the application. The only way out is `HttpOut`. */
export interface OutboundRequest {
  readonly method: string;
  /** Absolute https address (http only where `allowLoopback` was given to the adapter). */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** A server of the MSP's own that a technician has typed: private addresses are fine then. Only public ones otherwise. */
  readonly reach?: 'own network' | undefined;
}

export interface InboundAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded as UTF-8, at most `maxBytes`; a longer body is a Fault, never a cut one. With `untilEvent`, the data of that event. */
  readonly text: string;
  readonly tookMs: number;
}

export interface HttpOut {
  /**
   * One exchange; redirects are never followed.
   *
   * @throws Fault `vendor_unreachable`, `vendor_timeout` (retry may help), `vendor_tls`, `vendor_too_large`,
   *   `redirect_refused`, `address_refused`, `cancelled`.
   */
  send(
    request: OutboundRequest,
    limits: {
      readonly timeoutMs: number;
      readonly maxBytes: number;
      readonly signal?: AbortSignal | undefined;
      /** Reads an event stream to the first event whose data this takes, and no further; empty text when none came. */
      readonly untilEvent?: ((data: string) => boolean) | undefined;
      /** Hands a redirect out as an answer, to be judged by the caller; refused where it is left out. */
      readonly redirects?: 'returned' | undefined;
    },
  ): Promise<InboundAnswer>;
}

/** The running text log of the application itself (not the activity log). Never given a secret. */
export interface Log {
  note(event: string, facts?: Readonly<Record<string, string | number | boolean | null>>): void;
  /** Keeps the whole error with its cause under a reference, which is the answer. */
  failure(event: string, error: unknown): string;
}
