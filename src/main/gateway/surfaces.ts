/**
 * Resources and prompts of all servers as one agent sees them: lists that are asked for at the moment, and names that lead to exactly one
 * server. Refuses to let a server that fails take the others' lists with it, and to find anything by its bare name.
 */

import { Fault } from '../../preload/contract/reply';
import { isObject } from '../json-object';
import type { ListKind, ServerAbilities } from '../mcp/tool-server';
import { fullScope } from '../store/state-record';
import type { CallWay, GatewayTool, KnownAgent, ServerLists } from './core-ports';
import { routeTo } from './route-call';
import type { Routed } from './routed';
import type { Present, RouteNeeds } from './run-call';
import { isVisibleTo } from './scope';
import {
  agentUri,
  isGoodUri,
  loggedAs,
  mayBeCut,
  promptName,
  schemeOf,
  splitPrompt,
  splitUri,
} from './surface-names';

type Item = Readonly<Record<string, unknown>>;
type Surface = 'resources' | 'prompts';

const maxItems = 10_000;
const surfaceOf: Readonly<Record<ListKind, Surface>> = {
  resources: 'resources',
  templates: 'resources',
  prompts: 'prompts',
};
const members: Readonly<Record<ListKind, string>> = {
  resources: 'resources',
  templates: 'resourceTemplates',
  prompts: 'prompts',
};

export type Completes =
  | { readonly kind: 'prompt'; readonly name: string }
  | { readonly kind: 'resource'; readonly uri: string };

