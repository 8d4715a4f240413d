/** The requests of HaloPSA against the documented ones, written by hand from the vendor's facts. */
import { describe, expect, it } from 'vitest';
import { checkArguments } from '../../../src/main/catalog/check-arguments';
import { checkForm } from '../../../src/main/catalog/connect-form';
import { buildRequest, buildTestRequest, fill } from '../../../src/main/catalog/request-template';
import { approvalSentence, readVendorError } from '../../../src/main/catalog/vendor-answer';
import { classify } from '../../../src/main/policies/classify';
import { appOf, describeRequests, toolOf } from '../../fakes/catalog-table';

const app = appOf('halopsa');
const values = {
  resourceUrl: 'https://samplemsp.halopsa.com',
  tenant: 'samplemsp',
  clientId: '00000000-5a3b-4000-8000-000000000000',
  scope: 'all',
};
const root = 'https://samplemsp.halopsa.com/api';

const page = 'pageinate=true&page_no=1&page_size=50';
const list = `order=id&orderdesc=true&count=50&${page}`;
const dates = 'startdate=2026-11-01T00%3A00%3A00Z&enddate=2026-11-30T23%3A59%3A59Z';
const span = 'start_date=2026-11-01T00%3A00%3A00Z&end_date=2026-11-30T23%3A59%3A59Z';
const ticketFilters = `client_id=2&site_id=2&user_id=102&agent_id=11&status_id=1&team=2&requesttype_id=1&priority=1&open_only=true&closed_only=false&datesearch=dateoccured&${dates}&asset_id=300&mine=true&${list}`;
const ticketFields =
  '"summary":"VPN drops every hour","details":"Tunnel drops at 00 of every hour since Monday.","details_html":"<p>Tunnel drops at 00 of every hour since Monday.</p>","tickettype_id":1,"client_id":2,"site_id":2,"user_id":102,"agent_id":11,"team":"Network","status_id":1,"priority_id":1,"sla_id":1,"category_1":"Network>VPN","impact":2,"urgency":2,"customfields":[{"name":"CFSite","value":"Munich"}],"assets":[{"id":300}],"parent_id":48214';

