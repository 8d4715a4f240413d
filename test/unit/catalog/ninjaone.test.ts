/** The requests of NinjaOne against the documented ones, written by hand from the vendor's facts. */
import { describe, expect, it } from 'vitest';
import { checkArguments } from '../../../src/main/catalog/check-arguments';
import { checkForm } from '../../../src/main/catalog/connect-form';
import { buildRequest, buildTestRequest, fill } from '../../../src/main/catalog/request-template';
import { approvalSentence, readVendorError } from '../../../src/main/catalog/vendor-answer';
import { classify } from '../../../src/main/policies/classify';
import { appOf, describeRequests, toolOf } from '../../fakes/catalog-table';

const app = appOf('ninjaone');
const values = {
  serverUrl: 'https://eu.ninjarmm.com',
  clientId: 'sample-client-id-0001',
  scopes: 'monitoring management control',
};
const root = 'https://eu.ninjarmm.com';
const device = '/v2/device/304';
const ticketFields = '"clientId":2,"ticketFormId":1,"subject":"VPN drops every hour","status":"1000"';
const ticketRest = '"type":"INCIDENT","severity":"MAJOR","priority":"HIGH","nodeId":300,"locationId":2';
const ticketEnd =
  '"assignedAppUserId":11,"cc":{"emails":["mia.brandt@fabrikam.example"]},"tags":["vpn"],"attributes":[{"attributeId":21,"value":"Munich"}]';
const requester = '"requesterUid":"000000e0-0000-4000-8000-000000000102"';

