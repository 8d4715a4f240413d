/** The catalog's requests against the vendor's documented ones, written by hand from the vendor's facts. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkArguments } from '../../../src/main/catalog/check-arguments';
import { checkForm } from '../../../src/main/catalog/connect-form';
import { parseCatalog } from '../../../src/main/catalog/load.node';
import { buildRequest } from '../../../src/main/catalog/request-template';
import { approvalSentence, maskReveals, readVendorError } from '../../../src/main/catalog/vendor-answer';

const apps = parseCatalog([parse(readFileSync('resources/catalog/connectwise-psa.yaml', 'utf8'))]);
const found = apps.get('connectwise-psa');
if (found === undefined) throw new Error('The catalog has no ConnectWise PSA.');
const app = found;
const values = { siteUrl: 'https://psa.example.com', companyId: 'acme' };
const root = 'https://psa.example.com/v4_6_release/apis/3.0';
const T = '/service/tickets/48213';

const documented = `get-system-info GET /system/info
list-tickets GET /service/tickets
search-tickets POST /service/tickets/search
count-tickets GET /service/tickets/count
get-ticket GET ${T}
create-ticket POST /service/tickets
update-ticket PATCH ${T}
delete-ticket DELETE ${T}
merge-tickets POST ${T}/merge
list-ticket-notes GET ${T}/notes
list-all-ticket-notes GET ${T}/allNotes
add-ticket-note POST ${T}/notes
list-ticket-tasks GET ${T}/tasks
add-ticket-task POST ${T}/tasks
list-ticket-configurations GET ${T}/configurations
attach-configuration POST ${T}/configurations
list-ticket-time-entries GET ${T}/timeentries
list-boards GET /service/boards
list-board-statuses GET /service/boards/N/statuses
list-board-types GET /service/boards/N/types
list-priorities GET /service/priorities
list-companies GET /company/companies
get-company GET /company/companies/N
create-company POST /company/companies
update-company PATCH /company/companies/N
list-company-sites GET /company/companies/N/sites
list-contacts GET /company/contacts
get-contact GET /company/contacts/N
create-contact POST /company/contacts
list-configurations GET /company/configurations
get-configuration GET /company/configurations/N
list-members GET /system/members
list-time-entries GET /time/entries
create-time-entry POST /time/entries
list-schedule-entries GET /schedule/entries
create-schedule-entry POST /schedule/entries
list-agreements GET /finance/agreements
list-agreement-additions GET /finance/agreements/N/additions
list-invoices GET /finance/invoices
list-projects GET /project/projects
list-project-tickets GET /project/tickets
list-opportunities GET /sales/opportunities
list-catalog-items GET /procurement/catalog
list-ticket-documents GET ${T}/documents
list-audit-trail GET /system/audittrail`.split('\n');

function toolNamed(name: string) {
  const tool = app.tools.find((one) => one.name === name);
  if (tool === undefined) throw new Error(`No tool ${name}.`);
  return tool;
}

function exampleArguments(name: string): Record<string, unknown> {
  const entries = Object.entries(toolNamed(name).input.properties);
  return Object.fromEntries(
    entries.flatMap(([key, schema]) => (Array.isArray(schema.examples) ? [[key, schema.examples[0]]] : [])),
  );
}

describe('the requests of ConnectWise PSA', () => {
  it('are exactly the documented tools', () => {
    expect(app.tools.map((tool) => tool.name).sort()).toEqual(
      documented.map((line) => line.split(' ')[0]).sort(),
    );
  });

  it.each(documented)('%s', (line) => {
    const [name = '', method = '', path = ''] = line.split(' ');
    const request = buildRequest(app, toolNamed(name), exampleArguments(name), values);
    const pathname = new URL(request.url).pathname.slice(new URL(root).pathname.length);
    const generic = path.includes('/N') ? pathname.replace(/\/\d+/, '/N') : pathname;
    expect(`${request.method} ${generic}`).toBe(`${method} ${path}`);
  });

  it('never leave the base address, whatever a path parameter is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (id) => {
        fc.pre(id !== '.' && id !== '..');
        const { url } = buildRequest(app, toolNamed('get-ticket'), { id }, values);
        expect(url.startsWith(`${root}/service/tickets/`)).toBe(true);
        expect(decodeURIComponent(url.slice(`${root}/service/tickets/`.length))).toBe(id);
      }),
    );
  });

  it('refuse unknown arguments in words', () => {
    expect(checkArguments(toolNamed('get-ticket').input, { id: 1 })).toBeUndefined();
    expect(checkArguments(toolNamed('get-ticket').input, { id: 1, extra: 2 })).toContain(
      'extra is not known',
    );
  });
});

describe('the connect form', () => {
  const good = {
    siteUrl: ' https://psa.example.com/ ',
    companyId: 'acme',
    publicKey: 'SAMPLEpublicKEY1',
    privateKey: 'SAMPLEprivateKEY',
    clientId: '00000000-5a3b-4000-8000-000000000000',
  };
  it('takes good values and trims them', () => {
    expect(checkForm(app, good).open.siteUrl).toBe('https://psa.example.com');
  });
  it.each([
    { siteUrl: 'http://psa.example.com' },
    { siteUrl: 'https://psa.example.com/path' },
    { siteUrl: 'https://u:p@psa.example.com' },
    { publicKey: 'has space 123' },
    { companyId: 'a\u0000b' },
    { other: 'x' },
  ])('refuses %j', (change) => {
    const bad = Object.fromEntries([...Object.entries(good), ...Object.entries(change)]);
    expect(() => checkForm(app, bad)).toThrow();
  });
});

describe('what comes back', () => {
  it('reads the words of a vendor, and none from html, an empty or a huge body', () => {
    const read = (type: string, text: string) => readVendorError(app, 400, type, text);
    expect(read('application/json', '{"message":"Bad","errors":[{"message":"board"}]}')).toContain(
      'Bad – board',
    );
    expect(read('text/html', '<h1>secret page</h1>')).not.toContain('secret');
    expect(read('', '')).toBe('ConnectWise PSA answered 400.');
    expect(read('text/plain', 'x'.repeat(1_000_000)).length).toBeLessThan(600);
  });
  it('masks revealed fields at any depth', () => {
    const tool = { ...toolNamed('get-ticket'), reveals: ['password'] };
    expect(maskReveals(tool, [{ a: { Password: 'x' } }])).toEqual([{ a: { Password: '[masked]' } }]);
  });
  it('takes direction changing characters out of the approval sentence', () => {
    expect(approvalSentence(toolNamed('add-ticket-note'), { id: 1, text: 'a\u202Eb\nc' })).toBe(
      'Add a note to ticket 1: a b c',
    );
  });
});
