/**
 * The gateway core: what an agent may see, and the one way of its calls. Knows no socket and no Electron.
 */
import type { Clock, Random } from '../ports';
import { ApprovalDesk } from './approval-desk';
import type {
  ActivitySink,
  AgentBook,
  GatewayTool,
  GatewayView,
  KnownAgent,
  ToolResult,
  Upstreams,
} from './core-ports';
import { nameTools } from './names';
import { awaitApproval, type Routed, type RouteNeeds, routeCall } from './route-call';

export interface GatewayNeeds {
  readonly clock: Clock;
  readonly random: Random;
  readonly activity: ActivitySink;
  readonly agents: AgentBook;
  readonly upstreams: Upstreams;
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

const nothing: GatewayView = {
  tools: () => [],
  revision: () => 0,
  healthy: () => ({ ok: false, why: 'Not ready yet.' }),
};

export function createGateway(needs: GatewayNeeds) {
  const desk = new ApprovalDesk(needs);
  const listeners = new Set<() => void>();
  let view = nothing;
  let named: ReadonlyMap<string, GatewayTool> = new Map();
  let listJson = toolListJson(named);
  const visible = () => [...named.values()].filter((tool) => tool.policy !== 'disabled');

  const route: RouteNeeds = {
    ...needs,
    desk,
    present: () => ({ named, view }),
    newCallId: () => `call_${randomHex(needs.random)}`,
    holdMs: needs.options.holdMs,
    approvalMs: needs.options.approvalMs,
  };

  return {
    desk,

    /** Replaces everything that agents see in one assignment; questions that no longer fit are withdrawn. */
    setView(next: GatewayView): void {
      view = next;
      named = nameTools(next.tools(), needs.options.unprefixed);
      desk.voidWhere((question) => {
        const now = next
          .tools()
          .find((one) => one.connectionId === question.tool.connectionId && one.tool === question.tool.tool);
        return (
          now === undefined ||
          now.policy === 'disabled' ||
          now.definitionHash !== question.tool.definitionHash ||
          next.revision(question.tool.connectionId) !== question.revision
        );
      }, 'the tool, its policies or its connection changed.');
      const json = toolListJson(named);
      if (json === listJson) return;
      listJson = json;
      for (const listener of listeners) listener();
    },

    /** Told when the list of tools that agents see has changed. */
    onToolsChanged(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    agentOf: (token: string): KnownAgent | undefined => needs.agents.byToken(token),
    isActive: (agentId: string): boolean => needs.agents.isActive(agentId),
    seen: (agentId: string): void => needs.agents.seen(agentId),
    /** The `result` of `tools/list` as JSON text, made once and kept until something changes. */
    toolListJson: (): string => listJson,
    toolCountFor: (agentId: string): number => (needs.agents.isActive(agentId) ? visible().length : 0),
    waitingFor: (connectionId: string): number =>
      desk.waitingQuestions().filter((question) => question.tool.connectionId === connectionId).length,
    agentRevoked: (agentId: string): void =>
      desk.voidWhere((question) => question.agent.agentId === agentId, 'the agent was revoked.'),
    voidAll: (reason: string): void => desk.voidWhere(() => true, reason),

    /** @throws Fault `activity_write_failed`, `vault_locked`: then nothing left. */
    async call(agent: KnownAgent, name: string, args: unknown, signal: AbortSignal): Promise<Routed> {
      if (name === 'gatehouse__status') return { kind: 'result', result: status(agent) };
      if (name === 'gatehouse__await_approval') return await awaitApproval(route, agent, idOf(args), signal);
      return await routeCall(route, agent, name, args, signal);
    },
  };

  function status(agent: KnownAgent): ToolResult {
    const waiting = desk
      .waitingQuestions()
      .filter((question) => question.agent.agentId === agent.agentId).length;
    const text = JSON.stringify({
      agent: agent.name,
      tools: visible().length,
      waitingForApproval: waiting,
      mode: 'execute',
    });
    return { content: [{ type: 'text', text }] };
  }
}

function idOf(args: unknown): string {
  return typeof args === 'object' && args !== null && 'id' in args && typeof args.id === 'string'
    ? args.id
    : '';
}

function toolListJson(named: ReadonlyMap<string, GatewayTool>): string {
  const tools = [...named].flatMap(([name, tool]) =>
    tool.policy === 'disabled'
      ? []
      : {
          name,
          title: tool.title,
          description: tool.description,
          inputSchema: tool.inputSchema,
          annotations: tool.annotations,
        },
  );
  return JSON.stringify({ tools: [...ownTools, ...tools] });
}

function randomHex(random: Random): string {
  return Array.from(random.bytes(16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
