/** The requests of Datto RMM against the documented ones, written by hand from the vendor's facts. */
import { describe, expect, it } from 'vitest';
import { checkArguments } from '../../../src/main/catalog/check-arguments';
import { checkForm } from '../../../src/main/catalog/connect-form';
import { buildRequest, buildTestRequest } from '../../../src/main/catalog/request-template';
import { approvalSentence, maskReveals, readVendorError } from '../../../src/main/catalog/vendor-answer';
import { tokenRequest } from '../../../src/main/connections/token-request';
import { classify } from '../../../src/main/policies/classify';
import { appOf, describeRequests, toolOf } from '../../fakes/catalog-table';

const app = appOf('datto-rmm');
const values = { platform: 'https://merlot-api.centrastage.net' };
const root = 'https://merlot-api.centrastage.net/api';
const site = '000000c0-0000-4000-8000-000000000002';
const device = '000000d0-0000-4000-8000-000000000304';
const job = '000000f1-0000-4000-8000-000000000001';
const alert = '000000b0-0000-4000-8000-000000009002';

/** Tool, method, path with query, body. */
const documented = `get-account GET /v2/account
list-sites GET /v2/account/sites?page=0&max=50&siteName=Fabrikam
get-site GET /v2/site/${site}
create-site PUT /v2/site {"name":"Wingtip Toys","description":"Shop and warehouse","notes":"Call before visits.","onDemand":false,"splashtopAutoInstall":false}
update-site POST /v2/site/${site} {"name":"Fabrikam GmbH","description":"Shop and warehouse","notes":"Call before visits.","onDemand":false,"splashtopAutoInstall":false}
list-site-devices GET /v2/site/${site}/devices?page=0&max=50&filterId=1001
list-devices GET /v2/account/devices?page=0&max=50&filterId=1001&hostname=FAB-LT12&deviceType=Workstation&operatingSystem=Windows+11&siteName=Fabrikam
get-device GET /v2/device/${device}
get-device-by-mac GET /v2/device/macAddress/02005E100130
get-device-audit GET /v2/audit/device/${device}
list-device-software GET /v2/audit/device/${device}/software?page=0&max=50
get-esxi-audit GET /v2/audit/esxihost/000000d0-0000-4000-8000-000000000321
get-printer-audit GET /v2/audit/printer/000000d0-0000-4000-8000-000000000320
move-device PUT /v2/device/${device}/site/000000c0-0000-4000-8000-000000000003
set-device-udf POST /v2/device/${device}/udf {"udf1":"Rack 2","udf2":"Rack 2","udf3":"Rack 2","udf4":"Rack 2","udf5":"Rack 2","udf6":"Rack 2","udf7":"Rack 2","udf8":"Rack 2","udf9":"Rack 2","udf10":"Rack 2","udf11":"Rack 2","udf12":"Rack 2","udf13":"Rack 2","udf14":"Rack 2","udf15":"Rack 2","udf16":"Rack 2","udf17":"Rack 2","udf18":"Rack 2","udf19":"Rack 2","udf20":"Rack 2","udf21":"Rack 2","udf22":"Rack 2","udf23":"Rack 2","udf24":"Rack 2","udf25":"Rack 2","udf26":"Rack 2","udf27":"Rack 2","udf28":"Rack 2","udf29":"Rack 2","udf30":"Rack 2"}
set-device-warranty POST /v2/device/${device}/warranty {"warrantyDate":"2028-06-30"}
list-components GET /v2/account/components?page=0&max=50
run-quick-job PUT /v2/device/${device}/quickjob {"jobName":"Clear temporary files on FAB-LT12","jobComponent":{"componentUid":"000000f2-0000-4000-8000-000000000001","variables":[{"name":"olderThanDays","value":"30"}]}}
get-job GET /v2/job/${job}
get-job-results GET /v2/job/${job}/results/${device}
get-job-stdout GET /v2/job/${job}/results/${device}/stdout
get-job-stderr GET /v2/job/${job}/results/${device}/stderr
list-open-alerts GET /v2/account/alerts/open?page=0&max=50&muted=false
list-resolved-alerts GET /v2/account/alerts/resolved?page=0&max=50&muted=false
list-site-open-alerts GET /v2/site/${site}/alerts/open?page=0&max=50&muted=false
list-device-open-alerts GET /v2/device/000000d0-0000-4000-8000-000000000300/alerts/open?page=0&max=50&muted=false
get-alert GET /v2/alert/${alert}
resolve-alert POST /v2/alert/${alert}/resolve
list-users GET /v2/account/users?page=0&max=50
list-account-variables GET /v2/account/variables?page=0&max=50
create-account-variable PUT /v2/account/variable {"name":"backupFolder","value":"D:\\\\Backup","masked":false}
delete-account-variable DELETE /v2/account/variable/4101
list-site-variables GET /v2/site/${site}/variables?page=0&max=50
create-site-variable PUT /v2/site/${site}/variable {"name":"backupFolder","value":"D:\\\\Backup","masked":false}
delete-site-variable DELETE /v2/site/${site}/variable/4201
list-default-filters GET /v2/filter/default-filters?page=0&max=50
list-custom-filters GET /v2/filter/custom-filters?page=0&max=50
list-activity-logs GET /v2/activity-logs?size=50&order=desc&from=2026-11-22T00%3A00%3A00Z&until=2026-11-23T08%3A00%3A00Z&entities=device&categories=job&actions=deployment&siteIds=2%2C3&userIds=11%2C12&searchAfter=1795417200000%2Clog-5103&page=next
get-request-rate GET /v2/system/request_rate`;

