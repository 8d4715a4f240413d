/** What JSON calls an object: no list, and not null. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** @param value Untrusted, most of the time. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
