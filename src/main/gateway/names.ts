/**
 * The names that agents see: `<alias>__<tool>`, at most 60 characters of letters, digits, `_` and `-`.
 * A longer one is cut and ends in a hash of the whole. A name is found in the prepared map or not at all; it is never
 * resolved by the tool's name alone.
 */
import type { GatewayTool } from './core-ports';

const maxChars = 60;

export function agentName(tool: Pick<GatewayTool, 'alias' | 'tool'>, unprefixed: boolean): string {
  const whole = unprefixed ? tool.tool : `${tool.alias}__${tool.tool}`;
  const safe = whole.replace(/[^A-Za-z0-9_-]/g, '_');
  if (safe === whole && whole.length <= maxChars) return whole;
  return `${safe.slice(0, maxChars - 9)}_${fnv1a(whole)}`;
}

/** Names of tools that stay the same objects are made once. */
const made = { prefixed: new WeakMap<object, string>(), unprefixed: new WeakMap<object, string>() };

/** Two tools of one name: the first keeps it, the other is left out, so that no call can reach the wrong one. */
export function nameTools(
  tools: readonly GatewayTool[],
  unprefixed: boolean,
): ReadonlyMap<string, GatewayTool> {
  const named = new Map<string, GatewayTool>();
  for (const tool of tools) {
    const kept = unprefixed ? made.unprefixed : made.prefixed;
    const name = kept.get(tool) ?? agentName(tool, unprefixed);
    kept.set(tool, name);
    if (!named.has(name) && !name.startsWith('gatehouse__')) named.set(name, tool);
  }
  return named;
}

/** FNV-1a, 32 bits, eight hex digits: keeps cut names apart, protects nothing. @see RFC draft-eastlake-fnv */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
