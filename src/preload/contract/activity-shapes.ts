/** What may cross to the window about activity, besides pages and records: the filters, the chart, what there is to choose from. */
import { z } from 'zod';
import { outcomeGroups } from './outcome-groups';
import { agentIdSchema, connectionIdSchema, outcomeSchema } from './shapes';

export const activityFilter = z.strictObject({
  fromMs: z.number().int().optional(),
  /** Exclusive. */
  toMs: z.number().int().optional(),
  agentId: agentIdSchema.optional(),
  connectionId: connectionIdSchema.optional(),
  /** `<connection alias>:<tool>`, whole. */
  tool: z.string().max(260).optional(),
  outcome: outcomeSchema.optional(),
  text: z.string().max(200).optional(),
});

export const exportFormatSchema = z.enum(['csv', 'json']);
export type ExportFormat = z.infer<typeof exportFormatSchema>;

export const exportWish = z.strictObject({
  filter: activityFilter,
  format: exportFormatSchema,
  /** Arguments of calls and changes of policies, as they were redacted when they were written. */
  bodies: z.enum(['none', 'redacted']),
});
export type ExportWish = z.infer<typeof exportWish>;

/** `cancelled` also when no file was chosen. */
export const exportedView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('saved'), name: z.string().max(1_000), rows: z.number() }),
  z.object({ kind: z.literal('cancelled') }),
]);

export const exportProgress = z.object({ looked: z.number(), of: z.number() });

export const activityChartView = z.object({
  unit: z.enum(['hour', 'day', 'week', 'month']),
  bars: z
    .array(
      z.object({
        fromMs: z.number(),
        /** Exclusive. */
        toMs: z.number(),
        /** Calls, in the order of `outcomeGroups`. */
        calls: z.array(z.number().int().nonnegative()).length(outcomeGroups.length),
      }),
    )
    .max(420),
});
export type ActivityChartView = z.infer<typeof activityChartView>;

/** Days of activity and the records in them. */
export const daysAndRecords = z.object({ days: z.number(), records: z.number() });

/** What there is to filter by, also of connections that are gone. */
export const activityNamesView = z.object({
  /** What was replaced by signed summaries and is not in the list any more. */
  closed: daysAndRecords,
  tools: z.array(z.string().max(260)).max(2_000),
  connections: z.array(z.object({ connectionId: connectionIdSchema, name: z.string().max(260) })).max(2_000),
});
export type ActivityNamesView = z.infer<typeof activityNamesView>;
