import { describe, expect, it } from 'vitest';
import { readHeadlessArguments } from '../../../src/main/gateway/headless-arguments.node';

const read = (line: string, isPackaged = false) =>
  readHeadlessArguments(['--data', 'd', ...line.split(' ').filter((part) => part !== '')], isPackaged);

describe('the command line of the gateway without windows', () => {
  it('names upstreams, one policy for their tools, and a port', () => {
    expect(
      read(
        '--port 0 --allow-loopback --upstream a=http://127.0.0.1:1/mcp --upstream b=https://b.example/ --policy auto',
      ),
    ).toMatchObject({
      port: 0,
      policy: 'auto',
      upstreams: [
        { name: 'a', url: 'http://127.0.0.1:1/mcp' },
        { name: 'b', url: 'https://b.example/' },
      ],
    });
  });

  it('leaves the policies to the rules and has no upstreams unless told otherwise', () => {
    expect(read('')).toMatchObject({ port: undefined, policy: undefined, upstreams: [], agent: 'headless' });
  });

  it('takes how many messages a second one agent may send, and nothing that is no such number', () => {
    expect(read('--most-per-second 500').mostPerSecond).toBe(500);
    expect(read('').mostPerSecond).toBeUndefined();
    for (const wrong of ['0', '-1', '1.5', 'many', '100001'])
      expect(() => read(`--most-per-second=${wrong}`)).toThrow(/takes a number from 1 to 100000/);
  });

  const on = '--allow-loopback --upstream';
  it.each([
    ['no name', '--upstream x', /takes NAME=URL/],
    ['no name before the sign', '--upstream =https://a.example/', /takes NAME=URL/],
    ['a name that is none', '--upstream a/b=https://a.example/', /is no name/],
    ['our own name', '--upstream Gatehouse=https://a.example/', /taken by Gatehouse/],
    ['a name twice', '--upstream a=https://a.example/ --upstream A=https://b.example/', /Two upstreams/],
    ['no URL', '--upstream a=nonsense', /is not a URL/],
    ['another scheme', '--upstream a=file:///etc/passwd', /must start with https/],
    ['a password in the address', '--upstream a=https://u:p@a.example/', /user name or a password/],
    ['a fragment', '--upstream a=https://a.example/#x', /fragment/],
    ['plain http elsewhere', `${on} a=http://a.example/`, /plain http/],
    ['plain http', '--upstream a=http://a.example/', /plain http/],
    ['this computer', '--upstream a=http://127.0.0.1:1/mcp', /needs --allow-loopback/],
    ['this computer by name', '--upstream a=https://localhost/mcp', /needs --allow-loopback/],
    ['this computer by another address', '--upstream a=https://127.9.9.9/', /needs --allow-loopback/],
    ['this computer in IPv6', '--upstream a=https://[::1]/', /needs --allow-loopback/],
    ['an unknown policy', '--policy sometimes', /--policy takes auto, approval_needed, disabled/],
    ['a port that is none', '--port 70000', /--port takes/],
    ['an unknown argument', '--nonsense', /nonsense/],
  ])('refuses %s with one sentence', (_what, line, words) => {
    expect(() => read(line)).toThrow(words);
    expect(() => read(line)).not.toThrow(/\n/);
  });

  it('wants to know where the data lies', () => {
    expect(() => readHeadlessArguments([], false)).toThrow('Say where the data lies: --data DIR.');
  });

  it.each(['--unprefixed', '--allow-loopback', '--upstream a=https://a.example/', '--policy auto'])(
    'refuses %s when packaged',
    (line) => {
      expect(() => read(line, true)).toThrow(
        /for tests and measurements only; a packaged Gatehouse refuses it/,
      );
    },
  );
});
