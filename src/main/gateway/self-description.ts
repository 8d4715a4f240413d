/** What the gateway says of itself to agents, in both protocol eras. */
import type { Gateway } from './gateway';

export const serverInfo = { name: 'gatehouse', title: 'Gatehouse', version: '0.1.0' };

export const instructions =
  'Every call is checked against the policies of a technician. Some wait for approval; an answer that starts with "Pending" tells how to pick the decision up.';

/** A resource that changes is announced by its server only, so that subscribing is offered where one offers it. */
export function capabilitiesOf(surfaces: Gateway['surfaces']) {
  return {
    tools: { listChanged: true },
    ...(surfaces.has('resources') ? { resources: { listChanged: true } } : {}),
    ...(surfaces.has('prompts') ? { prompts: { listChanged: true } } : {}),
    ...(surfaces.can('logging') ? { logging: {} } : {}),
    ...(surfaces.can('completions') ? { completions: {} } : {}),
  };
}
