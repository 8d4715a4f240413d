/** Every request of Microsoft 365 against the documented one, typed from the pages of learn.microsoft.com/graph/api. */
import { describe, expect, it } from 'vitest';
import { checkArguments } from '../../../src/main/catalog/check-arguments';
import { checkForm } from '../../../src/main/catalog/connect-form';
import { buildRequest, buildTestRequest, fill } from '../../../src/main/catalog/request-template';
import { approvalSentence, maskReveals, readVendorError } from '../../../src/main/catalog/vendor-answer';
import { classify } from '../../../src/main/policies/classify';
import { appOf, describeRequests, exampleArguments, toolOf } from '../../fakes/catalog-table';

const app = appOf('microsoft-365');
const values = {
  tenant: 'fabrikam.example',
  clientId: '00000000-5a3b-4000-8000-000000000365',
  graphUrl: 'https://graph.microsoft.com',
  loginUrl: 'https://login.microsoftonline.com',
};
const root = 'https://graph.microsoft.com/v1.0';

/** Tool, method, path and query as they go over the wire, body. */
const documented = `get-me GET /me?%24select=id%2CdisplayName
get-organization GET /organization?%24select=id%2CdisplayName
list-users GET /users?%24select=id%2CdisplayName&%24filter=accountEnabled+eq+true&%24search=%22displayName%3ALena%22&%24orderby=displayName&%24top=50&%24skiptoken=RFNwdAIAAQAAAB8&%24count=true
get-user GET /users/000000e0-0000-4000-8000-000000000102?%24select=id%2CdisplayName&%24expand=manager
create-user POST /users {"accountEnabled":true,"displayName":"Jonas Weber","mailNickname":"jonas.weber","userPrincipalName":"jonas.weber@fabrikam.example","passwordProfile":{"password":"sample-not-a-real-password-8","forceChangePasswordNextSignIn":true},"givenName":"Jonas","surname":"Weber","jobTitle":"Trainee","department":"Production","usageLocation":"DE"}
update-user PATCH /users/000000e0-0000-4000-8000-000000000102 {"accountEnabled":true,"displayName":"Lena Vogt","givenName":"Lena","surname":"Vogt","jobTitle":"Head of office","department":"Production","companyName":"Fabrikam GmbH","officeLocation":"Floor 2","mobilePhone":"+49 89 5550 102","businessPhones":["+49 89 5550 102"],"streetAddress":"Lindenweg 4","city":"Munich","postalCode":"80331","country":"Germany","usageLocation":"DE","employeeId":"102"}
delete-user DELETE /users/000000e0-0000-4000-8000-000000000102
list-deleted-users GET /directory/deletedItems/microsoft.graph.user?%24select=id%2CdisplayName&%24filter=startswith%28displayName%2C%27Jo%27%29&%24orderby=displayName&%24top=50&%24skiptoken=RFNwdAIAAQAAAB8&%24count=true
restore-user POST /directory/deletedItems/000000e0-0000-4000-8000-000000000190/restore
revoke-sign-in-sessions POST /users/000000e0-0000-4000-8000-000000000102/revokeSignInSessions
reset-password POST /users/000000e0-0000-4000-8000-000000000102/authentication/methods/28c10230-6103-485e-b985-444c60001490/resetPassword {"newPassword":"sample-not-a-real-password-9"}
list-auth-methods GET /users/000000e0-0000-4000-8000-000000000102/authentication/methods
create-temporary-access-pass POST /users/000000e0-0000-4000-8000-000000000102/authentication/temporaryAccessPassMethods {"lifetimeInMinutes":60,"isUsableOnce":true,"startDateTime":"2026-11-23T09:00:00Z"}
delete-phone-method DELETE /users/000000e0-0000-4000-8000-000000000102/authentication/phoneMethods/3179e48a-750b-4051-897c-87b9720928f7
list-registration-details GET /reports/authenticationMethods/userRegistrationDetails?%24filter=isMfaRegistered+eq+false&%24orderby=userPrincipalName&%24skiptoken=RFNwdAIAAQAAAB8
list-subscribed-skus GET /subscribedSkus?%24select=skuId%2CskuPartNumber
list-user-licenses GET /users/000000e0-0000-4000-8000-000000000102/licenseDetails?%24select=skuId%2CskuPartNumber
assign-license POST /users/000000e0-0000-4000-8000-000000000102/assignLicense {"addLicenses":[{"skuId":"cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46"}],"removeLicenses":["4b9405b0-7788-4568-add1-99614e613b69"]}
list-groups GET /groups?%24select=id%2CdisplayName&%24filter=securityEnabled+eq+true&%24search=%22displayName%3AVPN%22&%24orderby=displayName&%24top=50&%24skiptoken=RFNwdAIAAQAAAB8&%24count=true
get-group GET /groups/000000ba-0000-4000-8000-000000000601?%24select=id%2CdisplayName
list-group-members GET /groups/000000ba-0000-4000-8000-000000000601/members?%24select=id%2CdisplayName&%24filter=startswith%28displayName%2C%27Le%27%29&%24search=%22displayName%3ALena%22&%24top=50&%24skiptoken=RFNwdAIAAQAAAB8&%24count=true
add-group-member POST /groups/000000ba-0000-4000-8000-000000000601/members/$ref {"@odata.id":"https://graph.microsoft.com/v1.0/directoryObjects/000000e0-0000-4000-8000-000000000107"}
remove-group-member DELETE /groups/000000ba-0000-4000-8000-000000000601/members/000000e0-0000-4000-8000-000000000102/$ref
create-group POST /groups {"displayName":"VPN branch office","mailEnabled":false,"mailNickname":"vpn-branch-office","securityEnabled":true,"groupTypes":["Unified"],"description":"May use the tunnel to the branch office"}
list-user-memberships GET /users/000000e0-0000-4000-8000-000000000102/memberOf?%24select=id%2CdisplayName&%24top=50&%24skiptoken=RFNwdAIAAQAAAB8&%24count=true
list-directory-roles GET /directoryRoles?%24select=id%2CdisplayName
list-role-members GET /directoryRoles/000000ca-0000-4000-8000-000000000701/members?%24select=id%2CdisplayName
list-sign-ins GET /auditLogs/signIns?%24filter=createdDateTime+ge+2026-11-22T00%3A00%3A00Z&%24top=50&%24skiptoken=RFNwdAIAAQAAAB8
list-directory-audits GET /auditLogs/directoryAudits?%24filter=activityDateTime+ge+2026-11-01T00%3A00%3A00Z&%24top=50&%24skiptoken=RFNwdAIAAQAAAB8
list-risky-users GET /identityProtection/riskyUsers?%24select=userPrincipalName%2CriskLevel&%24filter=riskState+eq+%27atRisk%27&%24top=50&%24skiptoken=RFNwdAIAAQAAAB8
list-conditional-access-policies GET /identity/conditionalAccess/policies?%24select=id%2CdisplayName&%24filter=state+eq+%27enabled%27&%24top=50&%24skiptoken=RFNwdAIAAQAAAB8
list-devices GET /devices?%24select=id%2CdisplayName&%24filter=displayName+eq+%27FAB-LT12%27&%24search=%22displayName%3AFAB%22&%24orderby=displayName&%24top=50&%24skiptoken=RFNwdAIAAQAAAB8&%24count=true
list-bitlocker-keys GET /informationProtection/bitlocker/recoveryKeys?%24filter=deviceId+eq+%27000000d0-0000-4000-8000-000000000304%27&%24skiptoken=RFNwdAIAAQAAAB8
get-bitlocker-key GET /informationProtection/bitlocker/recoveryKeys/000000de-0000-4000-8000-000000000304?%24select=key
list-laps-devices GET /directory/deviceLocalCredentials?%24select=id%2CdeviceName%2ClastBackupDateTime%2CrefreshDateTime&%24filter=deviceName+eq+%27FAB-LT12%27&%24top=50&%24skiptoken=RFNwdAIAAQAAAB8
get-laps-password GET /directory/deviceLocalCredentials/000000d0-0000-4000-8000-000000000304?%24select=credentials
list-managed-devices GET /deviceManagement/managedDevices?%24select=id%2CdeviceName&%24filter=deviceName+eq+%27FAB-LT12%27&%24orderby=deviceName&%24top=50&%24skiptoken=RFNwdAIAAQAAAB8
get-managed-device GET /deviceManagement/managedDevices/000000d0-0000-4000-8000-000000000304
sync-device POST /deviceManagement/managedDevices/000000d0-0000-4000-8000-000000000304/syncDevice
reboot-device POST /deviceManagement/managedDevices/000000d0-0000-4000-8000-000000000304/rebootNow
lock-device POST /deviceManagement/managedDevices/000000d0-0000-4000-8000-000000000304/remoteLock
retire-device POST /deviceManagement/managedDevices/000000d0-0000-4000-8000-000000000304/retire
wipe-device POST /deviceManagement/managedDevices/000000d0-0000-4000-8000-000000000304/wipe {"keepEnrollmentData":true,"keepUserData":false,"macOsUnlockCode":"000000"}
list-compliance-policies GET /deviceManagement/deviceCompliancePolicies?%24select=id%2CdisplayName&%24top=50&%24skiptoken=RFNwdAIAAQAAAB8
list-service-health GET /admin/serviceAnnouncement/healthOverviews?%24select=id%2Cstatus&%24filter=service+eq+%27Exchange+Online%27&%24expand=issues
list-service-issues GET /admin/serviceAnnouncement/issues?%24select=id%2Ctitle&%24filter=isResolved+eq+false&%24orderby=lastModifiedDateTime+desc&%24top=50&%24skip=100&%24skiptoken=RFNwdAIAAQAAAB8
list-message-center GET /admin/serviceAnnouncement/messages?%24select=id%2Ctitle&%24filter=isMajorChange+eq+true&%24orderby=lastModifiedDateTime+desc&%24top=50&%24skip=100&%24skiptoken=RFNwdAIAAQAAAB8
list-security-alerts GET /security/alerts_v2?%24filter=status+eq+%27new%27&%24top=50&%24skip=100&%24skiptoken=RFNwdAIAAQAAAB8&%24count=true
list-security-incidents GET /security/incidents?%24filter=status+eq+%27active%27&%24top=20&%24skip=100&%24skiptoken=RFNwdAIAAQAAAB8&%24expand=alerts
list-secure-scores GET /security/secureScores?%24top=1&%24skiptoken=RFNwdAIAAQAAAB8
list-messages GET /users/000000e0-0000-4000-8000-000000000102/messages?%24select=id%2Csubject&%24filter=isRead+eq+false&%24search=%22subject%3Ainvoice%22&%24orderby=receivedDateTime+desc&%24top=50&%24skip=100&%24skiptoken=RFNwdAIAAQAAAB8
send-mail POST /me/sendMail {"message":{"subject":"Your new laptop","body":{"contentType":"text","content":"It arrives on Tuesday."},"toRecipients":[{"emailAddress":{"address":"lena.vogt@fabrikam.example"}}],"ccRecipients":[{"emailAddress":{"address":"mia.brandt@fabrikam.example"}}]},"saveToSentItems":true}
get-mailbox-settings GET /users/000000e0-0000-4000-8000-000000000102/mailboxSettings
set-auto-reply PATCH /users/000000e0-0000-4000-8000-000000000102/mailboxSettings {"automaticRepliesSetting":{"status":"scheduled","externalAudience":"all","internalReplyMessage":"I am back on Monday.","externalReplyMessage":"I am out of office until Monday.","scheduledStartDateTime":{"dateTime":"2026-11-24T08:00:00","timeZone":"UTC"},"scheduledEndDateTime":{"dateTime":"2026-11-24T09:00:00","timeZone":"UTC"}}}
list-inbox-rules GET /users/000000e0-0000-4000-8000-000000000102/mailFolders/inbox/messageRules
delete-inbox-rule DELETE /users/000000e0-0000-4000-8000-000000000102/mailFolders/inbox/messageRules/AQAAAJ5dZqA%3D
list-events GET /users/000000e0-0000-4000-8000-000000000102/calendarView?startDateTime=2026-11-23T00%3A00%3A00Z&endDateTime=2026-11-30T00%3A00%3A00Z&%24select=id%2Csubject&%24orderby=start%2FdateTime&%24top=50&%24skip=100&%24skiptoken=RFNwdAIAAQAAAB8
create-event POST /users/000000e0-0000-4000-8000-000000000102/events {"subject":"Replace the VPN gateway","start":{"dateTime":"2026-11-24T08:00:00","timeZone":"UTC"},"end":{"dateTime":"2026-11-24T09:00:00","timeZone":"UTC"},"attendees":[{"emailAddress":{"address":"mia.brandt@fabrikam.example"},"type":"required"}],"location":{"displayName":"Server room"},"body":{"contentType":"text","content":"The tunnel is down for 30 minutes."},"isOnlineMeeting":false}
search-sites GET /sites?search=Fabrikam&%24select=id%2CdisplayName&%24skiptoken=RFNwdAIAAQAAAB8
search-content POST /search/query {"requests":[{"entityTypes":["driveItem"],"query":{"queryString":"VPN"},"from":0,"size":25}]}
list-domains GET /domains?%24select=id%2CisVerified
list-app-registrations GET /servicePrincipals?%24select=id%2CdisplayName&%24filter=accountEnabled+eq+true&%24search=%22displayName%3ABackup%22&%24orderby=displayName&%24top=50&%24skiptoken=RFNwdAIAAQAAAB8&%24count=true`;

