/**
 * Decides the first policy of a tool, and says which rule decided. Rules are tried in the order of the list below;
 * the first that speaks wins. Refuses to guess: what no rule knows asks.
 */
import type { Access, Policy } from '../../preload/contract/shapes';
import { destructiveVerbs, readVerbs, secretNouns, writeVerbs } from './words';

/** What is known of a tool when it is first seen. Everything but `vendor` may be untrusted. */
export interface ToolToClassify {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: unknown;
  /** From the catalog only, never from a server. */
  readonly vendor?: {
    readonly access: Access;
    readonly policy?: Policy | undefined;
    readonly reason?: string | undefined;
  };
  /** What an MCP server says of itself; may tighten, never loosen. */
  readonly annotations?: { readonly readOnlyHint?: boolean; readonly destructiveHint?: boolean } | undefined;
}

export type SeedingRule = 'vendor' | 'reveals' | 'server' | 'verb' | 'unknown';

export interface Classified {
  readonly access: Access;
  readonly policy: Policy;
  readonly rule: SeedingRule;
  /** In words, for the column Why. */
  readonly why: string;
}

/** @see docs/decisions for the order of the rules. */
export function classify(tool: ToolToClassify): Classified {
  const verb = findVerb(tool.name);
  const access = accessOf(tool, verb);
  const vendor = tool.vendor;
  if (vendor?.policy !== undefined) {
    return {
      access,
      policy: vendor.policy,
      rule: 'vendor',
      why: `Vendor rule: ${vendor.reason ?? 'set by the catalog'}`,
    };
  }
  const secret = revealedSecret(tool.name);
  if (secret !== undefined) {
    return {
      access,
      policy: 'approval_needed',
      rule: 'reveals',
      why: `Can reveal a secret: it names “${secret}”`,
    };
  }
  if (tool.annotations?.destructiveHint === true) {
    return {
      access,
      policy: 'approval_needed',
      rule: 'server',
      why: 'The server says it can destroy something',
    };
  }
  if (tool.annotations?.readOnlyHint === false) {
    return { access, policy: 'approval_needed', rule: 'server', why: 'The server says it changes something' };
  }
  return byVerb(access, verb, tool.description);
}

function byVerb(access: Access, verb: Verb, description: string): Classified {
  switch (verb.kind) {
    case 'read':
      if (access !== 'read') {
        return {
          access,
          policy: 'approval_needed',
          rule: 'vendor',
          why: `Vendor rule: it can ${access === 'destructive' ? 'destroy' : 'change'} something`,
        };
      }
      if (describesChange(description)) {
        return { access, policy: 'approval_needed', rule: 'verb', why: 'Its description speaks of a change' };
      }
      return { access, policy: 'auto', rule: 'verb', why: `Reads only: the name starts with “${verb.word}”` };
    case 'write':
      return {
        access,
        policy: 'approval_needed',
        rule: 'verb',
        why: `Writes: the name starts with “${verb.word}”`,
      };
    case 'destructive':
      return {
        access,
        policy: 'approval_needed',
        rule: 'verb',
        why: `Can destroy something: the name says “${verb.word}”`,
      };
    case 'none':
      return {
        access,
        policy: 'approval_needed',
        rule: 'unknown',
        why: 'Unknown: the name does not say what it does',
      };
  }
}

type Verb =
  | { readonly kind: 'read' | 'write' | 'destructive'; readonly word: string }
  | { readonly kind: 'none' };

/** Splits kebab-case, snake_case, camelCase and dots into lower-case words. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/** The verb in front, or behind a vendor prefix of up to two words. A destructive verb anywhere wins. */
function findVerb(name: string): Verb {
  const all = wordsOf(name);
  const destructive = all.find((word) => destructiveVerbs.has(word));
  if (destructive !== undefined) return { kind: 'destructive', word: destructive };
  for (const word of all.slice(0, 3)) {
    if (writeVerbs.has(word)) return { kind: 'write', word };
    if (readVerbs.has(word)) {
      const later = all.find((other) => other !== word && mutating.has(other));
      return later === undefined ? { kind: 'read', word } : { kind: 'write', word: later };
    }
  }
  return { kind: 'none' };
}

/** `get-and-delete`, `find_or_create`: a read in front does not hide the change behind it. */
const mutating: ReadonlySet<string> = new Set([
  'create',
  'update',
  'add',
  'set',
  'send',
  'execute',
  'run',
  'reset',
]);

function accessOf(tool: ToolToClassify, verb: Verb): Access {
  if (tool.vendor !== undefined) return tool.vendor.access;
  if (tool.annotations?.destructiveHint === true || verb.kind === 'destructive') return 'destructive';
  if (tool.annotations?.readOnlyHint === false) return 'write';
  return verb.kind === 'read' ? 'read' : 'write';
}

/** The word in a tool's name that says it shows a secret. */
export function revealedSecret(name: string): string | undefined {
  const parts = wordsOf(name);
  const joined = new Set([...parts, ...parts.slice(1).map((word, index) => `${parts[index] ?? ''}${word}`)]);
  return secretNouns.find((noun) => joined.has(noun));
}

function describesChange(description: string): boolean {
  return /\b(deletes|removes|wipes|overwrites|permanently|irreversibl[ey])\b/i.test(description);
}
