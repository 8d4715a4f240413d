/**
 * Where questions wait for a person. A question is bound to agent, connection, tool, exact arguments, definition and
 * policy revision; it is answered once, used once, and silence means no.
 */

import type { GrantView } from '../../preload/contract/gateway-shapes';
import { Fault } from '../../preload/contract/reply';
import {
  type ApprovalsView,
  type ApprovalView,
  approvalIdSchema,
  type DecidedApprovalView,
  maxDecidedApprovals,
} from '../../preload/contract/shapes';
import type { Clock, Random } from '../ports';
import type { GatewayTool, KnownAgent } from './core-ports';
import { type Bound, Grants, mayGrant } from './grants';

declare const approved: unique symbol;
/** Proof that a person approved exactly this call; only the desk makes one, and only once for each question. */
export interface ApprovedCall {
  readonly [approved]: true;
  readonly approvalId: string;
  readonly by: string;
  /** The end of a sentence: "for this call", "for 30 minutes". */
  readonly how: string;
}

/** A technician's word for every call of one tool by one agent, for a while. */
export interface Grant {
  /** For the row of a call that runs under it. */
  readonly words: string;
  use(): ApprovedCall;
}

export interface Question {
  readonly agent: KnownAgent;
  readonly tool: GatewayTool;
  readonly args: unknown;
  readonly revision: number;
  readonly sentence: string;
  /** Already redacted and printed. */
  readonly argumentsJson: string;
  readonly approvalMs: number;
}

export type Settlement =
  | { readonly kind: 'approved'; readonly by: string }
  | { readonly kind: 'denied'; readonly by: string; readonly reason: string }
  | { readonly kind: 'expired' }
  | { readonly kind: 'voided'; readonly reason: string };

export interface Asked {
  readonly approvalId: string;
  readonly question: Question;
  /** Resolves once, when the question is settled. */
  readonly settled: Promise<Settlement>;
  /** The proof, once; undefined when it was not approved, was used already, or is too old. */
  use(): ApprovedCall | undefined;
  /** Somebody waits for the answer until what is returned is called; an answer that nobody waits for is kept for a while. */
  hold(): () => void;
  /** The answer has reached its agent. */
  read(): void;
}

export type Decision =
  | { readonly kind: 'approve' }
  /** This agent, this tool, any arguments, for 30 minutes. */
  | { readonly kind: 'grant' }
  | { readonly kind: 'deny'; readonly reason: string };

interface Entry extends Asked {
  readonly key: string;
  readonly view: ApprovalView;
  readonly settle: (settlement: Settlement) => void;
  stopTimer: () => void;
  holders: number;
  settlement: Settlement | undefined;
  isUsed: boolean;
}

const maxWaiting = 500;
/** How long an answer is kept for an agent that did not hear it. */
const unreadMs = 600_000;

export class ApprovalDesk {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<() => void>();
  readonly #grants: Grants;
  #decided: DecidedApprovalView[] = [];

