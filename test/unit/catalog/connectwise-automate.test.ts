/** The requests of ConnectWise Automate against the documented ones, written by hand from the vendor's facts. */
import { describe, expect, it } from 'vitest';
import { checkArguments } from '../../../src/main/catalog/check-arguments';
import { checkForm } from '../../../src/main/catalog/connect-form';
import { buildRequest, buildTestRequest } from '../../../src/main/catalog/request-template';
import { approvalSentence, maskReveals, readVendorError } from '../../../src/main/catalog/vendor-answer';
import { tokenRequest } from '../../../src/main/connections/token-request';
import { classify } from '../../../src/main/policies/classify';
import { appOf, describeRequests, toolOf } from '../../fakes/catalog-table';

const app = appOf('connectwise-automate');
const values = { serverUrl: 'https://samplemsp.hostedrmm.com', username: 'gatehouse-api' };
const secret = {
  password: 'sample-not-a-real-password',
  clientId: '00000000-5a3b-4000-8000-000000000000',
};

const page = 'page=1&pageSize=50';
const rest = 'excludedFields=Comment&ids=2,3';
const address =
  '"Address1":"Kouter 30","City":"Ghent","State":"East Flanders","ZipCode":"9000","PhoneNumber":"+32 9 555 01 30"';

describeRequests(
  app,
  values,
  String.raw`get-server-information GET /System/ServerInformation
list-clients GET /Clients?condition=Name like '%Fabrikam%'&${page}&orderBy=Name asc&includedFields=Id,Name,City&${rest}
get-client GET /Clients/2
create-client POST /Clients {"Name":"Wingtip Studios","Company":"Wingtip Studios BV","FirstName":"Ada","LastName":"Berg",${address},"Country":"BE","ExternalId":"7","Comment":"New in November"}
list-locations GET /Locations?condition=Client.Id = 2&${page}&orderBy=Name asc&includedFields=Id,Name,City,Client&${rest}
create-location POST /Locations {"Name":"Warehouse","Client":{"Id":6},${address}}
list-computers GET /Computers?condition=Client.Id = 2 and Status = 'Online'&${page}&orderBy=ComputerName asc&includedFields=Id,ComputerName,Status,RemoteAgentLastContact&${rest}
get-computer GET /Computers/304
list-computer-software GET /Computers/304/Software?condition=Name like '%Defender%'&${page}&orderBy=Name asc&includedFields=ApplicationId,Name,Version&${rest}
list-computer-services GET /Computers/304/Services?condition=State = 'Stopped'&${page}&orderBy=Name asc&includedFields=Name,State,Startup&${rest}
list-computer-drives GET /Computers/Drives?condition=FreeSpace < 20480&${page}&orderBy=FreeSpace asc&includedFields=ComputerId,Letter,Size,FreeSpace&${rest}
get-computer-os GET /Computers/304/OperatingSystem
get-patching-stats GET /Computers/304/PatchingStats
list-microsoft-updates GET /Computers/304/MicrosoftUpdates?condition=IsInstalled = false&${page}&orderBy=ReleaseDate desc&includedFields=KnowledgeBaseId,Title,Severity,InstallState&${rest}
list-computer-alerts GET /Computers/306/Alerts?condition=Message like '%free%'&${page}&orderBy=AlertDate desc&includedFields=AlertId,Message,AlertDate&${rest}
list-computer-monitors GET /Computers/304/Monitors?condition=State = 'Failed'&${page}&orderBy=Name asc&includedFields=MonitorId,Name,State&${rest}
list-alerts GET /Alerts?condition=Client.Id = 2&${page}&orderBy=AlertDate desc&includedFields=AlertId,Computer,Message,AlertDate&${rest}
list-tickets GET /Tickets?condition=Status.Id = 1&${page}&orderBy=TicketId desc&includedFields=TicketId,Subject,Status,Priority&${rest}
list-contacts GET /Contacts?condition=Client.Id = 2&${page}&orderBy=LastName asc&includedFields=Id,FirstName,LastName,Email&${rest}
get-contact GET /Contacts/102
create-contact POST /Contacts {"FirstName":"Ada","LastName":"Berg","Email":"ada.berg@tailspin.example","Client":{"Id":6},"Location":{"Id":6},"PhoneNumber":"+32 9 555 01 30","MobileNumber":"+32 470 55 01 31"}
delete-contact DELETE /Contacts/108
list-groups GET /Groups?condition=Name like '%Server%'&${page}&orderBy=Name asc&includedFields=Id,Name,FullName&${rest}
list-network-devices GET /NetworkDevices?condition=Client.Id = 2&${page}&orderBy=Name asc&includedFields=Id,Name,LocalIPAddress,Status&${rest}
list-retired-assets GET /RetiredAssets?condition=Client.Id = 2&${page}&orderBy=RetiredDate desc&includedFields=Id,ComputerName,RetiredDate&${rest}
list-commands GET /Commands?condition=Name like '%Shell%'&${page}&orderBy=Name asc&includedFields=Id,Name,Level&${rest}
execute-command POST /Computers/304/CommandExecute {"ComputerId":304,"Command":{"Id":"2"},"Parameters":["cmd.exe!!! /c \"ipconfig /all\""]}
get-command-result GET /Computers/304/CommandExecute?condition=Id = 9101
list-command-history GET /Computers/304/CommandHistory?condition=Status = 'Success'&${page}&orderBy=DateExecuted desc&includedFields=Id,Command,Status,DateExecuted&${rest}
list-running-scripts GET /Computers/304/RunningScripts
list-script-history GET /Computers/304/ScriptHistory?condition=State = 'Failure'&${page}&orderBy=HistoryDate desc&includedFields=Id,Name,State,HistoryDate&${rest}
list-script-folders GET /ScriptFolders?condition=Name like '%Maintenance%'&${page}&orderBy=Name asc&includedFields=Id,Name,ParentId&${rest}
list-scheduled-scripts GET /Computers/304/ScheduledScripts
schedule-script POST /Batch/ScriptSchedule {"EntityType":1,"EntityIds":[304,302],"ScriptId":71,"Schedule":{"ScriptScheduleFrequency":{"ScriptScheduleFrequencyId":1}},"Parameters":[{"Key":"Mode","Value":"full"}],"UseAgentTime":false,"StartDate":"2026-11-24T20:00:00Z","OfflineActionFlags":{"SkipsOfflineAgents":true},"Priority":12}
deploy-approved-patches POST /PatchActions/DeployAllApproved {"EntityType":1,"EntityId":304}
deploy-security-patches POST /PatchActions/DeployAllSecurity {"EntityType":1,"EntityId":304}
reattempt-failed-patches POST /PatchActions/ReattemptFailed {"EntityType":1,"EntityId":304}
uninstall-software POST /Computers/304/Software/771/Uninstall {"UninstallPath":"\"C:\\Program Files\\SampleZip\\uninstall.exe\" /S"}`,
);

