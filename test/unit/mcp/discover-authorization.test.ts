import { describe, expect, it } from 'vitest';
import { readChallenge } from '../../../src/main/mcp/challenge';
import { discoverAuthorization } from '../../../src/main/mcp/discover-authorization';
import type { FindingCode } from '../../../src/main/mcp/probe/findings';
import { createRecorder } from '../../../src/main/mcp/probe/report';
import { checkAddress } from '../../../src/main/network/public-address';
import type { InboundAnswer } from '../../../src/main/ports';
import { Fault } from '../../../src/preload/contract/reply';
import { answering, RoutedHttp } from '../../fakes/routed-http';

const server = 'https://mcp.example.com/v1/mcp';
const known = 'https://mcp.example.com/.well-known/oauth-protected-resource';
const withPath = `${known}/v1/mcp`;
const login = 'https://login.example.com';
const metadata = {
  issuer: login,
  authorization_endpoint: `${login}/authorize`,
  token_endpoint: `${login}/token`,
  code_challenge_methods_supported: ['S256'],
};
const resource = { resource: server, authorization_servers: [login] };
const atLogin = `${login}/.well-known/oauth-authorization-server`;

async function discovered(routes: Readonly<Record<string, InboundAnswer | Error>>, header = '') {
  const http = new RoutedHttp(routes);
  const { ask, lines } = createRecorder(http, () => 0);
  const discovery = await discoverAuthorization(
    { ask, checkAddress: (text) => checkAddress(text, 'public'), signal: undefined },
    new URL(server),
    readChallenge(header),
  );
  return { discovery, http, lines, asked: http.sent.map(({ url }) => url) };
}

describe('where the metadata is looked for', () => {
  it('at the address that the challenge names, and nowhere else', async () => {
    const named = 'https://mcp.example.com/meta';
    const { discovery, asked } = await discovered(
      { [named]: answering(resource), [atLogin]: answering(metadata) },
      `Bearer realm="x", resource_metadata="${named}", scope="a b"`,
    );
    expect(discovery).toMatchObject({ kind: 'found', found: { issuer: login, scope: 'a b', pkce: 'S256' } });
    expect(asked.slice(0, 1)).toEqual([named]);
    expect(asked).not.toContain(withPath);
  });

  it('with the path, and then nowhere else', async () => {
    const { discovery, asked } = await discovered({
      [withPath]: answering(resource),
      [known]: answering({
        resource: 'https://mcp.example.com',
        authorization_servers: ['https://other.example'],
      }),
      [atLogin]: answering(metadata),
    });
    expect(asked).toEqual([withPath, atLogin]);
    expect(discovery).toMatchObject({ found: { resource: server, issuer: login } });
  });

  it('at the root alone when the path has none', async () => {
    const whole = { resource: 'https://mcp.example.com', authorization_servers: [login] };
    const routes = { [known]: answering(whole), [atLogin]: answering(metadata) };
    const { discovery, asked } = await discovered(routes);
    expect(asked).toEqual([withPath, known, atLogin]);
    expect(discovery).toMatchObject({ kind: 'found', found: { resource: 'https://mcp.example.com' } });
  });

  it.each([
    ['oauth-authorization-server before the path', '/.well-known/oauth-authorization-server/tenant'],
    ['openid-configuration before the path', '/.well-known/openid-configuration/tenant'],
    ['openid-configuration behind the path', '/tenant/.well-known/openid-configuration'],
  ])('an issuer with a path, three places side by side: %s', async (_name, place) => {
    const issuer = `${login}/tenant`;
    const { discovery, asked, http } = await discovered({
      [withPath]: answering({ ...resource, authorization_servers: [issuer] }),
      [`${login}${place}`]: answering({ ...metadata, issuer }),
    });
    expect(discovery).toMatchObject({ kind: 'found', found: { issuer } });
    expect(asked.slice(1)).toEqual([
      `${login}/.well-known/oauth-authorization-server/tenant`,
      `${login}/.well-known/openid-configuration/tenant`,
      `${login}/tenant/.well-known/openid-configuration`,
    ]);
    expect(http.together).toBe(3);
  });

  it('a second authorization server when the first says nothing', async () => {
    const { discovery } = await discovered({
      [withPath]: answering({ ...resource, authorization_servers: ['https://gone.example', login] }),
      [atLogin]: answering(metadata),
    });
    expect(discovery).toMatchObject({ found: { issuer: login, otherIssuers: ['https://gone.example'] } });
  });

  it('a server of 2025-03-26, which is its own authorization server', async () => {
    const own = { ...metadata, issuer: 'https://mcp.example.com' };
    const { discovery } = await discovered({
      'https://mcp.example.com/.well-known/oauth-authorization-server': answering(own),
    });
    expect(discovery).toMatchObject({ kind: 'found', found: { issuer: own.issuer, resource: server } });
  });

  it('nothing anywhere is nothing', async () => {
    const { discovery, lines } = await discovered({});
    expect(discovery).toEqual({ kind: 'none' });
    expect(lines().map(({ concluded }) => concluded)).toEqual(Array(4).fill('There is no metadata here.'));
  });

  it('a site that answers everything with a page has none', async () => {
    const page = answering('<h1>Welcome</h1>');
    const { discovery } = await discovered({ [withPath]: page, [known]: page });
    expect(discovery).toEqual({ kind: 'none' });
  });
});

