import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ResultKind, rewriteUris } from '../../../src/main/gateway/rewrite-uris';

const rename = (uri: string) => `p+${uri}`;
const link = '{"type":"resource_link","uri":"a:1","name":"x"}';
const renamed = '{"type":"resource_link","uri":"p+a:1","name":"x"}';

describe('addresses in a result', () => {
  it.each<[string, ResultKind, string, string]>([
    ['a link of a tool', 'tool', `{"content":[${link}]}`, `{"content":[${renamed}]}`],
    [
      'white space and escapes',
      'tool',
      '{ "content" : [ { "uri" : "a:\\"\\u00fc}" , "type" : "resource_link" } , 1 ] }',
      '{ "content" : [ { "uri" : "p+a:\\"ü}" , "type" : "resource_link" } , 1 ] }',
    ],
    [
      'a name that needs reading',
      'tool',
      '{"content":[{"type":"resource_link","\\u0075ri":"a:1"}]}',
      '{"content":[{"type":"resource_link","\\u0075ri":"p+a:1"}]}',
    ],
    [
      'the same member twice',
      'tool',
      '{"content":[{"type":"resource_link","uri":"a:1","uri":"a:2"}]}',
      '{"content":[{"type":"resource_link","uri":"p+a:1","uri":"p+a:2"}]}',
    ],
    [
      'what a resource holds',
      'resources',
      '{"contents":[{"uri":"a:1","text":"x"},{"uri":"a:2","blob":"eA=="}]}',
      '{"contents":[{"uri":"p+a:1","text":"x"},{"uri":"p+a:2","blob":"eA=="}]}',
    ],
    [
      'a message of a prompt, alone and in a list',
      'prompts',
      `{"messages":[{"role":"user","content":${link}},{"content":[${link}]}]}`,
      `{"messages":[{"role":"user","content":${renamed}},{"content":[${renamed}]}]}`,
    ],
  ])('get the prefix: %s', (_what, kind, before, after) => {
    expect(rewriteUris(before, kind, rename)).toBe(after);
  });

  it.each<[string, ResultKind, string]>([
    ['structured content', 'tool', `{"content":[],"structuredContent":{"content":[${link}]}}`],
    ['_meta', 'tool', `{"_meta":{"content":[${link}]},"content":[]}`],
    [
      'an embedded resource',
      'tool',
      '{"content":[{"type":"resource","resource":{"type":"resource_link","uri":"a:1"}}]}',
    ],
    ['a link without an address', 'tool', '{"content":[{"type":"resource_link","uri":7}]}'],
    [
      'a text that speaks of links',
      'tool',
      '{"content":[{"type":"text","text":"\\"resource_link\\"","uri":"a"}]}',
    ],
    ['the contents of something else', 'resources', '{"x":{"contents":[{"uri":"a:1"}]}}'],
    [
      'what is no content',
      'tool',
      '{"content":"resource_link","a":["resource_link"],"b":[[],{}],"c":-1.0e3}',
    ],
  ])('stay as they are in %s', (_what, kind, json) => {
    expect(rewriteUris(json, kind, rename)).toBe(json);
  });

  it('are all that changes, whatever stands beside them', () => {
    const found = fc.record({ type: fc.constant('resource_link'), uri: fc.string(), more: fc.jsonValue() });
    fc.assert(
      fc.property(fc.array(found), fc.jsonValue(), fc.nat(3), (links, other, spaces) => {
        const written = (prefix: string) =>
          JSON.stringify(
            {
              other,
              content: [other, ...links.map((one) => ({ ...one, uri: prefix + one.uri })), other],
              structuredContent: { links, other },
            },
            null,
            spaces,
          );
        // A link in `other` itself would be one more to change.
        fc.pre(!JSON.stringify(other).includes('resource_link'));
        expect(rewriteUris(written(''), 'tool', rename)).toBe(written('p+'));
      }),
    );
  });
});
