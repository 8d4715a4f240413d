import { describe, expect, it } from 'vitest';
import { isSecretName, mask, redactArguments } from '../../../src/main/activity/redact';

describe('redacting arguments', () => {
  it('masks what is named like a secret, however it is written', () => {
    const args = {
      password: 'p1',
      client_secret: 'p2',
      'X-API-Key': 'p3',
      privateKey: { pem: 'p4' },
      nested: [{ mfaSeed: 'p5', Authorization: 'p6' }],
      recoveryKeys: ['p7', 'p8'],
      otp: 123456,
      board: 'Help desk',
    };
    const kept = JSON.stringify(redactArguments({}, args, []));
    expect(kept).not.toMatch(/p\d|123456/);
    expect(kept).toContain('Help desk');
  });

  it('leaves ordinary names alone', () => {
    for (const name of ['elapsedMs', 'collapsed', 'ticketKey', 'passengers', 'author', 'summary', 'key']) {
      expect(isSecretName(name), name).toBe(false);
    }
    const args = { maxTokens: 400, passwordChanged: true, token: null, password: '' };
    expect(redactArguments({}, args, [])).toEqual(args);
  });

  it('masks by schema: password format and write-only, through references, lists and choices', () => {
    const schema = {
      properties: {
        a: { type: 'string', format: 'password' },
        b: { $ref: '#/$defs/inner' },
        c: { items: { anyOf: [{ type: 'null' }, { writeOnly: true }] } },
      },
      additionalProperties: { writeOnly: true },
      $defs: { inner: { properties: { x: { writeOnly: true } }, allOf: [{ $ref: '#/$defs/inner' }] } },
    };
    expect(
      redactArguments(schema, { a: 's', b: { x: 's', y: 'shown' }, c: ['s', null], d: 's' }, []),
    ).toEqual({
      a: mask,
      b: { x: mask, y: 'shown' },
      c: [mask, null],
      d: mask,
    });
  });

  it('masks what the catalog names, name and value pairs, and texts that give themselves away', () => {
    const args = {
      laps: 'hunter2',
      headers: [
        { name: 'Authorization', value: 'abc' },
        { name: 'Accept', value: 'text/plain' },
      ],
      note: 'call with Bearer abcdefghijklmnop please',
      url: 'https://user:hunter2@example.com/',
      jwt: 'x',
      text: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig',
    };
    expect(redactArguments(null, args, ['result.laps'])).toEqual({
      laps: mask,
      headers: [
        { name: 'Authorization', value: mask },
        { name: 'Accept', value: 'text/plain' },
      ],
      note: mask,
      url: mask,
      jwt: mask,
      text: mask,
    });
  });

  it('caps one text at 2 KB, the whole at 32 KB, and any depth', () => {
    const long = redactArguments({}, { note: 'x'.repeat(100_000) }, []) as { note: string };
    expect(long.note.length).toBeLessThan(2_100);
    expect(long.note).toContain('100000 characters');
    const many = Array.from({ length: 5_000 }, (_, index) => ({ [`field${index}`]: 'y'.repeat(300) }));
    expect(JSON.stringify(redactArguments({}, many, [])).length).toBeLessThan(34_000);
    let deep: unknown = 'bottom';
    for (let level = 0; level < 5_000; level += 1) deep = { deep };
    expect(JSON.stringify(redactArguments({}, deep, []))).toContain('[left out]');
  });
});
