/**
 * A call of an agent of 2026-07-28 that its server asks something in the middle of: it is answered with the questions, waits, and goes
 * on when the agent sends the same request again with its answers. It stays one call, with one intent, one approval and one outcome.
 * Refuses a state that is not known, another agent's, another request's, and one that was used before.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/utilities/mrtr (SEP-2322)
 */
import { Fault } from '../../preload/contract/reply';
import type { AgentOffers } from '../mcp/asked-by-server';
import type { Answers, Questions } from '../mcp/tool-server';
import type { Clock } from '../ports';
import { isAnswerTo } from './asking';
import { AskingTime } from './asking-time';
import type { AgentAsker } from './core-ports';
import type { Answer } from './json-rpc';

/** One request, as long as its agent waits for the answer. */
export interface Round {
  /** Aborted when the agent goes away. */
  readonly signal: AbortSignal;
  /** @returns False where the agent cannot take any more. */
  readonly send: (text: string) => boolean;
}

export interface Wanted {
  readonly agentId: string;
  readonly offers: AgentOffers;
  /** The request without what changes from round to round; the next round must bring the same. */
  readonly key: string;
  /** `inputResponses`, untrusted: answers to questions, also to those that are still to come. */
  readonly given: Given;
}

/** How a call runs: who can be asked, where it is heard, and when it must end. */
export interface Running extends Round {
  readonly abort: () => void;
  readonly asker: AgentAsker;
}

type Given = Readonly<Record<string, unknown>>;

const maxWaiting = 200;
const maxWaitingOfOne = 20;
/** How long an answer is kept that came while nobody waited for it. */
const keptMs = 60_000;

export class Rounds {
  readonly #clock: Clock;
  readonly #newState: () => string;
  readonly #byState = new Map<string, LongCall>();

  /** @param newState Ids that nobody can guess. */
  constructor(clock: Clock, newState: () => string) {
    this.#clock = clock;
    this.#newState = newState;
  }

