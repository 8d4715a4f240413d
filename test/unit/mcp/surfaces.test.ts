import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createDefinitions, type DefinitionFiles } from '../../../src/main/mcp/definitions';
import { readServer, serverValues } from '../../../src/main/mcp/server-record';
import { readServerTools } from '../../../src/main/mcp/server-tools';
import { acceptDrift, driftPolicies, seedPolicies } from '../../../src/main/policies/seed';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const tool = (name: string) => ({ name, inputSchema: { type: 'object' } });
const listing = (tools: readonly unknown[], capabilities: object) =>
  readServerTools(tools, hash, capabilities);
const seeds = (...given: Parameters<typeof listing>) =>
  listing(...given).tools.map((one) => ({ ...one, annotations: one.hints }));

describe('resources and prompts as rows', () => {
  it('are there where the server declares them, behind its tools', () => {
    const rows = (capabilities: object) =>
      listing([tool('echo')], capabilities).tools.map(({ name, surface }) => [name, surface]);
    expect(rows({})).toEqual([['echo', 'tool']]);
    expect(rows({ resources: {}, prompts: { listChanged: true }, tools: {} })).toEqual([
      ['echo', 'tool'],
      ['resources/read', 'resources'],
      ['prompts/get', 'prompts'],
    ]);
  });

  it('are the same for every server, so that none of them drifts', () => {
    expect(listing([], { prompts: {} }).tools).toEqual(
      listing([tool('a')], { prompts: { x: 1 } }).tools.slice(1),
    );
  });

  it('are auto at connecting, ask when they come later, and are marked when they go', () => {
    const before = seedPolicies('Orders', seeds([], { resources: {} }));
    expect(before.tools['resources/read']).toMatchObject({ policy: 'auto', access: 'read' });
    const after = driftPolicies(before, seeds([], { prompts: {} }));
    expect(after.tools['resources/read']?.drift).toEqual({ kind: 'gone' });
    expect(after.tools['prompts/get']).toMatchObject({ policy: 'approval_needed' });
    const back = driftPolicies(after, seeds([], { resources: {}, prompts: {} }));
    expect(back.tools['resources/read']).toMatchObject({ policy: 'auto' });
    expect(back.tools['resources/read']?.drift).toBeUndefined();
    expect(acceptDrift(back, seeds([], { resources: {} }))).toBe(back);
  });

  it.each(['resources/read', 'prompts/get'])('are never a tool of the server: %s', (name) => {
    const { tools, refused } = listing([tool(name), tool('echo')], { resources: {} });
    expect(tools.map((one) => [one.name, one.surface])).toEqual([
      ['echo', 'tool'],
      ['resources/read', 'resources'],
    ]);
    expect(refused).toEqual([{ name, why: expect.stringContaining('is reserved') }]);
  });

  it('are kept like every definition, and found again', async () => {
    const kept = new Map<string, unknown>();
    const files: DefinitionFiles = {
      read: (id) => kept.get(id) as ReturnType<DefinitionFiles['read']>,
      write: async (id, file) => void kept.set(id, JSON.parse(JSON.stringify(file))),
      remove: async (id) => void kept.delete(id),
      list: () => [...kept.keys()],
    };
    const found = listing([tool('echo')], { resources: {}, prompts: {} });
    await createDefinitions(files, hash).keep('con_1', found);
    const policies = seedPolicies('Orders', seeds([tool('echo')], { resources: {}, prompts: {} }));
    expect(createDefinitions(files, hash).pinned('con_1', policies)).toEqual(found.tools);
  });
});

describe('what a server may ask agents for', () => {
  const facts = { url: 'https://x.example/mcp', transport: 'streamable_http', auth: 'none' } as const;

  it('is nothing unless it was written down', () => {
    expect(readServer(facts).mayAsk).toEqual([]);
    expect(serverValues(readServer(facts))).toEqual(facts);
  });

  it('is kept as text, and a word that nobody knows is nothing', () => {
    const values = serverValues({ ...readServer(facts), mayAsk: ['elicitation', 'sampling'] });
    expect(values.mayAsk).toBe('elicitation\nsampling');
    expect(readServer(values).mayAsk).toEqual(['elicitation', 'sampling']);
    expect(readServer({ ...facts, mayAsk: 'ships\nsampling' }).mayAsk).toEqual(['sampling']);
  });
});
