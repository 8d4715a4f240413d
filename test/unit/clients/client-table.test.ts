/** Where clients keep their files and what an entry of each looks like. */
import { describe, expect, it } from 'vitest';
import { clientFiles, systemFolders } from '../../../src/main/clients/client-places';
import { clientKinds, copyTexts, systems, tokenPlaceholder } from '../../../src/main/clients/client-table';
import { planChange, readServers } from '../../../src/main/clients/plan-change';
import { endpoint } from './bench';

const windows = systemFolders('win32', 'C:\\Users\\m', {
  APPDATA: 'C:\\Users\\m\\AppData\\Roaming',
  LOCALAPPDATA: 'C:\\Users\\m\\AppData\\Local',
});
const mac = systemFolders('darwin', '/Users/m', {});
const linux = systemFolders('linux', '/home/m', {});
const pathsOf = (folders: typeof linux, id: string) =>
  clientFiles(folders)
    .filter(({ kind }) => kind.id === id)
    .map(({ path }) => path);

describe('the files of clients', () => {
  it.each([
    ['claude-desktop', windows, 'C:\\Users\\m\\AppData\\Roaming\\Claude\\claude_desktop_config.json'],
    [
      'claude-desktop',
      windows,
      'C:\\Users\\m\\AppData\\Local\\Packages\\Claude_pzs8sxrjxfjjc\\LocalCache\\Roaming\\Claude\\claude_desktop_config.json',
    ],
    ['claude-desktop', mac, '/Users/m/Library/Application Support/Claude/claude_desktop_config.json'],
    ['claude-code', linux, '/home/m/.claude.json'],
    ['cursor', windows, 'C:\\Users\\m\\.cursor\\mcp.json'],
    ['vs-code', windows, 'C:\\Users\\m\\AppData\\Roaming\\Code\\User\\mcp.json'],
    ['vs-code', linux, '/home/m/.config/Code - Insiders/User/mcp.json'],
    ['windsurf', mac, '/Users/m/.codeium/windsurf/mcp_config.json'],
    ['zed', windows, 'C:\\Users\\m\\AppData\\Roaming\\Zed\\settings.json'],
    ['zed', mac, '/Users/m/.config/zed/settings.json'],
    [
      'cline',
      mac,
      '/Users/m/Library/Application Support/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json',
    ],
    ['cline', linux, '/home/m/.cline/data/settings/cline_mcp_settings.json'],
    ['gemini-cli', linux, '/home/m/.gemini/settings.json'],
    ['codex-cli', linux, '/home/m/.codex/config.toml'],
    ['junie', mac, '/Users/m/.junie/mcp/mcp.json'],
    ['lm-studio', windows, 'C:\\Users\\m\\.lmstudio\\mcp.json'],
    ['goose', windows, 'C:\\Users\\m\\AppData\\Roaming\\Block\\goose\\config\\config.yaml'],
    ['goose', linux, '/home/m/.config/goose/config.yaml'],
  ])('%s is at its place', (id, folders, path) => {
    expect(pathsOf(folders, id)).toContain(path);
  });

  it('have ids of their own, and every client has a file on every system', () => {
    for (const folders of [windows, mac, linux]) {
      const files = clientFiles(folders);
      expect(new Set(files.map(({ fileId }) => fileId)).size).toBe(files.length);
      expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
      expect(new Set(files.map(({ kind }) => kind.id)).size).toBe(clientKinds.length);
      for (const { path, folder } of files) {
        expect(path).not.toContain('{');
        expect(folder).not.toContain('{');
      }
    }
  });

  it('follow the environment, but for a relative XDG folder', () => {
    const moved = systemFolders('linux', '/home/m', { XDG_CONFIG_HOME: '/data/config' });
    expect(pathsOf(moved, 'goose')).toEqual(['/data/config/goose/config.yaml']);
    expect(systemFolders('linux', '/home/m', { XDG_CONFIG_HOME: 'config' }).config).toBe('/home/m/.config');
    expect(systemFolders('freebsd', '/home/m', {}).system).toBe('linux');
  });
});

describe.each(clientKinds.map((kind) => [kind.name, kind] as const))('an entry of %s', (_name, kind) => {
  it('holds the token where it is sent from, and is read again as it was written', () => {
    const entry = kind.entry(endpoint);
    const text = JSON.stringify(entry);
    expect(text).toContain(endpoint.token);
    expect(text).toContain(endpoint.url);
    const { newText } = planChange(kind, undefined, { kind: 'set', name: 'gatehouse', entry });
    expect(readServers(kind, newText).get('gatehouse')).toEqual(entry);
    for (const system of systems) expect(kind.places[system].length).toBeGreaterThan(0);
  });
});

describe('a client that only starts programs', () => {
  it('gets the program with the address, and the token in the environment', () => {
    expect(
      clientKinds[0]?.entry({ ...endpoint, bridge: { command: '/opt/gatehouse', args: ['app'] } }),
    ).toEqual({
      command: '/opt/gatehouse',
      args: ['app', '--stdio', '--url', endpoint.url],
      env: { GATEHOUSE_TOKEN: endpoint.token },
    });
  });
});

describe('the texts to copy', () => {
  it('have a place for the token and no token', () => {
    const texts = copyTexts(endpoint);
    expect(texts).toHaveLength(2);
    for (const { text } of texts) {
      expect(text).toContain(tokenPlaceholder);
      expect(() => JSON.parse(text)).not.toThrow();
    }
  });
});