describe('the tools of ConnectWise Automate', () => {
  it('are 38', () => {
    expect(app.tools).toHaveLength(38);
  });

  it('send a script without parameters and flags without those keys', () => {
    const args = { computerIds: [304], scriptId: 71, startDate: '2026-11-24T20:00:00Z' };
    expect(buildRequest(app, toolOf(app, 'schedule-script'), args, values).body).toBe(
      '{"EntityType":1,"EntityIds":[304],"ScriptId":71,"Schedule":{"ScriptScheduleFrequency":{"ScriptScheduleFrequencyId":1}},"StartDate":"2026-11-24T20:00:00Z"}',
    );
  });

  it('refuse what would reach further than it says', () => {
    const result = toolOf(app, 'get-command-result').input;
    expect(checkArguments(result, { id: 304 })).toContain('condition');
    expect(checkArguments(result, { id: 304, condition: 'Id > 0' })).toContain('condition');
    expect(checkArguments(toolOf(app, 'schedule-script').input, { computerIds: [], scriptId: 71 })).toContain(
      'computerIds',
    );
    expect(checkArguments(toolOf(app, 'list-clients').input, { pageSize: 1001 })).toContain('pageSize');
    expect(checkArguments(toolOf(app, 'list-clients').input, { ids: '2;3' })).toContain('ids');
  });
});