describe('what is read from it', () => {
  const scopes = (more: object, header = '', of = resource) =>
    discovered({ [withPath]: answering(of), [atLogin]: answering({ ...metadata, ...more }) }, header);

  it.each([
    [
      'what the challenge asks for',
      {},
      'Bearer scope="x y"',
      { ...resource, scopes_supported: ['z'] },
      'x y',
    ],
    ['what the server lists', {}, '', { ...resource, scopes_supported: ['z', 'w'] }, 'z w'],
    ['nothing where nothing is said', { scopes_supported: ['offline_access'] }, '', resource, undefined],
    [
      'offline_access only where it is known',
      { scopes_supported: ['offline_access', 'z'] },
      'Bearer scope="z"',
      resource,
      'z offline_access',
    ],
  ])('the scope: %s', async (_name, more, header, of, scope) => {
    const { discovery } = await scopes(more, header, of);
    expect(discovery).toMatchObject({ kind: 'found' });
    expect(discovery.kind === 'found' && discovery.found.scope).toBe(scope === undefined ? undefined : scope);
  });

  it('PKCE that is not named is told', async () => {
    const { discovery } = await scopes({ code_challenge_methods_supported: ['plain'] });
    expect(discovery).toMatchObject({ found: { pkce: 'unsaid' } });
  });

  it('the ways to register, the ways to show who the client is, and whether the answer names its issuer', async () => {
    const { discovery } = await scopes({
      registration_endpoint: `${login}/register`,
      client_id_metadata_document_supported: true,
      token_endpoint_auth_methods_supported: ['none'],
      authorization_response_iss_parameter_supported: true,
    });
    expect(discovery).toMatchObject({
      found: {
        registerUrl: `${login}/register`,
        takesMetadataDocument: true,
        clientAuthMethods: ['none'],
        namesIssuer: true,
      },
    });
  });
});

