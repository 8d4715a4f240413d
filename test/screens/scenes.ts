/** Made-up facts for the screens: an MSP with several connections, agents and questions, small and at size. */
import type { CallOutput } from '../../src/preload/contract/calls';
import { agentIdSchema, approvalIdSchema, connectionIdSchema } from '../../src/preload/contract/shapes';
import type { Script } from './stage';

const nowMs = Date.now();
const minute = 60_000;

export const connectionId = connectionIdSchema.parse('con_0123456789');

export const status: CallOutput<'app.status'> = {
  version: '0.1.0',
  practice: false,
  vault: { kind: 'unlocked', protector: { kind: 'keychain', name: 'Secret Service' } },
  gateway: { kind: 'listening', url: 'http://127.0.0.1:8417/mcp', port: 8417 },
  mode: 'execute',
  notices: [],
};

type App = CallOutput<'catalog.list'>[number];

function app(
  name: string,
  category: string,
  initials: string,
  colour: string,
  summary: string,
  tools: number,
): App {
  const appId = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return {
    appId,
    name,
    vendor: name.split(' ')[0] ?? name,
    category,
    summary,
    logo: { initials, colour },
    keywords: [],
    toolNames: Array.from({ length: tools }, (_, index) => `list-${appId}-${index}`),
  };
}

export const apps: readonly App[] = [
  app('ConnectWise PSA', 'PSA', 'CW', '#1d4fa8', 'Tickets, companies, time and agreements', 45),
  app('HaloPSA', 'PSA', 'H', '#b4420f', 'Tickets, clients, assets and actions', 38),
  app('Autotask', 'PSA', 'AT', '#7a2b14', 'Tickets, companies, contracts and time', 41),
  app('Microsoft 365', 'Microsoft 365', 'M', '#0f766e', 'Users, groups, licences, mail and Intune', 57),
  app('NinjaOne', 'RMM', 'N', '#0b6aa2', 'Devices, alerts, scripts and patches', 50),
  app('Datto RMM', 'RMM', 'D', '#1d4ed8', 'Sites, devices, alerts and quick jobs', 39),
  app('IT Glue', 'Documentation', 'IG', '#be123c', 'Documents, passwords and configurations', 38),
];

type Connection = CallOutput<'connections.list'>[number];

export const connection: Connection = {
  connectionId,
  appId: 'connectwise-psa',
  appName: 'ConnectWise PSA',
  category: 'PSA',
  logo: { initials: 'CW', colour: '#1d4fa8' },
  label: 'ConnectWise PSA',
  alias: 'cwpsa',
  state: { kind: 'connected' },
  account: 'gatehouse-api @ contoso',
  region: 'Europe',
  server: null,
  connectedAtMs: nowMs - 20 * 24 * 60 * minute,
  lastCheckedAtMs: nowMs - 4 * minute,
  lastCheckTookMs: 212,
  toolCount: 45,
  counts: { auto: 31, approvalNeeded: 14, disabled: 0 },
  callsToday: { calls: 148, failed: 2 },
  signInEnd: null,
  noticeOpen: true,
};

export const connections: readonly Connection[] = [
  connection,
  {
    ...connection,
    connectionId: connectionIdSchema.parse('con_1123456789'),
    appId: 'ninjaone',
    appName: 'NinjaOne',
    category: 'RMM',
    logo: { initials: 'N', colour: '#0b6aa2' },
    label: 'NinjaOne',
    signInEnd: { atMs: nowMs + 40 * minute, renews: true },
    state: { kind: 'needs_authorization', reason: 'The consent of an administrator is missing.' },
  },
  {
    ...connection,
    connectionId: connectionIdSchema.parse('con_2123456789'),
    appId: 'microsoft-365',
    appName: 'Microsoft 365',
    category: 'Microsoft 365',
    logo: { initials: 'M', colour: '#0f766e' },
    label: 'Fabrikam and all of its many subsidiaries in Europe',
    state: { kind: 'needs_sign_in', reason: 'The sign-in expired on 3 Nov.' },
  },
  {
    ...connection,
    connectionId: connectionIdSchema.parse('con_3123456789'),
    appId: 'it-glue',
    appName: 'IT Glue',
    category: 'Documentation',
    logo: { initials: 'IG', colour: '#be123c' },
    label: 'IT Glue',
    state: { kind: 'error', reason: 'The vendor answered 500 at the last check.' },
  },
];

