/**
 * What agents see of the tools: `tools/list` prepared for each scope, or above a number of tools a search in its place. Refuses to show
 * or find what is disabled or lies outside an agent's scope.
 */

import MiniSearch from 'minisearch';
import { isObject } from '../json-object';
import type { GatewayTool, KnownAgent } from './core-ports';
import { maxFound, ownJson } from './own-tools';
import { isInScope, scopeKey } from './scope';

interface Listed {
  readonly name: string;
  readonly tool: GatewayTool;
}

/** Scopes whose lists are kept at a time. */
const maxLists = 50;
const usuallyFound = 10;

export class ToolLists {
  readonly #mostListed: () => number;
  /** Made at the first question after a change. */
  readonly #bytes = new Map<string, Uint8Array>();
  #shown: readonly Listed[] = [];
  #search: MiniSearch<Searched> | undefined;

  /** @param mostListed Above this number of tools an agent gets the search. */
  constructor(mostListed: () => number) {
    this.#mostListed = mostListed;
  }

  /** @returns Whether agents see something else than before. */
  replace(named: ReadonlyMap<string, GatewayTool>): boolean {
    const before = this.#shown;
    this.#shown = [...named].flatMap(([name, tool]) => (tool.policy === 'disabled' ? [] : [{ name, tool }]));
    const isSame =
      before.length === this.#shown.length &&
      before.every((one, index) => looksSame(one, this.#shown[index]));
    if (isSame) return false;
    this.#bytes.clear();
    this.#search = undefined;
    return true;
  }

  countFor(agent: Pick<KnownAgent, 'scope'>): number {
    return this.#for(agent).length;
  }

  /** The members of the result of `tools/list` as JSON in UTF-8. */
  bytesFor(agent: Pick<KnownAgent, 'scope'>): Uint8Array {
    const key = `${this.#mostListed()} ${scopeKey(agent.scope)}`;
    const known = this.#bytes.get(key);
    if (known !== undefined) return known;
    const visible = this.#for(agent);
    const tools =
      visible.length > this.#mostListed() ? ownJson.inPlace : [...ownJson.beside, ...visible.map(jsonOf)];
    const bytes = new TextEncoder().encode(`"tools":[${tools.join(',')}]`);
    if (this.#bytes.size >= maxLists) this.#bytes.clear();
    this.#bytes.set(key, bytes);
    return bytes;
  }

  /** @param args Untrusted. @returns JSON for the agent, or undefined for arguments that do not fit. */
  find(agent: Pick<KnownAgent, 'scope'>, args: unknown): string | undefined {
    const { query = '', limit = usuallyFound } = isObject(args) ? args : {};
    const isGood = typeof query === 'string' && query.length <= 500;
    if (!isGood || !Number.isInteger(limit) || Number(limit) < 1 || Number(limit) > maxFound)
      return undefined;
    const visible = this.#for(agent);
    if (query.trim() === '') return JSON.stringify({ tools: visible.length, connections: counted(visible) });
    this.#search ??= searchOf(this.#shown);
    const found = this.#search
      .search(query)
      .flatMap(({ id }) => this.#shown[id] ?? [])
      .filter(({ tool }) => isInScope(agent.scope, tool));
    const tools = found.slice(0, Number(limit)).map(jsonOf);
    return `{"found":${found.length},"of":${visible.length},"tools":[${tools.join(',')}]}`;
  }

  #for({ scope }: Pick<KnownAgent, 'scope'>): readonly Listed[] {
    return scope.connectionIds === null && scope.access === 'all'
      ? this.#shown
      : this.#shown.filter(({ tool }) => isInScope(scope, tool));
  }
}

/** As agents see it. Not kept: thousands of these texts would be held twice, here and in the lists. */
function jsonOf({ name, tool }: Listed): string {
  const { title, description, inputSchema, annotations } = tool;
  return JSON.stringify({ ...tool.more, name, title, description, inputSchema, annotations });
}

function looksSame(one: Listed, other: Listed | undefined): boolean {
  if (other === undefined || one.name !== other.name) return false;
  return one.tool === other.tool || jsonOf(one) === jsonOf(other);
}

interface Searched {
  readonly id: number;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly connection: string;
}

function searchOf(shown: readonly Listed[]): MiniSearch<Searched> {
  const search = new MiniSearch<Searched>({
    fields: ['name', 'title', 'description', 'connection'],
    searchOptions: { prefix: true, fuzzy: 0.2, boost: { name: 3, title: 2, connection: 2 } },
  });
  search.addAll(
    shown.map(({ name, tool }, id) => ({
      id,
      // `getTicketNote` is found by any of its words.
      name: name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/[_-]+/g, ' '),
      title: tool.title,
      description: tool.description,
      connection: tool.connectionLabel,
    })),
  );
  return search;
}

function counted(listed: readonly Listed[]): readonly { readonly name: string; readonly tools: number }[] {
  const counts = new Map<string, number>();
  for (const { tool } of listed)
    counts.set(tool.connectionLabel, (counts.get(tool.connectionLabel) ?? 0) + 1);
  return [...counts].map(([name, tools]) => ({ name, tools }));
}
