/**
 * Where the simulated vendors are said to live. The name never resolves anywhere (RFC 6761 §6.4), so practice data can reach
 * nobody; the way out leads it to the port of this run, so that a connection survives a restart.
 */
const domain = 'practice.invalid';

export const practiceHost = (appId: string): string => `${appId}.${domain}`;

export function isPracticeAddress(text: string): boolean {
  return URL.canParse(text) && new URL(text).hostname.endsWith(`.${domain}`);
}
