import { describe, expect, it } from 'vitest';
import { headerValue, paramHeaders, readParamHeaders } from '../../../src/main/mcp/param-headers';

const schema = (properties: object) => ({ type: 'object', properties });
const region = { type: 'string', 'x-mcp-header': 'Region' };

describe('what a definition declares', () => {
  it('is found at any depth of properties', () => {
    const nested = schema({ where: schema({ region }), other: { type: 'string' } });
    const read = readParamHeaders(nested);
    expect(read).toEqual({ kind: 'fine', headers: [{ path: ['where', 'region'], name: 'Region' }] });
    expect(paramHeaders(read.kind === 'fine' ? read.headers : [], { where: { region: 'eu' } })).toEqual({
      'mcp-param-region': 'eu',
    });
  });

  it.each([
    ['an empty name', schema({ a: { type: 'string', 'x-mcp-header': '' } })],
    ['a name with a space', schema({ a: { type: 'string', 'x-mcp-header': 'My Region' } })],
    ['a name with a line break', schema({ a: { type: 'string', 'x-mcp-header': 'A\r\nHost: x' } })],
    ['a name that is no text', schema({ a: { type: 'string', 'x-mcp-header': 7 } })],
    ['an object', schema({ a: { type: 'object', 'x-mcp-header': 'A' } })],
    ['a number', schema({ a: { type: 'number', 'x-mcp-header': 'A' } })],
    ['the same twice', schema({ a: region, b: { ...region, 'x-mcp-header': 'REGION' } })],
    ['the whole schema', { ...schema({}), 'x-mcp-header': 'A' }],
    ['the items of a list', schema({ a: { type: 'array', items: region } })],
    ['one branch of several', schema({ a: { anyOf: [region] } })],
    ['a definition', { ...schema({}), $defs: { region } }],
  ])('is refused: %s', (_name, wrong) => {
    expect(readParamHeaders(wrong)).toMatchObject({ kind: 'wrong' });
  });

  it('a value that only looks like a declaration is none', () => {
    expect(readParamHeaders(schema({ a: { const: { 'x-mcp-header': 'A' } } }))).toEqual({
      kind: 'fine',
      headers: [],
    });
  });
});

describe('what is sent', () => {
  const declared = ['a', 'b', 'c', 'd', 'e', 'toString'].map((name) => ({ path: [name], name }));

  it('text, whole numbers and booleans; nothing for what is absent, null or something else', () => {
    expect(paramHeaders(declared, { a: 'x', b: 7, c: true, d: null, e: [1] })).toEqual({
      'mcp-param-a': 'x',
      'mcp-param-b': '7',
      'mcp-param-c': 'true',
    });
  });

  it.each([
    ['us west 1', 'us west 1'],
    ['', '=?base64??='],
    [' padded ', '=?base64?IHBhZGRlZCA=?='],
    ['line\r\nHost: evil', '=?base64?bGluZQ0KSG9zdDogZXZpbA==?='],
    ['世界', '=?base64?5LiW55WM?='],
    ['=?base64?eA==?=', '=?base64?PT9iYXNlNjQ/ZUE9PT89?='],
    ['\ttab', '=?base64?CXRhYg==?='],
  ])('%j as %s', (text, sent) => expect(headerValue(text)).toBe(sent));
});
