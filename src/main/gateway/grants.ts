/**
 * A technician's word for every call of one tool by one agent, for 30 minutes and in memory only. Refuses destructive tools: there the
 * arguments are what a person has to see. Ends with everything that an approval ends with.
 */
import type { GrantView } from '../../preload/contract/gateway-shapes';
import { Fault } from '../../preload/contract/reply';
import type { Clock, Random } from '../ports';
import type { GatewayTool, KnownAgent } from './core-ports';

/** What a grant is bound to; arguments are not among it. */
export interface Bound {
  readonly agent: KnownAgent;
  readonly tool: GatewayTool;
  readonly revision: number;
}

export interface Given extends Bound {
  readonly grantId: string;
  readonly by: string;
  readonly startedAtMs: number;
  readonly expiresAtMs: number;
  readonly stopTimer: () => void;
  uses: number;
}

const grantMs = 30 * 60_000;
const maxGrants = 200;

export const mayGrant = ({ access }: Pick<GatewayTool, 'access'>): boolean => access !== 'destructive';

export class Grants {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #onChanged: () => void;
  readonly #given = new Map<string, Given>();

  constructor(needs: { readonly clock: Clock; readonly random: Random }, onChanged: () => void) {
    this.#clock = needs.clock;
    this.#random = needs.random;
    this.#onChanged = onChanged;
  }

  view(): GrantView[] {
    return [...this.#given.values()].map(viewOf);
  }

  /** @throws Fault `bad_input` for a destructive tool or too many grants. */
  give({ agent, tool, revision }: Bound, by: string): void {
    if (!mayGrant(tool))
      throw new Fault(
        'bad_input',
        'A destructive tool is approved call by call: its arguments have to be seen.',
      );
    if (this.#given.size >= maxGrants)
      throw new Fault('bad_input', 'Too many grants are open. End some of them first.');
    const key = keyOf({ agent, tool, revision });
    this.#given.get(key)?.stopTimer();
    const startedAtMs = this.#clock.nowMs();
    this.#given.set(key, {
      agent,
      tool,
      revision,
      grantId: `grt_${hex(this.#random.bytes(10))}`,
      by,
      startedAtMs,
      expiresAtMs: startedAtMs + grantMs,
      stopTimer: this.#clock.after(grantMs, () => this.#drop(key)),
      uses: 0,
    });
  }

  find(bound: Bound): Given | undefined {
    const key = keyOf(bound);
    const given = this.#given.get(key);
    if (given === undefined) return undefined;
    // Timers stand still while a computer sleeps; the clock on the wall does not. One that was set back gains nothing by it.
    const nowMs = this.#clock.nowMs();
    if (nowMs >= given.expiresAtMs) {
      this.#drop(key);
      return undefined;
    }
    return given;
  }

  used(given: Given): void {
    given.uses += 1;
    this.#onChanged();
  }

  /** @throws Fault `approval_gone` */
  end(grantId: string): GrantView {
    for (const [key, given] of this.#given) {
      if (given.grantId !== grantId) continue;
      this.#drop(key);
      return viewOf(given);
    }
    throw new Fault('approval_gone', 'This grant has ended already.');
  }

  endWhere(test: (bound: Bound) => boolean): void {
    for (const [key, given] of [...this.#given]) if (test(given)) this.#drop(key);
  }

  #drop(key: string): void {
    this.#given.get(key)?.stopTimer();
    if (this.#given.delete(key)) this.#onChanged();
  }
}

function viewOf(given: Given): GrantView {
  const { grantId, agent, tool, by, startedAtMs, expiresAtMs, uses } = given;
  return {
    grantId,
    agentName: agent.name,
    connectionLabel: tool.connectionLabel,
    tool: tool.shown,
    access: tool.access,
    by,
    startedAtMs,
    expiresAtMs,
    uses,
  };
}

const keyOf = ({ agent, tool, revision }: Bound) =>
  JSON.stringify([agent.agentId, tool.connectionId, tool.tool, tool.definitionHash, revision]);

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
