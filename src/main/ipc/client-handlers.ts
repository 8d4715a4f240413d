/** The calls about configuration files of AI clients. No rule is decided here. */
import type { Handlers } from '../../preload/contract/calls';
import { connectionIdSchema } from '../../preload/contract/shapes';
import type { Clients } from '../clients/clients';
import { carriedInWords } from '../clients/found-servers';
import type { ServerImport } from '../clients/import-server';
import type { VaultHandle } from '../store/vault';

export interface ClientHandlerNeeds {
  readonly clients: Clients;
  readonly serverImport: ServerImport;
  readonly vault: VaultHandle;
}

export function clientHandlers({
  clients,
  serverImport,
  vault,
}: ClientHandlerNeeds): Pick<Handlers, Extract<keyof Handlers, `clients.${string}`>> {
  /** Nothing is written that could not be written down. @throws Fault `vault_locked` */
  const open = () => void vault.read();
  return {
    'clients.list': async () => ({
      clients: clients.list().map((one) => ({ ...one, files: [...one.files] })),
      texts: [...clients.texts()],
    }),
    'clients.preview': async (wanted) => {
      open();
      const preview = clients.preview(wanted);
      return { ...preview, difference: [...preview.difference] };
    },
    'clients.write': async ({ basis, ...wanted }) => {
      open();
      return await clients.write(wanted, basis);
    },
    'clients.undo': async ({ undoId }) => {
      open();
      return await clients.undo(undoId);
    },
    'clients.found': async () => ({
      files: serverImport.found().map(({ file, problem, servers }) => ({
        fileId: file.fileId,
        clientName: file.kind.name,
        label: file.label,
        path: file.path,
        problem,
        servers: servers.slice(0, 500).flatMap((one) =>
          // A name that no call could carry is none that could be moved.
          one.name === '' || one.name.length > 200
            ? []
            : [
                {
                  name: one.name,
                  url: one.url.slice(0, 2000),
                  carries: one.kind === 'movable' ? carriedInWords(one.choice).slice(0, 400) : '',
                  why: one.kind === 'stays' ? one.why : '',
                },
              ],
        ),
      })),
    }),
    'clients.import': async ({ fileId, name, signInWith }) => {
      const how = signInWith ?? vault.read().settings.signInWith;
      const { connection, sentence, undoId } = await serverImport.move(fileId, name, how);
      const connectionId = connectionIdSchema.parse(connection.connectionId);
      return { connectionId, label: connection.label, sentence, undoId };
    },
  };
}
