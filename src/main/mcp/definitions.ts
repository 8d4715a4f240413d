/**
 * The definitions of custom servers' tools: those that technicians have accepted, and those that a server lists now where they differ.
 * They are no secret. Which of them counts stands in the policies, by hash; a definition whose hash no policy names is not there.
 */

import { z } from 'zod';
import { isObject } from '../json-object';
import type { ConnectionPolicies, ToolPolicy } from '../store/policy-book';
import { canonical, type Hash, readKeptDefinition } from './server-tools';
import type { Listing, RefusedTool, ServerTool } from './tool-server';

export const definitionFileSchema = z.object({
  version: z.literal(1),
  definitions: z.array(z.record(z.string(), z.unknown())),
  refused: z.array(z.object({ name: z.string(), why: z.string() })),
});
type DefinitionFile = z.infer<typeof definitionFileSchema>;

/** Where they lie: one file for each connection. */
export interface DefinitionFiles {
  /** Undefined when there is none, or none that can be read: the next list makes another one. */
  read(connectionId: string): DefinitionFile | undefined;
  /** @throws Fault `store_write_failed` */
  write(connectionId: string, file: DefinitionFile): Promise<void>;
  /** Removing what is not there is fine. */
  remove(connectionId: string): Promise<void>;
  /** The connections that have one. */
  list(): readonly string[];
}

export type Definitions = ReturnType<typeof createDefinitions>;

interface Shelf {
  readonly byHash: ReadonlyMap<string, ServerTool>;
  readonly refused: readonly RefusedTool[];
}
const emptyShelf: Shelf = { byHash: new Map(), refused: [] };

export function createDefinitions(files: DefinitionFiles, hash: Hash) {
  const shelves = new Map<string, Shelf>();
  const pinned = new Map<string, { policies: ConnectionPolicies; tools: readonly ServerTool[] }>();

  const shelfOf = (connectionId: string): Shelf => {
    const known = shelves.get(connectionId);
    if (known !== undefined) return known;
    const file = files.read(connectionId);
    // Hashes are made anew: a file that somebody wrote in has other ones, and nothing of it is found.
    const shelf = file === undefined ? emptyShelf : shelfFrom(file, hash);
    shelves.set(connectionId, shelf);
    return shelf;
  };
  const forget = (connectionId: string) => {
    shelves.delete(connectionId);
    pinned.delete(connectionId);
  };

  return {
    /** The tools as they were accepted, each in its place among the policies. The same array until either changes. */
    pinned(connectionId: string, policies: ConnectionPolicies): readonly ServerTool[] {
      const known = pinned.get(connectionId);
      if (known?.policies === policies) return known.tools;
      const { byHash } = shelfOf(connectionId);
      const tools = Object.entries(policies.tools).flatMap(([name, row]) => {
        const tool = byHash.get(row.definitionHash);
        return tool?.name === name ? [tool] : [];
      });
      pinned.set(connectionId, { policies, tools });
      return tools;
    },

    /** What the server says of a tool now, while that is not what was accepted. */
    drifted(connectionId: string, { drift }: ToolPolicy): ServerTool | undefined {
      return drift?.kind === 'changed' ? shelfOf(connectionId).byHash.get(drift.definitionHash) : undefined;
    },

    /** What the server lists and Gatehouse does not offer, each with the reason. */
    refused: (connectionId: string): readonly RefusedTool[] => shelfOf(connectionId).refused,

    /** Keeps what was listed and what any of the policies names. @throws Fault `store_write_failed` */
    async keep(
      connectionId: string,
      listing: Listing,
      ...policies: readonly ConnectionPolicies[]
    ): Promise<void> {
      const before = shelfOf(connectionId);
      const named = new Set(policies.flatMap((book) => Object.values(book.tools).flatMap(hashesOf)));
      const kept = [...before.byHash.values()].filter(({ definitionHash }) => named.has(definitionHash));
      const byHash = new Map([...kept, ...listing.tools].map((tool) => [tool.definitionHash, tool]));
      const isSame =
        byHash.size === before.byHash.size &&
        [...byHash.keys()].every((key) => before.byHash.has(key)) &&
        JSON.stringify(listing.refused) === JSON.stringify(before.refused);
      if (isSame) return;
      await files.write(connectionId, {
        version: 1,
        definitions: [...byHash.values()].map(({ definition }) => ({ ...definition })),
        refused: [...listing.refused],
      });
      forget(connectionId);
      shelves.set(connectionId, { byHash, refused: listing.refused });
    },

    async remove(connectionId: string): Promise<void> {
      forget(connectionId);
      await files.remove(connectionId);
    },

    /** Removes what belongs to no connection any more, as a crash may leave it. */
    async removeOthers(connectionIds: readonly string[]): Promise<void> {
      for (const connectionId of files.list())
        if (!connectionIds.includes(connectionId)) await this.remove(connectionId);
    },
  };
}

function shelfFrom(file: DefinitionFile, hash: Hash): Shelf {
  // One by one: two definitions of one name, the accepted and the present, are both kept.
  const tools = file.definitions.flatMap((definition) => readKeptDefinition(definition, hash) ?? []);
  return { byHash: new Map(tools.map((tool) => [tool.definitionHash, tool])), refused: file.refused };
}

function hashesOf({ definitionHash, drift }: ToolPolicy): readonly string[] {
  return drift?.kind === 'changed' ? [definitionHash, drift.definitionHash] : [definitionHash];
}

/** One field of a definition that is no longer what it was. Texts as people read them. */
export interface DefinitionChange {
  /** Dotted: `inputSchema.properties.to`. */
  readonly field: string;
  /** Empty where there was none. */
  readonly before: string;
  readonly after: string;
}

const maxChanges = 200;

/** Field by field; a list or a value that differs is shown whole. */
export function changesBetween(before: unknown, after: unknown): DefinitionChange[] {
  const found: DefinitionChange[] = [];
  const compare = (one: unknown, other: unknown, path: readonly string[]) => {
    if (found.length >= maxChanges || canonical(one) === canonical(other)) return;
    if (isObject(one) && isObject(other)) {
      for (const key of new Set([...Object.keys(one), ...Object.keys(other)]))
        compare(memberOf(one, key), memberOf(other, key), [...path, key]);
    } else {
      found.push({ field: path.join('.'), before: asText(one), after: asText(other) });
    }
  };
  compare(before, after, []);
  return found;
}

function memberOf(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function asText(value: unknown): string {
  if (value === undefined) return '';
  return (typeof value === 'string' ? value : JSON.stringify(value, null, 2)).slice(0, 8_000);
}
