/** The requests of Autotask against the documented ones, written by hand from the vendor's facts. */
import { describe, expect, it } from 'vitest';
import { checkArguments } from '../../../src/main/catalog/check-arguments';
import { checkForm, credentialHeaders } from '../../../src/main/catalog/connect-form';
import { buildRequest, buildTestRequest } from '../../../src/main/catalog/request-template';
import { approvalSentence, readVendorError } from '../../../src/main/catalog/vendor-answer';
import { discover } from '../../../src/main/connections/discover';
import { classify } from '../../../src/main/policies/classify';
import { appOf, describeRequests, toolOf } from '../../fakes/catalog-table';

const app = appOf('autotask');
/** As `discover` finds it. */
const values = { apiUrl: 'https://webservices14.autotask.net/ATServicesRest', username: 'api@msp.example' };
const root = 'https://webservices14.autotask.net/ATServicesRest/V1.0';
const search = '{"MaxRecords":50,"IncludeFields":["id"],"Filter":[{"op":"gte","field":"id","value":0}]}';

/** Tool, method, path with query, body. */
const documented = `get-threshold-information GET /ThresholdInformation
query-tickets POST /Tickets/query ${search}
count-tickets POST /Tickets/query/count {"Filter":[{"op":"gte","field":"id","value":0}]}
get-ticket GET /Tickets/48213
create-ticket POST /Tickets {"companyID":2,"title":"Second monitor for reception","status":1,"priority":2,"queueID":2,"assignedResourceID":11,"assignedResourceRoleID":401,"dueDateTime":"2026-11-23T09:00:00Z","description":"Wanted by Friday.","contactID":102,"configurationItemID":300,"contractID":801,"issueType":10,"subIssueType":136,"source":4,"ticketType":1,"ticketCategory":3,"estimatedHours":1.5,"userDefinedFields":[{"name":"Tier","value":"Gold"}]}
update-ticket PATCH /Tickets {"id":48213,"title":"VPN drops every hour","status":1,"priority":2,"queueID":2,"assignedResourceID":11,"assignedResourceRoleID":401,"dueDateTime":"2026-11-23T09:00:00Z","description":"Since Monday, at 00 of every hour.","contactID":102,"configurationItemID":300,"contractID":801,"issueType":10,"subIssueType":136,"source":4,"ticketType":1,"ticketCategory":3,"estimatedHours":1.5,"resolution":"Raised the rekey interval.","userDefinedFields":[{"name":"Tier","value":"Gold"}]}
list-ticket-notes GET /Tickets/48213/Notes
query-ticket-notes POST /TicketNotes/query ${search}
add-ticket-note POST /Tickets/48213/Notes {"title":"Called the customer","description":"Asked when the tunnel dropped last.","noteType":1,"publish":2}
update-ticket-note PATCH /Tickets/48213/Notes {"id":501,"title":"Called the customer","description":"Asked when the tunnel dropped last."}
list-ticket-attachments GET /Tickets/48213/Attachments
delete-ticket-attachment DELETE /Tickets/48213/Attachments/571
get-ticket-fields GET /Tickets/entityInformation/fields
add-ticket-secondary-resource POST /Tickets/48213/SecondaryResources {"resourceID":11,"roleID":401}
list-ticket-charges GET /Tickets/48213/Charges
list-ticket-checklist GET /Tickets/48213/ChecklistItems
query-companies POST /Companies/query ${search}
get-company GET /Companies/2
create-company POST /Companies {"companyName":"Wingtip Toys","companyType":1,"phone":"+49 40 5550 110","ownerResourceID":11,"address1":"Hafenstrasse 7","city":"Hamburg","state":"HH","postalCode":"20359","countryID":84,"webAddress":"https://www.wingtip.example","isActive":true}
update-company PATCH /Companies {"id":2,"companyName":"Fabrikam GmbH","companyType":1,"phone":"+49 89 5550 102","ownerResourceID":11,"address1":"Lindenweg 4","city":"Munich","state":"BY","postalCode":"80331","countryID":84,"webAddress":"https://www.fabrikam.example","isActive":true}
query-contacts POST /Contacts/query ${search}
get-contact GET /Contacts/102
create-contact POST /Companies/2/Contacts {"firstName":"Jonas","lastName":"Weber","emailAddress":"jonas.weber@fabrikam.example","phone":"+49 89 5550 113","mobilePhone":"+49 89 5550 114","title":"Office manager","isActive":1,"companyLocationID":801}
update-contact PATCH /Companies/2/Contacts {"id":102,"firstName":"Lena","lastName":"Vogt","emailAddress":"lena.vogt@fabrikam.example","phone":"+49 89 5550 102","mobilePhone":"+49 89 5550 112","title":"Office manager","isActive":1,"companyLocationID":801}
query-resources POST /Resources/query ${search}
query-configuration-items POST /ConfigurationItems/query ${search}
get-configuration-item GET /ConfigurationItems/304
create-configuration-item POST /ConfigurationItems {"companyID":2,"productID":901,"isActive":true,"referenceTitle":"FAB-LT13","serialNumber":"SMP313X7","installDate":"2026-11-23T09:00:00Z","configurationItemType":2,"contactID":102,"location":"Second floor"}
query-time-entries POST /TimeEntries/query ${search}
create-time-entry POST /TimeEntries {"resourceID":11,"ticketID":48213,"taskID":851,"roleID":401,"dateWorked":"2026-11-23T09:00:00Z","hoursWorked":1.5,"startDateTime":"2026-11-23T09:00:00Z","endDateTime":"2026-11-23T10:30:00Z","summaryNotes":"Raised the rekey interval of the tunnel.","internalNotes":"Second time this week.","billingCodeID":1101,"isNonBillable":false,"showOnInvoice":true}
delete-time-entry DELETE /TimeEntries/702
query-contracts POST /Contracts/query ${search}
query-projects POST /Projects/query ${search}
query-tasks POST /Tasks/query ${search}
create-task POST /Projects/841/Tasks {"title":"Replace the switch","status":1,"taskType":1,"assignedResourceID":11,"assignedResourceRoleID":401,"startDateTime":"2026-11-23T09:00:00Z","endDateTime":"2026-11-23T10:30:00Z","estimatedHours":1.5,"description":"48 ports, rack 2."}
query-service-calls POST /ServiceCalls/query ${search}
create-service-call POST /ServiceCalls {"companyID":2,"startDateTime":"2026-11-23T09:00:00Z","endDateTime":"2026-11-23T10:30:00Z","status":1,"description":"Swap the firewall."}
delete-service-call DELETE /ServiceCalls/732
query-invoices POST /Invoices/query ${search}
query-opportunities POST /Opportunities/query ${search}
query-billing-codes POST /BillingCodes/query ${search}`;