describe('the policies of ConnectWise Automate', () => {
  const policyOf = ({ name, description, input, access, policy, reason }: (typeof app.tools)[number]) =>
    classify({ name, description, inputSchema: input, vendor: { access, policy, reason } }).policy;

  it('come from a vendor rule where the name does not say enough', () => {
    expect(
      app.tools.filter((tool) => tool.policy !== undefined).map(({ name, policy }) => `${name} ${policy}`),
    ).toEqual([
      'list-locations approval_needed',
      'list-network-devices approval_needed',
      'get-command-result approval_needed',
      'list-command-history approval_needed',
      'schedule-script approval_needed',
      'deploy-approved-patches approval_needed',
      'deploy-security-patches approval_needed',
      'reattempt-failed-patches approval_needed',
    ]);
  });

  it('let 24 tools run, all of them reads, and ask for 14', () => {
    const auto = app.tools.filter((tool) => policyOf(tool) === 'auto');
    expect(auto).toHaveLength(24);
    expect(auto.filter((tool) => tool.access !== 'read')).toEqual([]);
    expect(app.tools.filter((tool) => policyOf(tool) === 'approval_needed')).toHaveLength(14);
  });

  it('mask the passwords of locations and the communities of network devices, wherever they lie', () => {
    const location = { Id: 2, ScriptPassword: 'a', Router: { Username: 'admin', Password: 'b' } };
    expect(maskReveals(toolOf(app, 'list-locations'), [location])).toEqual([
      { Id: 2, ScriptPassword: '[masked]', Router: { Username: 'admin', Password: '[masked]' } },
    ]);
    expect(maskReveals(toolOf(app, 'get-computer'), { Location: location })).not.toEqual({
      Location: location,
    });
    const device = { SNMPCommunityGet: 'a', SNMPCommunitySet: 'b' };
    expect(maskReveals(toolOf(app, 'list-network-devices'), [device])).toEqual([
      { SNMPCommunityGet: '[masked]', SNMPCommunitySet: '[masked]' },
    ]);
    expect([...new Set(app.tools.flatMap((tool) => tool.reveals))].sort()).toEqual([
      'BackupServerPassword',
      'CachePassword',
      'Password',
      'ProxyServerPassword',
      'SNMPCommunityGet',
      'SNMPCommunitySet',
      'ScriptPassword',
    ]);
  });

  it('say on the card what will run, and where', () => {
    const args = { id: 304, commandId: '2', parameters: ['cmd.exe!!! /c "ipconfig /all"'] };
    expect(approvalSentence(toolOf(app, 'execute-command'), args)).toBe(
      'Run command 2 on computer 304: ["cmd.exe!!! /c \\"ipconfig /all\\""]',
    );
    expect(approvalSentence(toolOf(app, 'deploy-security-patches'), { computerId: 304 })).toBe(
      'Deploy all security patches to computer 304 now',
    );
  });
});

describe('the sign-in of ConnectWise Automate', () => {
  it('is the documented token request, with the client ID beside it', () => {
    const { open, secret: kept } = checkForm(app, { ...values, ...secret });
    expect(open).toEqual(values);
    expect(kept).toEqual(secret);
    const request = tokenRequest(app, { ...open, ...kept });
    expect(`${request.method} ${request.url}`).toBe(
      'POST https://samplemsp.hostedrmm.com/cwa/api/v1/apitoken',
    );
    expect(request.headers).toMatchObject({ ClientId: secret.clientId });
    expect(request.body).toBe('{"UserName":"gatehouse-api","Password":"sample-not-a-real-password"}');
  });

  it('puts the token and the client ID on every call, and tests with one client', () => {
    if (app.auth.kind !== 'tokenExchange') throw new Error('ConnectWise Automate exchanges a password.');
    expect(app.auth.headers).toEqual({ Authorization: 'Bearer {token}', ClientId: '{clientId}' });
    expect([app.auth.token, app.auth.expiresAt]).toEqual(['AccessToken', 'ExpirationDate']);
    expect(buildTestRequest(app, values)).toEqual({
      method: 'GET',
      url: 'https://samplemsp.hostedrmm.com/cwa/api/v1/Clients?pageSize=1',
      headers: { Accept: 'application/json' },
    });
  });

  it.each([
    { serverUrl: 'http://samplemsp.hostedrmm.com' },
    { serverUrl: 'https://samplemsp.hostedrmm.com/automate' },
    { clientId: 'not-a-guid' },
    { password: '' },
    { twoFactorCode: '123456' },
  ])('refuses %j', (change) => {
    const wrong = Object.fromEntries([
      ...Object.entries({ ...values, ...secret }),
      ...Object.entries(change),
    ]);
    expect(() => checkForm(app, wrong)).toThrow();
  });

  it.each([
    ['{"Message":"The condition is not valid"}', 'The condition is not valid'],
    ['{"Errors":[{"Message":"Name is required"}]}', 'Name is required'],
  ])('reads the words of %s', (text, words) => {
    expect(readVendorError(app, 400, 'application/json', text)).toContain(words);
  });
});
