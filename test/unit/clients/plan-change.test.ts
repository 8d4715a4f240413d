/** One entry changed in a file of somebody else: everything else stays, and what cannot be done so is refused. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClientKind, clientKinds } from '../../../src/main/clients/client-table';
import { planChange, readServers } from '../../../src/main/clients/plan-change';
import { Fault } from '../../../src/preload/contract/reply';
import { endpoint } from './bench';

const json = { format: 'json', serversAt: 'mcpServers' } as const;
const toml = { format: 'toml', serversAt: 'mcp_servers' } as const;
const yaml = { format: 'yaml', serversAt: 'extensions' } as const;
const kindOf = (id: string) => clientKinds.find((kind) => kind.id === id) as ClientKind;
const entry = { url: endpoint.url, headers: { Authorization: `Bearer ${endpoint.token}` } };
const set = (kind: Pick<ClientKind, 'format' | 'serversAt'>, text: string | undefined) =>
  planChange(kind, text, { kind: 'set', name: 'gatehouse', entry });
const remove = (kind: Pick<ClientKind, 'format' | 'serversAt'>, text: string, name = 'gatehouse') =>
  planChange(kind, text, { kind: 'remove', name }).newText;

function refusalOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    expect((error as Fault).code).toBe('client_file_refused');
    return (error as Fault).message;
  }
  throw new Error('It was not refused.');
}

describe('JSON', () => {
  it('makes a file where there is none', () => {
    expect(set(json, undefined).newText).toBe(
      `${JSON.stringify({ mcpServers: { gatehouse: entry } }, null, 2)}\n`,
    );
  });

  it('keeps comments, indentation, line endings, the mark at the start and the missing end of the last line', () => {
    const before =
      '\uFEFF// mine\r\n{\r\n\t"theme": "dark", // nice\r\n\t"mcpServers": {\r\n\t\t"a": { "command": "x" } // about a\r\n\t\t// last words\r\n\t}\r\n}';
    const { newText } = set(json, before);
    expect(newText).toBe(
      before.replace(
        '} // about a',
        `}, // about a\r\n\t\t"gatehouse": ${JSON.stringify(entry, null, '\t').replaceAll('\n', '\r\n\t\t')}`,
      ),
    );
    expect(remove(json, newText)).toBe(before);
  });

  it('replaces an entry in its place', () => {
    const before = '{\n  "mcpServers": {\n    "gatehouse": { "url": "old" },\n    "b": {} // b\n  }\n}\n';
    const { newText } = set(json, before);
    expect(newText.startsWith('{\n  "mcpServers": {\n    "gatehouse": {\n      "url"')).toBe(true);
    expect(newText.endsWith('    },\n    "b": {} // b\n  }\n}\n')).toBe(true);
  });

  it('says so when nothing would change', () => {
    const { newText } = set(json, '{}');
    expect(set(json, newText)).toMatchObject({ isSame: true, difference: [], newText });
  });

  it.each([
    ['{\n  "a": 1\n  "b": 2\n}', /not valid JSON: line 3, comma expected/],
    ['{\n  "mcpServers": {', /line 2/],
    ['', /^$/],
    ['[]', /not a JSON object/],
    ['"text"', /not a JSON object/],
    ['{"mcpServers": []}', /“mcpServers” in it is not a list of names and values/],
    ['{"mcpServers": "x"}', /“mcpServers” in it/],
    ['{\n"mcpServers": {},\n"mcpServers": {}\n}', /“mcpServers” twice, in lines 2 and 3/],
    ['{"mcpServers": {"gatehouse": {}, "gatehouse": {}}}', /“gatehouse” twice/],
    [`{"a": "${'x'.repeat(5_000_000)}"}`, /larger than 5 MB/],
    ['{"a": "\0"}', /not a text file/],
    ['['.repeat(200_000), /./],
  ])('refuses %.40s', (text, sentence) => {
    if (text === '') expect(set(json, text).newText).toContain('gatehouse');
    else expect(refusalOf(() => set(json, text))).toMatch(sentence);
  });

  it('is not moved by keys that reach for a prototype', () => {
    const before = '{"__proto__": {"x": 1}, "mcpServers": {"__proto__": {"url": "y"}, "constructor": {}}}';
    const { newText } = set(json, before);
    expect(newText).toContain('"__proto__": {"url": "y"}');
    expect([...readServers(json, newText).keys()]).toEqual(['__proto__', 'constructor', 'gatehouse']);
    expect(Reflect.get({}, 'x')).toBeUndefined();
    expect(Reflect.get({}, 'url')).toBeUndefined();
  });
});

describe('TOML', () => {
  const before =
    '# mine\nmodel = "o5" # fast\nbig = 9007199254740993\nsince = 2026-01-02\n\n[mcp_servers.a]\ncommand = "x"\ntext = """\n[mcp_servers.gatehouse]\n"""\n\n# about b\n[mcp_servers.b]\nurl = "https://b.example"\n[mcp_servers.b.http_headers]\nKey = "k"\n';

  it('adds a table at the end and takes it away again', () => {
    const { newText } = planChange(kindOf('codex-cli'), before, {
      kind: 'set',
      name: 'gatehouse',
      entry: kindOf('codex-cli').entry(endpoint),
    });
    expect(newText).toBe(
      `${before}\n[mcp_servers.gatehouse]\nurl = "${endpoint.url}"\nhttp_headers = { Authorization = "Bearer ${endpoint.token}" }\n`,
    );
    expect(remove(toml, newText).trimEnd()).toBe(before.trimEnd());
  });

  it('takes a table with its inner tables, and no comment of another', () => {
    expect(remove(toml, before, 'b')).toBe(before.slice(0, before.indexOf('[mcp_servers.b]')));
    expect(remove(toml, before, 'a')).toContain('# about b\n[mcp_servers.b]');
  });

  it('replaces an entry in its place and keeps Windows line endings', () => {
    const windows = '[mcp_servers.gatehouse]\r\nurl = "old"\r\n\r\n# b\r\n[other]\r\nx = 1\r\n';
    const { newText } = set(toml, windows);
    expect(newText).toContain(`[mcp_servers.gatehouse]\r\nurl = "${endpoint.url}"\r\n`);
    expect(newText.endsWith('\r\n\r\n# b\r\n[other]\r\nx = 1\r\n')).toBe(true);
    expect(newText.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('changes entries that stand inside one value', () => {
    const inline = 'mcp_servers = { a = { url = "x" } } # all\n';
    expect(readServers(toml, set(toml, inline).newText).size).toBe(2);
    expect(set(toml, inline).newText).toContain('# all');
  });

  it.each([
    ['a = \nb = 1\n', /not valid TOML: line \d/],
    ['a = 1\na = 2\n', /not valid TOML/],
    ['mcp_servers = [1]\n', /“mcp_servers” in it/],
    ['[[mcp_servers]]\na = 1\n', /“mcp_servers” in it/],
  ])('refuses %j', (text, sentence) => {
    expect(refusalOf(() => set(toml, text))).toMatch(sentence);
  });
});

describe('YAML', () => {
  const before =
    '# mine\nGOOSE_MODEL: x # fast\nextensions:\n  # about dev\n  developer:\n    enabled: true\n    args: [a,   b]\n\n  memory: {enabled: false}\n  # the end\nlast: |\n  extensions:\n    gatehouse: no\n';

  it('adds an entry in the map and takes it away again', () => {
    const { newText } = set(yaml, before);
    expect(newText).toBe(
      before.replace(
        'extensions:\n',
        `extensions:\n  gatehouse:\n    url: "${endpoint.url}"\n    headers:\n      Authorization: "Bearer ${endpoint.token}"\n`,
      ),
    );
    expect(remove(yaml, newText)).toBe(before);
  });

  it('takes an entry without the comments around it', () => {
    expect(remove(yaml, before, 'developer')).toBe(
      before.replace('  developer:\n    enabled: true\n    args: [a,   b]\n', ''),
    );
  });

  it.each([
    '',
    '# only words\n',
    'a: 1',
    'extensions:\n',
    'extensions: {}\n',
    'extensions: {a: {b: 1}}\n',
    'extensions: null # none\nb: 1\n',
  ])('puts the entry into %j', (text) => {
    const { newText } = set(yaml, text);
    expect(readServers(yaml, newText).get('gatehouse')).toEqual(entry);
    for (const comment of text.match(/#.*/g) ?? []) expect(newText).toContain(comment);
  });

  it.each([
    ['a: 1\n b: 2\n', /not valid YAML: line \d/],
    ['a: 1\na: 2\n', /not valid YAML: line 2/],
    ['extensions: [1]\n', /“extensions” in it/],
    ['- a\n', /./],
    ['a: 1\n---\nb: 2\n', /several YAML documents/],
    [
      'a: &a [1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c]\n',
      /refers to itself/,
    ],
  ])('refuses %j', (text, sentence) => {
    expect(refusalOf(() => set(yaml, text))).toMatch(sentence);
  });
});

