/** The requests of ConnectWise RMM against the documented ones, written by hand from the vendor's facts. */
import { describe, expect, it } from 'vitest';
import { checkArguments } from '../../../src/main/catalog/check-arguments';
import { checkForm } from '../../../src/main/catalog/connect-form';
import { buildRequest, buildTestRequest } from '../../../src/main/catalog/request-template';
import { approvalSentence, maskReveals, readVendorError } from '../../../src/main/catalog/vendor-answer';
import { tokenRequest } from '../../../src/main/connections/token-request';
import { classify } from '../../../src/main/policies/classify';
import { appOf, describeRequests, toolOf } from '../../fakes/catalog-table';

const app = appOf('connectwise-rmm');
const values = {
  region: 'https://openapi.service.euplatform.connectwise.com',
  clientId: '0e31-sample-client-id',
  scope: 'platform.devices.read platform.tickets.read',
};
const secret = { clientSecret: 'sample-not-a-real-client-secret' };

const fabrikam = '000000c0-0000-4000-8000-000000000002';
const laptop = '000000d0-0000-4000-8000-000000000304';
const ticket = '000000f0-0000-4000-8000-000000048213';
const keller = '000000a0-0000-4000-8000-000000000011';
const adatum = '000000c0-0000-4000-8000-000000000005';
const id = (kind: string, last: number) => `000000${kind}-0000-4000-8000-00000000000${last}`;

const v1 = '/api/platform/v1';
const v2 = '/api/platform/v2';
const device = `${v2}/device/companies/${fabrikam}/sites/${fabrikam}/endpoints/${laptop}`;
const endpoint = `${v2}/device/endpoints/${laptop}`;
const resources = `{"resourceType":"company","resources":["${fabrikam}"]}`;
const created = 'createdAtFrom=2026-11-01T00:00:00Z&createdAtTo=2026-11-30T23:59:59Z';
const updated = 'updatedAtFrom=2026-11-01T00:00:00Z&updatedAtTo=2026-11-30T23:59:59Z';

