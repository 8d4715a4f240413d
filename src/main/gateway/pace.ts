/**
 * How fast each agent may knock: a burst, so many messages a second after it, so many under way at a time. One that runs in a circle takes
 * neither the place of others nor the disk. Refuses what is above.
 */
import type { Clock } from '../ports';

export interface PaceLimits {
  /** Messages at once after a silence. */
  readonly burst: number;
  readonly perSecond: number;
  readonly underWay: number;
}

/** Far above what agents do by day, below what fills a disk: 100 calls a second are about 700 MB of activity an hour. */
export const paceOf = (perSecond = 100): PaceLimits => ({
  burst: 20 * perSecond,
  perSecond,
  underWay: 2_000,
});

export type Entered =
  /** `leave` gives the place back, once. */
  | { readonly kind: 'in'; readonly leave: () => void }
  /** `isFirst` at most once a minute for each agent, so that turning away is written down without filling the disk. */
  | { readonly kind: 'slower'; readonly why: string; readonly isFirst: boolean };

interface Pace {
  tokens: number;
  atMs: number;
  underWay: number;
  toldAtMs: number | undefined;
}

const tellAgainMs = 60_000;

export class AgentPaces {
  readonly #paces = new Map<string, Pace>();
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #limits: PaceLimits;

  constructor(clock: Pick<Clock, 'nowMs'>, limits: PaceLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  enter(agentId: string): Entered {
    const nowMs = this.#clock.nowMs();
    const pace = this.#refilled(agentId, nowMs);
    const { perSecond, underWay } = this.#limits;
    if (pace.underWay >= underWay)
      return slower(pace, nowMs, `${underWay} messages of this agent are under way already.`);
    if (pace.tokens < 1)
      return slower(pace, nowMs, `More than ${perSecond} messages a second from this agent.`);
    pace.tokens -= 1;
    pace.underWay += 1;
    let isIn = true;
    const leave = (): void => {
      if (isIn) pace.underWay -= 1;
      isIn = false;
    };
    return { kind: 'in', leave };
  }

  #refilled(agentId: string, nowMs: number): Pace {
    const { burst, perSecond } = this.#limits;
    const pace = this.#paces.get(agentId) ?? {
      tokens: burst,
      atMs: nowMs,
      underWay: 0,
      toldAtMs: undefined,
    };
    this.#paces.set(agentId, pace);
    // A clock that was set back gives nothing, and takes nothing.
    const sinceMs = Math.max(0, nowMs - pace.atMs);
    pace.tokens = Math.min(burst, pace.tokens + (sinceMs / 1_000) * perSecond);
    pace.atMs = nowMs;
    return pace;
  }
}

function slower(pace: Pace, nowMs: number, why: string): Entered {
  const sinceMs = nowMs - (pace.toldAtMs ?? Number.NEGATIVE_INFINITY);
  const isFirst = sinceMs >= tellAgainMs || sinceMs < 0;
  if (isFirst) pace.toldAtMs = nowMs;
  return { kind: 'slower', why, isFirst };
}
