/** The requests of IT Glue against the documented ones, from api.itglue.com/developer and the vendor's PowerShell wrapper. */
import { describe, expect, it } from 'vitest';
import { buildRequest } from '../../../src/main/catalog/request-template';
import { maskReveals, readVendorError } from '../../../src/main/catalog/vendor-answer';
import { appOf, describeRequests, exampleArguments, toolOf } from '../../fakes/catalog-table';

const app = appOf('it-glue');
const values = { region: 'https://api.eu.itglue.com' };
const P = 'page[number]=1&page[size]=50&sort=-updated_at';

describeRequests(
  app,
  values,
  `
list-organizations GET /organizations?filter[name]=Fabrikam&filter[id]=2&filter[organization_type_id]=71&filter[organization_status_id]=81&filter[psa_id]=2&filter[created_at]=2026-11-01T00:00:00Z, *&filter[updated_at]=2026-11-01T00:00:00Z, *&${P}
get-organization GET /organizations/2
create-organization POST /organizations {"data":{"type":"organizations","attributes":{"name":"Fabrikam","alert":"Call the office first","description":"Dental practice, two sites","organization-type-id":71,"organization-status-id":81,"quick-notes":"<p>Closed on Fridays</p>","short-name":"FAB"}}}
update-organization PATCH /organizations/2 {"data":{"type":"organizations","attributes":{"name":"Fabrikam","alert":"Call the office first","description":"Dental practice, two sites","organization-type-id":71,"organization-status-id":81,"quick-notes":"<p>Closed on Fridays</p>","short-name":"FAB"}}}
list-configurations GET /configurations?filter[name]=Fabrikam&filter[organization_id]=2&filter[configuration_type_id]=91&filter[configuration_status_id]=92&filter[contact_id]=102&filter[serial_number]=SN-0001&filter[rmm_id]=1234&filter[psa_id]=2&filter[archived]=false&${P}
get-configuration GET /configurations/300
create-configuration POST /configurations {"data":{"type":"configurations","attributes":{"organization-id":2,"configuration-type-id":91,"name":"FAB-FS01","hostname":"fab-fs01","primary-ip":"192.0.2.10","mac-address":"00:00:5E:00:53:01","serial-number":"SN-0001","asset-tag":"A-100","operating-system-id":33,"notes":"<p>In the server room</p>","contact-id":102,"location-id":2001,"warranty-expires-at":"2027-06-30"}}}
update-configuration PATCH /configurations/300 {"data":{"type":"configurations","attributes":{"organization-id":2,"configuration-type-id":91,"name":"FAB-FS01","hostname":"fab-fs01","primary-ip":"192.0.2.10","mac-address":"00:00:5E:00:53:01","serial-number":"SN-0001","asset-tag":"A-100","operating-system-id":33,"notes":"<p>In the server room</p>","contact-id":102,"location-id":2001,"warranty-expires-at":"2027-06-30"}}}
list-contacts GET /contacts?filter[first_name]=Lena&filter[last_name]=Doe&filter[title]=Office manager&filter[contact_type_id]=61&filter[important]=1&filter[primary_email]=lena.vogt@fabrikam.example&${P}
list-organization-contacts GET /organizations/2/relationships/contacts?${P}
create-contact POST /organizations/2/relationships/contacts {"data":{"type":"contacts","attributes":{"first-name":"Lena","last-name":"Doe","title":"Office manager","contact-type-id":61,"contact-emails":[{"primary":true,"value":"lena.vogt@fabrikam.example","label-name":"Work"}],"contact-phones":[{"primary":true,"value":"+1 555 0100","label-name":"Work"}],"notes":"Prefers e-mail","important":true}}}
delete-contact DELETE /contacts/102
list-passwords GET /passwords?show_password=false&filter[name]=Fabrikam&filter[organization_id]=2&filter[password_category_id]=51&filter[url]=https://10.2.0.1&filter[archived]=false&${P}
get-password GET /passwords/7001?show_password=false
create-password POST /passwords?show_password=false {"data":{"type":"passwords","attributes":{"organization-id":2,"name":"Firewall admin","username":"admin","password":"example-value-only","url":"https://192.0.2.1","notes":"Local account","password-category-id":51,"password-folder-id":52,"resource-id":2001,"resource-type":"Configuration"}}}
update-password PATCH /passwords/7001?show_password=false {"data":{"type":"passwords","attributes":{"organization-id":2,"name":"Firewall admin","username":"admin","password":"example-value-only","url":"https://192.0.2.1","notes":"Local account","password-category-id":51,"password-folder-id":52,"resource-id":7001,"resource-type":"Configuration"}}}
delete-password DELETE /passwords/7001
list-password-categories GET /password_categories?${P}
list-flexible-asset-types GET /flexible_asset_types?include=flexible_asset_fields&filter[name]=Fabrikam&filter[enabled]=1&${P}
list-flexible-assets GET /flexible_assets?filter[flexible_asset_type_id]=21&filter[organization_id]=2&filter[name]=Fabrikam&${P}
get-flexible-asset GET /flexible_assets/2101
create-flexible-asset POST /flexible_assets {"data":{"type":"flexible-assets","attributes":{"organization-id":2,"flexible-asset-type-id":21,"traits":{"server-name":"FAB-FS01"}}}}
update-flexible-asset PATCH /flexible_assets/2101 {"data":{"type":"flexible-assets","attributes":{"traits":{"server-name":"FAB-FS01"}}}}
delete-flexible-asset DELETE /flexible_assets/2101
list-documents GET /organizations/2/relationships/documents?filter[name]=Fabrikam&${P}
get-document GET /organizations/2/relationships/documents/8001
create-document POST /organizations/2/relationships/documents {"data":{"type":"documents","attributes":{"name":"Backup runbook","document-folder-id":401}}}
list-document-sections GET /documents/8001/relationships/sections
add-document-section POST /documents/8001/relationships/sections {"data":{"type":"document-sections","attributes":{"resource-type":"Document::Text","content":"<p>Check the job every morning.</p>"}}}
publish-document PATCH /documents/8001/publish
list-locations GET /locations?filter[name]=Fabrikam&filter[city]=Munich&filter[region_id]=21&filter[country_id]=2&${P}
list-organization-locations GET /organizations/2/relationships/locations?${P}
list-expirations GET /expirations?filter[resource_type_name]=Configuration&filter[organization_id]=2&filter[expiration_date]=2027-06-30&filter[range]=2, 10&${P}
list-domains GET /domains?filter[organization_id]=2&${P}
list-users GET /users?filter[name]=Anna Keller&filter[email]=lena.vogt@fabrikam.example&filter[role_name]=Editor&${P}
list-logs GET /logs?filter[created_at]=2026-11-01T00:00:00Z, *&page[number]=1&page[size]=50&sort=-created_at
add-related-item POST /configurations/300/relationships/related_items {"data":{"type":"related_items","attributes":{"destination-id":5600,"destination-type":"Document","notes":"Runbook of this server"}}}
list-user-metrics GET /user_metrics?filter[user_id]=11&filter[organization_id]=2&filter[resource_type]=Configurations&filter[date]=2026-11-01, 2026-11-23&page[number]=1&page[size]=50&sort=-date
`,
);