  /** Runs a call until it is answered or asks. Rejects as `run` does. */
  start(wanted: Wanted, round: Round, run: (running: Running) => Promise<Answer>): Promise<Answer> {
    const call = new LongCall(wanted, this.#clock, (asked) => this.#putAside(asked));
    const answer = call.attend(round);
    const forget = () => this.#clock.after(keptMs, () => this.#drop(call));
    void run(call.running).then(
      (done) => call.finish({ kind: 'answer', answer: done }, forget),
      (error: unknown) => call.finish({ kind: 'error', error }, forget),
    );
    return answer;
  }

  /** The next round of a call; undefined where there is none that waits for it. Rejects as `run` does. */
  async resume(
    { agentId, key, given }: Omit<Wanted, 'offers'>,
    state: string,
    round: Round,
  ): Promise<Answer | undefined> {
    const call = this.#byState.get(state);
    if (call === undefined || call.wanted.agentId !== agentId || call.wanted.key !== key) return undefined;
    this.#byState.delete(state);
    const answer = call.attend(round);
    call.take(given);
    return await answer;
  }

  /** The calls of one agent, or of all, that wait for answers end. */
  end(agentId?: string): void {
    for (const call of this.#byState.values())
      if (agentId === undefined || call.wanted.agentId === agentId) call.abort();
  }

  /** @throws Fault `vendor_busy` where too many wait. */
  #putAside(call: LongCall): string {
    const ofAgent = [...this.#byState.values()].filter(
      ({ wanted }) => wanted.agentId === call.wanted.agentId,
    );
    if (this.#byState.size >= maxWaiting || ofAgent.length >= maxWaitingOfOne)
      throw new Fault('vendor_busy', 'Too many calls wait for answers of agents. Try again later.', {
        retryable: true,
      });
    const state = this.#newState();
    this.#byState.set(state, call);
    return state;
  }

  #drop(call: LongCall): void {
    for (const [state, one] of this.#byState) if (one === call) this.#byState.delete(state);
  }
}

type Outcome =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'error'; readonly error: unknown };

class LongCall {
  readonly wanted: Wanted;
  readonly running: Running;
  readonly #controller = new AbortController();
  readonly #time: AskingTime;
  readonly #putAside: (call: LongCall) => string;
  #given: Given;
  #round: Round | undefined;
  /** Ends the round that is under way. */
  #end: ((outcome: Outcome) => void) | undefined;
  /** Came while nobody waited for it. */
  #outcome: Outcome | undefined;
  #waiting: { readonly questions: Questions; readonly answered: () => void } | undefined;
  /** A server of an older era may ask twice at once; there is one answer to ask in. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(wanted: Wanted, clock: Clock, putAside: (call: LongCall) => string) {
    this.wanted = wanted;
    this.#given = wanted.given;
    this.#time = new AskingTime(clock);
    this.#putAside = putAside;
    this.running = {
      signal: this.#controller.signal,
      abort: () => this.abort(),
      send: (text) => this.#round?.send(text) ?? false,
      asker: {
        offers: wanted.offers,
        ask: (questions) => {
          const asked = this.#turn.then(() => this.#ask(questions));
          this.#turn = asked.catch(() => undefined);
          return asked;
        },
      },
    };
  }

  abort(): void {
    this.#controller.abort();
  }

  /** While an agent waits, the call ends when it goes away; between two rounds it does not. */
  attend(round: Round): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const gone = () => this.abort();
      const end = (outcome: Outcome) => {
        round.signal.removeEventListener('abort', gone);
        this.#round = undefined;
        this.#end = undefined;
        if (outcome.kind === 'answer') resolve(outcome.answer);
        else reject(outcome.error);
      };
      if (this.#outcome !== undefined) return end(this.#outcome);
      this.#round = round;
      this.#end = end;
      round.signal.addEventListener('abort', gone, { once: true });
      if (round.signal.aborted) gone();
    });
  }

  /** @param unheard Told where nobody waits for it. */
  finish(outcome: Outcome, unheard: () => void): void {
    if (this.#end === undefined) {
      this.#outcome = outcome;
      unheard();
    } else this.#end(outcome);
  }

  /** @param given Untrusted. */
  take(given: Given): void {
    this.#given = { ...this.#given, ...given };
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    const missing = missingOf(waiting.questions, this.#given);
    if (missing === undefined) waiting.answered();
    else this.#askFor(missing);
  }

  async #ask(questions: Questions): Promise<Answers> {
    const { signal } = this.#controller;
    const taken = Object.values(questions).flatMap((one) => one.signal ?? []);
    if ([signal, ...taken].some(({ aborted }) => aborted)) throw ended();
    if (missingOf(questions, this.#given) !== undefined) await this.#answered(questions, [signal, ...taken]);
    const answers = picked(questions, this.#given);
    // A later question may have the same name.
    this.#given = {};
    return answers;
  }

  /** Waits until the agent has answered. @param signals Any of them ends the waiting. */
  #answered(questions: Questions, signals: readonly AbortSignal[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting = undefined;
        stopTimer();
        for (const signal of signals) signal.removeEventListener('abort', over);
      };
      const fail = (error: unknown) => {
        leave();
        reject(error);
      };
      const over = () => fail(ended());
      const stopTimer = this.#time.begin(() =>
        fail(new Fault('vendor_timeout', 'The agent did not answer in time.')),
      );
      for (const signal of signals) signal.addEventListener('abort', over, { once: true });
      const answered = () => {
        leave();
        resolve();
      };
      this.#waiting = { questions, answered };
      try {
        this.#askFor(missingOf(questions, this.#given) ?? questions);
      } catch (error) {
        fail(error);
      }
    });
  }

  /** Answers the round that is under way with questions. */
  #askFor(missing: Questions): void {
    const inputRequests = Object.fromEntries(
      Object.entries(missing).map(([name, { method, params }]) => [name, { method, params }]),
    );
    const requestState = this.#putAside(this);
    const json = JSON.stringify({ resultType: 'input_required', inputRequests, requestState });
    this.#end?.({ kind: 'answer', answer: { kind: 'result', json } });
  }
}

const ended = () => new Fault('cancelled', 'The agent went away, or the question was taken back.');

/** Undefined where every question has an answer that could be one. */
function missingOf(questions: Questions, given: Given): Questions | undefined {
  const missing = Object.entries(questions).filter(
    ([name, { method }]) => !Object.hasOwn(given, name) || !isAnswerTo(method, given[name]),
  );
  return missing.length === 0 ? undefined : Object.fromEntries(missing);
}

function picked(questions: Questions, given: Given): Answers {
  return Object.fromEntries(
    Object.entries(questions).flatMap(([name, { method }]) => {
      const answer = given[name];
      return isAnswerTo(method, answer) ? [[name, answer] as const] : [];
    }),
  );
}
