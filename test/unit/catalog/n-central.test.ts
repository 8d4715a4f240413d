/** The requests of N-central against the documented ones, from the vendor's pages and the module made from its API Explorer. */
import { describe, expect, it } from 'vitest';
import { checkArguments } from '../../../src/main/catalog/check-arguments';
import { maskReveals, readVendorError } from '../../../src/main/catalog/vendor-answer';
import { tokenRequest } from '../../../src/main/connections/token-request';
import { appOf, describeRequests, exampleArguments, toolOf } from '../../fakes/catalog-table';

const app = appOf('n-central');
const P = 'pageNumber=1&pageSize=50&sortBy=customerName&sortOrder=asc';
const contact =
  '"contactFirstName":"Lena","contactLastName":"Vogt","externalId":"2","phone":"+49 89 5550 102","contactTitle":"Office manager","contactEmail":"lena.vogt@fabrikam.example","contactPhone":"+49 89 5550 102","contactPhoneExt":"12","contactDepartment":"Office","street1":"Lindenweg 4","street2":"Floor 2","city":"Munich","stateProv":"Bavaria","country":"DE","postalCode":"80331"';

describeRequests(
  app,
  { serverUrl: 'https://ncentral.example.com' },
  `
get-server-info GET /api/server-info
get-health GET /api/health
list-service-orgs GET /api/service-orgs?${P}
list-customers GET /api/customers?${P}
get-customer GET /api/customers/2
create-customer POST /api/service-orgs/50/customers {"customerName":"Wingtip Studios",${contact},"licenseType":"Professional"}
list-customer-sites GET /api/customers/2/sites?${P}
create-site POST /api/customers/2/sites {"siteName":"Warehouse",${contact}}
list-sites GET /api/sites?${P}
list-org-units GET /api/org-units?${P}
get-org-unit GET /api/org-units/2
list-org-unit-children GET /api/org-units/2/children?${P}
list-devices GET /api/devices?filterId=401&select=customerId==2&${P}
list-org-unit-devices GET /api/org-units/2/devices?filterId=401&${P}
get-device GET /api/devices/304
get-device-assets GET /api/devices/304/assets
get-device-lifecycle GET /api/devices/304/assets/lifecycle-info
update-device-lifecycle PATCH /api/devices/304/assets/lifecycle-info {"assetTag":"A-0304","warrantyExpirationDate":"2027-06-30","purchaseDate":"2024-06-30","leaseExpiryDate":"2027-06-30","expectedReplacementDate":"2028-06-30","cost":1180,"location":"Munich, floor 2","description":"Laptop of the office manager"}
get-device-monitor-status GET /api/devices/301/service-monitor-status
list-device-tasks GET /api/devices/304/scheduled-tasks
list-device-notes GET /api/devices/304/notes?${P}
add-device-note POST /api/devices/304/notes {"note":"Rekey interval raised to 8 hours."}
delete-device-note DELETE /api/devices/304/notes/5001
delete-device DELETE /api/devices/304?removeAgents=false
list-device-filters GET /api/device-filters?viewScope=ALL&${P}
list-active-issues GET /api/org-units/2/active-issues?${P}
list-job-statuses GET /api/org-units/2/job-statuses
get-task GET /api/scheduled-tasks/5101
get-task-status GET /api/scheduled-tasks/5101/status
get-task-status-details GET /api/scheduled-tasks/5101/status/details
run-direct-task POST /api/scheduled-tasks/direct {"name":"Clear temporary files","itemId":6201,"taskType":"Script","customerId":2,"deviceId":304,"credential":{"type":"LocalSystem"},"parameters":[{"name":"Days","value":"30","type":"String"}]}
list-device-custom-properties GET /api/devices/304/custom-properties
set-device-custom-property PUT /api/devices/304/custom-properties/5201 {"value":"Floor 2"}
list-org-custom-properties GET /api/org-units/2/custom-properties?${P}
set-org-custom-property PUT /api/org-units/2/custom-properties/5301 {"value":"Gold"}
list-maintenance-windows GET /api/devices/304/maintenance-windows
delete-maintenance-windows DELETE /api/devices/maintenance-windows {"scheduleIds":[5401]}
get-registration-token GET /api/org-units/2/registration-token
list-users GET /api/org-units/2/users?${P}
list-access-groups GET /api/org-units/2/access-groups?${P}
`,
);

describe('N-central', () => {
  it('changes the token of the user for one that ends, with an empty body', () => {
    const token = 'aaaaaaaa.bbbbbbbb.cccccccc';
    expect(tokenRequest(app, { serverUrl: 'https://ncentral.example.com', userApiToken: token })).toEqual({
      method: 'POST',
      url: 'https://ncentral.example.com/api/auth/authenticate',
      headers: { Accept: 'application/json', Authorization: `Bearer ${token}` },
    });
  });

  it('takes no password from an agent: scripts run as the system or with what the device has', () => {
    const tool = toolOf(app, 'run-direct-task');
    const args = { ...exampleArguments(tool), credentialType: 'CustomCredentials' };
    expect(checkArguments(tool.input, args)).toContain('credentialType');
    expect(tool.access).toBe('destructive');
  });

  it('asks before custom properties and registration tokens are read, and masks the token', () => {
    const asking = app.tools.filter((tool) => tool.access === 'read' && tool.policy === 'approval_needed');
    expect(asking.map((tool) => tool.name)).toEqual([
      'list-device-custom-properties',
      'list-org-custom-properties',
      'get-registration-token',
    ]);
    const answer = { data: { registrationToken: 'sample-token', registrationTokenExpiryDate: '2026-12-31' } };
    const masked = JSON.stringify(maskReveals(toolOf(app, 'get-registration-token'), answer));
    expect(masked).toContain('2026-12-31');
    expect(masked).not.toContain('sample-token');
  });

  it('reads the words of a refusal', () => {
    const text = '{"status":403,"message":"The user may not see this customer."}';
    expect(readVendorError(app, 403, 'application/json', text)).toContain('may not see this customer');
  });
});
