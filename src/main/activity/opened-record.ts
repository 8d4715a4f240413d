/** One record as a person may read it, with its body opened where the key of this vault opens it. */
import { Fault } from '../../preload/contract/reply';
import type { ActivityRecord } from './record';

export interface OpenedRecord {
  readonly record: Omit<ActivityRecord, 'body'>;
  readonly body:
    | { readonly kind: 'none' }
    | { readonly kind: 'opened'; readonly value: unknown }
    | { readonly kind: 'closed'; readonly why: string };
}

export function openRecord(whole: ActivityRecord, open: (sealed: string) => string): OpenedRecord {
  const { body, ...record } = whole;
  if (body === undefined) return { record, body: { kind: 'none' } };
  try {
    return { record, body: { kind: 'opened', value: JSON.parse(open(body)) } };
  } catch (error) {
    const why = error instanceof Fault ? error.message : 'It cannot be opened with the key of this vault.';
    return { record, body: { kind: 'closed', why } };
  }
}