const wrong: readonly (readonly [
  what: string,
  routes: Readonly<Record<string, InboundAnswer | Error>>,
  code: FindingCode,
  sentence: RegExp,
])[] = [
  [
    'metadata for another server',
    { [withPath]: answering({ ...resource, resource: 'https://bank.example/mcp' }) },
    'resource_mismatch',
    /its sign-in is for https:\/\/bank\.example\/mcp, which is another server/,
  ],
  [
    'metadata for a sibling of the server',
    { [withPath]: answering({ ...resource, resource: `${server}-2` }) },
    'resource_mismatch',
    /another server/,
  ],
  [
    'an issuer that speaks for somebody else',
    {
      [withPath]: answering(resource),
      [atLogin]: answering({ ...metadata, issuer: 'https://evil.example' }),
    },
    'issuer_mismatch',
    /looked up at https:\/\/login\.example\.com, and the answer speaks for https:\/\/evil\.example/,
  ],
  [
    'an issuer that differs by a slash only',
    { [withPath]: answering(resource), [atLogin]: answering({ ...metadata, issuer: `${login}/` }) },
    'issuer_mismatch',
    /speaks for/,
  ],
  [
    'an issuer on this computer',
    { [withPath]: answering({ ...resource, authorization_servers: ['http://127.0.0.1:8080'] }) },
    'metadata_address_refused',
    /points to an address that is not called/,
  ],
  [
    'an issuer that is no address',
    { [withPath]: answering({ ...resource, authorization_servers: ['the usual'] }) },
    'metadata_invalid',
    /“the usual” is named for the sign-in, which is no address/,
  ],
  [
    'a token endpoint inside a cloud',
    {
      [withPath]: answering(resource),
      [atLogin]: answering({ ...metadata, token_endpoint: 'https://169.254.169.254/token' }),
    },
    'metadata_address_refused',
    /where clouds keep their metadata/,
  ],
  [
    'an authorization endpoint without TLS',
    {
      [withPath]: answering(resource),
      [atLogin]: answering({ ...metadata, authorization_endpoint: 'http://login.example.com/authorize' }),
    },
    'metadata_address_refused',
    /Only https:\/\/ addresses are called/,
  ],
  [
    'an authorization endpoint that runs code',
    {
      [withPath]: answering(resource),
      [atLogin]: answering({ ...metadata, authorization_endpoint: 'javascript:alert(1)' }),
    },
    'metadata_address_refused',
    /Only https:\/\/ addresses are called/,
  ],
  [
    'no token endpoint',
    {
      [withPath]: answering(resource),
      [atLogin]: answering({ issuer: login, authorization_endpoint: `${login}/a` }),
    },
    'metadata_invalid',
    /not as it should be: token_endpoint/,
  ],
  [
    'no authorization code',
    {
      [withPath]: answering(resource),
      [atLogin]: answering({ ...metadata, response_types_supported: ['token'] }),
    },
    'metadata_invalid',
    /offers no sign-in by authorization code/,
  ],
  [
    'an authorization server of which nothing is known',
    { [withPath]: answering(resource) },
    'metadata_invalid',
    /nothing can be learnt from there/,
  ],
  [
    'a resource that is a number',
    { [withPath]: answering({ ...resource, resource: 7 }) },
    'metadata_invalid',
    /not as it should be: resource/,
  ],
  [
    'a list of 10,000 authorization servers',
    { [withPath]: answering({ ...resource, authorization_servers: Array(10_000).fill(login) }) },
    'metadata_invalid',
    /not as it should be: authorization_servers/,
  ],
  [
    'an authorization server that cannot be reached',
    {
      [withPath]: answering(resource),
      [atLogin]: new Fault('vendor_unreachable', 'login cannot be reached.'),
    },
    'unreachable',
    /cannot be reached/,
  ],
];

it.each(wrong)('refused: %s', async (_what, routes, code, sentence) => {
  const { discovery } = await discovered(routes);
  expect(discovery).toMatchObject({ kind: 'broken', finding: { code } });
  expect(discovery.kind === 'broken' && discovery.finding.sentence).toMatch(sentence);
});

it('a challenge that names metadata on this computer is refused before anything is asked', async () => {
  const { discovery, asked } = await discovered({}, 'Bearer resource_metadata="http://localhost:9200/_all"');
  expect(discovery).toMatchObject({ kind: 'broken', finding: { code: 'metadata_address_refused' } });
  expect(asked).toEqual([]);
});

describe('the challenge', () => {
  it.each([
    ['Bearer', { isBearer: true }],
    ['bearer realm="a"', { isBearer: true }],
    ['Basic realm="Bearer"', { isBearer: false }],
    ['Basic realm="x", Bearer scope="a"', { isBearer: true, scope: 'a' }],
    ['Bearer scope=a', { scope: 'a' }],
    ['Bearer scope="a \\"b\\""', { scope: 'a "b"' }],
    ['Bearer error="insufficient_scope", scope="w"', { error: 'insufficient_scope', scope: 'w' }],
    ['Bearer error_description="scope=evil", scope="good"', { scope: 'good' }],
    ['', { isBearer: false, scope: undefined }],
  ])('%s', (header, read) => expect(readChallenge(header)).toMatchObject(read));

  it('takes no time over a header made to take some', () => {
    expect(readChallenge(`Bearer scope="${'\\'.repeat(1_000_000)}`).isBearer).toBe(true);
  });
});