  constructor(needs: { readonly clock: Clock; readonly random: Random }) {
    this.#clock = needs.clock;
    this.#random = needs.random;
    this.#grants = new Grants(needs, () => this.#tell());
  }

  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  view(): ApprovalsView {
    const waiting = [...this.#entries.values()].filter((entry) => entry.settlement === undefined);
    return {
      waiting: waiting.map((entry) => entry.view),
      decided: [...this.#decided],
      grants: this.#grants.view(),
    };
  }

  waitingQuestions(): readonly Question[] {
    return [...this.#entries.values()]
      .filter((one) => one.settlement === undefined)
      .map((one) => one.question);
  }

  /**
   * Asks, or joins the same question that already waits or was approved and not used yet.
   *
   * @throws Fault `approval_gone` when too many questions wait.
   */
  ask(question: Question): Asked {
    const key = bindingOf(question);
    for (const entry of this.#entries.values())
      if (entry.key === key && !entry.isUsed && entry.settlement?.kind !== 'voided') return entry;
    if (this.view().waiting.length >= maxWaiting) {
      throw new Fault(
        'approval_gone',
        'Too many calls wait for approval. Try again when some were decided.',
        {
          retryable: true,
        },
      );
    }
    const entry = this.#newEntry(key, question);
    this.#entries.set(entry.approvalId, entry);
    this.#tell();
    return entry;
  }

  /** The grant that covers a call now; undefined where it has to be asked. */
  granted(agent: KnownAgent, tool: GatewayTool, revision: number): Grant | undefined {
    const given = this.#grants.find({ agent, tool, revision });
    if (given === undefined) return undefined;
    const how = `for 30 minutes (grant ${given.grantId})`;
    return {
      words: `Approved by ${given.by} ${how}.`,
      use: () => {
        this.#grants.used(given);
        return proof(given.grantId, given.by, how);
      },
    };
  }

  /** @throws Fault `approval_gone` */
  endGrant(grantId: string): GrantView {
    return this.#grants.end(grantId);
  }

  /** The question of this agent that is open, or was answered and not heard; another agent's is as unknown as none. */
  find(approvalId: string, agentId: string): Asked | undefined {
    const entry = this.#entries.get(approvalId);
    return entry !== undefined && entry.question.agent.agentId === agentId ? entry : undefined;
  }

  /** @throws Fault `approval_gone` when it was decided, expired or voided before. */
  decide(approvalId: string, decision: Decision, by: string): DecidedApprovalView {
    const entry = this.#entries.get(approvalId);
    if (entry === undefined || entry.settlement !== undefined) {
      throw new Fault(
        'approval_gone',
        'This question is no longer open: it was decided, expired or withdrawn.',
      );
    }
    if (this.#clock.nowMs() >= entry.view.expiresAtMs) this.#settle(entry, { kind: 'expired' });
    if (entry.settlement !== undefined)
      throw new Fault('approval_gone', 'The time of this question was over, so it was refused.');
    if (decision.kind === 'deny') return this.#settle(entry, { kind: 'denied', by, reason: decision.reason });
    if (decision.kind === 'grant') this.#grants.give(entry.question, by);
    return this.#settle(entry, { kind: 'approved', by });
  }

  /** Puts what earlier runs decided behind what this one did; only shown, never acted on. */
  remember(past: readonly DecidedApprovalView[]): void {
    this.#decided = [...this.#decided, ...past].slice(0, maxDecidedApprovals);
    this.#tell();
  }

  /** Withdraws every question that the test says yes to, also approved ones that were not used; and every grant. */
  voidWhere(test: (question: Bound) => boolean, reason: string): void {
    this.#grants.endWhere(test);
    for (const entry of [...this.#entries.values()]) {
      if (!test(entry.question)) continue;
      if (entry.settlement === undefined) this.#settle(entry, { kind: 'voided', reason });
      else if (entry.settlement.kind === 'approved') this.#forget(entry);
    }
  }

  #newEntry(key: string, question: Question): Entry {
    const approvalId = approvalIdSchema.parse(`apr_${hex(this.#random.bytes(10))}`);
    const askedAtMs = this.#clock.nowMs();
    let settle: (settlement: Settlement) => void = () => undefined;
    const settled = new Promise<Settlement>((resolve) => {
      settle = resolve;
    });
    const entry: Entry = {
      approvalId,
      key,
      question,
      settled,
      settle,
      settlement: undefined,
      isUsed: false,
      holders: 0,
      view: {
        approvalId,
        agentName: question.agent.name,
        connectionLabel: question.tool.connectionLabel,
        tool: question.tool.shown,
        access: question.tool.access,
        sentence: question.sentence,
        argumentsJson: question.argumentsJson,
        request: question.tool.request,
        mayGrant: mayGrant(question.tool),
        askedAtMs,
        expiresAtMs: askedAtMs + question.approvalMs,
      },
      use: () => this.#use(entry),
      read: () => this.#forget(entry),
      hold: () => {
        entry.holders += 1;
        return () => {
          entry.holders -= 1;
        };
      },
      stopTimer: this.#clock.after(question.approvalMs, () => this.#expire(entry)),
    };
    return entry;
  }

  #use(entry: Entry): ApprovedCall | undefined {
    if (entry.settlement?.kind !== 'approved' || entry.isUsed || !this.#entries.has(entry.approvalId))
      return undefined;
    entry.isUsed = true;
    this.#forget(entry);
    // Timers stand still while a computer sleeps; the clock on the wall does not.
    if (this.#clock.nowMs() >= entry.view.expiresAtMs) return undefined;
    return proof(entry.approvalId, entry.settlement.by, 'for this call');
  }

  #expire(entry: Entry): void {
    if (entry.settlement === undefined) this.#settle(entry, { kind: 'expired' });
    else this.#forget(entry);
  }

  #settle(entry: Entry, settlement: Settlement): DecidedApprovalView {
    entry.settlement = settlement;
    if (settlement.kind !== 'approved') this.#keepUnread(entry);
    const { approvalId, agentName, tool, sentence } = entry.view;
    const decided: DecidedApprovalView = {
      approvalId,
      agentName,
      tool,
      sentence,
      decision: settlement.kind,
      decidedAtMs: this.#clock.nowMs(),
      by: 'by' in settlement ? settlement.by : 'Gatehouse',
      reason: 'reason' in settlement ? settlement.reason : '',
    };
    this.#decided = [decided, ...this.#decided].slice(0, maxDecidedApprovals);
    entry.settle(settlement);
    this.#tell();
    return decided;
  }

  /** Whoever holds it hears it at once; otherwise it waits for its agent. */
  #keepUnread(entry: Entry): void {
    if (entry.holders > 0) this.#forget(entry);
    else {
      entry.stopTimer();
      entry.stopTimer = this.#clock.after(unreadMs, () => this.#forget(entry));
    }
  }

  #forget(entry: Entry): void {
    entry.stopTimer();
    this.#entries.delete(entry.approvalId);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Only this file makes proofs. */
function proof(approvalId: string, by: string, how: string): ApprovedCall {
  return { approvalId, by, how } as ApprovedCall;
}

/** Everything that an approval is bound to; any change makes it another question. */
function bindingOf({ agent, tool, args, revision }: Question): string {
  return JSON.stringify([agent.agentId, tool.connectionId, tool.tool, tool.definitionHash, revision, args]);
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
