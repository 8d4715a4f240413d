/**
 * The AI clients that Gatehouse can write itself into: where each keeps its configuration on which system, in which language, and how one
 * entry is written. Facts only. Places are templates: `{home}`, `{appData}`, `{localAppData}` (Windows), `{config}` (XDG), `{support}` (macOS).
 */
import { tokenVariable } from '../gateway/stdio-messages';
import type { Json } from './config-format';

export const systems = ['win32', 'darwin', 'linux'] as const;
export type System = (typeof systems)[number];

/** Where the gateway is for one agent, and how a client that only starts programs gets there. */
export interface Endpoint {
  readonly url: string;
  readonly token: string;
  /** The program of Gatehouse, with what it needs in front of our own arguments. */
  readonly bridge: { readonly command: string; readonly args: readonly string[] };
  /** What the entry is called; another one in the practice workspace. */
  readonly name: string;
}

/** One file that a client reads. */
export interface ClientPlace {
  /** Tells two places of one client apart: "VS Code Insiders". */
  readonly label: string;
  readonly file: string;
  /** The client's own folder: only where that is, Gatehouse makes a file. */
  readonly folder: string;
}

export interface ClientKind {
  readonly id: string;
  readonly name: string;
  readonly format: 'json' | 'toml' | 'yaml';
  /** The name of the map of servers. */
  readonly serversAt: string;
  readonly places: Readonly<Record<System, readonly ClientPlace[]>>;
  readonly entry: (endpoint: Endpoint) => Json;
  /** What a person does so that the client reads it. */
  readonly afterwards: string;
}

const bearer = ({ token }: Endpoint) => ({ Authorization: `Bearer ${token}` });
const remote = (endpoint: Endpoint): Json => ({ url: endpoint.url, headers: bearer(endpoint) });
const typedRemote = (endpoint: Endpoint): Json => ({
  type: 'http',
  url: endpoint.url,
  headers: bearer(endpoint),
});

/** For clients that only start programs: the token stands in the environment, not among the arguments. */
export const stdioEntry = ({ url, token, bridge }: Endpoint): Json => ({
  command: bridge.command,
  args: [...bridge.args, '--stdio', '--url', url],
  env: { [tokenVariable]: token },
});

const inHome = (label: string, folder: string, file: string): ClientPlace => ({
  label,
  file: `{home}/${folder}/${file}`,
  folder: `{home}/${folder}`,
});
const everywhere = (...places: readonly ClientPlace[]) => ({ win32: places, darwin: places, linux: places });

/** The user data of VS Code and of editors made from it. */
const editorData = { win32: '{appData}', darwin: '{support}', linux: '{config}' } as const;
const inEditors = (
  editors: readonly (readonly [label: string, folder: string])[],
  inside: string,
  file: string,
) => {
  const placesOn = (system: System) =>
    editors.map(([label, editor]) => {
      const folder = `${editorData[system]}/${editor}/User${inside}`;
      return { label, folder, file: `${folder}/${file}` };
    });
  return { win32: placesOn('win32'), darwin: placesOn('darwin'), linux: placesOn('linux') };
};
const vsCodes = [
  ['VS Code', 'Code'],
  ['VS Code Insiders', 'Code - Insiders'],
] as const;
const cline = inEditors(
  [...vsCodes, ['Cursor', 'Cursor']],
  '/globalStorage/saoudrizwan.claude-dev',
  'settings/cline_mcp_settings.json',
);
const clineAlone = inHome('Cline CLI', '.cline', 'data/settings/cline_mcp_settings.json');

const claudeDesktop = 'claude_desktop_config.json';
const claudeIn = (label: string, folder: string) => ({ label, folder, file: `${folder}/${claudeDesktop}` });

