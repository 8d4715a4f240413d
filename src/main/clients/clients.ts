/**
 * Writing an agent's token into the configuration of its client, as use cases: look, write what was looked at, undo. Refuses a token that is
 * not the agent's, a place where the client is not installed, and a file that is not the one that was shown.
 */
import { Fault } from '../../preload/contract/reply';
import type { ActivityEntry } from '../activity/record';
import type { Agents } from '../gateway/agents';
import type { ClientDisk, Written } from './client-disk';
import { type ClientFile, clientFiles, type SystemFolders } from './client-places';
import { clientKinds, copyTexts, type Endpoint } from './client-table';
import type { ShownLine } from './difference';
import { type PlannedChange, planChange } from './plan-change';

export interface ClientsNeeds {
  readonly disk: ClientDisk;
  readonly folders: SystemFolders;
  readonly bridge: Endpoint['bridge'];
  /** What our entry is called in the files of clients. */
  readonly entryName: string;
  /** Empty while the gateway does not listen. */
  readonly gatewayUrl: () => string;
  readonly agents: Pick<Agents, 'byToken'>;
  readonly record: (entry: ActivityEntry) => Promise<unknown>;
  readonly technician: string;
  /** A new id for something that can be undone. */
  readonly newId: () => string;
}

export interface Wanted {
  readonly fileId: string;
  readonly agentId: string;
  /** Untrusted; the window holds it since it was shown once. */
  readonly token: string;
}

export interface Preview {
  readonly path: string;
  readonly isNewFile: boolean;
  /** Of the file that the difference was made from; empty for a file that is not there. */
  readonly basis: string;
  readonly isSame: boolean;
  readonly difference: readonly ShownLine[];
}

export interface Done {
  readonly undoId: string;
  readonly path: string;
  /** The path of the copy; empty where there was no file before. */
  readonly backup: string;
}

interface Undo {
  readonly file: ClientFile;
  readonly written: Written;
  readonly about: Pick<ActivityEntry, 'kind' | 'what' | 'agentId' | 'connectionId'>;
}

const maxUndos = 50;

export type Clients = ReturnType<typeof createClients>;

export function createClients(needs: ClientsNeeds) {
  const { disk } = needs;
  const files = clientFiles(needs.folders);
  /** Until the program ends: what was written, by id. */
  const undos = new Map<string, Undo>();

  const fileOf = (fileId: string): ClientFile => {
    const file = files.find((one) => one.fileId === fileId);
    if (file === undefined) throw new Fault('not_found', 'Gatehouse knows no such file of a client.');
    return file;
  };
  const stateOf = (file: ClientFile): 'file' | 'folder' | 'missing' => {
    if (isThere(disk, file)) return 'file';
    return disk.hasFolder(file.folder) ? 'folder' : 'missing';
  };
  const planned = ({ fileId, agentId, token }: Wanted) => {
    const file = fileOf(fileId);
    const agent = needs.agents.byToken(token);
    if (agent === undefined || agent.agentId !== agentId)
      throw new Fault(
        'not_found',
        'This token does not work any more. Rotate the agent and write the new one.',
      );
    const url = needs.gatewayUrl();
    if (url === '')
      throw new Fault('not_found', 'The gateway does not listen, so there is no address to write.');
    const now = disk.read(file.path);
    if (now === undefined && !disk.hasFolder(file.folder))
      throw new Fault(
        'client_file_refused',
        `${file.kind.name} was not found on this computer: there is no ${file.folder}. Start it once, then try again.`,
      );
    const { bridge, entryName: name } = needs;
    const entry = file.kind.entry({ url, token, bridge, name });
    const change: PlannedChange = planChange(file.kind, now?.text, { kind: 'set', name, entry });
    return { file, agent, now, change };
  };

  /** The one way to a file: only what was looked at is replaced, and what was there can be had back. */
  const keep = (file: ClientFile, seen: string | undefined, text: string, about: Undo['about']): Done => {
    const written = disk.replace(file.path, seen, text);
    const undoId = needs.newId();
    undos.set(undoId, { file, written, about });
    for (const old of [...undos.keys()].slice(0, -maxUndos)) undos.delete(old);
    return { undoId, path: file.path, backup: written.backup?.path ?? '' };
  };

  return {
    /** Every client of the table with its files on this computer. */
    list: () =>
      clientKinds.map(({ id, name, afterwards }) => ({
        id,
        name,
        afterwards,
        files: files.filter(({ kind }) => kind.id === id).map((file) => ({ ...file, state: stateOf(file) })),
      })),

    /** Texts for clients that are not in the table, with a place for the token. */
    texts: () => copyTexts({ url: needs.gatewayUrl(), bridge: needs.bridge, name: needs.entryName }),

    preview(wanted: Wanted): Preview {
      const { file, now, change } = planned(wanted);
      const { isSame, difference } = change;
      return { path: file.path, isNewFile: now === undefined, basis: now?.hash ?? '', isSame, difference };
    },

    /** @param basis As the preview gave it. @throws Fault `client_file_changed`, `client_file_refused` */
    async write(wanted: Wanted, basis: string): Promise<Done> {
      const { file, agent, now, change } = planned(wanted);
      if ((now?.hash ?? '') !== basis)
        throw new Fault(
          'client_file_changed',
          'The file was changed meanwhile. Look at the difference again.',
          {
            retryable: true,
          },
        );
      const about = { kind: 'agent', what: agent.name, agentId: agent.agentId } as const;
      const done = keep(file, now?.hash, change.newText, about);
      await note(needs, about, `Token written into ${place(file)}.`);
      return done;
    },

    /** @throws Fault `not_found`, `client_file_changed`, `client_file_refused` */
    async undo(undoId: string): Promise<{ path: string }> {
      const undo = undos.get(undoId);
      if (undo === undefined)
        throw new Fault(
          'not_found',
          'This cannot be undone any more. The copy beside the file holds what was there.',
        );
      disk.restore(undo.file.path, undo.written);
      undos.delete(undoId);
      await note(needs, undo.about, `Undone: ${place(undo.file)} is as it was before.`);
      return { path: undo.file.path };
    },

    files,
    fileOf,
    keep,
  };
}

/** A file that cannot be read is there all the same; what is wrong with it is said when it is looked at. */
function isThere(disk: ClientDisk, file: ClientFile): boolean {
  try {
    return disk.read(file.path) !== undefined;
  } catch (error) {
    if (error instanceof Fault) return true;
    throw error;
  }
}

export const place = ({ kind, path }: ClientFile) => `the configuration of ${kind.name} (${path})`;

export async function note(
  { record, technician }: Pick<ClientsNeeds, 'record' | 'technician'>,
  about: Undo['about'],
  detail: string,
): Promise<void> {
  await record({ ...about, who: { kind: 'technician', name: technician }, outcome: 'changed', detail });
}
