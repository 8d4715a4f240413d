/** What the window hears of the tools of a connection and their policies. */
import { z } from 'zod';
import { accessSchema, connectionIdSchema, policySchema, toolNameSchema } from './shapes';

const line = (max: number) => z.string().max(max);
const atMs = z.number().int().nonnegative();

export const toolRowView = z.object({
  name: toolNameSchema,
  title: line(200),
  access: accessSchema,
  policy: policySchema,
  defaultPolicy: policySchema,
  /** In words where the policy came from: "Reads only: the name starts with “list”". */
  why: line(400),
  lastUsedAtMs: atMs.nullable(),
  /** The server lists another definition by now, or the tool no longer. */
  drift: z.enum(['changed', 'gone']).nullable(),
  /** What is conspicuous about its definition; empty where nothing is. */
  warning: line(400),
});
export type ToolRowView = z.infer<typeof toolRowView>;

export const policiesView = z.object({
  connectionId: connectionIdSchema,
  revision: z.number().int().nonnegative(),
  rows: z.array(toolRowView).max(20_000),
  /** What a custom server lists and Gatehouse does not offer; names as they can be shown. */
  refused: z.array(z.object({ name: line(400), why: line(600) })).max(200),
});
export type PoliciesView = z.infer<typeof policiesView>;

export const toolDetailView = z.object({
  /** Of the policies that this was read with: what is accepted is what was seen. */
  revision: z.number().int().nonnegative(),
  name: toolNameSchema,
  description: line(8000),
  /** JSON Schema 2020-12, pretty printed. */
  inputSchema: line(200_000),
  /** "POST /service/tickets/{id}/notes" */
  request: line(600),
  warning: line(400),
  /** What the server says of it now, field by field, until somebody has accepted it. */
  changes: z.array(z.object({ field: line(400), before: line(9000), after: line(9000) })).max(200),
  lastCalls: z.array(
    z.object({ seq: z.number(), atMs, agent: line(80), outcome: line(40), tookMs: z.number().nullable() }),
  ),
});
export type ToolDetailView = z.infer<typeof toolDetailView>;