/** Tool, method, path with query, body. */
const documented = `list-organizations GET /v2/organizations?pageSize=50&after=2&of=status+%3D+APPROVED
get-organization GET /v2/organization/2
create-organization POST /v2/organizations?templateOrganizationId=2 {"name":"Wingtip Studios","description":"Design studio, 12 seats","nodeApprovalMode":"MANUAL","locations":[{"name":"Main office","address":"Kouter 30, 9000 Ghent"}],"policies":[{"nodeRoleId":1,"policyId":61}]}
update-organization PATCH /v2/organization/2 {"name":"Fabrikam GmbH","description":"Design studio, 12 seats","nodeApprovalMode":"MANUAL"}
list-organization-devices GET /v2/organization/2/devices?pageSize=50&after=303
list-organization-locations GET /v2/organization/2/locations
create-location POST /v2/organization/2/locations {"name":"Warehouse","address":"Lindenweg 6, 80331 Munich","description":"Design studio, 12 seats"}
list-devices GET /v2/devices?df=org+%3D+2&pageSize=50&after=303
list-devices-detailed GET /v2/devices-detailed?df=org+%3D+2&pageSize=50&after=303
search-devices GET /v2/devices/search?q=FAB-LT12&limit=10
get-device GET ${device}
update-device PATCH ${device} {"displayName":"FAB-LT12 Lena Vogt","organizationId":2,"locationId":2,"policyId":61,"nodeRoleId":1,"userData":{"shelf":"B4"}}
approve-devices POST /v2/devices/approval/APPROVE {"devices":[307]}
list-device-activities GET ${device}/activities?olderThan=90010&newerThan=90001&activityType=CONDITION&status=TRIGGERED&pageSize=50
list-device-alerts GET /v2/device/301/alerts?lang=en&tz=Europe%2FBerlin
list-alerts GET /v2/alerts?sourceType=CONDITION_AGENT_DISK_FREE_SPACE&df=org+%3D+2
reset-alert POST /v2/alert/000000b0-0000-4000-8000-000000009002/reset {}
list-activities GET /v2/activities?class=DEVICE&before=2026-11-24&after=2026-11-20&olderThan=90010&newerThan=90001&type=CONDITION&status=TRIGGERED&user=akeller%40samplemsp.example&df=org+%3D+2&pageSize=50
list-jobs GET /v2/jobs?jobType=PATCH_MANAGEMENT&df=org+%3D+2
list-device-software GET ${device}/software
list-device-os-patches GET ${device}/os-patches?status=APPROVED&type=SECURITY_UPDATES&severity=CRITICAL
list-device-volumes GET ${device}/volumes?include=bl
list-device-windows-services GET ${device}/windows-services?name=Spooler&state=RUNNING
get-last-logged-on-user GET ${device}/last-logged-on-user
get-device-custom-fields GET ${device}/custom-fields?withInheritance=true
update-device-custom-fields PATCH ${device}/custom-fields {"assetTag":"FAB-0304"}
reboot-device POST ${device}/reboot/NORMAL {"reason":"Updates wait for a restart"}
list-scripts GET /v2/automation/scripts?lang=en
get-script-options GET ${device}/scripting/options
run-script POST ${device}/script/run {"type":"SCRIPT","id":71,"uid":"00000060-0000-4000-8000-000000000081","parameters":"-Days 30","runAs":"SYSTEM"}
control-windows-service POST ${device}/windows-service/Spooler/control {"action":"RESTART"}
set-maintenance PUT ${device}/maintenance {"disabledFeatures":["ALERTS","PATCHING"],"start":1795636800,"end":1795644000}
cancel-maintenance DELETE ${device}/maintenance
scan-os-patches POST ${device}/patch/os/scan
apply-os-patches POST ${device}/patch/os/apply
query-antivirus-status GET /v2/queries/antivirus-status?df=org+%3D+2&ts=2026-11-22&productState=ON&productName=Sample+Defender&cursor=sample-cursor-1&pageSize=50
query-device-health GET /v2/queries/device-health?df=org+%3D+2&health=UNHEALTHY&cursor=sample-cursor-1&pageSize=50
query-os-patches GET /v2/queries/os-patches?df=org+%3D+2&ts=2026-11-22&status=APPROVED&type=SECURITY_UPDATES&severity=CRITICAL&cursor=sample-cursor-1&pageSize=50
query-software GET /v2/queries/software?df=org+%3D+2&installedBefore=2026-11-24&installedAfter=2026-01-01&cursor=sample-cursor-1&pageSize=50
list-policies GET /v2/policies
list-users GET /v2/users?userType=TECHNICIAN
list-ticket-boards GET /v2/ticketing/trigger/boards
list-board-tickets POST /v2/ticketing/trigger/board/2/run {"sortBy":[{"field":"createTime","direction":"DESC"}],"filters":[{"field":"status","operator":"is","value":"1000"}],"pageSize":50,"searchCriteria":"VPN","includeColumns":["id","summary","status"],"lastCursorId":48237}
get-ticket GET /v2/ticketing/ticket/48213
create-ticket POST /v2/ticketing/ticket {${ticketFields},"description":{"public":true,"body":"Tunnel drops at 00 of every hour since Monday."},${ticketRest},${requester},${ticketEnd}}
update-ticket PUT /v2/ticketing/ticket/48213 {"version":1,${ticketFields},${requester},${ticketRest},${ticketEnd}}
list-ticket-statuses GET /v2/ticketing/statuses
list-organization-documents GET /v2/organization/2/documents
delete-end-user DELETE /v2/user/end-user/108`;

describeRequests(app, values, documented, root);

const toolNamed = (name: string) => toolOf(app, name);

describe('the requests of NinjaOne', () => {
  it('encode the name of a service as one segment', () => {
    const args = { id: 304, serviceId: 'MSSQL$A/../reboot', action: 'STOP' };
    expect(buildRequest(app, toolNamed('control-windows-service'), args, values).url).toBe(
      `${root}${device}/windows-service/MSSQL%24A%2F..%2Freboot/control`,
    );
  });

  it('refuse what NinjaOne does not know', () => {
    expect(checkArguments(toolNamed('reboot-device').input, { id: 304, mode: 'HARD' })).toContain('FORCED');
    expect(checkArguments(toolNamed('reset-alert').input, { uid: '9002' })).toContain('uid');
    expect(checkArguments(toolNamed('approve-devices').input, { mode: 'APPROVE', devices: [] })).toContain(
      'devices',
    );
    expect(
      checkArguments(toolNamed('update-device-custom-fields').input, { id: 304, fields: { 'a b': 1 } }),
    ).toContain('fields');
  });
});