describeRequests(app, values, documented);

const toolNamed = (name: string) => toolOf(app, name);

describe('the requests of Datto RMM', () => {
  it('clear a warranty with null and a user-defined field with an empty text', () => {
    const bodyOf = (name: string, args: Record<string, unknown>) => {
      expect(checkArguments(toolNamed(name).input, args)).toBeUndefined();
      return buildRequest(app, toolNamed(name), args, values).body;
    };
    expect(bodyOf('set-device-warranty', { deviceUid: device, warrantyDate: null })).toBe(
      '{"warrantyDate":null}',
    );
    expect(bodyOf('set-device-udf', { deviceUid: device, udf7: '' })).toBe('{"udf7":""}');
  });

  it('run a component without variables when it takes none', () => {
    const args = { deviceUid: device, jobName: 'Spooler', componentUid: 'c-1' };
    expect(JSON.parse(buildRequest(app, toolNamed('run-quick-job'), args, values).body ?? '')).toEqual({
      jobName: 'Spooler',
      jobComponent: { componentUid: 'c-1' },
    });
  });

  it.each([
    ['get-device-by-mac', { macAddress: '02:00:5E:10:01:30' }],
    ['get-device', { deviceUid: '../account' }],
    ['list-devices', { max: 251 }],
    ['list-devices', { page: -1 }],
    ['set-device-udf', { deviceUid: device }],
    ['set-device-warranty', { deviceUid: device, warrantyDate: '30.06.2028' }],
    ['list-activity-logs', { from: '2026-11-22' }],
  ])('%s refuses %j', (name, args) => {
    expect(checkArguments(toolNamed(name).input, args)).toBeDefined();
  });
});

