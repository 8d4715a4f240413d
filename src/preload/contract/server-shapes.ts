/** What the window hears of a custom MCP server before it is connected. */
import { z } from 'zod';
import { connectionIdSchema, serverAuthSchema, signInWaySchema } from './shapes';

export type ServerAuth = z.infer<typeof serverAuthSchema>;

const line = (max: number) => z.string().max(max);

/** The tools of each custom server that is connected, for search. */
export const serverToolsView = z.array(
  z.object({ connectionId: connectionIdSchema, toolNames: z.array(line(128)).max(10_000) }),
);

/** What a technician learns of a custom server before connecting it. */
export const probeView = z.object({
  found: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('server'),
      /** Where it is, after redirects within its own origin. */
      url: line(2000),
      serverName: line(80),
      protocol: line(40),
      auth: serverAuthSchema,
      /** The authentication in one sentence. */
      sentence: line(1000),
      suggestedName: line(80),
      /** Only with `oauth`. */
      oauth: z
        .object({
          issuer: line(2000),
          scope: line(2000),
          /** Gatehouse cannot register itself, so that a client ID is needed. */
          needsClientId: z.boolean(),
          pkceOffered: z.boolean(),
          /** To be registered by hand. */
          redirectUri: line(200),
          /** What Settings say, for the first choice. */
          signInWith: signInWaySchema,
        })
        .nullable(),
    }),
    z.object({ kind: z.literal('no_server') }),
  ]),
  findings: z.array(z.object({ code: line(40), sentence: line(1000), next: line(400) })).max(10),
  /** Every request, ready to be copied. */
  report: line(60_000),
});
export type ProbeView = z.infer<typeof probeView>;
