import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  agentUri,
  isGoodUri,
  loggedAs,
  promptName,
  schemeOf,
  splitPrompt,
  splitUri,
} from '../../../src/main/gateway/surface-names';

/** As the flags and the record of a connection have them. */
const alias = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,10}[a-z0-9])?$/);

describe('the address of a resource', () => {
  it('leads back to its server and to what the server calls it', () => {
    fc.assert(
      fc.property(alias, fc.string({ minLength: 1 }), (name, uri) => {
        expect(splitUri(agentUri(name, uri))).toEqual({ scheme: schemeOf(name), rest: uri });
      }),
    );
  });

  it('never leads to another server', () => {
    fc.assert(
      fc.property(alias, alias, (one, other) => {
        expect(schemeOf(one) === schemeOf(other)).toBe(one === other);
      }),
    );
  });

  it('stays a URI', () => {
    fc.assert(
      fc.property(alias, fc.webUrl(), (name, uri) => {
        const address = agentUri(name, uri);
        expect(URL.canParse(address)).toBe(true);
        expect(address).toMatch(/^[a-z][a-z0-9+.-]*:/);
      }),
    );
  });

  it('is the same in capitals in front, as a scheme is', () => {
    expect(splitUri('ORDERS+File:///A')).toEqual({ scheme: 'orders', rest: 'File:///A' });
  });

  it.each(['', '+', '+x', 'file:///x'])('is none without a prefix: “%s”', (uri) => {
    expect(splitUri(uri)).toBeUndefined();
  });

  it.each([
    ['orders:1', true],
    ['file:///{path}', true],
    ['orders:ü', true],
    ['', false],
    ['a b', false],
    ['a\nb', false],
    ['a\u202eb', false],
    ['a\u200bb', false],
    [7, false],
    ['x'.repeat(8_193), false],
  ])('is taken from a server only as people can read it: %j', (uri, isGood) => {
    expect(isGoodUri(uri)).toBe(isGood);
  });
});

describe('the name of a prompt', () => {
  it('leads back to its server', () => {
    fc.assert(
      fc.property(alias, fc.string({ minLength: 1, maxLength: 300 }), (server, prompt) => {
        const name = promptName(server, prompt, false);
        expect(name.length).toBeLessThanOrEqual(60);
        expect(name).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(splitPrompt(name)?.alias).toBe(server);
      }),
    );
  });

  it.each(['', '__x', 'summary', 'orders_summary'])('is none without a prefix: “%s”', (name) => {
    expect(splitPrompt(name)).toBeUndefined();
  });
});

describe('what is asked for and leads nowhere', () => {
  it('is written down without what may be a secret', () => {
    expect(loggedAs('a+https://anna:planted@x.example/b?key=planted#planted')).toBe('a+https://x.example/b');
    expect(loggedAs('x'.repeat(500))).toHaveLength(200);
  });
});
