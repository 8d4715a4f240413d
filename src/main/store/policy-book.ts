/**
 * The policies of every connection as they are kept: one decision a tool, where it came from and which
 * definition of the tool it was made for. Refuses to guess: what is not in the book has no policy.
 */
import { z } from 'zod';
import { accessSchema, policySchema } from '../../preload/contract/shapes';

export const policyOriginSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('seeded'), rule: z.string(), why: z.string() }),
  z.object({ kind: z.literal('set'), by: z.string(), atMs: z.number() }),
]);

const driftSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('changed'), definitionHash: z.string() }),
  z.object({ kind: z.literal('gone') }),
]);

export const toolPolicySchema = z.object({
  policy: policySchema,
  origin: policyOriginSchema,
  defaultPolicy: policySchema,
  access: accessSchema,
  definitionHash: z.string(),
  /** The server lists something else by now, or nothing. The hash stays that of what a technician has accepted. */
  drift: driftSchema.optional(),
});
export type ToolPolicy = z.infer<typeof toolPolicySchema>;

export const connectionPoliciesSchema = z.object({
  revision: z.number().int().nonnegative(),
  label: z.string(),
  tools: z.record(z.string(), toolPolicySchema),
});
export type ConnectionPolicies = z.infer<typeof connectionPoliciesSchema>;

export const policyBookSchema = z.record(z.string(), connectionPoliciesSchema);
export type PolicyBook = z.infer<typeof policyBookSchema>;

/** The policy of one tool. Tool names are untrusted, so a name such as `constructor` finds nothing. */
export function findToolPolicy(
  book: PolicyBook,
  connectionId: string,
  toolName: string,
): ToolPolicy | undefined {
  if (!Object.hasOwn(book, connectionId)) return undefined;
  const tools = book[connectionId]?.tools;
  return tools !== undefined && Object.hasOwn(tools, toolName) ? tools[toolName] : undefined;
}
