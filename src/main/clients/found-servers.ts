/**
 * Other MCP servers in the file of a client: what each is, and whether it can be moved into Gatehouse. Pure; every value is untrusted.
 * Refuses to hand on what may hold a secret in an address, and what stands in a variable of the client instead of the file.
 */
import type { ServerChoice } from '../mcp/server-choice';
import { fieldsOf } from './config-format';

export type FoundServer =
  | {
      readonly kind: 'movable';
      readonly name: string;
      readonly url: string;
      /** Undefined where the file holds no credentials: the server says what it wants. */
      readonly choice: Extract<ServerChoice, { kind: 'bearer' | 'headers' }> | undefined;
    }
  | { readonly kind: 'stays'; readonly name: string; readonly url: string; readonly why: string };

const stays = (name: string, why: string, url = ''): FoundServer => ({ kind: 'stays', name, url, why });

/** @param isOurs Whether an entry is Gatehouse's own, which is no server to be moved. */
export function foundServers(
  entries: ReadonlyMap<string, unknown>,
  clientName: string,
  isOurs: (name: string, url: string) => boolean,
): readonly FoundServer[] {
  return [...entries].flatMap(([name, entry]) => {
    const found = foundServer(name, fieldsOf(entry), clientName);
    return isOurs(name, found.url) || holdsOurToken(entry) ? [] : [found];
  });
}

/** A part of a path that is no word: some servers have their key there. */
const keyInPath = /(?<=\/)(?=[^/]*\d)[^/]{16,}/g;

/** Also the one of the practice workspace, or of an address from before. */
const holdsOurToken = (entry: unknown) => /"(?:Bearer )?ghs_[0-9a-f]/.test(JSON.stringify(entry) ?? '');

function foundServer(
  name: string,
  fields: ReadonlyMap<string, unknown> | undefined,
  clientName: string,
): FoundServer {
  if (fields === undefined) return stays(name, 'It is not written as a server is.');
  const address = ['url', 'httpUrl', 'serverUrl', 'uri']
    .map((key) => fields.get(key))
    .find((value) => typeof value === 'string');
  if (typeof address !== 'string')
    return stays(
      name,
      ['command', 'cmd'].some((key) => fields.has(key))
        ? 'It cannot be moved: it starts a program on this computer.'
        : `It cannot be moved: it is a part of ${clientName}.`,
    );
  if (!URL.canParse(address)) return stays(name, 'It cannot be moved: its address cannot be read.');
  const url = new URL(address);
  const shown = `${url.origin}${url.pathname.replaceAll(keyInPath, '…')}`;
  if (url.protocol !== 'https:')
    return stays(name, 'It cannot be moved: only https addresses can be added.', shown);
  const holdsMore = url.search !== '' || url.username !== '' || url.password !== '';
  if (holdsMore || shown.includes('…'))
    return stays(
      name,
      'Its address holds more than a place, perhaps a key. Add it by hand with Add MCP Server.',
      shown,
    );
  return withCredentials(name, `${shown}${url.hash}`, fields);
}

function withCredentials(name: string, url: string, fields: ReadonlyMap<string, unknown>): FoundServer {
  const isElsewhere = ['bearer_token_env_var', 'env_http_headers', 'envs', 'env_keys'].some((key) => {
    const value = fields.get(key);
    return typeof value === 'string' || Object.keys(value ?? {}).length > 0;
  });
  const headers = [...(fieldsOf(fields.get('headers') ?? fields.get('http_headers')) ?? [])];
  const isVariable = headers.some(([, value]) => typeof value !== 'string' || /\$\{|^\$|\{\{/.test(value));
  if (isElsewhere || isVariable)
    return stays(
      name,
      'Its credentials stand in a variable of the client, not in the file. Add it by hand with Add MCP Server.',
      url,
    );
  const list = headers.map(([header, value]) => ({ name: header, value: String(value) }));
  const [only] = list;
  if (only === undefined) return { kind: 'movable', name, url, choice: undefined };
  const bearer = /^Bearer +(\S+)$/i.exec(only.value)?.[1];
  const isBearer = list.length === 1 && bearer !== undefined && only.name.toLowerCase() === 'authorization';
  const choice = isBearer
    ? ({ kind: 'bearer', token: bearer } as const)
    : ({ kind: 'headers', headers: list } as const);
  return { kind: 'movable', name, url, choice };
}

/** "Bearer token", "Headers X-Key and X-Org"; names only. */
export function carriedInWords(choice: Extract<FoundServer, { kind: 'movable' }>['choice']): string {
  if (choice === undefined) return 'No credentials in the file';
  if (choice.kind === 'bearer') return 'Bearer token';
  const names = choice.headers.map(({ name }) => name);
  return `${names.length === 1 ? 'Header' : 'Headers'} ${names.join(', ')}`;
}
