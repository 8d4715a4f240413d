/** What the window gets to see of a change: our entry without its token, and nobody else's secrets. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientKinds } from '../../../src/main/clients/client-table';
import { planChange } from '../../../src/main/clients/plan-change';
import { endpoint } from './bench';

const other = 'sk-live-51HzzZ-do-not-show';
const shownOf = (lines: readonly { kind: string; text: string }[]) => JSON.stringify(lines);
const filled: Readonly<Record<'json' | 'toml' | 'yaml', (place: string) => string>> = {
  json: (place) =>
    `{\n  "apiKey": "${other}",\n  "${place}": {\n    "a": { "url": "https://a.example/mcp?key=${other}", "headers": { "Authorization": "Bearer ${other}" } },\n    "b": {\n      "command": "${other}",\n      "args": [\n        "${other}"\n      ],\n      "url": "https://me:${other}@b.example/",\n      "type": "${other}"\n    }, // ${other}\n    "c": { "env": { "KEY": "${other}" } }\n  }\n}\n`,
  toml: (place) =>
    `key = "${other}" # ${other}\n[${place}.a]\nurl = "https://a.example/?key=${other}"\nhttp_headers = { X = "${other}" }\nlong = """\n${other}\n${other} = 1\n"""\n[${place}.a.env]\nKEY = "${other}"\nBARE="${other}"\n`,
  yaml: (place) =>
    `key: ${other}\n${place}:\n  a:\n    uri: "https://a.example/?key=${other}"\n    envs: { KEY: ${other} }\n    text: |\n      ${other}\n    list:\n      - ${other}\n      - key: ${other}\n`,
};

describe.each(clientKinds.map((kind) => [kind.name, kind] as const))(
  'the difference for %s',
  (_name, kind) => {
    const entry = kind.entry(endpoint);

    it('shows where the entry goes, the masked token, and no secret of anybody', () => {
      const before = filled[kind.format](kind.serversAt);
      const { difference, newText } = planChange(kind, before, { kind: 'set', name: 'gatehouse', entry });
      expect(newText).toContain(endpoint.token);
      const shown = shownOf(difference);
      expect(shown).not.toContain(endpoint.token.slice(0, 12));
      expect(shown).toContain('ghs_…');
      expect(shown).toContain('8417/mcp');
      expect(shown).not.toContain(other);
      expect(difference.some(({ kind: what }) => what === 'same')).toBe(true);
    });

    it('shows no token that is replaced', () => {
      const old = kind.entry({ ...endpoint, token: 'ghs_00000000000000000000' });
      const { newText: before } = planChange(kind, undefined, { kind: 'set', name: 'gatehouse', entry: old });
      const { difference } = planChange(kind, before, { kind: 'set', name: 'gatehouse', entry });
      expect(shownOf(difference)).not.toMatch(/ghs_[0-9a-f]/);
      expect(difference.length).toBeGreaterThan(0);
    });

    it('shows an entry that goes without its secrets', () => {
      const before = filled[kind.format](kind.serversAt);
      const { difference } = planChange(kind, before, { kind: 'remove', name: 'a' });
      expect(difference.some(({ kind: what }) => what === 'removed')).toBe(true);
      expect(shownOf(difference)).not.toContain(other);
    });
  },
);

it('a file of one long line still shows what is written', () => {
  const [kind] = clientKinds;
  if (kind === undefined) throw new Error('There is no client.');
  const { difference } = planChange(kind, `{"mcpServers":{"a":{"env":{"K":"${other}"}}}}`, {
    kind: 'set',
    name: 'gatehouse',
    entry: kind.entry(endpoint),
  });
  expect(shownOf(difference)).toContain('--stdio');
  expect(shownOf(difference)).not.toContain(other);
});

it('no key of somebody else is shown, wherever it stands in a JSON file', () => {
  const [, kind] = clientKinds;
  if (kind === undefined) throw new Error('There is no client.');
  const key = 'Zx9-PLANTED-4711-secret';
  const leaf = fc.constantFrom(key, `Bearer ${key}`, `https://a.example/${key}`, `--key=${key}`, `a\n${key}`);
  const name = fc.constantFrom('url', 'type', 'headers', 'env', 'args', 'token', 'gatehouse', 'command', 'a');
  const entries = fc.dictionary(name, fc.oneof(leaf, fc.array(leaf), fc.dictionary(name, leaf)));
  fc.assert(
    fc.property(
      fc.dictionary(name, entries),
      entries,
      fc.constantFrom(undefined, 2, 4, '\t'),
      (servers, rest, indent) => {
        const before = JSON.stringify({ ...rest, [kind.serversAt]: servers }, null, indent);
        const change = { kind: 'set', name: 'gatehouse', entry: kind.entry(endpoint) } as const;
        const { difference } = planChange(kind, before, change);
        expect(shownOf(difference)).not.toContain('PLANTED');
        for (const one of Object.keys(servers)) {
          const gone = planChange(kind, before, { kind: 'remove', name: one });
          expect(shownOf(gone.difference)).not.toContain('PLANTED');
        }
      },
    ),
  );
});
