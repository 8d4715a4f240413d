/**
 * Whether an app's address is one of the vendor's own, from the catalog, or a server that a technician has typed: only the latter
 * may lie in the MSP's own network. A vendor's name that leads to a private address is an attack and nothing else.
 */
import type { OutboundRequest } from '../ports';
import type { App } from './app';
import type { FormValues } from './request-template';

export function reachOf(app: App, values: FormValues): Pick<OutboundRequest, 'reach'> {
  const typed = app.auth.fields.some((field) => {
    const value = values[field.name];
    if (field.normalize !== 'origin' || value === undefined) return false;
    return field.choices?.every((choice) => choice.value !== value) ?? true;
  });
  return typed ? { reach: 'own network' } : {};
}
