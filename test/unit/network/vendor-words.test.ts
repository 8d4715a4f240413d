/** Failed answers of odd forms become one readable sentence of bounded length. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseCatalog } from '../../../src/main/catalog/load.node';
import { maskReveals, oneLine, readVendorError } from '../../../src/main/catalog/vendor-answer';

const apps = parseCatalog([parse(readFileSync('resources/catalog/connectwise-psa.yaml', 'utf8'))]);
const found = apps.get('connectwise-psa');
if (found === undefined) throw new Error('The catalog has no ConnectWise PSA.');
const app = found;
const read = (text: string, type = 'application/json', status = 500) =>
  readVendorError(app, status, type, text);
const esc = String.fromCharCode(27);
const bell = String.fromCharCode(7);

describe('a failed answer', () => {
  it.each([
    ['HTML', '<!doctype html><title>hidden</title>', 'text/html; charset=utf-8'],
    ['HTML that claims to be JSON', '\n <HTML><p>hidden</p>', 'application/json'],
  ])('of %s says that it was a page and repeats none of it', (_what, text, type) => {
    expect(read(text, type)).toContain('It sent a web page instead of data.');
    expect(read(text, type)).not.toContain('hidden');
  });

  it.each([
    '',
    ' \n ',
    '{}',
    '[]',
    'null',
    '7',
    '{"message":{"a":1}}',
    '{"message":"","errors":"x"}',
    '{"errors":[null,1]}',
  ])('of %j has no words and still says what to do', (text) => {
    expect(read(text)).toBe('ConnectWise PSA answered 500 (a fault on its side). Try again in a minute.');
  });

  it('of a bare text in JSON is read', () => {
    expect(read('"Closed for the night"')).toContain('It says: “Closed for the night”.');
  });

  it.each([
    ['text', 'x y '.repeat(2_500_000), 'text/plain'],
    ['one message', JSON.stringify({ message: 'm '.repeat(5_000_000) }), 'application/json'],
    [
      'many errors',
      JSON.stringify({
        errors: Array.from({ length: 100_000 }, (_, n) => ({ message: `${n}${'e'.repeat(90)}` })),
      }),
      'application/json',
    ],
  ])('of 10 MB as %s is a short sentence that shows where it was cut', (_what, text, type) => {
    expect(text.length).toBeGreaterThan(9_000_000);
    expect(read(text, type).length).toBeLessThan(600);
    expect(read(text, type)).toMatch(/…”\. Try again/);
  });

  it('is never cut through the middle of a character', () => {
    for (const pad of ['', 'a']) {
      expect(read(pad + '😀'.repeat(1000), 'text/plain').isWellFormed()).toBe(true);
      expect(read(JSON.stringify({ message: pad + '😀'.repeat(1000) })).isWellFormed()).toBe(true);
    }
  });

  it('loses terminal escapes as a whole, and control characters', () => {
    const text = `a${esc}[31;1mred${esc}[0m ${esc}]0;title${bell}b ${esc}]8;;https://evil.example${esc}\\link${esc}]8;;${esc}\\ c\r\nd\u0000e\u202ef`;
    expect(read(JSON.stringify({ message: text }))).toContain('It says: “ared b link c d e f”.');
    expect(read(text, 'text/plain')).toContain('“ared b link c d e f”');
    expect(oneLine('array[0] and [31m stay')).toBe('array[0] and [31m stay');
    expect(oneLine(`open${esc}]0;no end`)).toBe('open');
    expect(oneLine(`x${String.fromCharCode(0x9b)}31my`)).toBe('xy');
  });
});

describe('fields that the catalog names as secret', () => {
  const [tool] = app.tools;
  if (tool === undefined) throw new Error('The catalog has no tools.');
  const secretive = { ...tool, reveals: ['password'] };

  it('are masked whatever they hold and wherever they lie', () => {
    const value = { Password: { old: 'x' }, list: [{ PASSWORD: ['y'] }], inner: { password: null } };
    expect(JSON.stringify(maskReveals(secretive, value))).toBe(
      '{"Password":"[masked]","list":[{"PASSWORD":"[masked]"}],"inner":{"password":"[masked]"}}',
    );
  });

  it('cannot hide below a depth that nobody can walk', () => {
    const deep: unknown = JSON.parse(`${'[{"a":'.repeat(50_000)}{"password":"hidden"}${'}]'.repeat(50_000)}`);
    const masked = JSON.stringify(maskReveals(secretive, deep));
    expect(masked).not.toContain('hidden');
    expect(masked).toContain('[masked]');
  });
});