describe('the policies of NinjaOne', () => {
  const policyOf = ({ name, description, input, access, policy, reason }: (typeof app.tools)[number]) =>
    classify({ name, description, inputSchema: input, vendor: { access, policy, reason } }).policy;

  it('come from a vendor rule where the name does not say enough', () => {
    expect(
      app.tools.filter((tool) => tool.policy !== undefined).map(({ name, policy }) => `${name} ${policy}`),
    ).toEqual([
      'get-device-custom-fields approval_needed',
      'reboot-device approval_needed',
      'control-windows-service approval_needed',
      'scan-os-patches approval_needed',
      'list-board-tickets auto',
      'list-organization-documents approval_needed',
    ]);
  });

  it('let 30 tools run, all of them reads, and ask for 19', () => {
    const auto = app.tools.filter((tool) => policyOf(tool) === 'auto');
    expect(auto).toHaveLength(30);
    expect(auto.filter((tool) => tool.access !== 'read')).toEqual([]);
    expect(app.tools.filter((tool) => policyOf(tool) === 'approval_needed')).toHaveLength(19);
  });

  it('mask nothing: what custom fields and documents are called is up to the MSP, so they ask instead', () => {
    expect(app.tools.flatMap((tool) => tool.reveals)).toEqual([]);
  });

  it('say on the card what will happen', () => {
    const args = { id: 304, mode: 'FORCED', reason: 'Hangs' };
    expect(approvalSentence(toolNamed('reboot-device'), args)).toBe('Reboot device 304 (FORCED): Hangs');
    expect(
      approvalSentence(toolNamed('control-windows-service'), {
        id: 304,
        serviceId: 'Spooler',
        action: 'STOP',
      }),
    ).toBe('STOP service Spooler on device 304');
  });
});

describe('the sign-in of NinjaOne', () => {
  const secret = { clientSecret: 'sample-not-a-real-client-secret' };

  it('asks the region for a code and a refresh token, with the secret when there is one', () => {
    const form = checkForm(app, { ...values, ...secret });
    expect(form).toEqual({ open: values, secret });
    if (app.auth.kind !== 'oauth2') throw new Error('NinjaOne signs in by OAuth.');
    expect(fill(app.auth.authorizeUrl, form.open)).toBe('https://eu.ninjarmm.com/ws/oauth/authorize');
    expect(fill(app.auth.tokenUrl, form.open)).toBe('https://eu.ninjarmm.com/ws/oauth/token');
    expect(fill(app.auth.scope, form.open)).toBe('monitoring management control offline_access');
    expect(app.auth.redirect).toEqual({ host: 'localhost', port: 9090, path: '/callback' });
    expect(fill(app.auth.clientSecret ?? '', { ...form.open, ...form.secret })).toBe(secret.clientSecret);
    expect(fill(app.auth.clientSecret ?? '', checkForm(app, values).open)).toBe('');
    expect(buildTestRequest(app, form.open)).toEqual({
      method: 'GET',
      url: `${root}/v2/organizations?pageSize=1`,
      headers: {},
    });
  });

  it('offers the six regions, and an address of one’s own', () => {
    const region = app.auth.fields.find((field) => field.name === 'serverUrl');
    expect(region?.choices?.map((choice) => choice.value)).toEqual([
      'https://app.ninjarmm.com',
      'https://us2.ninjarmm.com',
      'https://eu.ninjarmm.com',
      'https://ca.ninjarmm.com',
      'https://oc.ninjarmm.com',
      'https://fed.ninjarmm.com',
    ]);
    const own = { ...values, serverUrl: 'rmm.samplemsp.example' };
    expect(checkForm(app, own).open.serverUrl).toBe('https://rmm.samplemsp.example');
  });

  it.each([
    { serverUrl: 'http://eu.ninjarmm.com' },
    { serverUrl: 'https://eu.ninjarmm.com/v2' },
    { clientId: 'short' },
    { clientSecret: 'has a space in the middle' },
    { scopes: 'everything' },
  ])('refuses %j', (change) => {
    const wrong = Object.fromEntries([
      ...Object.entries({ ...values, ...secret }),
      ...Object.entries(change),
    ]);
    expect(() => checkForm(app, wrong)).toThrow();
  });

  it.each([
    ['{"resultCode":"FAILURE","errorMessage":"Device not found","incidentId":"1"}', 'Device not found'],
    ['{"error":"invalid_scope","error_description":"Scope not allowed"}', 'Scope not allowed'],
    ['{"error":"invalid_client"}', 'invalid_client'],
  ])('reads the words of %s', (text, words) => {
    expect(readVendorError(app, 400, 'application/json', text)).toContain(words);
  });
});