describeRequests(app, values, documented);

const toolNamed = (name: string) => toolOf(app, name);

describe('the requests of Autotask', () => {
  it('send only what was given, so that an update leaves the rest alone', () => {
    const { body } = buildRequest(app, toolNamed('update-ticket'), { id: 48213, status: 4 }, values);
    expect(JSON.parse(body ?? '')).toEqual({ id: 48213, status: 4 });
  });

  it('take groups of conditions, and no operator that Autotask does not know', () => {
    const { input } = toolNamed('query-tickets');
    const either = {
      op: 'or',
      items: [
        { op: 'in', field: 'status', value: [1, 2] },
        { op: 'notExist', field: 'Tier', udf: true },
      ],
    };
    expect(checkArguments(input, { filter: [either] })).toBeUndefined();
    expect(checkArguments(input, { filter: [{ op: 'like', field: 'title', value: 'VPN' }] })).toContain('op');
    expect(checkArguments(input, { filter: [] })).toContain('filter');
    expect(checkArguments(input, {})).toContain('filter is required');
  });

  it('refuse a change that changes nothing', () => {
    expect(checkArguments(toolNamed('update-ticket').input, { id: 48213 })).toBeDefined();
    expect(checkArguments(toolNamed('update-company').input, { id: 2 })).toBeDefined();
    expect(checkArguments(toolNamed('update-ticket-note').input, { parentId: 48213, id: 501 })).toBeDefined();
    expect(checkArguments(toolNamed('update-contact').input, { parentId: 2, id: 102 })).toBeDefined();
  });
});

