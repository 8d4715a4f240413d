/**
 * Sessions of agents, bound to the agent that opened them and bounded in number; the one unused for longest goes first.
 */
import type { AgentOffers } from '../mcp/asked-by-server';
import type { KnownAgent } from './core-ports';
import type { Message, MessageId } from './json-rpc';
import type { LogLevel } from './log-level';

export interface Session {
  readonly id: string;
  readonly agentId: string;
  readonly running: Map<MessageId, { abort(): void }>;
  offers: AgentOffers;
  /** Questions that wait for an answer of this agent, by their ids; each belongs to one call. */
  readonly questions: Map<string, (answer: Message) => void>;
  /** Ends what is watched, by the addresses of resources. */
  readonly watched: Map<string, () => void>;
  /** Log messages below it are left out; undefined lets all through. */
  logLevel: LogLevel | undefined;
  /** The open event stream for announcements, where the agent keeps one. */
  announce: ((text: string) => boolean) | undefined;
}

const maxSessions = 500;

export class Sessions {
  readonly #byId = new Map<string, Session>();
  readonly #newId: () => string;

  /** @param newId Ids that nobody can guess. */
  constructor(newId: () => string) {
    this.#newId = newId;
  }

  open(agent: KnownAgent, offers: AgentOffers): Session {
    const id = this.#newId();
    if (this.#byId.size >= maxSessions) {
      const oldest = this.#byId.keys().next().value;
      if (oldest !== undefined) this.close(oldest);
    }
    const session: Session = {
      id,
      agentId: agent.agentId,
      running: new Map(),
      offers,
      questions: new Map(),
      watched: new Map(),
      logLevel: undefined,
      announce: undefined,
    };
    this.#byId.set(id, session);
    return session;
  }

  /** Another agent's session is as unknown as none. */
  find(id: string | undefined, agent: KnownAgent): Session | undefined {
    const session = id === undefined ? undefined : this.#byId.get(id);
    if (session === undefined || session.agentId !== agent.agentId) return undefined;
    this.#byId.delete(session.id);
    this.#byId.set(session.id, session);
    return session;
  }

  close(id: string): void {
    const session = this.#byId.get(id);
    this.#byId.delete(id);
    for (const running of session?.running.values() ?? []) running.abort();
    for (const stop of session?.watched.values() ?? []) stop();
  }

  announceAll(text: string): void {
    for (const session of this.#byId.values()) session.announce?.(text);
  }

  /** @param agentId Everybody's where it is left out. */
  closeAll(agentId?: string): void {
    for (const session of [...this.#byId.values()])
      if (agentId === undefined || session.agentId === agentId) this.close(session.id);
  }
}