/** Disconnected on a train. */
export const unrevoked: CallOutput<'connections.unrevoked'> = [
  {
    connectionId: connectionIdSchema.parse('con_9123456789'),
    label: 'HaloPSA of Fabrikam',
    appName: 'HaloPSA',
    reason: 'fabrikam.halopsa.com did not answer within 10 seconds.',
    triedAtMs: nowMs - 4 * minute,
  },
];

type ToolRow = CallOutput<'policies.show'>['rows'][number];

const verbs = [
  ['list', 'read', 'auto', 'Reads only: the name starts with “list”'],
  ['get', 'read', 'auto', 'Reads only: the name starts with “get”'],
  ['update', 'write', 'approval_needed', 'Writes: the name starts with “update”'],
  ['delete', 'destructive', 'approval_needed', 'Destroys: the name starts with “delete”'],
] as const;

export function policies(count: number): CallOutput<'policies.show'> {
  const rows = Array.from({ length: count }, (_, index): ToolRow => {
    const [verb, access, policy, why] = verbs[index % verbs.length] ?? verbs[0];
    const subject = `thing-${String(Math.floor(index / verbs.length)).padStart(4, '0')}`;
    return {
      name: `${verb}-${subject}`,
      title: `${verb} ${subject}`,
      access,
      policy,
      defaultPolicy: policy,
      why,
      lastUsedAtMs: index % 3 === 0 ? nowMs - index * minute : null,
      drift: null,
      warning: '',
    };
  });
  return { connectionId, revision: 4, rows, refused: [] };
}

export const toolDetail: CallOutput<'policies.tool'> = {
  revision: 4,
  name: 'list-thing-0000',
  description: 'Lists the things of a board, newest first.',
  inputSchema: JSON.stringify({ type: 'object', properties: { board: { type: 'string' } } }, null, 2),
  request: 'GET /service/things',
  warning: '',
  changes: [],
  lastCalls: [{ seq: 12, atMs: nowMs - 4 * minute, agent: 'Triage bot', outcome: 'allowed', tookMs: 96 }],
};

type Approval = CallOutput<'approvals.list'>['waiting'][number];

export function approval(index: number, sentence: string): Approval {
  return {
    approvalId: approvalIdSchema.parse(`apr_${String(index).padStart(10, '0')}`),
    agentName: 'Triage bot',
    connectionLabel: 'ConnectWise PSA',
    tool: 'connectwise-psa:add-ticket-note',
    access: 'write',
    sentence,
    argumentsJson: JSON.stringify({ id: 48213, text: 'Checked the VPN concentrator.' }, null, 2),
    request: 'POST /service/tickets/48213/notes',
    mayGrant: true,
    askedAtMs: nowMs,
    expiresAtMs: nowMs + 9 * minute,
  };
}

export const waiting = [
  approval(1, 'Add a note to ticket 48213'),
  approval(2, 'Reset the password of j.meyer'),
  approval(
    3,
    `Add a note that goes on and on: ${'the tunnel renegotiates at the same minute and '.repeat(10)}`,
  ),
];

const agent: CallOutput<'agents.list'>[number] = {
  agentId: agentIdSchema.parse('agt_0123456789'),
  name: 'Triage bot',
  kind: 'Other',
  createdAtMs: nowMs - 90 * minute,
  lastSeenAtMs: nowMs - 2 * minute,
  callsToday: 148,
  toolCount: 43,
  toolTokens: 12_400,
  revokedAtMs: null,
  scope: { connectionIds: null, access: 'all' },
  expiresAtMs: null,
};

