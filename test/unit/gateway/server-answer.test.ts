import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../../src/main/mcp/answer';
import { EventStream } from '../../../src/main/network/event-stream';

const id = 7;
const result =
  '{"content":[],"structuredContent":{"big":12345678901234567890,"one":1.0},"_meta":{"a":"\\u00e9"}}';

describe("a server's answer", () => {
  it.each([
    ['as the v1 SDK writes it', `{"result":${result},"jsonrpc":"2.0","id":7}`],
    ['as the specification writes it', `{"jsonrpc":"2.0","id":7,"result":${result}}`],
    ['in another order, with white space', `{ "id" : 7, "result" : ${result} , "jsonrpc":"2.0" }`],
    ['with a key that needs reading', `{"id":7,"\\u0072esult":${result},"x":"}\\"{"}`],
  ])('is handed on character by character: %s', (_what, text) => {
    expect(readAnswer(text, id)).toMatchObject({ kind: 'result', json: result });
  });

  it('keeps any result as its server wrote it, wherever it stands', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(2), fc.nat(3), (value, at, spaces) => {
        const json = JSON.stringify(value, null, ' '.repeat(spaces));
        const members = [`"jsonrpc":"2.0"`, `"id":${id}`];
        members.splice(at, 0, `"result":${json}`);
        const read = readAnswer(`{${members.join(',')}}`, id);
        expect(read).toMatchObject({ kind: 'result', json: json.replace(/\n/g, ' ') });
      }),
    );
  });

  it.each([
    ['a second id', '{"result":{},"id":99,"jsonrpc":"2.0","id":7}', '{}'],
    ['a second member behind it', '{"result":{"a":1},"x":{"b":2},"jsonrpc":"2.0","id":7}', '{"a":1}'],
    ['a second result', '{"jsonrpc":"2.0","id":7,"result":{"a":1},"result":{"a":2}}', '{"a":2}'],
  ])('brings nothing along beside its result: %s', (_what, text, json) => {
    expect(readAnswer(text, id)).toMatchObject({ kind: 'result', json });
  });

  it('has no line break that could end an event', () => {
    const read = readAnswer('{"jsonrpc":"2.0","id":7,"result":{\r\n"a":"x\\ny"\n}}', id);
    expect(read).toMatchObject({ kind: 'result', json: '{  "a":"x\\ny" }' });
  });

  it.each([
    ['another id', '{"jsonrpc":"2.0","id":8,"result":{}}', 'other'],
    ['a notification', '{"jsonrpc":"2.0","method":"notifications/progress"}', 'other'],
    ['a request with the same id', '{"jsonrpc":"2.0","id":7,"method":"ping"}', 'other'],
    ['an error', '{"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"No"}}', 'error'],
    ['a result that is no object', '{"jsonrpc":"2.0","id":7,"result":[1]}', 'wrong'],
    ['half a message', '{"result":{"a":1', 'wrong'],
    ['a web page', '<html>', 'wrong'],
    ['nothing', '', 'wrong'],
  ])('is known for what it is: %s', (_what, text, kind) => {
    expect(readAnswer(text, id).kind).toBe(kind);
  });
});

describe('an event stream', () => {
  const text =
    ': hi\r\nevent: message\r\ndata: {"a":1}\r\n\r\ndata:two\ndata: lines\n\nid: 9\n\ndata: last\r\r';

  it('gives the data of its events', () => {
    const stream = new EventStream();
    expect([...stream.push(text), ...stream.push('\n')]).toEqual(['{"a":1}', 'two\nlines', 'last']);
  });

  it('gives the same however it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        const stream = new EventStream();
        const places = [0, ...cuts.sort((a, b) => a - b), text.length];
        const pieces = places.slice(1).map((end, index) => text.slice(places[index], end));
        const events = [...pieces, '\n'].flatMap((piece) => stream.push(piece));
        expect(events).toEqual(['{"a":1}', 'two\nlines', 'last']);
      }),
    );
  });
});