describe('IT Glue', () => {
  it('never asks for the value of a password, whatever the agent says', () => {
    for (const tool of app.tools.filter(
      ({ name }) => /-passwords?$/.test(name) && !name.startsWith('delete'),
    )) {
      const { url } = buildRequest(app, tool, { ...exampleArguments(tool), showPassword: true }, values);
      expect(new URL(url).searchParams.get('show_password'), tool.name).toBe('false');
      expect(tool.reveals).toContain('password');
      expect(tool.policy).toBe('approval_needed');
    }
  });

  it('masks a password that comes nevertheless, also inside a flexible asset', () => {
    const traits = { role: 'File server', password: 'sample-not-a-real-password' };
    const answer = { data: { id: '2101', attributes: { traits } } };
    const masked = JSON.stringify(maskReveals(toolOf(app, 'get-flexible-asset'), answer));
    expect(masked).toContain('File server');
    expect(masked).not.toContain('sample-not-a-real-password');
  });

  it('sends the content type that writes need', () => {
    const tool = toolOf(app, 'update-organization');
    expect(buildRequest(app, tool, exampleArguments(tool), values).headers['Content-Type']).toBe(
      'application/vnd.api+json',
    );
  });

  it('reads the words of a JSON:API error', () => {
    const text = '{"errors":[{"status":"422","title":"invalid","detail":"name is too short"}]}';
    expect(readVendorError(app, 422, 'application/vnd.api+json', text)).toContain('name is too short');
  });
});