export const agents: CallOutput<'agents.list'> = [
  agent,
  {
    ...agent,
    agentId: agentIdSchema.parse('agt_1123456789'),
    name: 'Claude Desktop',
    kind: 'Claude Desktop',
    scope: { connectionIds: [connectionId], access: 'read' },
    expiresAtMs: nowMs + 5 * 24 * 60 * minute - minute,
  },
  {
    ...agent,
    agentId: agentIdSchema.parse('agt_3123456789'),
    name: 'Night shift',
    kind: 'VS Code',
    scope: { connectionIds: connections.map((one) => one.connectionId), access: 'all' },
    expiresAtMs: nowMs - 60 * minute,
  },
  {
    ...agent,
    agentId: agentIdSchema.parse('agt_2123456789'),
    name: 'The assistant of the night shift in the Rotterdam office',
    revokedAtMs: nowMs - 60 * minute,
  },
];

/** Cursor is here, VS Code twice, the rest is not; the file of Claude Desktop can be made. */
export const clients: CallOutput<'clients.list'> = {
  clients: (
    [
      ['claude-desktop', 'Claude Desktop', ['folder']],
      ['cursor', 'Cursor', ['file']],
      ['vs-code', 'VS Code', ['file', 'folder']],
      ['goose', 'Goose', ['missing']],
    ] as const
  ).map(([id, name, states]) => ({
    id,
    name,
    afterwards: `Start ${name} again.`,
    files: states.map((state, index) => ({
      fileId: `${id}-${index}`,
      label: index === 0 ? name : `${name} Insiders`,
      path: `C:\\Users\\m.weber\\AppData\\Roaming\\${name}${index === 0 ? '' : ' - Insiders'}\\mcp.json`,
      state,
    })),
  })),
  texts: [
    {
      label: 'Remote server (HTTP)',
      text: JSON.stringify(
        {
          mcpServers: {
            gatehouse: {
              type: 'http',
              url: 'http://127.0.0.1:8417/mcp',
              headers: { Authorization: 'Bearer {{token}}' },
            },
          },
        },
        null,
        2,
      ),
    },
    {
      label: 'For clients that start a program',
      text: '{ "mcpServers": { "gatehouse": { "command": "gatehouse.exe", "env": { "GATEHOUSE_TOKEN": "{{token}}" } } } }',
    },
  ],
};

const outcomes = ['allowed', 'approved', 'denied', 'refused', 'failed', 'changed', 'connected'] as const;

export function activity(count: number, fromSeq = 5000): CallOutput<'activity.list'> {
  const rows = Array.from({ length: count }, (_, index) => ({
    seq: fromSeq - index,
    atMs: nowMs - index * 37_000,
    kind: 'call_outcome',
    who: index % 4 === 3 ? 'm.weber' : 'Triage bot',
    what: 'connectwise-psa:get-ticket',
    outcome: outcomes[index % outcomes.length] ?? 'allowed',
    detail: index % 5 === 0 ? `A long detail: ${'id 48213, board Help Desk, '.repeat(8)}` : 'id 48213',
    tookMs: index % 4 === 3 ? null : 96,
  }));
  return { rows, matched: fromSeq, more: true, lookedBackToMs: null };
}

/** One bar an hour up to now. */
export function activityChart(hours: number): CallOutput<'activity.chart'> {
  const hour = 60 * minute;
  const lastMs = Math.floor(nowMs / hour) * hour;
  const bars = Array.from({ length: hours }, (_, index) => {
    const fromMs = lastMs - (hours - 1 - index) * hour;
    const busy = Math.round(40 + 38 * Math.sin(index / 4));
    const calls = [
      busy,
      index % 5,
      index % 7 === 0 ? 3 : 0,
      index % 11 === 0 ? 2 : 0,
      index % 6 === 0 ? 4 : 0,
      0,
    ];
    return { fromMs, toMs: fromMs + hour, calls };
  });
  return { unit: 'hour', bars };
}

