/** What an agent hears over a real socket while the vault is locked, and after it was unlocked. */
import { createHash, randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { ActivityEntry } from '../../src/main/activity/record';
import { createAgents } from '../../src/main/gateway/agents';
import type { CallAnswer, GatewayTool, GatewayView } from '../../src/main/gateway/core-ports';
import { createGateway } from '../../src/main/gateway/gateway';
import { type ServedGateway, serveGateway } from '../../src/main/gateway/server.node';
import type { SealedVault } from '../../src/main/store/sealed-vault';
import { vaultBench } from '../fakes/vault-bench';

let served: ServedGateway | undefined;
afterEach(async () => {
  await served?.close();
});

async function open(onCall?: (vault: SealedVault) => Promise<CallAnswer>) {
  const { vault } = vaultBench();
  await vault.open();
  const clock = { nowMs: () => Date.now(), after: () => () => undefined };
  const random = { bytes: (count: number) => randomBytes(count) };
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const record = async () => undefined;
  const agents = createAgents({ vault, clock, random, hash, record, technician: 'm.weber' });
  const looked: string[] = [];
  const book = {
    ...agents,
    byToken: (token: string) => {
      looked.push(token);
      return agents.byToken(token);
    },
  };
  const rows: ActivityEntry[] = [];
  const gateway = createGateway({
    clock,
    random,
    activity: {
      append: async (entry) => {
        if (entry.body !== undefined) vault.sealBody('activity', new Uint8Array(1));
        rows.push(entry);
      },
    },
    agents: book,
    upstreams: {
      mayAsk: () => [],
      checkArguments: () => undefined,
      sentence: () => '',
      redact: (_tool, args) => args,
      keep: () => 'kept',
      call: () => (onCall === undefined ? Promise.reject(new Error('Nothing may leave.')) : onCall(vault)),
    },
    options: {
      holdMs: 1000,
      approvalMs: () => 1000,
      mostListed: () => 60,
      mode: () => 'execute',
      unprefixed: false,
    },
  });
  const isLocked = () => vault.state().kind !== 'unlocked';
  served = await serveGateway({ gateway, port: 0, isLocked, onFault: () => 'ref' });
  const { token } = await agents.createOrRotate('Claude', 'other');
  const { url } = served;
  const ask = (headers: Record<string, string> = {}, message: object = { method: 'tools/list' }) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...message }),
    });
  return { vault, agents, gateway, rows, looked, ask, token };
}

const tool: GatewayTool = {
  source: 'catalog',
  connectionId: 'con_aaaaaaaa',
  connectionLabel: 'ConnectWise PSA',
  alias: 'cwpsa',
  tool: 'add-ticket-note',
  shown: 'connectwise-psa:add-ticket-note',
  title: 'Add a note',
  description: 'Adds a note.',
  access: 'write',
  policy: 'approval_needed',
  definitionHash: 'h1',
  inputSchema: { type: 'object' },
  request: 'POST /notes',
  annotations: {},
};

const viewOf = (only: GatewayTool): GatewayView => ({
  tools: () => [only],
  knows: () => true,
  revision: () => 1,
  healthy: () => ({ ok: true }),
});

describe('the gateway of a locked vault', () => {
  it('says that it is locked, without a look at the token, and knows the same token afterwards', async () => {
    const { vault, agents, looked, ask, token } = await open();
    expect((await ask()).status).toBe(200);
    vault.lock('Locked by you.');
    agents.forget();
    looked.length = 0;
    const locked = await ask();
    expect(locked.status).toBe(503);
    expect(await locked.json()).toMatchObject({
      jsonrpc: '2.0',
      error: { message: 'Gatehouse is locked. A technician must unlock it.' },
    });
    expect((await ask({ authorization: 'Bearer ghs_unknown' })).status).toBe(503);
    expect(looked).toEqual([]);
    expect(agents.byToken(token)).toBeUndefined();
    await vault.unlock();
    expect((await ask()).status).toBe(200);
    expect((await ask({ authorization: 'Bearer ghs_unknown' })).status).toBe(401);
  });

  it('denies what waits for approval, and says to its agent why', async () => {
    const { vault, gateway, ask } = await open();
    gateway.setView(viewOf(tool));
    const asked = new Promise<void>((resolve) => gateway.desk.onChanged(resolve));
    const answer = ask(
      {},
      { method: 'tools/call', params: { name: 'cwpsa__add-ticket-note', arguments: {} } },
    );
    await asked;
    expect(gateway.desk.view().waiting).toHaveLength(1);
    gateway.voidAll('The vault was locked.');
    vault.lock('Locked by you.');
    expect(await (await answer).text()).toContain('The vault was locked.');
    expect(gateway.desk.view().waiting).toEqual([]);
  });

  it('writes down how a call ended that was under way, without what it answered', async () => {
    const { gateway, rows, ask } = await open(async (vault) => {
      vault.lock('Locked by you.');
      return { result: { json: '{"content":[]}', isError: false }, bytes: 14 };
    });
    gateway.setView(viewOf({ ...tool, policy: 'auto' }));
    const answer = await ask({}, { method: 'tools/call', params: { name: 'cwpsa__add-ticket-note' } });
    expect(await answer.json()).toMatchObject({ result: { content: [] } });
    expect(rows.map(({ kind, outcome, body }) => [kind, outcome, body])).toEqual([
      ['call_intent', undefined, { arguments: {} }],
      ['call_outcome', 'allowed', undefined],
    ]);
  });

  it('still tells a web page nothing', async () => {
    const { vault, ask } = await open();
    vault.lock();
    expect((await ask({ origin: 'https://evil.example' })).status).toBe(403);
  });
});
