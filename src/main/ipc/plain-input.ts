/**
 * Refuses input that no honest window sends: keys that reach for a prototype, circles, bottomless nesting.
 * Looks before the shapes do, because a parser may drop such a key silently where it should be refused.
 */
const prototypeKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const maxDepth = 10;
/** The largest honest input is a save of 20 000 policies: an object each. */
const maxObjects = 25_000;

/** True when `input` is made of plain values, arrays and objects within the bounds. Untrusted. */
export function isPlainInput(input: unknown): boolean {
  const seen = new Set<object>();
  const isPlain = (value: unknown, depth: number): boolean => {
    if (typeof value !== 'object' || value === null) return true;
    if (depth > maxDepth || seen.has(value) || seen.size >= maxObjects) return false;
    seen.add(value);
    if (Array.isArray(value)) return value.every((item) => isPlain(item, depth + 1));
    const proto: unknown = Object.getPrototypeOf(value);
    if (proto !== null && proto !== Object.prototype) return false;
    return Reflect.ownKeys(value).every(
      (key) =>
        typeof key === 'string' && !prototypeKeys.has(key) && isPlain(Reflect.get(value, key), depth + 1),
    );
  };
  return isPlain(input, 0);
}
