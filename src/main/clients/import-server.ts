/**
 * Moving a server from a client's file into Gatehouse: its credentials go from the file into the vault, and the entry goes from the file.
 * Main reads them there; the window names file and entry only. An entry goes only after the server has been connected.
 */
import { Fault } from '../../preload/contract/reply';
import type { SignInWay } from '../../preload/contract/shapes';
import type { CustomConnections } from '../mcp/custom-connections';
import type { ServerChoice } from '../mcp/server-choice';
import type { ConnectionRecord } from '../store/state-record';
import type { VaultHandle } from '../store/vault';
import type { ClientFile } from './client-places';
import { type Clients, type ClientsNeeds, note, place } from './clients';
import { type FoundServer, foundServers } from './found-servers';
import { planChange, readServers } from './plan-change';

export interface ImportNeeds
  extends Pick<ClientsNeeds, 'disk' | 'record' | 'technician' | 'entryName' | 'gatewayUrl'> {
  readonly clients: Pick<Clients, 'files' | 'fileOf' | 'keep'>;
  readonly custom: Pick<CustomConnections, 'probe' | 'connect'>;
  readonly vault: Pick<VaultHandle, 'read'>;
}

export interface FoundFile {
  readonly file: ClientFile;
  /** Why its servers are not known; empty where they are. */
  readonly problem: string;
  readonly servers: readonly FoundServer[];
}

export interface Imported {
  readonly connection: ConnectionRecord;
  readonly sentence: string;
  /** Empty where the entry is still in the file. */
  readonly undoId: string;
}

export type ServerImport = ReturnType<typeof createServerImport>;

export function createServerImport(needs: ImportNeeds) {
  const { disk, clients } = needs;
  const serversOf = (file: ClientFile): readonly FoundServer[] | undefined => {
    const now = disk.read(file.path);
    if (now === undefined) return undefined;
    const isOurs = (name: string, url: string) => name === needs.entryName || url === needs.gatewayUrl();
    return foundServers(readServers(file.kind, now.text), file.kind.name, isOurs);
  };
  return {
    /** Every file of a client that is there, with the servers in it that are not Gatehouse. */
    found: (): readonly FoundFile[] =>
      clients.files.flatMap((file) => {
        try {
          const servers = serversOf(file);
          return servers === undefined ? [] : [{ file, problem: '', servers }];
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
          return [{ file, problem: error.message, servers: [] }];
        }
      }),

    /** @throws Fault as connecting does; then the file is as it was. */
    async move(fileId: string, name: string, how: SignInWay): Promise<Imported> {
      const file = clients.fileOf(fileId);
      const found = serversOf(file)?.find((one) => one.name === name);
      if (found === undefined)
        throw new Fault('not_found', `There is no entry ${name} in ${place(file)} any more.`);
      if (found.kind === 'stays') throw new Fault('client_file_refused', found.why);
      const choice = found.choice ?? (await choiceFor(needs, found.url));
      const label = freeLabel(needs, name);
      const connection = await needs.custom.connect({ url: found.url, name: label, choice, how });
      return { connection, ...(await takeOut(file, found, connection)) };
    },
  };

  async function takeOut(
    file: ClientFile,
    moved: FoundServer,
    { connectionId, label }: ConnectionRecord,
  ): Promise<Pick<Imported, 'sentence' | 'undoId'>> {
    const about = { kind: 'connection', what: label, connectionId } as const;
    try {
      const now = disk.read(file.path);
      const still = serversOf(file)?.find((one) => one.name === moved.name);
      if (now === undefined || JSON.stringify(still) !== JSON.stringify(moved))
        throw new Fault('client_file_changed', 'The entry was changed meanwhile.');
      const { newText } = planChange(file.kind, now.text, { kind: 'remove', name: moved.name });
      const { undoId, backup } = clients.keep(file, now.hash, newText, about);
      await note(
        needs,
        about,
        `Moved here from ${place(file)}; the entry ${moved.name} was taken out of it.`,
      );
      const sentence = `Connected as ${label}, and taken out of the file. The copy ${backup} still holds what was in it: delete it when all works.`;
      return { undoId, sentence };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      await note(needs, about, `Added from ${place(file)}; the entry ${moved.name} is still in it.`);
      return {
        undoId: '',
        sentence: `Connected as ${label}. The entry is still in the file: ${error.message} Take it out by hand.`,
      };
    }
  }
}

/** The file holds no credentials, so the server is asked what it wants. */
async function choiceFor({ custom }: ImportNeeds, url: string): Promise<ServerChoice> {
  const result = await custom.probe(url);
  // What is wrong with the address is said by connecting.
  if (result.kind !== 'server' || result.auth.kind === 'none') return { kind: 'none' };
  if (result.auth.kind === 'oauth')
    return { kind: 'oauth', clientId: '', clientSecret: '', allowWithoutPkce: false };
  throw new Fault(
    'form_invalid',
    'This server wants credentials, and the file holds none. Add it by hand with Add MCP Server.',
  );
}

/** The entry's name, or the first of "… 2", "… 3" that no connection has. */
function freeLabel({ vault }: ImportNeeds, name: string): string {
  const taken = new Set(vault.read().connections.map(({ label }) => label.toLowerCase()));
  const wanted = name.replaceAll(/\p{C}/gu, '').trim().slice(0, 70) || 'MCP server';
  let label = wanted;
  for (let number = 2; taken.has(label.toLowerCase()); number += 1) label = `${wanted} ${number}`;
  return label;
}
