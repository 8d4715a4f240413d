/**
 * The whole list of a server's tools, page by page. Refuses a list that does not end.
 */
import type { Client } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { Fault } from '../../preload/contract/reply';
import { type Hash, listBounds, readServerTools } from './server-tools';
import type { Listing } from './tool-server';

const listMs = 60_000;
const pageSchema = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });

/** @throws Fault `vendor_answer_invalid` for a list that never ends. */
export async function listTools(client: Client, hash: Hash): Promise<Listing> {
  if (client.getServerCapabilities()?.tools === undefined) return { tools: [], refused: [] };
  const found: unknown[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await client.request(
      { method: 'tools/list', params: cursor === undefined ? {} : { cursor } },
      pageSchema,
      { timeout: listMs },
    );
    found.push(...page.tools);
    cursor = page.nextCursor;
    if (cursor === undefined) break;
    if (seen.has(cursor) || seen.size >= listBounds.pages || found.length > listBounds.tools)
      throw new Fault('vendor_answer_invalid', 'The list of tools does not end within the bounds.');
    seen.add(cursor);
  } while (cursor !== undefined);
  return readServerTools(found, hash);
}