describe('whatever is in the file', () => {
  const name = fc.oneof(
    fc.stringMatching(/^[a-z][a-z0-9 ._-]{0,12}$/),
    fc.constantFrom('__proto__', 'constructor', 'ünïcode', 'a"b', 'a\\b', '0'),
  );
  const value = fc.jsonValue({ maxDepth: 2 });
  const servers = fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 5 });
  const others = fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 4 });
  const indent = fc.constantFrom('  ', '    ', '\t', '');
  const lineEnd = fc.constantFrom('\n', '\r\n');
  const member = ([key, inner]: [string, unknown]) => `${JSON.stringify(key)}: ${JSON.stringify(inner)}`;

  it('JSON: nothing else changes, no comment is lost, and taking it away gives the file back', () => {
    fc.assert(
      fc.property(servers, others, indent, lineEnd, fc.boolean(), (inside, outside, unit, eol, trailing) => {
        const inner = inside.filter(([key]) => key !== 'gatehouse');
        const rest = outside.filter(([key]) => key !== 'mcpServers');
        const lines = [
          '{ // start',
          ...rest.map((one, index) => `${unit}${member(one)}, // outside ${index}`),
          `${unit}"mcpServers": {`,
          ...inner.map((one, index) => {
            const comma = trailing || index < inner.length - 1 ? ',' : '';
            return `${unit}${unit}${member(one)}${comma} /* inside ${index} */`;
          }),
          `${unit}${unit}// end`,
          `${unit}}`,
          '}',
        ];
        const before = lines.join(eol);
        const { newText } = set(json, before);
        for (const comment of before.match(/\/\/ (?:start|end|outside \d)|\/\* inside \d \*\//g) ?? [])
          expect(newText.split(comment)).toHaveLength(before.split(comment).length);
        expect(Object.fromEntries(readServers(json, newText))).toEqual(
          Object.fromEntries([...readServers(json, before), ['gatehouse', entry]]),
        );
        const kept = lines.filter((line) => !/inside|^\s*\}$/.test(line));
        for (const line of kept) expect(newText).toContain(line);
        expect(newText.includes('\r\n')).toBe(eol === '\r\n');
        const again = remove(json, newText);
        expect(Object.fromEntries(readServers(json, again))).toEqual(
          Object.fromEntries(readServers(json, before)),
        );
        if (inner.length > 0 && !trailing) expect(again).toBe(before);
      }),
      { numRuns: 300 },
    );
  });

  it('YAML: every line that was there is there, in its order', () => {
    const plain = fc.stringMatching(/^[a-z][a-z0-9_-]{0,10}$/);
    const names = fc.uniqueArray(plain, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(names, fc.constantFrom(2, 4, 7), lineEnd, (keys, width, eol) => {
        const pad = ' '.repeat(width);
        const known = keys.filter((key) => key !== 'gatehouse');
        const before = [
          '# top',
          'first: 1',
          'extensions: # all',
          ...known.flatMap((key) => [
            `${pad}# about ${key}`,
            `${pad}${key}:`,
            `${pad}${pad}enabled: true # on`,
          ]),
          'last: "x"',
          '',
        ].join(eol);
        const { newText } = set(yaml, before);
        const left = newText.split(eol);
        for (const line of before.split(eol)) {
          const index = left.indexOf(line);
          expect(index).toBeGreaterThanOrEqual(0);
          left.splice(0, index + 1);
        }
        if (known.length > 0) expect(remove(yaml, newText)).toBe(before);
      }),
    );
  });

  it('TOML: the file that was there stands in front, unchanged', () => {
    const plain = fc.stringMatching(/^[a-z][a-z0-9_-]{0,10}$/);
    const text = fc.string({ maxLength: 20 });
    fc.assert(
      fc.property(fc.uniqueArray(plain, { maxLength: 5 }), text, lineEnd, (keys, words, eol) => {
        const known = keys.filter((key) => key !== 'gatehouse');
        const before = [
          '# top',
          'model = "x"',
          ...known.flatMap((key) => [
            '',
            `# about ${key}`,
            `[mcp_servers.${key}] # head`,
            `url = ${JSON.stringify(words.replaceAll(/[^ -~]/g, ''))}`,
          ]),
          '',
        ].join(eol);
        const { newText } = set(toml, before);
        expect(newText.startsWith(before)).toBe(true);
        for (const key of known) expect(remove(toml, newText, key)).toContain(`# about ${key}`);
      }),
    );
  });
});
