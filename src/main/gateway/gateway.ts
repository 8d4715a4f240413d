/**
 * The gateway core: what an agent may see, and the one way of its calls. Knows no socket and no Electron.
 */

import type { OperatingMode } from '../../preload/contract/gateway-shapes';
import type { ListKind } from '../mcp/tool-server';
import type { Clock, Random } from '../ports';
import { ApprovalDesk } from './approval-desk';
import { awaitApproval } from './ask-call';
import type {
  ActivitySink,
  AgentBook,
  CallWay,
  GatewayTool,
  GatewayView,
  KnownAgent,
  ServerLists,
  ToolResult,
  Upstreams,
} from './core-ports';
import { nameTools } from './names';
import { routeCall } from './route-call';
import { type Routed, said, textResult } from './routed';
import type { Present, RouteNeeds } from './run-call';
import { RunningCalls } from './running-calls';
import { isVisibleTo } from './scope';
import { maxAgentNameChars } from './surface-names';
import { createSurfaces } from './surfaces';
import { ToolLists } from './tool-lists';

export interface GatewayNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly activity: ActivitySink;
  readonly agents: AgentBook;
  readonly upstreams: Upstreams;
  readonly lists?: ServerLists | undefined;
  readonly options: {
    readonly holdMs: number;
    readonly approvalMs: () => number;
    readonly mode: () => OperatingMode;
    /** Above this number of tools an agent gets a search in place of the list. */
    readonly mostListed: () => number;
    /** Tests and measurements only: tools keep their own names. */
    readonly unprefixed: boolean;
  };
}

export type Gateway = ReturnType<typeof createGateway>;

/** What agents may list; each changes on its own. */
export type Changed = 'tools' | Exclude<ListKind, 'templates'>;
/** What servers announce together is passed on as one. */
const gatherMs = 100;

const nothing: GatewayView = {
  tools: () => [],
  knows: () => false,
  revision: () => 0,
  healthy: () => ({ ok: false, why: 'Not ready yet.' }),
};

