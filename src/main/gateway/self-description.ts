/** What the gateway says of itself to agents, in both protocol eras. */
import type { Gateway } from './gateway';

export const serverInfo = { name: 'gatehouse', title: 'Gatehouse', version: '0.1.0' };

export const instructions =
  'Every call is checked against the policies of a technician. Some wait for approval; an answer that starts with "Pending" tells how to pick the decision up.';

export function capabilitiesOf(surfaces: Gateway['surfaces']) {
  return {
    tools: { listChanged: true },
    ...(surfaces.has('resources')
      ? { resources: { listChanged: true, ...(surfaces.can('subscriptions') ? { subscribe: true } : {}) } }
      : {}),
    ...(surfaces.has('prompts') ? { prompts: { listChanged: true } } : {}),
    ...(surfaces.can('logging') ? { logging: {} } : {}),
    ...(surfaces.can('completions') ? { completions: {} } : {}),
  };
}
