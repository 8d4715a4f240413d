/** Which addresses may be called: a table of forms that look like one thing and lead to another. */
import { describe, expect, it } from 'vitest';
import { reachOf } from '../../../src/main/catalog/reach';
import { checkAddress, type Reach, whyRefused } from '../../../src/main/network/public-address';
import { appOf } from '../../fakes/catalog-table';

const refusedEverywhere = [
  // This computer, in every way of writing it.
  'https://127.0.0.1/',
  'https://127.1/',
  'https://127.0.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0x7f.0.0.1/',
  'https://0177.0.0.1/',
  'https://017700000001/',
  'https://127.255.255.254/',
  'https://127.0.0.1:8443/',
  'https://①②⑦.⓪.⓪.①/',
  'https://127。0。0。1/',
  'https://%31%32%37.0.0.1/',
  'https://localhost/',
  'https://LOCALHOST/',
  'https://localhost./',
  'https://anything.localhost/',
  'https://[::1]/',
  'https://[0:0:0:0:0:0:0:1]/',
  'https://[::0001]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:7f00:1]/',
  'https://[::127.0.0.1]/',
  'https://[64:ff9b::7f00:1]/',
  'https://[2002:7f00:1::]/',
  // No address, every address.
  'https://0.0.0.0/',
  'https://0/',
  'https://[::]/',
  'https://255.255.255.255/',
  // Where clouds keep their metadata.
  'https://169.254.169.254/latest/meta-data/',
  'https://2852039166/',
  'https://0xa9fea9fe/',
  'https://0251.0376.0251.0376/',
  'https://[::ffff:169.254.169.254]/',
  'https://[fe80::1]/',
  'https://[febf::1]/',
  // Groups, documentation, benchmarks, reserved.
  'https://224.0.0.1/',
  'https://239.255.255.250/',
  'https://[ff02::1]/',
  'https://240.0.0.1/',
  'https://192.0.2.1/',
  'https://198.51.100.7/',
  'https://203.0.113.9/',
  'https://198.18.0.1/',
  'https://192.0.0.1/',
  'https://[2001:db8::1]/',
  'https://[100::1]/',
  'https://[2001::1]/',
  // IPv4 in other clothes.
  'https://[::ffff:8.8.8.8]/',
  'https://[2002:808:808::]/',
  // Not an address that one calls.
  'http://mcp.vendor.example.com/',
  'ftp://mcp.vendor.example.com/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/plain,x',
  'https://user@mcp.example.com/',
  'https://user:pass@mcp.example.com/',
  'https://mcp.example.com@127.0.0.1/',
  'https://mcp.example.com./',
  'https://nobody.invalid/',
  'https://anything.test/',
  'https://hidden.onion/',
  'https://',
  'https://[fec0::1]/',
  'https://[4000::1]/',
  'https://[::1',
  'https://256.256.256.256/',
  'https://1.2.3.4.5/',
  'mcp.example.com',
  '//mcp.example.com/',
  '',
] as const;

const ownNetworkOnly = [
  'https://10.0.0.1/',
  'https://10.255.255.255/',
  'https://172.16.0.1/',
  'https://172.31.255.254/',
  'https://192.168.1.1/',
  'https://3232235777/',
  'https://0xc0a80101/',
  'https://0300.0250.1.1/',
  'https://100.64.0.1/',
  'https://100.127.255.254/',
  'https://[fc00::1]/',
  'https://[fd12:3456:789a::1]/',
  'https://ncentral/',
  // A browser reads three slashes as two.
  'https:///ncentral',
  'https://server.local/',
  'https://psa.internal/',
  'https://router.lan/',
  'https://nas.home.arpa/',
] as const;

const fine = [
  'https://mcp.example.com/mcp',
  'https://mcp.example.com:8443/',
  'https://MCP.Example.COM/',
  'https://8.8.8.8/',
  'https://134744072/',
  'https://172.15.255.255/',
  'https://172.32.0.1/',
  'https://100.128.0.1/',
  'https://11.0.0.1/',
  'https://[2606:4700:4700::1111]/',
  'https://bücher.example.com/',
  'https://xn--bcher-kva.example.com/',
  'https://localhost.example.com/',
  'https://127.0.0.1.example.com/',
] as const;

const outcome = (url: string, reach: Reach) => {
  try {
    return checkAddress(url, reach).protocol;
  } catch (error) {
    return error;
  }
};
const sentence = { code: 'address_refused', message: expect.stringMatching(/^\S.*\.$/) };

describe('an address', () => {
  it('is judged in many forms', () => {
    expect(refusedEverywhere.length + ownNetworkOnly.length + fine.length).toBeGreaterThan(90);
  });

  it.each(refusedEverywhere)('%s is refused, also for a server of one’s own', (url) => {
    expect(outcome(url, 'public')).toMatchObject(sentence);
    expect(outcome(url, 'own network')).toMatchObject(sentence);
  });

  it.each(ownNetworkOnly)('%s is called only where a technician has typed it as the MSP’s own', (url) => {
    expect(outcome(url, 'public')).toMatchObject(sentence);
    expect(outcome(url, 'own network')).toBe('https:');
  });

  it.each(fine)('%s is called', (url) => {
    expect(outcome(url, 'public')).toBe('https:');
  });

  it('of this computer is called in tests and measurements alone, then without TLS too', () => {
    for (const url of ['http://127.0.0.1:7100/mcp', 'https://[::1]/', 'http://localhost:1/'])
      expect(String(outcome(url, 'this computer too'))).toMatch(/^https?:$/);
    for (const url of ['http://10.0.0.1/', 'https://169.254.169.254/', 'http://mcp.example.com/'])
      expect(outcome(url, 'this computer too')).toMatchObject(sentence);
  });

  it('never repeats a password that stood in it', () => {
    expect(String(outcome('https://user:hunter2secret@127.0.0.1/', 'public'))).not.toContain('hunter2');
  });

  it.each(['fe80::1%eth0', '1.2.3', 'nonsense', '', '::ffff:1.2.3.4.5'])(
    'that a name server gives as %j is not called',
    (ip) => {
      expect(whyRefused(ip, 'own network')).toBeTypeOf('string');
    },
  );
});

describe('the reach of an app', () => {
  it('is the internet for what the catalog names, and one’s own network for what was typed', () => {
    const psa = appOf('connectwise-psa');
    const [choice] = psa.auth.fields.find((field) => field.name === 'siteUrl')?.choices ?? [];
    expect(reachOf(psa, { siteUrl: choice?.value ?? '' })).toEqual({});
    expect(reachOf(psa, { siteUrl: 'https://psa.msp.lan' })).toEqual({ reach: 'own network' });
    expect(reachOf(appOf('n-central'), { serverUrl: 'https://ncentral' })).toEqual({ reach: 'own network' });
    expect(reachOf(appOf('microsoft-365'), { graphUrl: 'https://graph.microsoft.com' })).toEqual({});
  });
});
