/** Wires what writes into the configuration of AI clients. Wiring only; no rule is here. */
import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { clientDisk } from './clients/client-disk.node';
import { systemFolders } from './clients/client-places';
import { createClients } from './clients/clients';
import { createServerImport, type ImportNeeds } from './clients/import-server';
import { clock } from './clock.node';
import type { Agents } from './gateway/agents';
import type { HouseOptions } from './house-options';

export interface ClientsWiring
  extends Pick<ImportNeeds, 'record' | 'technician' | 'gatewayUrl' | 'custom' | 'vault'> {
  readonly options: Pick<HouseOptions, 'bridge' | 'practice'>;
  readonly agents: Agents;
}

export function openClients({ options, agents, ...needs }: ClientsWiring) {
  const shared = {
    ...needs,
    disk: clientDisk(clock),
    // Both can stand in one file, so that practising takes nothing away.
    entryName: options.practice ? 'gatehouse-practice' : 'gatehouse',
  };
  const clients = createClients({
    ...shared,
    agents,
    folders: systemFolders(process.platform, homedir(), process.env),
    bridge: options.bridge,
    newId: () => `und_${randomBytes(10).toString('hex')}`,
  });
  return { clients, serverImport: createServerImport({ ...shared, clients }) };
}
