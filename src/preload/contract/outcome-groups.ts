/** How calls are counted in the chart; both sides know the order, so that numbers alone travel. */
export const outcomeGroups = ['allowed', 'approved', 'denied', 'refused', 'failed', 'open'] as const;
/** `open` is waiting or unknown. */
export type OutcomeGroup = (typeof outcomeGroups)[number];