export function createSurfaces(needs: {
  readonly route: RouteNeeds;
  /** Left out where there are no servers that list anything. */
  readonly lists: ServerLists | undefined;
  readonly present: () => Present;
  readonly unprefixed: boolean;
}) {
  const { route, lists, present, unprefixed } = needs;
  /** What prompts are called at their server, by the names that agents saw last. */
  const promptsOf = new Map<string, ReadonlyMap<string, string>>();
  /** One question at a time for the same list, whoever asks. */
  const underWay = new Map<string, Promise<readonly Item[]>>();

  const all = (surface: Surface) => present().surfaces.filter((one) => one.surface === surface);
  const visible = (surface: Surface, agent: Pick<KnownAgent, 'scope'> = everybody) =>
    all(surface).filter((tool) => isVisibleTo(agent, tool));
  const isHealthy = ({ connectionId }: GatewayTool) => present().view.healthy(connectionId).ok;

  const itemsOf = (tool: GatewayTool, kind: ListKind): Promise<readonly Item[]> => {
    const key = `${kind} ${tool.connectionId}`;
    const asked = underWay.get(key) ?? askFor(tool, kind).finally(() => underWay.delete(key));
    underWay.set(key, asked);
    return asked;
  };

  async function askFor(tool: GatewayTool, kind: ListKind): Promise<readonly Item[]> {
    let listed: readonly unknown[];
    try {
      listed = (await lists?.list(tool.connectionId, kind)) ?? [];
    } catch (error) {
      // A server that fails contributes nothing; its own call says why.
      if (error instanceof Fault) return [];
      throw error;
    }
    const items = listed.slice(0, maxItems).filter(isObject);
    return kind === 'prompts' ? namedPrompts(tool, items) : items.flatMap((item) => prefixed(tool, item));
  }

  function prefixed({ alias }: GatewayTool, item: Item): Item[] {
    const member = 'uriTemplate' in item ? 'uriTemplate' : 'uri';
    const uri = item[member];
    if (!isGoodUri(uri)) return [];
    return [unprefixed ? item : { ...item, [member]: agentUri(alias, uri) }];
  }

  /** Two prompts of one name: the first keeps it. */
  function namedPrompts({ alias, connectionId }: GatewayTool, items: readonly Item[]): Item[] {
    const known = new Map<string, string>();
    const shown = items.flatMap((item) => {
      if (typeof item.name !== 'string' || item.name === '') return [];
      const name = promptName(alias, item.name, unprefixed);
      if (known.has(name)) return [];
      known.set(name, item.name);
      return [{ ...item, name }];
    });
    promptsOf.set(connectionId, known);
    return shown;
  }

  const resourceAt = (asked: string): { readonly tool: GatewayTool; readonly uri: string } | undefined => {
    const [first] = visible('resources');
    if (unprefixed) return first && { tool: first, uri: asked };
    const split = splitUri(asked);
    const tool = split && all('resources').find(({ alias }) => schemeOf(alias) === split.scheme);
    return tool && split && { tool, uri: split.rest };
  };

  const promptAt = async (
    asked: string,
  ): Promise<{ readonly tool: GatewayTool; readonly name: string } | undefined> => {
    const split = unprefixed ? { alias: undefined, rest: asked } : splitPrompt(asked);
    const tool = split && all('prompts').find(({ alias }) => unprefixed || alias === split.alias);
    if (tool === undefined || split === undefined) return undefined;
    const listed = () => promptsOf.get(tool.connectionId)?.get(asked);
    if (listed() === undefined && mayBeCut(asked) && tool.policy !== 'disabled' && isHealthy(tool))
      await itemsOf(tool, 'prompts');
    const whole = promptName(tool.alias, split.rest, unprefixed) === asked ? split.rest : undefined;
    const name = listed() ?? whole;
    return name === undefined ? undefined : { tool, name };
  };

  const noteWatch = (
    { agentId, name }: KnownAgent,
    tool: GatewayTool | undefined,
    uri: string,
    outcome: 'noted' | 'refused',
    detail: string,
  ) =>
    route.activity.append({
      kind: 'connection',
      who: { kind: 'agent', name, id: agentId },
      agentId,
      what: loggedAs(uri),
      connectionId: tool?.connectionId,
      outcome,
      detail,
    });

  return {
    has: (surface: Surface): boolean => visible(surface).length > 0,
    /** The connections that contribute to a list now. */
    listing: (surface: Surface): readonly string[] =>
      visible(surface)
        .filter(isHealthy)
        .map(({ connectionId }) => connectionId),
    /** Whether any server that an agent may know of says so of itself. */
    can: (ability: keyof ServerAbilities): boolean =>
      lists !== undefined &&
      [...present().servers].some((connectionId) => lists.abilities(connectionId)[ability]),
    isVisible: (connectionId: string, kind: ListKind): boolean =>
      visible(surfaceOf[kind]).some((tool) => tool.connectionId === connectionId),

    /** The result of the list as JSON, for one agent. */
    async list(agent: KnownAgent, kind: ListKind): Promise<string> {
      const asked = visible(surfaceOf[kind], agent).filter(isHealthy);
      const found = await Promise.all(asked.map((tool) => itemsOf(tool, kind)));
      return JSON.stringify({ [members[kind]]: found.flat() });
    },

    /** @param uri Untrusted, bounded. */
    async read(agent: KnownAgent, uri: string, way: CallWay): Promise<Routed> {
      const found = resourceAt(uri);
      return await routeTo(route, agent, found?.tool, loggedAs(uri), { uri: found?.uri }, way);
    },

    /** @param args Untrusted; undefined for none. */
    async get(agent: KnownAgent, name: string, args: unknown, way: CallWay): Promise<Routed> {
      const found = await promptAt(name);
      const params = { name: found?.name, ...(args === undefined ? {} : { arguments: args }) };
      return await routeTo(route, agent, found?.tool, loggedAs(name), params, way);
    },

    /**
     * Tells that a resource has changed, never what is in it: reading it is another request.
     *
     * @param uri Untrusted, bounded.
     * @returns Ends it; undefined where this agent can know of no such resource.
     * @throws Fault
     */
    async watch(agent: KnownAgent, uri: string, onUpdated: () => void): Promise<(() => void) | undefined> {
      const found = resourceAt(uri);
      if (found === undefined || lists === undefined || !isVisibleTo(agent, found.tool)) {
        await noteWatch(agent, found?.tool, uri, 'refused', 'Subscribing to a resource that is not there.');
        return undefined;
      }
      const { connectionId } = found.tool;
      await noteWatch(agent, found.tool, uri, 'noted', 'Wants to hear when this resource changes.');
      return await lists.watch(connectionId, found.uri, () => {
        const now = present().find(found.tool);
        const listener = route.agents.byId(agent.agentId);
        if (now !== undefined && listener !== undefined && isVisibleTo(listener, now)) onUpdated();
      });
    },

    /**
     * Counts as a read. Nobody is asked to approve what is still being typed: without `auto` there are no suggestions.
     *
     * @param rest `argument` and `context`, untrusted.
     */
    async complete(agent: KnownAgent, ref: Completes, rest: Item, way: CallWay): Promise<Routed> {
      const found = ref.kind === 'prompt' ? await promptAt(ref.name) : resourceAt(ref.uri);
      if (found?.tool.policy === 'approval_needed' && isVisibleTo(agent, found.tool))
        return { kind: 'result', result: noSuggestions };
      const own =
        found === undefined || 'uri' in found
          ? { type: 'ref/resource', uri: found?.uri }
          : { type: 'ref/prompt', name: found.name };
      const name = ref.kind === 'prompt' ? ref.name : ref.uri;
      const unasked = { ...way, asker: undefined };
      return await routeTo(route, agent, found?.tool, loggedAs(name), { ref: own, ...rest }, unasked);
    },
  };
}

const everybody = { scope: fullScope };
const noSuggestions = { json: '{"completion":{"values":[]}}', isError: false };
