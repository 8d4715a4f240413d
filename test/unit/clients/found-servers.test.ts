/** Other servers in the file of a client: what can be moved, with which credentials, and why the rest stays. */
import { describe, expect, it } from 'vitest';
import { carriedInWords, foundServers } from '../../../src/main/clients/found-servers';
import { readServers } from '../../../src/main/clients/plan-change';

const secret = 'sk-live-do-not-show';
const found = (entries: Record<string, unknown>) =>
  foundServers(
    readServers({ format: 'json', serversAt: 'mcpServers' }, JSON.stringify({ mcpServers: entries })),
    'Goose',
    (name, url) => name === 'gatehouse' || url.includes('8417'),
  );

describe('a server in a file', () => {
  it.each([
    [{ url: 'https://a.example/mcp' }, undefined, 'No credentials in the file'],
    [
      { httpUrl: 'https://a.example/mcp', headers: { authorization: `bearer ${secret}` } },
      { kind: 'bearer', token: secret },
      'Bearer token',
    ],
    [
      { serverUrl: 'https://a.example/mcp', headers: { 'X-Key': secret } },
      { kind: 'headers', headers: [{ name: 'X-Key', value: secret }] },
      'Header X-Key',
    ],
    [
      { uri: 'https://a.example/mcp', headers: { Authorization: `Bearer ${secret}`, 'X-Org': '1' } },
      {
        kind: 'headers',
        headers: [
          { name: 'Authorization', value: `Bearer ${secret}` },
          { name: 'X-Org', value: '1' },
        ],
      },
      'Headers Authorization, X-Org',
    ],
    [
      { url: 'https://a.example/mcp', http_headers: { Authorization: `Basic ${secret}` } },
      { kind: 'headers', headers: [{ name: 'Authorization', value: `Basic ${secret}` }] },
      'Header Authorization',
    ],
  ])('is moved with what it carries: %j', (entry, choice, words) => {
    const [one] = found({ a: entry });
    expect(one).toEqual({ kind: 'movable', name: 'a', url: 'https://a.example/mcp', choice });
    const said = one?.kind === 'movable' ? carriedInWords(one.choice) : '';
    expect(said).toBe(words);
    expect(said).not.toContain(secret);
  });

  it.each([
    [{ command: 'npx', args: ['-y', secret] }, /starts a program on this computer/],
    [{ cmd: 'npx', envs: { A: secret } }, /starts a program/],
    [{ type: 'builtin' }, /a part of Goose/],
    ['text', /not written as a server is/],
    [[], /not written as a server is/],
    [{ url: 'nowhere' }, /cannot be read/],
    [{ url: 'http://a.example/mcp' }, /only https/],
    [{ url: `https://a.example/mcp?key=${secret}` }, /more than a place/],
    [{ url: `https://me:${secret}@a.example/mcp` }, /more than a place/],
    [{ url: `https://a.example/mcp/${secret}-51/sse` }, /more than a place/],
    [{ url: 'https://a.example/mcp', headers: { A: '$' + '{env:KEY}' } }, /a variable of the client/],
    [{ url: 'https://a.example/mcp', headers: { A: '$KEY' } }, /a variable of the client/],
    [{ url: 'https://a.example/mcp', headers: { A: 1 } }, /a variable of the client/],
    [{ url: 'https://a.example/mcp', bearer_token_env_var: 'KEY' }, /a variable of the client/],
    [{ url: 'https://a.example/mcp', env_http_headers: { A: 'KEY' } }, /a variable of the client/],
  ])('stays: %j', (entry, why) => {
    const [one] = found({ a: entry });
    expect(one).toMatchObject({ kind: 'stays', why: expect.stringMatching(why) });
    expect(JSON.stringify(one)).not.toContain(secret);
  });

  it('is not listed when it is Gatehouse itself', () => {
    expect(
      found({
        gatehouse: { url: 'https://a.example' },
        mine: { url: 'http://127.0.0.1:8417/mcp' },
        bridge: { command: 'gatehouse', env: { GATEHOUSE_TOKEN: 'ghs_1' } },
        'gatehouse-practice': { url: 'http://127.0.0.1:1/mcp', headers: { Authorization: 'Bearer ghs_0a' } },
      }),
    ).toEqual([]);
  });
});
