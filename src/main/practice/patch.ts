/**
 * Top level `replace`, `add` and `remove` of RFC 6902 (and one level below); the leading slash may be missing, as at the vendor.
 * Applies all operations or none; refuses names that mean something to the language itself.
 */
import type { Item } from './conditions';
import { asItem } from './select-records';

/** Undefined when the operations are not valid. */
export function jsonPatched(item: Item, body: unknown): Item | undefined {
  if (!Array.isArray(body)) return undefined;
  const changed: Record<string, unknown> = { ...item };
  for (const raw of body) {
    const operation = asItem(raw);
    const [name = '', inner, ...deeper] = String(operation?.path ?? '')
      .replace(/^\//, '')
      .split('/');
    if (operation === undefined || name === 'id' || deeper.length > 0) return undefined;
    if (!isFieldName(name) || (inner !== undefined && !isFieldName(inner))) return undefined;
    const remove = operation.op === 'remove';
    if (!remove && operation.op !== 'replace' && operation.op !== 'add') return undefined;
    if (inner !== undefined) {
      const entries = Object.entries(asItem(changed[name]) ?? {}).filter(([key]) => key !== inner);
      changed[name] = Object.fromEntries(remove ? entries : [...entries, [inner, operation.value]]);
    } else if (remove) delete changed[name];
    else changed[name] = operation.value;
  }
  return changed;
}

function isFieldName(name: string): boolean {
  return /^[A-Za-z]\w*$/.test(name) && !Object.hasOwn(Object.prototype, name);
}