describeRequests(
  app,
  values,
  String.raw`get-rate-limits GET /v1/rate_limits
list-companies GET ${v1}/company/companies
get-company GET ${v1}/company/companies/${fabrikam}
create-company POST ${v1}/company/companies {"name":"Wingtip Studios","friendlyName":"Wingtip","description":"Design studio, 12 seats","primarySite":{"name":"Main office","timeZone":"(UTC+01:00) Brussels, Copenhagen, Madrid, Paris","primaryAddress":{"countryCode":"BE","addressLine1":"Kouter 30","locality":"Ghent","postCode":"9000"}}}
list-company-sites GET ${v1}/company/companies/${fabrikam}/sites
create-company-site POST ${v1}/company/companies/${fabrikam}/sites {"name":"Warehouse","timeZone":"(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna","friendlyName":"WH","description":"Two switches, one printer","primaryAddress":{"countryCode":"DE","addressLine1":"Lindenweg 6","locality":"Munich","postCode":"80331"},"primaryEmail":{"emailAddress":"warehouse@fabrikam.example"},"primaryPhoneNumber":{"countryCode":"DE","nationalNumber":"895550102"}}
list-sites GET ${v1}/company/sites
list-endpoints POST ${v2}/device/categories/platform/endpoints?limit=100&cursor=0&sortBy=createdAt&field=platform.os,platform.system&filter=endpointType in (Desktop,Server) ${resources}
get-endpoint GET ${device}?field=platform.os,platform.system
list-endpoint-services GET ${device}/services?serviceName=Spooler&field=serviceName,serviceStatus
list-endpoint-applications POST ${v2}/device/endpoints/applications?limit=100&cursor=0&field=applications.name,applications.version&name=Sample Defender&version=4.18.1 ${resources}
get-system-state GET ${endpoint}/system-state-info
get-heartbeat GET ${v2}/device/endpoints/heartbeat?resourceType=endpoints&resources=${laptop}
get-cpu-usage GET ${endpoint}/cpu-usage?minute=5
get-memory-usage GET ${endpoint}/memory-usage?minute=5
get-disk-usage GET ${endpoint}/disk-usage
list-endpoint-patches GET ${v2}/patching/${laptop}/patches
uninstall-agents DELETE ${v2}/device/endpoints/uninstall {"reason":"Maintenance (plan to re-install)","feedback":"Device was retired","endpoints":[{"endpointId":"000000d0-0000-4000-8000-000000000305","siteId":"${adatum}","clientId":"${adatum}","uninstallType":["RMM"]}]}
create-agent-token POST ${v1}/device/token {"clientID":"${fabrikam}","siteID":"${fabrikam}"}
list-device-groups GET ${v1}/device-groups
list-device-group-endpoints GET ${v2}/device-groups/${id('d1', 1)}/endpoints
list-scripts GET ${v1}/automation/scripts
list-tasks GET ${v1}/automation/tasks
schedule-task POST ${v2}/automation/endpoints/schedule-tasks {"templateID":"00000060-0000-4000-8000-000000000081","templateType":"script","name":"Clean up FAB-LT12","description":"Ticket 48213","resourcesType":"Desktop","parameters":"{\"days\":30}","targets":["${laptop}"],"targetType":"MANAGED_ENDPOINT","schedule":{"regularity":"OneTime","startDate":"2026-11-24T20:00:00Z","timeZone":"Europe/Berlin"}}
list-endpoint-tasks GET ${v2}/automation/endpoints/${laptop}/tasks/summary
get-task-result GET ${v2}/automation/tasks/${id('61', 1)}/instances/${id('62', 1)}/results
list-tickets GET ${v2}/service/ticketing/tickets?number=48213&summary=VPN&companyIds=${fabrikam}&siteIds=${fabrikam}&statusIds=${id('51', 1)}&statusNames=New&priorityIds=${id('52', 1)}&assigneeIds=${keller}&tagNames=vpn&${created}&${updated}&sortBy=number&sortDir=desc&pageNum=1&pageSize=25
get-ticket GET ${v2}/service/ticketing/tickets/${ticket}
create-ticket POST ${v2}/service/ticketing/tickets {"summary":"VPN drops every hour","description":"Tunnel drops at 00 of every hour since Monday.","serviceBoard":{"id":"${id('53', 2)}"},"source":{"id":"${id('54', 1)}"},"company":{"id":"${fabrikam}"},"site":{"id":"${fabrikam}"},"priority":{"id":"${id('52', 1)}"},"status":{"id":"${id('51', 1)}"},"type":{"id":"${id('55', 1)}"},"category":{"id":"${id('56', 1)}"},"assignee":{"id":"${keller}"},"assets":[{"id":"000000d0-0000-4000-8000-000000000300"}],"dueDate":"11/30/2026"}
update-ticket PATCH ${v2}/service/ticketing/tickets/${ticket} [{"op":"replace","path":"/status","value":{"id":"${id('51', 2)}"}}]
list-ticket-notes GET ${v1}/service/ticketing/tickets/${ticket}/notes?visibility=2&createdBy=${keller}&${created}
add-ticket-note POST ${v1}/service/ticketing/tickets/${ticket}/notes {"detail":"Rekey interval of the firewall is 3600 s.","visibility":2}
list-service-boards GET ${v1}/service/ticketing/service-boards?companyId=${fabrikam}&siteId=${fabrikam}&typeId=${id('55', 1)}
list-statuses GET ${v1}/service/ticketing/statuses
list-suspensions GET ${v2}/alerting/suspensions
get-endpoint-custom-fields GET ${endpoint}/custom-fields?attributeIDs=${id('57', 1)}&withDefaults=true
set-endpoint-custom-fields PUT ${endpoint}/custom-fields [{"attributeId":"${id('57', 1)}","value":"FAB-0304","type":"string"}]`,
);

describe('the tools of ConnectWise RMM', () => {
  it('are 37', () => {
    expect(app.tools).toHaveLength(37);
  });

  it('leave out the references that a new ticket does not have', () => {
    const args = { summary: 'A', description: 'B', serviceBoardId: id('53', 2), sourceId: id('54', 1) };
    expect(buildRequest(app, toolOf(app, 'create-ticket'), args, values).body).toBe(
      `{"summary":"A","description":"B","serviceBoard":{"id":"${id('53', 2)}"},"source":{"id":"${id('54', 1)}"}}`,
    );
  });

  it('refuse what the vendor does not take', () => {
    const tickets = toolOf(app, 'list-tickets').input;
    expect(checkArguments(tickets, { pageNum: 1, pageSize: 25 })).toBeUndefined();
    expect(checkArguments(tickets, { pageSize: 25 })).toBeDefined();
    expect(checkArguments(tickets, { companyIds: '2' })).toContain('companyIds');
    const patch = (op: string) => ({ id: ticket, operations: [{ op, path: '/summary', value: 'A' }] });
    expect(checkArguments(toolOf(app, 'update-ticket').input, patch('replace'))).toBeUndefined();
    expect(checkArguments(toolOf(app, 'update-ticket').input, patch('remove'))).toContain('op');
    const note = { id: ticket, detail: 'A', visibility: 3 };
    expect(checkArguments(toolOf(app, 'add-ticket-note').input, note)).toContain('visibility');
  });
});

