/**
 * The gateway core: what an agent may see, and the one way of its calls. Knows no socket and no Electron.
 */

import type { ListKind } from '../mcp/tool-server';
import type { Clock, Random } from '../ports';
import { ApprovalDesk } from './approval-desk';
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
import { awaitApproval, type Present, type RouteNeeds, routeCall } from './route-call';
import { type Routed, textResult } from './routed';
import { createSurfaces } from './surfaces';

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
    /** Tests and measurements only: tools keep their own names. */
    readonly unprefixed: boolean;
  };
}

export type Gateway = ReturnType<typeof createGateway>;

const ownTools = [
  {
    name: 'gatehouse__status',
    title: 'Gatehouse status',
    description:
      'Says who you are to Gatehouse, how many tools you may see and how many of your calls wait for approval.',
    inputSchema: { type: 'object', properties: {}, additionalProperties: false },
    annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
  },
  {
    name: 'gatehouse__await_approval',
    title: 'Await an approval',
    description:
      'Waits for the decision on a call that was answered with "Pending", and runs that call once when it was approved.',
    inputSchema: {
      type: 'object',
      properties: { id: { type: 'string', description: 'The id from the pending answer.' } },
      required: ['id'],
      additionalProperties: false,
    },
    annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: false },
  },
];

/** What agents may list; each changes on its own. */
type Changed = 'tools' | Exclude<ListKind, 'templates'>;
/** What servers announce together is passed on as one. */
const gatherMs = 100;

const ownJson = ownTools.map((tool) => JSON.stringify(tool));

const nothing: GatewayView = {
  tools: () => [],
  knows: () => false,
  revision: () => 0,
  healthy: () => ({ ok: false, why: 'Not ready yet.' }),
};

export function createGateway(needs: GatewayNeeds) {
  const desk = new ApprovalDesk(needs);
  const listeners = new Set<(what: Changed) => void>();
  let present = presentOf(nothing, new Map());
  let shown: readonly string[] = [];
  /** The servers that contribute to each list. */
  const lists: Record<'resources' | 'prompts', readonly string[]> = { resources: [], prompts: [] };
  /** `tools/list` as bytes; made at the first question after a change. */
  let listBytes: Uint8Array | undefined;
  const listedJson = listedJsonMaker();

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
        return (
          now === undefined ||
          now.policy === 'disabled' ||
          now.definitionHash !== question.tool.definitionHash ||
          next.revision(question.tool.connectionId) !== question.revision
        );
      }, 'the tool, its policies or its connection changed.');
      for (const surface of ['resources', 'prompts'] as const) {
        const now = surfaces.listing(surface);
        if (!sameItems(lists[surface], now)) tellSoon(surface);
        lists[surface] = now;
      }
      if (isSame) return;
      const listed = listedJson(named);
      if (sameItems(shown, listed)) return;
      shown = listed;
      listBytes = undefined;
      tell('tools');
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
    isActive: (agentId: string): boolean => needs.agents.isActive(agentId),
    seen: (agentId: string): void => needs.agents.seen(agentId),
    /** The `result` of `tools/list` as JSON in UTF-8, made once and kept until something changes. */
    toolList: (): Uint8Array => {
      listBytes ??= new TextEncoder().encode(`{"tools":[${[...ownJson, ...shown].join(',')}]}`);
      return listBytes;
    },
    toolCountFor: (agentId: string): number => (needs.agents.isActive(agentId) ? shown.length : 0),
    waitingFor: (connectionId: string): number =>
      desk.waitingQuestions().filter((question) => question.tool.connectionId === connectionId).length,
    agentRevoked: (agentId: string): void =>
      desk.voidWhere((question) => question.agent.agentId === agentId, 'the agent was revoked.'),
    voidAll: (reason: string): void => desk.voidWhere(() => true, reason),

    /** @throws Fault `activity_write_failed`, `vault_locked`: then nothing left. */
    async call(agent: KnownAgent, name: string, args: unknown, way: CallWay): Promise<Routed> {
      if (name === 'gatehouse__status') return { kind: 'result', result: status(agent) };
      if (name === 'gatehouse__await_approval') return await awaitApproval(route, agent, idOf(args), way);
      return await routeCall(route, agent, name, args, way);
    },
  };

  function status(agent: KnownAgent): ToolResult {
    const waiting = desk
      .waitingQuestions()
      .filter((question) => question.agent.agentId === agent.agentId).length;
    const text = JSON.stringify({
      agent: agent.name,
      tools: shown.length,
      waitingForApproval: waiting,
      mode: 'execute',
    });
    return textResult(text, false);
  }
}

function idOf(args: unknown): string {
  return typeof args === 'object' && args !== null && 'id' in args && typeof args.id === 'string'
    ? args.id
    : '';
}

/** Each tool as agents see it, as JSON text; a tool that stays the same object is written once. */
function listedJsonMaker(): (named: ReadonlyMap<string, GatewayTool>) => readonly string[] {
  const made = new WeakMap<GatewayTool, string>();
  return (named) =>
    [...named].flatMap(([name, tool]) => {
      if (tool.policy === 'disabled') return [];
      const { title, description, inputSchema, annotations } = tool;
      const json =
        made.get(tool) ??
        JSON.stringify({ ...tool.more, name, title, description, inputSchema, annotations });
      made.set(tool, json);
      return [json];
    });
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
