/**
 * The whole lists of a server, page by page: its tools at connecting, its resources and prompts when an agent asks. Refuses a list that
 * does not end.
 */
import type { Client } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { Fault } from '../../preload/contract/reply';
import type { Clock } from '../ports';
import { type Hash, listBounds, readServerTools } from './server-tools';
import type { Listing, ListKind } from './tool-server';

const listMs = 60_000;
/** An agent waits for these. */
const liveBounds = { items: 10_000, pages: 100, chars: 8_000_000, ms: 5_000 } as const;

/** @throws Fault `vendor_answer_invalid` for a list that never ends, `vendor_too_large`. */
export async function listTools(client: Client, hash: Hash): Promise<Listing> {
  const capabilities = client.getServerCapabilities() ?? {};
  const found =
    capabilities.tools === undefined
      ? []
      : await pages(client, 'tools/list', 'tools', {
          items: listBounds.tools,
          pages: listBounds.pages,
          chars: listBounds.chars,
          options: { timeout: listMs },
        });
  return readServerTools(found, hash, capabilities);
}

const lists = {
  resources: ['resources/list', 'resources'],
  templates: ['resources/templates/list', 'resourceTemplates'],
  prompts: ['prompts/list', 'prompts'],
} as const satisfies Record<ListKind, readonly [string, string]>;

/** What a server lists at this moment. @throws Fault, or whatever the SDK throws for a server that does not answer in time. */
export async function listNow(client: Client, kind: ListKind, clock: Clock): Promise<readonly unknown[]> {
  const controller = new AbortController();
  const stop = clock.after(liveBounds.ms, () =>
    controller.abort(new Fault('vendor_timeout', 'The list did not come in time.', { retryable: true })),
  );
  try {
    const [method, member] = lists[kind];
    const options = { signal: controller.signal, timeout: listMs };
    return await pages(client, method, member, { ...liveBounds, options });
  } finally {
    stop();
  }
}

async function pages(
  client: Client,
  method: string,
  member: string,
  bounds: {
    readonly items: number;
    readonly pages: number;
    /** Of all pages together, as JSON. */
    readonly chars: number;
    readonly options: { readonly timeout: number; readonly signal?: AbortSignal };
  },
): Promise<unknown[]> {
  const page = z.looseObject({ [member]: z.array(z.unknown()), nextCursor: z.string().optional() });
  const found: unknown[] = [];
  const seen = new Set<string>();
  let chars = 0;
  let cursor: string | undefined;
  do {
    const params = cursor === undefined ? {} : { cursor };
    const one: Readonly<Record<string, unknown>> = await client.request(
      { method, params },
      page,
      bounds.options,
    );
    chars += JSON.stringify(one).length;
    if (chars > bounds.chars)
      throw new Fault(
        'vendor_too_large',
        `The list of ${member} is larger than ${bounds.chars / 1_000_000} MB.`,
      );
    found.push(...(one[member] as readonly unknown[]));
    cursor = typeof one.nextCursor === 'string' ? one.nextCursor : undefined;
    if (cursor === undefined) break;
    if (seen.has(cursor) || seen.size >= bounds.pages || found.length > bounds.items)
      throw new Fault('vendor_answer_invalid', `The list of ${member} does not end within the bounds.`);
    seen.add(cursor);
  } while (cursor !== undefined);
  return found;
}