describe('the policies of ConnectWise RMM', () => {
  const policyOf = ({ name, description, input, access, policy, reason }: (typeof app.tools)[number]) =>
    classify({ name, description, inputSchema: input, vendor: { access, policy, reason } }).policy;

  it('come from a vendor rule where the name does not say enough', () => {
    expect(
      app.tools.filter((tool) => tool.policy !== undefined).map(({ name, policy }) => `${name} ${policy}`),
    ).toEqual([
      'list-endpoints auto',
      'list-endpoint-applications auto',
      'create-agent-token approval_needed',
      'schedule-task approval_needed',
      'get-task-result approval_needed',
      'get-endpoint-custom-fields approval_needed',
    ]);
  });

  it('let 26 tools run, all of them reads, and ask for 11', () => {
    const auto = app.tools.filter((tool) => policyOf(tool) === 'auto');
    expect(auto).toHaveLength(26);
    expect(auto.filter((tool) => tool.access !== 'read')).toEqual([]);
    expect(app.tools.filter((tool) => policyOf(tool) === 'approval_needed')).toHaveLength(11);
  });

  it('mask the licence key of Windows', () => {
    expect(app.tools.filter((tool) => tool.reveals.length > 0).map((tool) => tool.name)).toEqual([
      'list-endpoints',
      'get-endpoint',
    ]);
    const os = { product: 'Windows 11 Pro', productKey: 'sample-not-a-real-licence-key' };
    expect(maskReveals(toolOf(app, 'get-endpoint'), { platform: { os } })).toEqual({
      platform: { os: { product: 'Windows 11 Pro', productKey: '[masked]' } },
    });
  });

  it('say on the card who will see a note, and which device loses its agents', () => {
    const note = { id: ticket, detail: 'Done.', visibility: 1 };
    expect(approvalSentence(toolOf(app, 'add-ticket-note'), note)).toBe(
      `Add a note to ticket ${ticket} (visibility 1): Done.`,
    );
    const gone = {
      endpointId: laptop,
      companyId: fabrikam,
      siteId: fabrikam,
      uninstallType: ['RMM'],
      reason: 'Old',
    };
    expect(approvalSentence(toolOf(app, 'uninstall-agents'), gone)).toBe(
      `Uninstall agents ["RMM"] from device ${laptop} for good: Old`,
    );
  });
});

describe('the sign-in of ConnectWise RMM', () => {
  it('is the documented token request in JSON', () => {
    const { open, secret: kept } = checkForm(app, { ...values, ...secret });
    expect(open).toEqual(values);
    expect(kept).toEqual(secret);
    const request = tokenRequest(app, { ...open, ...kept });
    expect(`${request.method} ${request.url}`).toBe(
      'POST https://openapi.service.euplatform.connectwise.com/v1/token',
    );
    expect(request.headers).toMatchObject({ 'Content-Type': 'application/json' });
    expect(JSON.parse(request.body ?? '')).toEqual({
      grant_type: 'client_credentials',
      client_id: '0e31-sample-client-id',
      client_secret: 'sample-not-a-real-client-secret',
      scope: 'platform.devices.read platform.tickets.read',
    });
    expect(buildTestRequest(app, open).url).toBe(
      'https://openapi.service.euplatform.connectwise.com/v1/rate_limits',
    );
  });

  it('offers the three regions and scopes that pass their own check', () => {
    const region = app.auth.fields.find((field) => field.name === 'region');
    expect(region?.choices?.map((choice) => choice.value)).toEqual([
      'https://openapi.service.itsupport247.net',
      'https://openapi.service.euplatform.connectwise.com',
      'https://openapi.service.auplatform.connectwise.com',
    ]);
    const scope = app.auth.fields.find((field) => field.name === 'scope')?.default ?? '';
    expect(scope.split(' ')).toHaveLength(18);
    expect(checkForm(app, { ...values, ...secret, scope }).open.scope).toBe(scope);
  });

  it.each([
    { region: 'https://api.samplemsp.example' },
    { region: 'http://openapi.service.itsupport247.net' },
    { clientId: 'has space' },
    { clientSecret: 'short' },
    { scope: 'platform.devices.read,platform.tickets.read' },
  ])('refuses %j', (change) => {
    const wrong = Object.fromEntries([
      ...Object.entries({ ...values, ...secret }),
      ...Object.entries(change),
    ]);
    expect(() => checkForm(app, wrong)).toThrow();
  });

  it.each([
    ['{"message":"Task not found","code":"404"}', 'Task not found'],
    ['{"error":"invalid_scope","description":"Scope not granted"}', 'Scope not granted'],
    ['{"id":"1","error":{"message":"No such group"},"type":"x"}', 'No such group'],
    ['{"errors":[{"message":"summary is required"}]}', 'summary is required'],
  ])('reads the words of %s', (text, words) => {
    expect(readVendorError(app, 400, 'application/json', text)).toContain(words);
  });
});