describeRequests(app, values, documented);

const toolNamed = (name: string) => toolOf(app, name);
const examplesOf = (name: string) => exampleArguments(toolNamed(name));

describe('the requests of Microsoft 365', () => {
  it('send no body where the vendor wants none, and an empty one where all of it is optional', () => {
    const args = { deviceId: '000000d0-0000-4000-8000-000000000304' };
    expect(buildRequest(app, toolNamed('sync-device'), args, values).body).toBeUndefined();
    expect(buildRequest(app, toolNamed('wipe-device'), args, values).body).toBe('{}');
  });

  it('keep a user principal name in one segment, also that of a guest', () => {
    const urlOf = (userId: string) => buildRequest(app, toolNamed('get-user'), { userId }, values).url;
    const guest = 'lena_mail.example#EXT#@fabrikam.example';
    expect(checkArguments(toolNamed('get-user').input, { userId: guest })).toBeUndefined();
    expect(urlOf(guest)).toBe(`${root}/users/lena_mail.example%23EXT%23%40fabrikam.example`);
    expect(checkArguments(toolNamed('get-user').input, { userId: 'a/b@fabrikam.example' })).toContain(
      'userId',
    );
    expect(urlOf('a/b@fabrikam.example')).toBe(`${root}/users/a%2Fb%40fabrikam.example`);
  });

  it('ask for eventual consistency exactly where directory objects are searched or counted', () => {
    const eventual = app.tools.filter((tool) => tool.request.headers.ConsistencyLevel === 'eventual');
    expect(eventual.map((tool) => tool.name)).toEqual([
      'list-users',
      'list-deleted-users',
      'list-groups',
      'list-group-members',
      'list-user-memberships',
      'list-devices',
      'list-app-registrations',
    ]);
  });

  it('name a user agent where the vendor requires one', () => {
    const named = app.tools.filter((tool) => tool.request.headers['User-Agent'] === 'Gatehouse');
    expect(named.map((tool) => tool.name)).toEqual([
      'list-bitlocker-keys',
      'get-bitlocker-key',
      'list-laps-devices',
      'get-laps-password',
    ]);
  });

  it('test the connection with the signed-in user', () => {
    expect(buildTestRequest(app, values)).toMatchObject({
      method: 'GET',
      url: `${root}/me?$select=id,displayName,userPrincipalName`,
    });
  });
});