export function createGateway(needs: GatewayNeeds) {
  const desk = new ApprovalDesk(needs);
  const running = new RunningCalls();
  const listeners = new Set<(what: Changed) => void>();
  const endListeners = new Set<(agentId: string | undefined) => void>();
  let present = presentOf(nothing, new Map());
  const toolLists = new ToolLists(needs.options.mostListed);
  /** The servers that contribute to each list. */
  const lists: Record<'resources' | 'prompts', readonly string[]> = { resources: [], prompts: [] };

  const tell = (what: Changed) => {
    for (const listener of listeners) listener(what);
  };
  const untold = new Set<Changed>();
  const tellSoon = (what: Changed) => {
    if (untold.has(what)) return;
    untold.add(what);
    needs.clock.after(gatherMs, () => {
      untold.delete(what);
      tell(what);
    });
  };

  const route: RouteNeeds = {
    ...needs,
    desk,
    present: () => present,
    newCallId: idMaker(needs.random, 'call_'),
    holdMs: needs.options.holdMs,
    approvalMs: needs.options.approvalMs,
    mode: needs.options.mode,
    running,
  };

  const surfaces = createSurfaces({
    route,
    lists: needs.lists,
    present: () => present,
    unprefixed: needs.options.unprefixed,
  });

  return {
    desk,
    surfaces,
    clock: needs.clock,
    newQuestionId: idMaker(needs.random, 'ask_'),

    /** Replaces everything that agents see in one assignment; questions that no longer fit are withdrawn. */
    setView(next: GatewayView): void {
      const isSame = sameItems(present.view.tools(), next.tools());
      const named = isSame ? present.named : nameTools(callable(next.tools()), needs.options.unprefixed);
      present = isSame ? { ...present, view: next } : presentOf(next, named);
      desk.voidWhere((question) => {
        const now = present.find(question.tool);
        const agent = needs.agents.byId(question.agent.agentId);
        return (
          now === undefined ||
          agent === undefined ||
          !isVisibleTo(agent, now) ||
          now.definitionHash !== question.tool.definitionHash ||
          next.revision(question.tool.connectionId) !== question.revision
        );
      }, 'the tool, its policies or its connection changed.');
      for (const surface of ['resources', 'prompts'] as const) {
        const now = surfaces.listing(surface);
        if (!sameItems(lists[surface], now)) tellSoon(surface);
        lists[surface] = now;
      }
      if (!isSame && toolLists.replace(named)) tell('tools');
    },

    /** A server says that it lists other resources or prompts than before. */
    serverListChanged(connectionId: string, kind: ListKind): void {
      if (surfaces.isVisible(connectionId, kind)) tellSoon(kind === 'prompts' ? 'prompts' : 'resources');
    },

    /** Told when a list that agents see has changed. */
    onListChanged(listener: (what: Changed) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    agentOf: (token: string): KnownAgent | undefined => needs.agents.byToken(token),
    isActive: (agentId: string): boolean => needs.agents.byId(agentId) !== undefined,
    seen: (agentId: string): void => needs.agents.seen(agentId),
    toolList: (agent: KnownAgent): Uint8Array => toolLists.bytesFor(agent),
    /** Undefined for what this agent may not know of. */
    inputSchemaOf(agent: KnownAgent, name: string): unknown {
      const tool = present.named.get(name);
      return tool !== undefined && isVisibleTo(agent, tool) ? tool.inputSchema : undefined;
    },
    toolCountFor(agentId: string): number {
      const agent = needs.agents.byId(agentId);
      return agent === undefined ? 0 : toolLists.countFor(agent);
    },
    /** The length of what an agent reads to know its tools, in bytes. */
    listBytesFor(agentId: string): number {
      const agent = needs.agents.byId(agentId);
      return agent === undefined ? 0 : toolLists.bytesFor(agent).length;
    },
    /** Agents may see other lists than before: a scope or a setting has changed. */
    listsDiffer(): void {
      for (const what of ['tools', 'resources', 'prompts'] as const) tellSoon(what);
    },
    waitingFor: (connectionId: string): number =>
      desk.waitingQuestions().filter((question) => question.tool.connectionId === connectionId).length,
    /** Nothing goes on that this agent began with its token: no question, no call, no session. */
    agentEnded(agentId: string, why: string): void {
      desk.voidWhere((question) => question.agent.agentId === agentId, why);
      running.end(agentId);
      for (const listener of endListeners) listener(agentId);
    },
    counts: () => ({ questions: desk.waitingQuestions().length, running: running.size }),
    /** Writes down that this agent was turned away at the door. @throws Fault `activity_write_failed`, `vault_locked` */
    async turnedAway({ agentId, name }: KnownAgent, why: string): Promise<void> {
      const who = { kind: 'agent', name, id: agentId } as const;
      const detail = `Turned away at the door. ${why}`;
      await needs.activity.append({ kind: 'agent', who, what: name, agentId, outcome: 'refused', detail });
    },
    /** Refuses what waits and ends what runs, of all agents. */
    stopCalls(why: string): { readonly questions: number; readonly running: number } {
      const counts = { questions: desk.waitingQuestions().length, running: running.size };
      desk.voidWhere(() => true, why);
      running.end();
      for (const listener of endListeners) listener(undefined);
      return counts;
    },
    /** Told of agents whose sessions and streams end; undefined is all of them. */
    onEnded(listener: (agentId: string | undefined) => void): () => void {
      endListeners.add(listener);
      return () => endListeners.delete(listener);
    },
    /** Other calls may pass than before: what waits for an approval waits in Execute mode only. */
    modeChanged(): void {
      if (needs.options.mode() !== 'execute')
        desk.voidWhere(() => true, 'Gatehouse is no longer in Execute mode.');
    },
    voidAll: (reason: string): void => desk.voidWhere(() => true, reason),

    /** @throws Fault `activity_write_failed`, `vault_locked`: then nothing left. */
    async call(agent: KnownAgent, name: string, args: unknown, way: CallWay): Promise<Routed> {
      if (name === 'gatehouse__status') return { kind: 'result', result: status(agent) };
      if (name === 'gatehouse__await_approval') return await awaitApproval(route, agent, idOf(args), way);
      if (name === 'gatehouse__find_tools') return find(agent, args);
      if (name === 'gatehouse__call_tool') return await callFound(agent, readWanted(args), way);
      return await routeCall(route, agent, name, args, way);
    },
  };

  async function callFound(
    agent: KnownAgent,
    wanted: ReturnType<typeof readWanted>,
    way: CallWay,
  ): Promise<Routed> {
    if (wanted === undefined) return notFitting;
    const routed = await routeCall(route, agent, wanted.name, wanted.args, way);
    return routed.kind === 'unknown_tool' ? { ...routed, name: wanted.name } : routed;
  }

  function find(agent: KnownAgent, args: unknown): Routed {
    const json = toolLists.find(agent, args);
    return json === undefined ? notFitting : { kind: 'result', result: textResult(json, false) };
  }

  function status(agent: KnownAgent): ToolResult {
    const waiting = desk
      .waitingQuestions()
      .filter((question) => question.agent.agentId === agent.agentId).length;
    const text = JSON.stringify({
      agent: agent.name,
      tools: toolLists.countFor(agent),
      waitingForApproval: waiting,
      mode: needs.options.mode(),
    });
    return textResult(text, false);
  }
}

const notFitting = said('The arguments do not fit the inputSchema of this tool.');

/** @param args Untrusted. */
function readWanted(args: unknown): { readonly name: string; readonly args: unknown } | undefined {
  if (typeof args !== 'object' || args === null || !('name' in args)) return undefined;
  const { name } = args;
  if (typeof name !== 'string' || name.length > maxAgentNameChars) return undefined;
  return { name, args: 'arguments' in args ? args.arguments : {} };
}

function idOf(args: unknown): string {
  return typeof args === 'object' && args !== null && 'id' in args && typeof args.id === 'string'
    ? args.id
    : '';
}

function presentOf(view: GatewayView, named: ReadonlyMap<string, GatewayTool>): Present {
  const byConnection = new Map<string, Map<string, GatewayTool>>();
  const surfaces = view.tools().filter(({ surface }) => surface !== undefined);
  for (const tool of [...named.values(), ...surfaces]) {
    const tools = byConnection.get(tool.connectionId) ?? new Map<string, GatewayTool>();
    byConnection.set(tool.connectionId, tools.set(tool.tool, tool));
  }
  const offered = [...named.values(), ...surfaces].filter((tool) => tool.source === 'mcp');
  const servers = new Set(
    offered.filter(({ policy }) => policy !== 'disabled').map(({ connectionId }) => connectionId),
  );
  return {
    view,
    named,
    surfaces,
    servers,
    find: ({ connectionId, tool }) => byConnection.get(connectionId)?.get(tool),
  };
}

const callable = (tools: readonly GatewayTool[]): readonly GatewayTool[] =>
  tools.some(({ surface }) => surface !== undefined)
    ? tools.filter(({ surface }) => surface === undefined)
    : tools;

function sameItems<Item>(left: readonly Item[], right: readonly Item[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}

/** Ids of 128 random bits; drawn many at a time, because every call needs one. */
function idMaker(random: Random, prefix: string): () => string {
  let drawn = '';
  return () => {
    if (drawn.length < 32)
      drawn = Array.from(random.bytes(1_024), (byte) => byte.toString(16).padStart(2, '0')).join('');
    const id = drawn.slice(-32);
    drawn = drawn.slice(0, -32);
    return `${prefix}${id}`;
  };
}