describe('the policies of Autotask', () => {
  it('let every search through, because its POST changes nothing', () => {
    const ruled = app.tools.filter((tool) => tool.policy !== undefined);
    expect(ruled.map((tool) => `${tool.name} ${tool.policy}`)).toEqual([
      'query-tickets auto',
      'count-tickets auto',
      'query-ticket-notes auto',
      'query-companies auto',
      'query-contacts auto',
      'query-resources auto',
      'query-configuration-items auto',
      'query-time-entries auto',
      'query-contracts auto',
      'query-projects auto',
      'query-tasks auto',
      'query-service-calls auto',
      'query-invoices auto',
      'query-opportunities auto',
      'query-billing-codes auto',
    ]);
    for (const tool of ruled) expect(tool.request.path).toMatch(/\/query(\/count)?$/);
  });

  it('mask nothing, because no answer holds a secret', () => {
    expect(app.tools.flatMap((tool) => tool.reveals)).toEqual([]);
  });

  it('ask for everything that changes something', () => {
    const asks = app.tools.filter(
      ({ name, description, input, access, policy, reason }) =>
        classify({ name, description, inputSchema: input, vendor: { access, policy, reason } }).policy ===
        'approval_needed',
    );
    expect(asks.map((tool) => tool.name)).toEqual([
      'create-ticket',
      'update-ticket',
      'add-ticket-note',
      'update-ticket-note',
      'delete-ticket-attachment',
      'add-ticket-secondary-resource',
      'create-company',
      'update-company',
      'create-contact',
      'update-contact',
      'create-configuration-item',
      'create-time-entry',
      'delete-time-entry',
      'create-task',
      'create-service-call',
      'delete-service-call',
    ]);
    expect(app.tools.filter((tool) => tool.access === 'destructive').map((tool) => tool.name)).toEqual([
      'delete-ticket-attachment',
      'delete-time-entry',
      'delete-service-call',
    ]);
  });

  it('say on the card what would be written', () => {
    expect(
      approvalSentence(toolNamed('add-ticket-note'), { parentId: 48213, description: 'Rekey raised.' }),
    ).toBe('Add a note to ticket 48213: Rekey raised.');
    expect(approvalSentence(toolNamed('delete-time-entry'), { id: 702 })).toBe('Delete time entry 702');
  });
});

describe('the sign-in of Autotask', () => {
  const typed = {
    zoneUrl: 'https://webservices.autotask.net',
    username: 'api@msp.example',
    secret: 'SAMPLEsecret0001',
    apiIntegrationCode: 'SAMPLEtrackingIDENTIFIER',
  };

  it('puts the three credentials on every request as headers', () => {
    const { open, secret } = checkForm(app, typed);
    expect(open).toEqual({ zoneUrl: 'https://webservices.autotask.net', username: 'api@msp.example' });
    if (app.auth.kind !== 'credentials') throw new Error('Autotask signs in by credentials.');
    expect(credentialHeaders(app.auth, { ...open, ...secret })).toEqual({
      ApiIntegrationCode: 'SAMPLEtrackingIDENTIFIER',
      UserName: 'api@msp.example',
      Secret: 'SAMPLEsecret0001',
    });
    expect(buildTestRequest(app, values)).toEqual({
      method: 'GET',
      url: `${root}/ThresholdInformation`,
      headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
    });
  });

  it.each([{ username: 'no address' }, { username: 'a:b@msp.example' }, { secret: 'with space in it' }])(
    'refuses %j',
    (change) => {
      const wrong = Object.fromEntries([...Object.entries(typed), ...Object.entries(change)]);
      expect(() => checkForm(app, wrong)).toThrow();
    },
  );

  const answering = (url: string) => {
    const asked: string[] = [];
    const send = async (_key: string, request: { method: string; url: string; headers: object }) => {
      asked.push(`${request.method} ${request.url} ${Object.keys(request.headers).join()}`);
      return { status: 200, headers: {}, text: JSON.stringify({ zoneName: 'x', url, ci: 1 }), tookMs: 1 };
    };
    return { asked, found: () => discover({ send }, app, checkForm(app, typed).open) };
  };

  it('asks for the zone without credentials', async () => {
    const { asked, found: zone } = answering('https://webservices14.autotask.net/ATServicesRest/');
    expect(await zone()).toEqual({ apiUrl: 'https://webservices14.autotask.net/ATServicesRest' });
    expect(asked).toEqual([
      'GET https://webservices.autotask.net/atservicesrest/v1.0/zoneInformation?user=api%40msp.example Accept',
    ]);
  });

  it.each(['https://autotask.net.example/', 'http://webservices1.autotask.net/', 'nothing'])(
    'sends nothing to %s',
    async (url) => {
      await expect(answering(url).found()).rejects.toThrow('did not say where this account lives');
    },
  );

  it('reads the words of a failed answer', () => {
    expect(
      readVendorError(app, 500, 'application/json', '{"errors":["Invalid status.","No queue."]}'),
    ).toContain('Invalid status. – No queue.');
  });
});
