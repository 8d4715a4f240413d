/**
 * Which addresses may be called: public unicast ones, and an MSP's own network where a technician has typed a server of it.
 * This computer, link-local addresses (where clouds keep their metadata) and everything reserved are refused always. Numbers are
 * told apart by ipaddr.js, never by hand.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry
 */
import ipaddr from 'ipaddr.js';
import { Fault } from '../../preload/contract/reply';

/** `own network`: private addresses and names without a domain are fine besides. */
export type Reach = 'public' | 'own network' | 'this computer too';

const words: Readonly<Record<string, string>> = {
  loopback: 'this computer itself',
  unspecified: 'no address at all',
  private: 'a private network',
  uniqueLocal: 'a private network',
  carrierGradeNat: 'the inner network of a provider',
  linkLocal: 'a link-local address, where clouds keep their metadata',
  multicast: 'a group of computers',
  broadcast: 'every computer of a network',
};
const ownRanges = new Set(['private', 'uniqueLocal', 'carrierGradeNat']);

/**
 * @param ip IPv4 or IPv6 in text, as a name server or a URL gives it; brackets and a zone may be there.
 * @returns Why it is not called; undefined when it may be.
 */
export function whyRefused(ip: string, reach: Reach): string | undefined {
  const text = ip.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (!isIpText(text)) return `${shown(ip)} is not an address that can be judged`;
  const address = ipaddr.parse(text);
  const range = address.range();
  if (range === 'unicast' && isAllocated(address)) return undefined;
  if (range === 'ipv4Mapped' && address instanceof ipaddr.IPv6) {
    // ::ffff:10.0.0.1 is 10.0.0.1 to the socket; only this computer's own form is of any use, so none is called.
    return `${shown(ip)} is an IPv4 address in disguise`;
  }
  if (range === 'loopback' && reach === 'this computer too') return undefined;
  if (ownRanges.has(range) && reach !== 'public') return undefined;
  return `${shown(ip)} is ${words[range] ?? 'reserved and reaches nobody on the internet'}`;
}

/** All of IPv6 that the internet uses lies in 2000::/3 (RFC 4291 §2.4); what lies elsewhere and has no name is nobody's. */
function isAllocated(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return address instanceof ipaddr.IPv4 || address.match(ipaddr.IPv6.parseCIDR('2000::/3'));
}

/** Names that a name server on the internet has no business with (RFC 6761, 6762, 8375, ICANN's `internal`). */
const innerNames = /(?:^|\.)(?:local|internal|lan|home|corp|home\.arpa|intranet|private)$/;
const neverNames = /(?:^|\.)(?:localhost|invalid|test|onion)$/;

/**
 * Judges an address before anybody is asked for its name.
 *
 * @throws Fault `address_refused` with one sentence.
 */
export function checkAddress(text: string, reach: Reach): URL {
  if (!URL.canParse(text))
    throw refused('This is not an address. Use one such as https://mcp.example.com/mcp.');
  const url = new URL(text);
  const onThisComputer = reach === 'this computer too' && isLoopbackHost(url.hostname);
  if (url.protocol !== 'https:' && !(onThisComputer && url.protocol === 'http:'))
    throw refused('Only https:// addresses are called.');
  if (url.username !== '' || url.password !== '')
    throw refused('An address with a user name or a password in it is never called.');
  const host = url.hostname.toLowerCase();
  if (host === '' || host.endsWith('.') || host.includes('..'))
    throw refused(`The host ${shown(host)} is not written as a whole name.`);
  if (isIpText(host)) {
    const why = whyRefused(host, reach);
    if (why !== undefined) throw refused(`${why}. Only addresses on the internet are called.`);
    return url;
  }
  if (neverNames.test(host) && !onThisComputer) {
    const what = isLoopbackHost(host) ? 'this computer itself' : 'a name that leads to no server';
    throw refused(`${shown(host)} is ${what}. Only addresses on the internet are called.`);
  }
  if ((innerNames.test(host) || !host.includes('.')) && reach === 'public')
    throw refused(
      `${shown(host)} is a name of a private network. Only addresses on the internet are called.`,
    );
  return url;
}

export function isIpText(host: string): boolean {
  return host.startsWith('[') || ipaddr.IPv4.isValidFourPartDecimal(host) || ipaddr.IPv6.isValid(host);
}

function isLoopbackHost(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  return isIpText(host) && ipaddr.parse(host.replace(/^\[|\]$/g, '')).range() === 'loopback';
}

function refused(message: string): Fault {
  return new Fault('address_refused', message);
}

function shown(text: string): string {
  return text.slice(0, 100);
}
