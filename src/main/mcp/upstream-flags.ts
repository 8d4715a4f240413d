/**
 * Reads `--upstream NAME=URL`. Refuses plain http and this computer unless `--allow-loopback` was given, and every
 * other address that a custom server may never have.
 */
import { Fault } from '../../preload/contract/reply';

export interface WantedUpstream {
  readonly name: string;
  readonly url: string;
}

const goodName = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/i;
const loopbackHosts = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** @throws Fault `flag_refused` with one sentence. */
export function readUpstreams(given: readonly string[], allowLoopback: boolean): WantedUpstream[] {
  const found = new Map<string, WantedUpstream>();
  for (const text of given) {
    const at = text.indexOf('=');
    if (at < 1) throw refused(`--upstream takes NAME=URL, and “${shown(text)}” is not that.`);
    const name = text.slice(0, at);
    if (!goodName.test(name))
      throw refused(`“${shown(name)}” is no name for an upstream: use up to 32 letters, digits and hyphens.`);
    if (name.toLowerCase() === 'gatehouse')
      throw refused('The name “gatehouse” is taken by Gatehouse itself; give the upstream another.');
    if (found.has(name.toLowerCase()))
      throw refused(`Two upstreams are called “${name}”; give each its own name.`);
    found.set(name.toLowerCase(), { name, url: checkedUrl(name, text.slice(at + 1), allowLoopback) });
  }
  return [...found.values()];
}

function checkedUrl(name: string, text: string, allowLoopback: boolean): string {
  if (!URL.canParse(text)) throw refused(`The address of upstream “${name}” is not a URL.`);
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw refused(`The address of upstream “${name}” must start with https://.`);
  if (url.username !== '' || url.password !== '')
    throw refused(
      `The address of upstream “${name}” holds a user name or a password, which is never accepted.`,
    );
  if (url.hash !== '') throw refused(`The address of upstream “${name}” must not have a fragment (#).`);
  const isLoopback = loopbackHosts.has(url.hostname) || /^127\.|\.localhost$/.test(url.hostname);
  if (isLoopback && !allowLoopback)
    throw refused(`Upstream “${name}” is on this computer, which needs --allow-loopback.`);
  if (url.protocol === 'http:' && !isLoopback)
    throw refused(`Upstream “${name}” uses plain http, which is only ever accepted on this computer.`);
  return url.href;
}

const shown = (text: string) => text.slice(0, 60);
const refused = (message: string) => new Fault('flag_refused', message);