export const clientKinds: readonly ClientKind[] = [
  {
    /**
     * Its file takes programs only; remote servers are added in its settings, by account. The app of the Microsoft Store has its data in a
     * folder of its own. Not made for Linux by its maker, but there by others, at the usual place.
     *
     * @see https://modelcontextprotocol.io/docs/develop/connect-local-servers
     */
    id: 'claude-desktop',
    name: 'Claude Desktop',
    format: 'json',
    serversAt: 'mcpServers',
    places: {
      win32: [
        claudeIn('Claude Desktop', '{appData}/Claude'),
        claudeIn('Microsoft Store', '{localAppData}/Packages/Claude_pzs8sxrjxfjjc/LocalCache/Roaming/Claude'),
      ],
      darwin: [claudeIn('Claude Desktop', '{support}/Claude')],
      linux: [claudeIn('Claude Desktop', '{config}/Claude')],
    },
    entry: stdioEntry,
    afterwards: 'Quit Claude Desktop wholly (also from the tray) and start it again.',
  },
  {
    /** The user scope: servers for all projects. @see https://code.claude.com/docs/en/mcp */
    id: 'claude-code',
    name: 'Claude Code',
    format: 'json',
    serversAt: 'mcpServers',
    places: everywhere({ label: 'All projects', file: '{home}/.claude.json', folder: '{home}/.claude' }),
    entry: typedRemote,
    afterwards: 'Start a new session; /mcp shows whether it is connected.',
  },
  {
    /** @see https://cursor.com/docs/mcp */
    id: 'cursor',
    name: 'Cursor',
    format: 'json',
    serversAt: 'mcpServers',
    places: everywhere(inHome('All projects', '.cursor', 'mcp.json')),
    entry: remote,
    afterwards: 'Cursor notices it by itself; Settings, MCP shows whether it is connected.',
  },
  {
    /** @see https://code.visualstudio.com/docs/copilot/reference/mcp-configuration */
    id: 'vs-code',
    name: 'VS Code',
    format: 'json',
    serversAt: 'servers',
    places: inEditors(vsCodes, '', 'mcp.json'),
    entry: typedRemote,
    afterwards: 'Run “MCP: List Servers” in VS Code and start gatehouse.',
  },
  {
    /** A remote server is `serverUrl` here, not `url`. @see https://docs.windsurf.com/windsurf/cascade/mcp */
    id: 'windsurf',
    name: 'Windsurf',
    format: 'json',
    serversAt: 'mcpServers',
    places: everywhere(inHome('All projects', '.codeium/windsurf', 'mcp_config.json')),
    entry: (endpoint) => ({ serverUrl: endpoint.url, headers: bearer(endpoint) }),
    afterwards: 'Press Refresh in the MCP panel of Windsurf.',
  },
  {
    /** @see https://zed.dev/docs/ai/mcp · https://zed.dev/docs/configuring-zed */
    id: 'zed',
    name: 'Zed',
    format: 'json',
    serversAt: 'context_servers',
    places: {
      win32: [{ label: 'Settings', file: '{appData}/Zed/settings.json', folder: '{appData}/Zed' }],
      darwin: [inHome('Settings', '.config/zed', 'settings.json')],
      linux: [{ label: 'Settings', file: '{config}/zed/settings.json', folder: '{config}/zed' }],
    },
    entry: remote,
    afterwards: 'Zed notices it by itself.',
  },
  {
    /** Without `type` it would take the address for the older transport. @see https://docs.cline.bot/mcp/connecting-to-a-remote-server */
    id: 'cline',
    name: 'Cline',
    format: 'json',
    serversAt: 'mcpServers',
    places: {
      win32: [...cline.win32, clineAlone],
      darwin: [...cline.darwin, clineAlone],
      linux: [...cline.linux, clineAlone],
    },
    entry: (endpoint) => ({
      type: 'streamableHttp',
      url: endpoint.url,
      headers: bearer(endpoint),
      disabled: false,
    }),
    afterwards: 'Cline notices it by itself; its MCP Servers page shows whether it is connected.',
  },
  {
    /** `httpUrl` is Streamable HTTP, `url` the older transport. @see https://geminicli.com/docs/tools/mcp-server */
    id: 'gemini-cli',
    name: 'Gemini CLI',
    format: 'json',
    serversAt: 'mcpServers',
    places: everywhere(inHome('All projects', '.gemini', 'settings.json')),
    entry: (endpoint) => ({ httpUrl: endpoint.url, headers: bearer(endpoint) }),
    afterwards: 'Start Gemini CLI again; /mcp shows whether it is connected.',
  },
  {
    /** A token in `bearer_token` is refused; a fixed header is taken. @see https://developers.openai.com/codex/mcp */
    id: 'codex-cli',
    name: 'Codex CLI',
    format: 'toml',
    serversAt: 'mcp_servers',
    places: everywhere(inHome('All projects', '.codex', 'config.toml')),
    entry: (endpoint) => ({ url: endpoint.url, http_headers: bearer(endpoint) }),
    afterwards: 'Start Codex again; /mcp shows whether it is connected.',
  },
  {
    /** @see https://junie.jetbrains.com/docs/junie-cli-mcp-configuration.html */
    id: 'junie',
    name: 'JetBrains Junie',
    format: 'json',
    serversAt: 'mcpServers',
    places: everywhere(inHome('All projects', '.junie', 'mcp/mcp.json')),
    entry: remote,
    afterwards:
      'Settings, Tools, Junie, MCP Settings shows whether it is connected. An older Junie takes programs only: then copy the other form.',
  },
  {
    /** Follows the notation of Cursor. @see https://lmstudio.ai/docs/app/mcp */
    id: 'lm-studio',
    name: 'LM Studio',
    format: 'json',
    serversAt: 'mcpServers',
    places: everywhere(inHome('LM Studio', '.lmstudio', 'mcp.json')),
    entry: remote,
    afterwards: 'LM Studio notices it by itself.',
  },
  {
    /** @see https://block.github.io/goose/docs/guides/config-files */
    id: 'goose',
    name: 'Goose',
    format: 'yaml',
    serversAt: 'extensions',
    places: {
      win32: [
        {
          label: 'Goose',
          file: '{appData}/Block/goose/config/config.yaml',
          folder: '{appData}/Block/goose/config',
        },
      ],
      darwin: [inHome('Goose', '.config/goose', 'config.yaml')],
      linux: [{ label: 'Goose', file: '{config}/goose/config.yaml', folder: '{config}/goose' }],
    },
    entry: (endpoint) => ({
      enabled: true,
      type: 'streamable_http',
      name: endpoint.name,
      description: 'The tools of this MSP, through Gatehouse',
      uri: endpoint.url,
      headers: bearer(endpoint),
      timeout: 300,
    }),
    afterwards: 'Start a new Goose session.',
  },
];

/** What stands for the token in texts that are shown: the window alone holds the token, and puts it in. */
export const tokenPlaceholder = '{{token}}';

/** Ready texts for a client that is not in the table. */
export function copyTexts(endpoint: Omit<Endpoint, 'token'>): readonly { label: string; text: string }[] {
  const whole = { ...endpoint, token: tokenPlaceholder };
  const inServers = (entry: Json) => JSON.stringify({ mcpServers: { [endpoint.name]: entry } }, null, 2);
  return [
    { label: 'Remote server (HTTP)', text: inServers(typedRemote(whole)) },
    { label: 'For clients that start a program', text: inServers(stdioEntry(whole)) },
  ];
}