/** Tool, method, path with query, body. */
const documented = `get-current-agent GET /Agent/me
list-tickets GET /Tickets?search=VPN&${ticketFilters}
get-ticket GET /Tickets/48213?includedetails=true&includelastaction=true&includelinkedobjects=true
create-ticket POST /Tickets [{${ticketFields}}]
update-ticket POST /Tickets [{"id":48213,${ticketFields},"closure_note":"Rekey interval set to 28800 s.","dont_do_rules":false}]
delete-ticket DELETE /Tickets/48213?reason=Opened+twice
list-actions GET /Actions?ticket_id=48213&count=50&excludesys=true&conversationonly=false&agentonly=false&includeattachments=true
add-action POST /Actions [{"ticket_id":48213,"outcome":"Private Note","outcome_id":7,"note":"Rekey interval of the firewall is 3600 s.","note_html":"<p>Rekey interval of the firewall is 3600 s.</p>","hiddenfromuser":true,"timetaken":0.25,"sendemail":false,"emailto":"lena.vogt@fabrikam.example","emailcc":"mia.brandt@fabrikam.example","emailsubject":"Your VPN","new_status":2,"new_agent":12,"new_team":"Network","actisbillable":true,"important":false}]
delete-action DELETE /Actions/502?ticket_id=48213
list-clients GET /Client?search=Fabrikam&toplevel_id=1&includeactive=true&includeinactive=false&${list}
get-client GET /Client/2?includedetails=true
save-client POST /Client [{"id":2,"name":"Fabrikam GmbH","toplevel_id":1,"website":"https://www.fabrikam.example","notes":"Calls only before noon.","inactive":false,"newclient_sitename":"Munich","customfields":[{"name":"CFSite","value":"Munich"}]}]
list-sites GET /Site?search=Munich&client_id=2&includeinactive=false&${list}
get-site GET /Site/2
list-users GET /Users?search=Vogt&client_id=2&site_id=2&includeinactive=false&${list}
get-user GET /Users/102?includedetails=true
save-user POST /Users [{"id":102,"name":"Lena Vogt","firstname":"Lena","surname":"Vogt","site_id":2,"emailaddress":"lena.vogt@fabrikam.example","phonenumber":"+49 89 5550 102","mobilenumber":"+49 171 5550 102","title":"Office manager","notes":"Calls only before noon.","inactive":false}]
list-agents GET /Agent?search=Keller&team=Network&includeenabled=true&includedisabled=false
list-teams GET /Team?type=reqtype&showall=true
list-statuses GET /Status?type=ticket&showall=true
list-ticket-types GET /TicketType?domain=reqs&showall=true
list-priorities GET /Priority?slaid=1
list-categories GET /Category?type_id=1
list-assets GET /Asset?search=FAB-LT12&client_id=2&site_id=2&user_id=102&assettype_id=1&ticket_id=48213&includeinactive=false&${list}
get-asset GET /Asset/304?includedetails=true
save-asset POST /Asset [{"id":304,"inventory_number":"FAB-LT12","client_id":2,"site_id":2,"assettype_id":1,"status_id":1,"fields":[{"id":13,"value":"SMP304X7"}],"users":[{"id":102}],"notes":"Calls only before noon.","inactive":false}]
list-appointments GET /Appointment?${span}&agents=11&client_id=2&ticket_id=48213&search=VPN&order=id&orderdesc=true&${page}
create-appointment POST /Appointment [{"subject":"Look at the VPN on site","start_date":"2026-11-25T09:00:00Z","end_date":"2026-11-25T10:00:00Z","agent_id":11,"agents":[{"id":11}],"ticket_id":48213,"client_id":2,"site_id":2,"user_id":102,"note":"Bring the spare firewall.","allday":false,"appointment_type_id":1,"is_private":false}]
delete-appointment DELETE /Appointment/721
list-contracts GET /ClientContract?search=Managed&client_id=2&includeinactive=false&${list}
list-invoices GET /Invoice?search=INV-2026&client_id=2&${list}
list-kb-articles GET /KBArticle?search=VPN&${list}
get-kb-article GET /KBArticle/8001?includedetails=true
list-items GET /Item?search=seat&${list}
run-report GET /Report/31?includedetails=true&loadreport=true
list-projects GET /Projects?search=Office&${ticketFilters}
list-opportunities GET /Opportunities?search=Office&${ticketFilters}
list-timesheet-events GET /TimesheetEvent?${span}&agents=11`;

describeRequests(app, values, documented);

const toolNamed = (name: string) => toolOf(app, name);

describe('the requests of HaloPSA', () => {
  it('send no more than what was given, in a list of one', () => {
    const request = buildRequest(app, toolNamed('update-ticket'), { id: 48213, statusId: 2 }, values);
    expect(request.body).toBe('[{"id":48213,"status_id":2}]');
    expect(buildRequest(app, toolNamed('list-tickets'), {}, values).url).toBe(`${root}/Tickets`);
  });

  it('refuse a change that changes nothing, and a list of numbers that is none', () => {
    expect(checkArguments(toolNamed('update-ticket').input, { id: 48213 })).toBeDefined();
    expect(checkArguments(toolNamed('list-tickets').input, { teams: '2,3' })).toBeUndefined();
    expect(checkArguments(toolNamed('list-tickets').input, { teams: 'Network' })).toContain('teams');
  });
});

