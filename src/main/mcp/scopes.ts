/** Scopes of OAuth as they are written: words with spaces between them (RFC 6749 §3.3). */

/** Every scope of all texts once, in the order of their coming; undefined when there is none. */
export function unionOfScopes(...texts: readonly (string | undefined)[]): string | undefined {
  const all = new Set(texts.flatMap((text) => (text ?? '').split(' ')).filter((scope) => scope !== ''));
  return all.size === 0 ? undefined : [...all].join(' ');
}

const maxScope = 2_000;

/** What is asked for besides, kept with what was asked for before; a server that asks for more and more is not followed. */
export function widenedScope(before: string | undefined, asked: string | undefined): string | undefined {
  const all = unionOfScopes(before, asked);
  return all === undefined || all.length > maxScope ? before : all;
}