export const settings: CallOutput<'settings.show'> = {
  theme: 'system',
  gatewayPort: 8417,
  approvalMinutes: 10,
  idleLockMinutes: 15,
  signInWith: 'popup',
  retentionDays: null,
  clientDocumentUrl: '',
  mostListedTools: 60,
};

export const appForm: CallOutput<'catalog.show'> = {
  ...(apps[0] ?? app('ConnectWise PSA', 'PSA', 'CW', '#1d4fa8', '', 1)),
  docs: 'https://developer.connectwise.com/',
  signIn: 'form',
  browserAllowed: true,
  signInWith: 'popup',
  defaultLabel: 'ConnectWise PSA',
  fields: [
    {
      name: 'region',
      label: 'Region',
      help: 'The site you sign in at.',
      secret: false,
      required: true,
      choices: [
        { value: 'https://api-eu.myconnectwise.net', label: 'Europe' },
        { value: 'https://api-na.myconnectwise.net', label: 'North America' },
      ],
      allowCustomChoice: true,
    },
    {
      name: 'company',
      label: 'Company ID',
      help: 'As typed at sign-in.',
      secret: false,
      required: true,
      pattern: '^[a-z0-9_]+$',
      patternMessage: 'Only small letters, digits and _.',
    },
    {
      name: 'key',
      label: 'Private key',
      help: 'System > Members > API Members.',
      secret: true,
      required: true,
    },
    { name: 'note', label: 'Note', help: '', secret: false, required: false },
  ],
};

/** A day at work: every screen has something to show. */
export const atWork: Script = {
  'app.status': { value: status },
  'catalog.list': { value: [...apps] },
  'catalog.show': { value: { ...appForm, appId: 'halopsa', name: 'HaloPSA' } },
  'connections.list': { value: [...connections] },
  'connections.unrevoked': { value: [] },
  'connections.form': {
    value: { values: { region: 'https://api-eu.myconnectwise.net', company: 'contoso' } },
  },
  'connections.previewDisconnect': {
    value: {
      label: 'ConnectWise PSA',
      toolCount: 45,
      customisedCount: 2,
      agents: [
        { name: 'Claude Desktop', toolCount: 45 },
        { name: 'Triage bot', toolCount: 43 },
      ],
      waitingApprovals: 1,
      revocation:
        'The connected account has to be revoked by hand. ConnectWise has no way to do this from here. Delete the API key under System > Members > API Members.',
    },
  },
  'policies.show': { value: policies(45) },
  'policies.tool': { value: toolDetail },
  'approvals.list': { value: { waiting, decided: [], grants: [] } },
  'agents.list': { value: [...agents] },
  'clients.list': { value: clients },
  'activity.list': { value: activity(100) },
  'activity.chart': { value: activityChart(48) },
  'activity.names': {
    value: {
      closed: { days: 12, records: 4310 },
      tools: ['connectwise-psa:add-ticket-note', 'connectwise-psa:get-ticket', 'ninjaone:list-devices'],
      connections: [{ connectionId: connectionIdSchema.parse('con_9123456789'), name: 'halopsa' }],
    },
  },
  'activity.show': { value: { seq: 5000, records: ['{\n  "seq": 5000\n}'] } },
  'settings.show': { value: settings },
};

/** A first start: a vault, and nothing in it. */
export const atFirst: Script = {
  ...atWork,
  'connections.list': { value: [] },
  'approvals.list': { value: { waiting: [], decided: [], grants: [] } },
  'agents.list': { value: [] },
  'activity.chart': { value: activityChart(0) },
  'activity.names': { value: { closed: { days: 0, records: 0 }, tools: [], connections: [] } },
  'activity.list': { value: { rows: [], matched: 0, more: false, lookedBackToMs: null } },
};
