/**
 * What the window hears of a disconnect: the question before it, how it ended, and what is still to be revoked.
 */
import { z } from 'zod';
import { connectionIdSchema } from './shapes';

const line = (max: number) => z.string().max(max);

export const disconnectPreviewView = z.object({
  label: line(80),
  toolCount: z.number(),
  customisedCount: z.number(),
  agents: z.array(z.object({ name: line(80), toolCount: z.number() })),
  waitingApprovals: z.number(),
  /** What becomes of the account at the vendor, in one sentence. */
  revocation: line(600),
});
export type DisconnectPreviewView = z.infer<typeof disconnectPreviewView>;

export const disconnectedView = z.object({
  label: line(80),
  /** Whether the vendor confirmed, has no way to, or could not be asked; the sentence is for a person. */
  revocation: z.object({ kind: z.enum(['confirmed', 'by_hand', 'failed']), sentence: line(1000) }),
});
export type DisconnectedView = z.infer<typeof disconnectedView>;

/** Disconnected here, but not revoked at the vendor. */
export const unrevokedView = z.object({
  connectionId: connectionIdSchema,
  label: line(80),
  appName: line(80),
  /** Why not, in a sentence. */
  reason: line(600),
  triedAtMs: z.number().int().nonnegative(),
});
export type UnrevokedView = z.infer<typeof unrevokedView>;
