/**
 * What is kept of an upstream's answer in the activity log: redacted like arguments, without what only a program can read, cut. Refuses to
 * keep anything of a tool that can reveal a secret, and of an answer that is too long to look through.
 */
import { isSecretText, mask, redactArguments } from '../activity/redact';
import { isObject } from '../json-object';
import { revealedSecret } from '../policies/classify';
import type { GatewayTool, ToolResult } from './core-ports';

const maxReadChars = 65_536;
const maxKeptChars = 8_192;

/**
 * @param result Untrusted.
 * @param reveals Names that the catalog calls secret.
 * @returns JSON, or a sentence that says why there is none.
 */
export function keptResult(
  tool: Pick<GatewayTool, 'tool' | 'more'>,
  { json }: ToolResult,
  reveals: readonly string[],
): unknown {
  if (revealedSecret(tool.tool) !== undefined) return 'Not kept: this tool can reveal a secret.';
  if (json.length > maxReadChars) return `Not kept: ${json.length} characters.`;
  const value: unknown = JSON.parse(json);
  if (!isObject(value)) return redactArguments(undefined, value, reveals, maxKeptChars);
  const { structuredContent, ...rest } = value;
  const shown = redactArguments(undefined, lighter(rest, 0), reveals, maxKeptChars);
  if (structuredContent === undefined || !isObject(shown)) return shown;
  const structure = redactArguments(tool.more?.outputSchema, structuredContent, reveals, maxKeptChars);
  return { ...shown, structuredContent: structure };
}

const maxDepth = 6;

/** Texts that hold JSON are opened, so that a secret's name in them is seen; bytes become their number. */
function lighter(value: unknown, depth: number): unknown {
  if (depth > maxDepth || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => lighter(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      typeof inner === 'string' ? lighterText(key, inner) : lighter(inner, depth + 1),
    ]),
  );
}

function lighterText(key: string, text: string): unknown {
  if (key === 'data' || key === 'blob') return `[${text.length} characters of base64]`;
  if (key !== 'text' || !/^\s*[[{]/.test(text)) return text;
  if (isSecretText(text)) return mask;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
