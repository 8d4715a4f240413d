import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ServerArgumentChecks } from '../../../src/main/mcp/check-server-arguments';
import { readServerTools } from '../../../src/main/mcp/server-tools';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const read = (...tools: unknown[]) => readServerTools(tools, hash).tools;
const tool = (over: object = {}) => ({ name: 'get-order', inputSchema: { type: 'object' }, ...over });

describe('the tools that a server lists', () => {
  it('keep everything that agents may see, and their own names for it', () => {
    const [one] = read(
      tool({
        title: 'Get order',
        description: 'Reads.',
        outputSchema: { type: 'object' },
        icons: [{ src: 'https://x.example/i.png' }],
        _meta: { a: 1 },
        annotations: { readOnlyHint: true, idempotentHint: true },
      }),
    );
    expect(one).toMatchObject({
      title: 'Get order',
      hints: { readOnlyHint: true },
      more: {
        outputSchema: { type: 'object' },
        icons: [{ src: 'https://x.example/i.png' }],
        _meta: { a: 1 },
      },
    });
    expect(Object.keys(one?.more ?? {})).not.toContain('annotations');
  });

  it('have a hash that any change of the definition changes, and its order of members does not', () => {
    const hashOf = (over: object) => read(tool(over))[0]?.definitionHash;
    expect(hashOf({ title: 'A', description: 'B' })).toBe(hashOf({ description: 'B', title: 'A' }));
    const changes = [{}, { description: 'x' }, { _meta: { a: 1 } }, { annotations: { readOnlyHint: true } }];
    expect(new Set(changes.map(hashOf)).size).toBe(changes.length);
  });

  it.each([
    ['no name', { inputSchema: {} }],
    ['a name that hides characters', tool({ name: 'get\u202eorder' })],
    ['a name that is too long', tool({ name: 'x'.repeat(129) })],
    ['no schema', { name: 'a' }],
    ['a schema without an end', tool({ inputSchema: { a: 'x'.repeat(200_000) } })],
    ['no object at all', 'get-order'],
    [
      'a definition too deep to read',
      tool({ inputSchema: JSON.parse(`${'{"a":'.repeat(60)}1${'}'.repeat(60)}`) }),
    ],
  ])('are left out, alone, with %s', (_what, bad) => {
    expect(read(bad, tool()).map(({ name }) => name)).toEqual(['get-order']);
  });

  it('count once when a name comes twice', () => {
    expect(read(tool({ title: 'First' }), tool({ title: 'Second' })).map(({ title }) => title)).toEqual([
      'First',
    ]);
  });
});

describe('arguments for a custom server', () => {
  const checks = new ServerArgumentChecks();
  let made = 0;
  const check = (schema: object, args: unknown) => {
    made += 1;
    return checks.check(`hash-${made}`, schema, args);
  };

  it('are held against the schema, in words that a model can correct', () => {
    const schema = { type: 'object', properties: { n: { enum: [1, 2] } }, required: ['n'] };
    expect(check(schema, { n: 1 })).toBeUndefined();
    expect(check(schema, {})).toMatch(/n is required/);
    expect(check(schema, { n: 3 })).toMatch(/n must be one of \[1,2\]/);
    expect(check({ ...schema, additionalProperties: false }, { n: 1, m: 2 })).toMatch(/m is not known/);
  });

  it('are understood in both dialects', () => {
    const old = 'http://json-schema.org/draft-07/schema#';
    const list = { type: 'object', properties: { a: { items: [{ type: 'string' }] } } };
    expect(check({ ...list, $schema: old }, { a: [1] })).toMatch(/must be string/);
    const present = { type: 'object', properties: { a: { prefixItems: [{ type: 'string' }] } } };
    const dialect = 'https://json-schema.org/draft/2020-12/schema';
    expect(check({ ...present, $schema: dialect }, { a: [1] })).toMatch(/must be string/);
    expect(check({ ...present, $schema: 'urn:none' }, { a: ['x'] })).toBeUndefined();
  });

  it('do not mix up schemas that call themselves the same', () => {
    expect(check({ $id: 'x', type: 'object', required: ['a'] }, {})).toMatch(/a is required/);
    expect(check({ $id: 'x', type: 'object', required: ['b'] }, {})).toMatch(/b is required/);
  });

  it.each([
    ['points elsewhere', { $ref: 'https://evil.example/schema.json' }],
    ['is no schema', { type: 'nonsense' }],
    ['has a broken pattern', { properties: { a: { pattern: '(' } } }],
  ])('are refused for a tool whose schema %s, and for no other', (_what, bad) => {
    expect(check(bad, { a: 'x' })).toMatch(/input schema is not usable/);
    expect(check({ type: 'object' }, {})).toBeUndefined();
  });

  it('do not get stuck in a pattern that a server made to hang us', () => {
    const endless = `${'a'.repeat(5_000)}!`;
    const schema = (pattern: string) => ({ properties: { a: { type: 'string', pattern } } });
    for (const pattern of ['^(a+)+$', '^(a|a)*$', '(a)\\1*$', 'a*a*a*a*a*b']) {
      expect(check(schema(pattern), { a: endless })).toBeUndefined();
    }
    expect(check(schema('^[a-z]+$'), { a: 'A' })).toMatch(/must match pattern/);
  });
});
