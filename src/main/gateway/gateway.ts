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
import { isInScope, isVisibleTo, scopeKey } from './scope';
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
export type Changed = 'tools' | Exclude<ListKind, 'templates'>;
/** Scopes whose lists are kept at a time. */
const maxLists = 50;
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
  let shown: readonly Listed[] = [];
  /** The servers that contribute to each list. */
  const lists: Record<'resources' | 'prompts', readonly string[]> = { resources: [], prompts: [] };
  /** `tools/list` as bytes for each scope; made at the first question after a change. */
  const listBytes = new Map<string, Uint8Array>();
  const listed = listMaker();

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
      if (isSame) return;
      const now = listed(named);
      const isSameList = sameItems(
        shown.map(({ json }) => json),
        now.map(({ json }) => json),
      );
      shown = now;
      if (isSameList) return;
      listBytes.clear();
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
    isActive: (agentId: string): boolean => needs.agents.byId(agentId) !== undefined,
    seen: (agentId: string): void => needs.agents.seen(agentId),
    /** The members of the result of `tools/list` as JSON in UTF-8, made once for a scope and kept until something changes. */
    toolList(agent: KnownAgent): Uint8Array {
      const key = scopeKey(agent.scope);
      const known = listBytes.get(key);
      if (known !== undefined) return known;
      const tools = [...ownJson, ...listedFor(agent).map(({ json }) => json)];
      const bytes = new TextEncoder().encode(`"tools":[${tools.join(',')}]`);
      if (listBytes.size >= maxLists) listBytes.clear();
      listBytes.set(key, bytes);
      return bytes;
    },
    /** Undefined for what this agent may not know of. */
    inputSchemaOf(agent: KnownAgent, name: string): unknown {
      const tool = present.named.get(name);
      return tool !== undefined && isVisibleTo(agent, tool) ? tool.inputSchema : undefined;
    },
    toolCountFor(agentId: string): number {
      const agent = needs.agents.byId(agentId);
      return agent === undefined ? 0 : listedFor(agent).length;
    },
    /** An agent may reach more or less than before. */
    scopesChanged(): void {
      for (const what of ['tools', 'resources', 'prompts'] as const) tellSoon(what);
    },
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

  function listedFor({ scope }: KnownAgent): readonly Listed[] {
    return scope.connectionIds === null && scope.access === 'all'
      ? shown
      : shown.filter(({ tool }) => isInScope(scope, tool));
  }

  function status(agent: KnownAgent): ToolResult {
    const waiting = desk
      .waitingQuestions()
      .filter((question) => question.agent.agentId === agent.agentId).length;
    const text = JSON.stringify({
      agent: agent.name,
      tools: listedFor(agent).length,
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

interface Listed {
  readonly tool: GatewayTool;
  /** As agents see it. */
  readonly json: string;
}

/** A tool that stays the same object is written once. */
function listMaker(): (named: ReadonlyMap<string, GatewayTool>) => readonly Listed[] {
  const made = new WeakMap<GatewayTool, Listed>();
  return (named) =>
    [...named].flatMap(([name, tool]) => {
      if (tool.policy === 'disabled') return [];
      const { title, description, inputSchema, annotations } = tool;
      const listed = made.get(tool) ?? {
        tool,
        json: JSON.stringify({ ...tool.more, name, title, description, inputSchema, annotations }),
      };
      made.set(tool, listed);
      return [listed];
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
