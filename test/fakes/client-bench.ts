/** A home folder with the files of clients in it, on the real disk, and the use cases around it. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ActivityEntry } from '../../src/main/activity/record';
import { clientDisk } from '../../src/main/clients/client-disk.node';
import { systemFolders } from '../../src/main/clients/client-places';
import { createClients } from '../../src/main/clients/clients';
import { createServerImport } from '../../src/main/clients/import-server';
import { createAgents } from '../../src/main/gateway/agents';
import type { CustomConnections, WantedServer } from '../../src/main/mcp/custom-connections';
import type { FoundAuth } from '../../src/main/mcp/probe/found';
import type { ConnectionRecord } from '../../src/main/store/state-record';
import { Fault } from '../../src/preload/contract/reply';
import { HandClock } from './hand-clock';
import { vaultBench } from './vault-bench';

export async function clientBench() {
  const home = mkdtempSync(join(tmpdir(), 'clients-'));
  const clock = new HandClock();
  const { vault } = vaultBench();
  await vault.open();
  const rows: ActivityEntry[] = [];
  const record = async (entry: ActivityEntry) => rows.push(entry);
  const agents = createAgents({
    vault,
    clock,
    random: { bytes: (count) => randomBytes(count) },
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    record,
    technician: 'm.weber',
  });
  const disk = clientDisk(clock);
  let address = 'http://127.0.0.1:8417/mcp';
  const needs = {
    disk,
    folders: systemFolders('linux', home, {}),
    bridge: { command: '/opt/gatehouse/gatehouse', args: [] },
    entryName: 'gatehouse',
    gatewayUrl: () => address,
    agents,
    record,
    technician: 'm.weber',
    newId: () => randomBytes(10).toString('hex'),
  };
  const clients = createClients(needs);
  const servers = new FakeServers();
  const serverImport = createServerImport({ ...needs, clients, custom: servers, vault });
  const made = await agents.createOrRotate('Triage bot', 'Cursor');
  return {
    home,
    clock,
    vault,
    agents,
    rows,
    disk,
    needs,
    clients,
    servers,
    serverImport,
    agentId: made.agent.agentId,
    token: made.token,
    wanted: (fileId: string) => ({ fileId, agentId: made.agent.agentId, token: made.token }),
    path: (name: string) => join(home, name),
    read: (name: string) => readFileSync(join(home, name), 'utf8'),
    write(name: string, text: string): void {
      mkdirSync(dirname(join(home, name)), { recursive: true });
      writeFileSync(join(home, name), text);
    },
    stopListening(): void {
      address = '';
    },
    close: () => rmSync(home, { recursive: true, force: true }),
  };
}

export type ClientBench = Awaited<ReturnType<typeof clientBench>>;

/** Custom servers that take whatever they are given, and remember it; knobs for what goes wrong. */
class FakeServers implements Pick<CustomConnections, 'probe' | 'connect'> {
  readonly connected: WantedServer[] = [];
  auth: FoundAuth = { kind: 'bearer' };
  refusal: string | undefined;
  /** Runs before a server is connected: what happens meanwhile. */
  meanwhile: () => void = () => undefined;

  async probe(url: string): ReturnType<CustomConnections['probe']> {
    return {
      kind: 'server',
      url,
      transport: 'streamable_http',
      protocol: '2025-11-25',
      serverName: 'Fake',
      auth: this.auth,
      findings: [],
      suggestedName: 'Fake',
      report: [],
    };
  }

  async connect(wanted: WantedServer): Promise<ConnectionRecord> {
    this.meanwhile();
    if (this.refusal !== undefined) throw new Fault('vendor_refused', this.refusal);
    this.connected.push(wanted);
    return {
      connectionId: `con_${String(this.connected.length).padStart(10, '0')}`,
      appId: 'custom-mcp',
      label: wanted.name,
      alias: 'fake',
      values: { url: wanted.url },
      account: '',
      state: { kind: 'connected' },
      connectedAtMs: 1,
      lastCheckedAtMs: 1,
      lastCheckTookMs: 1,
      noticeOpen: true,
      toolsHash: '',
    };
  }
}
