/**
 * A name for a server, made from its host: `mcp.example.com` becomes Example. Made unique among the names that are taken.
 */
import ipaddr from 'ipaddr.js';

/** Parts that say nothing about whose server it is. */
const empty = new Set(['mcp', 'www', 'api', 'app', 'server', 'gateway', 'remote', 'sse']);
/** Second parts of names such as `example.co.uk`. */
const seconds = new Set(['co', 'com', 'org', 'net', 'gov', 'ac', 'edu']);
const maxLength = 30;

export function suggestedName(host: string, taken: readonly string[]): string {
  const base = baseName(host.toLowerCase());
  const lower = new Set(taken.map((name) => name.toLowerCase()));
  if (!lower.has(base.toLowerCase())) return base;
  for (let number = 2; ; number += 1) {
    const next = `${base} ${number}`;
    if (!lower.has(next.toLowerCase())) return next;
  }
}

function baseName(host: string): string {
  if (host.startsWith('[') || ipaddr.isValid(host)) return 'MCP server';
  const parts = host.split('.').filter((part) => part !== '');
  const top = parts.length >= 3 && seconds.has(parts.at(-2) ?? '') ? 2 : 1;
  const own = parts.length > top ? parts.slice(0, -top) : parts;
  const telling = own.filter((part) => !empty.has(part));
  const word = (telling.at(-1) ?? own.at(-1) ?? '').replace(/^mcp-|-mcp$/g, '').replace(/[^a-z0-9-]/g, '');
  const words = word
    .split('-')
    .filter((part) => part !== '')
    .map((part) => `${(part[0] ?? '').toUpperCase()}${part.slice(1)}`);
  return words.join(' ').slice(0, maxLength) || 'MCP server';
}