describe('what Microsoft 365 lets an agent do', () => {
  const judged = app.tools.map((tool) => ({
    name: tool.name,
    ...classify({
      name: tool.name,
      description: tool.description,
      inputSchema: tool.input,
      vendor: { access: tool.access, policy: tool.policy, reason: tool.reason },
    }),
  }));

  it('asks because of a vendor rule exactly for secrets and mail', () => {
    expect(app.tools.filter((tool) => tool.policy === 'approval_needed').map((tool) => tool.name)).toEqual([
      'reset-password',
      'create-temporary-access-pass',
      'get-bitlocker-key',
      'get-laps-password',
      'list-messages',
    ]);
  });

  it('runs at once because of a vendor rule only what lists or searches', () => {
    expect(app.tools.filter((tool) => tool.policy === 'auto').map((tool) => tool.name)).toEqual([
      'list-bitlocker-keys',
      'list-laps-devices',
      'search-content',
    ]);
  });

  it('masks exactly the fields that hold a secret, and always asks for them', () => {
    const reveals = app.tools.filter((tool) => tool.reveals.length > 0);
    expect(reveals.map((tool) => [tool.name, ...tool.reveals])).toEqual([
      ['reset-password', 'newPassword'],
      ['create-temporary-access-pass', 'temporaryAccessPass'],
      ['get-bitlocker-key', 'key'],
      ['get-laps-password', 'passwordBase64'],
    ]);
    expect(reveals.every((tool) => tool.policy === 'approval_needed')).toBe(true);
    const answer = { credentials: [{ accountName: 'Administrator', passwordBase64: 'c2FtcGxl' }] };
    expect(maskReveals(toolNamed('get-laps-password'), answer)).toEqual({
      credentials: [{ accountName: 'Administrator', passwordBase64: '[masked]' }],
    });
  });

  it('never runs at once what changes something', () => {
    const unattended = judged.filter(({ policy }) => policy === 'auto');
    expect(unattended.filter(({ access }) => access !== 'read')).toEqual([]);
    expect(unattended).toHaveLength(38);
    expect(judged.length - unattended.length).toBe(24);
  });

  it('gives no way to the secret of a device beside the two tools that ask', () => {
    const refused = checkArguments(toolNamed('get-managed-device').input, {
      deviceId: '000000d0-0000-4000-8000-000000000304',
      select: 'activationLockBypassCode',
    });
    expect(refused).toContain('select is not known');
    expect(checkArguments(toolNamed('list-users').input, { select: 'id&$expand=x' })).toContain('select');
  });

  it('adds only members of Microsoft Graph to a group', () => {
    const groupId = '000000ba-0000-4000-8000-000000000601';
    for (const memberReference of [
      'https://evil.example/v1.0/directoryObjects/000000e0-0000-4000-8000-000000000107',
      'https://graph.microsoft.com/v1.0/directoryObjects/000000e0-0000-4000-8000-000000000107/x',
    ])
      expect(checkArguments(toolNamed('add-group-member').input, { groupId, memberReference })).toContain(
        'memberReference',
      );
  });

  it('says in the approval sentence what will happen', () => {
    const sentence = (name: string) => approvalSentence(toolNamed(name), examplesOf(name));
    expect(sentence('create-user')).toBe('Create the user Jonas Weber (jonas.weber@fabrikam.example)');
    expect(sentence('wipe-device')).toBe(
      'Wipe Intune device 000000d0-0000-4000-8000-000000000304 (keep user data: false)',
    );
    expect(sentence('send-mail')).toBe(
      'Send the mail Your new laptop to [{"emailAddress":{"address":"lena.vogt@fabrikam.example"}}]: It arrives on Tuesday.',
    );
    for (const tool of app.tools) {
      const blanks = [...tool.summary.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      expect(Object.keys(tool.input.properties), tool.name).toEqual(expect.arrayContaining(blanks));
    }
  });
});

describe('the sign-in of Microsoft 365', () => {
  it('is a public client on any port of localhost', () => {
    if (app.auth.kind !== 'oauth2') throw new Error('Microsoft 365 signs in by OAuth.');
    expect(app.auth.clientSecret).toBeUndefined();
    expect(app.auth.redirect).toEqual({ host: 'localhost', path: '/' });
    expect(fill(app.auth.authorizeUrl, values)).toBe(
      'https://login.microsoftonline.com/fabrikam.example/oauth2/v2.0/authorize',
    );
    expect(fill(app.auth.tokenUrl, values)).toBe(
      'https://login.microsoftonline.com/fabrikam.example/oauth2/v2.0/token',
    );
    expect(fill(app.auth.scope, values)).toBe(
      'https://graph.microsoft.com/.default offline_access openid profile',
    );
  });

  it('takes a tenant by id or domain', () => {
    const open = (tenant: string) => checkForm(app, { ...values, tenant }).open;
    expect(open(' fabrikam.example ').tenant).toBe('fabrikam.example');
    expect(open('000000c0-0000-4000-8000-000000000002').tenant).toBe('000000c0-0000-4000-8000-000000000002');
  });

  it.each(['common', 'organizations', 'fabrikam', '../x.example', 'fabrikam.example/x', 'https://a.example'])(
    'refuses the tenant %s',
    (tenant) => {
      expect(() => checkForm(app, { ...values, tenant })).toThrow(/tenant/i);
    },
  );

  it('reads the words of Graph and of the token endpoint', () => {
    const read = (text: string) => readVendorError(app, 400, 'application/json', text);
    expect(read('{"error":{"code":"Request_BadRequest","message":"Invalid filter clause"}}')).toContain(
      'Invalid filter clause',
    );
    expect(read('{"error":"invalid_grant","error_description":"AADSTS70008: expired"}')).toContain(
      'AADSTS70008: expired',
    );
  });
});
