/**
 * The names of resources and prompts that agents see. A resource is `<alias>+<address>`, which stays a valid URI because `+` may stand in
 * a scheme, and an alias has none: the first `+` always ends it. A prompt is named by the rule for tools. Refuses addresses that hide
 * or separate what one reads.
 *
 * @see RFC 3986 §3.1
 */
import { maxUriChars } from '../mcp/surfaces';
import { agentName } from './names';

/** Prefixes may be as long as an alias. */
export const maxAgentUriChars = maxUriChars + 100;
export const maxAgentNameChars = 200;

/** A scheme begins with a letter; no alias has a dot in it. */
export function schemeOf(alias: string): string {
  const lower = alias.toLowerCase();
  return /^[a-z]/.test(lower) ? lower : `m.${lower}`;
}

export const agentUri = (alias: string, uri: string): string => `${schemeOf(alias)}+${uri}`;

/** @param uri Untrusted. */
export function splitUri(uri: string): { readonly scheme: string; readonly rest: string } | undefined {
  const at = uri.indexOf('+');
  return at < 1 ? undefined : { scheme: uri.slice(0, at).toLowerCase(), rest: uri.slice(at + 1) };
}

/** @param name Untrusted. No alias has an underscore, so that the first two end it. */
export function splitPrompt(name: string): { readonly alias: string; readonly rest: string } | undefined {
  const at = name.indexOf('__');
  return at < 1 ? undefined : { alias: name.slice(0, at), rest: name.slice(at + 2) };
}

/** Whether a name may have been cut, so that only the server's list tells what it stands for. */
export const mayBeCut = (name: string): boolean => /_[0-9a-f]{8}$/.test(name);

export const isGoodUri = (uri: unknown): uri is string =>
  typeof uri === 'string' && uri.length <= maxUriChars && /^[^\s\p{C}]+$/u.test(uri);

export const promptName = (alias: string, name: string, unprefixed: boolean): string =>
  agentName({ alias, tool: name }, unprefixed);

/** As it may stand in the log, where nobody knows what is behind it. @param asked Untrusted. */
export function loggedAs(asked: string): string {
  const [shown = ''] = asked.split(/[?#]/);
  return shown.replace(/\/\/[^/]*@/, '//').slice(0, 200);
}