describe('the policies of HaloPSA', () => {
  const policyOf = ({ name, description, input, access, policy, reason }: (typeof app.tools)[number]) =>
    classify({ name, description, inputSchema: input, vendor: { access, policy, reason } }).policy;

  it('ask because of a vendor rule where a name does not say what it does', () => {
    expect(app.tools.filter((tool) => tool.policy !== undefined).map((tool) => tool.name)).toEqual([
      'save-client',
      'save-user',
      'save-asset',
      'run-report',
    ]);
  });

  it('let 27 tools run and ask for 11', () => {
    expect(app.tools.filter((tool) => policyOf(tool) === 'auto')).toHaveLength(27);
    expect(app.tools.filter((tool) => policyOf(tool) === 'approval_needed').map((tool) => tool.name)).toEqual(
      [
        'create-ticket',
        'update-ticket',
        'delete-ticket',
        'add-action',
        'delete-action',
        'save-client',
        'save-user',
        'save-asset',
        'create-appointment',
        'delete-appointment',
        'run-report',
      ],
    );
  });

  it('mask nothing, since no documented answer holds a secret', () => {
    expect(app.tools.flatMap((tool) => tool.reveals)).toEqual([]);
  });

  it('say on the card what will happen', () => {
    expect(approvalSentence(toolNamed('add-action'), { ticketId: 48213, note: 'Rebooted.' })).toBe(
      'Add to ticket 48213: Rebooted.',
    );
    expect(approvalSentence(toolNamed('save-client'), { id: 2, name: 'Fabrikam GmbH' })).toBe(
      'Save client Fabrikam GmbH (2)',
    );
  });
});

describe('the sign-in of HaloPSA', () => {
  const typed = { ...values, resourceUrl: 'samplemsp.halopsa.com/' };

  it('asks the address that was typed, with the tenant, and no secret', () => {
    const form = checkForm(app, typed);
    expect(form).toEqual({ open: values, secret: {} });
    if (app.auth.kind !== 'oauth2') throw new Error('HaloPSA signs in by OAuth.');
    expect(fill(app.auth.authorizeUrl, form.open)).toBe('https://samplemsp.halopsa.com/auth/authorize');
    expect(fill(app.auth.tokenUrl, form.open)).toBe(
      'https://samplemsp.halopsa.com/auth/token?tenant=samplemsp',
    );
    expect(app.auth.authorizeParams).toEqual({ tenant: '{tenant}' });
    expect(fill(app.auth.scope, form.open)).toBe('all offline_access');
    expect(app.auth.clientSecret).toBeUndefined();
    expect(app.auth.redirect).toEqual({ host: 'localhost', port: 8400, path: '/' });
    expect(buildTestRequest(app, form.open)).toEqual({
      method: 'GET',
      url: `${root}/Agent/me`,
      headers: {},
    });
  });

  it('does without a tenant and takes scopes of one’s own', () => {
    const { open } = checkForm(app, { ...typed, tenant: '', scope: 'read:tickets edit:tickets' });
    expect(open.tenant).toBeUndefined();
    expect(open.scope).toBe('read:tickets edit:tickets');
  });

  it.each([
    { resourceUrl: 'http://samplemsp.halopsa.com' },
    { resourceUrl: 'https://samplemsp.halopsa.com/api' },
    { tenant: 'a&b=c' },
    { clientId: 'has space 123' },
    { scope: 'all  admin' },
    { scope: '' },
  ])('refuses %j', (change) => {
    const wrong = Object.fromEntries([...Object.entries(typed), ...Object.entries(change)]);
    expect(() => checkForm(app, wrong)).toThrow();
  });

  it.each([
    ['{"ClassName":"NotFound","Message":"No such ticket"}', 'No such ticket'],
    ['{"Message":"No such ticket"}', 'No such ticket'],
    ['{"resultCode":"x","errorMessage":"Not allowed"}', 'Not allowed'],
    ['{"error":"invalid_grant","error_description":"The code has expired"}', 'The code has expired'],
    ['{"error":"invalid_client"}', 'invalid_client'],
    ['Wrong tenant', 'Wrong tenant'],
  ])('reads the words of %s', (text, words) => {
    expect(readVendorError(app, 400, 'application/json', text)).toContain(words);
  });
});
