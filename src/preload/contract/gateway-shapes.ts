/** What may cross of the gateway's operating mode. */
import { z } from 'zod';
import { accessSchema } from './access';

export const operatingModeSchema = z.enum(['execute', 'plan', 'paused']);
export type OperatingMode = z.infer<typeof operatingModeSchema>;

/** What Stop everything ends. */
export const stopView = z.object({
  agents: z.number().int().nonnegative(),
  questions: z.number().int().nonnegative(),
  running: z.number().int().nonnegative(),
});

const line = (max: number) => z.string().max(max);
const atMs = z.number().int().nonnegative();

export const grantIdSchema = z.string().regex(/^grt_[a-z0-9]{8,32}$/);

/** "Approve for 30 minutes": this agent, this tool. */
export const grantView = z.object({
  grantId: grantIdSchema,
  agentName: line(80),
  connectionLabel: line(80),
  tool: line(200),
  access: accessSchema,
  by: line(80),
  startedAtMs: atMs,
  expiresAtMs: atMs,
  /** Calls that ran under it. */
  uses: z.number().int().nonnegative(),
});
export type GrantView = z.infer<typeof grantView>;