describe('the policies of Datto RMM', () => {
  it('ask before what can hold a secret', () => {
    const ruled = app.tools.filter((tool) => tool.policy !== undefined);
    expect(ruled.map((tool) => `${tool.name} ${tool.policy}`)).toEqual([
      'create-site approval_needed',
      'update-site approval_needed',
      'get-job-stdout approval_needed',
      'get-job-stderr approval_needed',
      'list-account-variables approval_needed',
      'list-site-variables approval_needed',
    ]);
  });

  it('ask before everything that changes something', () => {
    const asks = app.tools.filter(
      ({ name, description, input, access, policy, reason }) =>
        classify({ name, description, inputSchema: input, vendor: { access, policy, reason } }).policy ===
        'approval_needed',
    );
    expect(asks.filter((tool) => tool.policy === undefined).map((tool) => tool.name)).toEqual([
      'move-device',
      'set-device-udf',
      'set-device-warranty',
      'run-quick-job',
      'resolve-alert',
      'create-account-variable',
      'delete-account-variable',
      'create-site-variable',
      'delete-site-variable',
    ]);
    expect(app.tools.filter((tool) => tool.access === 'destructive').map((tool) => tool.name)).toEqual([
      'run-quick-job',
      'delete-account-variable',
      'delete-site-variable',
    ]);
  });

  it('mask the password of a proxy and the values of variables', () => {
    const masked = app.tools.filter((tool) => tool.reveals.length > 0);
    expect(masked.map((tool) => `${tool.name} ${tool.reveals.join()}`)).toEqual([
      'list-sites password',
      'get-site password',
      'create-site password',
      'update-site password',
      'list-account-variables value',
      'list-site-variables value',
    ]);
    expect(
      maskReveals(toolNamed('list-sites'), {
        sites: [{ name: 'Fabrikam GmbH', proxySettings: { username: 'datto', password: 'x' } }],
      }),
    ).toEqual({
      sites: [{ name: 'Fabrikam GmbH', proxySettings: { username: 'datto', password: '[masked]' } }],
    });
    expect(
      maskReveals(toolNamed('list-site-variables'), { variables: [{ id: 1, name: 'key', value: 'x' }] }),
    ).toEqual({ variables: [{ id: 1, name: 'key', value: '[masked]' }] });
  });

  it('keep the value of a variable off the card', () => {
    const args = { siteUid: site, name: 'backupFolder', value: 'hidden' };
    expect(approvalSentence(toolNamed('create-site-variable'), args)).toBe(
      `Create the variable backupFolder at site ${site}`,
    );
  });
});

describe('the sign-in of Datto RMM', () => {
  const typed = {
    platform: 'https://merlot-api.centrastage.net',
    apiKey: 'SAMPLEAPIKEY00000000000000000000',
    apiSecretKey: 'SAMPLEAPISECRETKEY00000000000000',
  };

  it('asks for a token with the public client and the two keys', () => {
    const { open, secret } = checkForm(app, typed);
    expect(open).toEqual(values);
    expect(tokenRequest(app, { ...open, ...secret })).toEqual({
      method: 'POST',
      url: 'https://merlot-api.centrastage.net/auth/oauth/token',
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/x-www-form-urlencoded',
        Authorization: 'Basic cHVibGljLWNsaWVudDpwdWJsaWM=',
      },
      body: 'grant_type=password&username=SAMPLEAPIKEY00000000000000000000&password=SAMPLEAPISECRETKEY00000000000000',
    });
    expect(buildTestRequest(app, open)).toEqual({
      method: 'GET',
      url: `${root}/v2/account`,
      headers: { Accept: 'application/json' },
    });
  });

  it('offers the six platforms and no own address', () => {
    const platform = app.auth.fields.find((field) => field.name === 'platform');
    expect(platform?.allowCustomChoice).toBe(false);
    expect(platform?.choices?.map((choice) => choice.value)).toEqual([
      'https://pinotage-api.centrastage.net',
      'https://merlot-api.centrastage.net',
      'https://concord-api.centrastage.net',
      'https://vidal-api.centrastage.net',
      'https://zinfandel-api.centrastage.net',
      'https://syrah-api.centrastage.net',
    ]);
  });

  it.each([{ apiKey: 'too-short' }, { apiSecretKey: 'sampleapisecretkey00000000000000' }])(
    'refuses %j',
    (change) => {
      const wrong = Object.fromEntries([...Object.entries(typed), ...Object.entries(change)]);
      expect(() => checkForm(app, wrong)).toThrow('32 capital letters and digits');
    },
  );

  it('reads the words of a failed answer', () => {
    const said = '{"timestamp":"x","status":404,"error":"Not Found","message":"Site not found","path":"/"}';
    expect(readVendorError(app, 404, 'application/json', said)).toContain('Site not found');
    expect(readVendorError(app, 401, 'application/json', '{"error":"invalid_token"}')).toContain(
      'invalid_token',
    );
  });
});
