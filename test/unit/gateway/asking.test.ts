import { describe, expect, it } from 'vitest';
import type { ActivityEntry } from '../../../src/main/activity/record';
import { askingIn, judgeQuestion, readOffers } from '../../../src/main/gateway/asking';
import type { AgentOffers } from '../../../src/main/mcp/asked-by-server';
import { Fault } from '../../../src/preload/contract/reply';

const every: AgentOffers = { form: true, url: true, sampling: true, roots: true };
const both = ['elicitation', 'sampling'] as const;
const elicit = (params: unknown) => ({ method: 'elicitation/create', params });
const roots = { method: 'roots/list', params: undefined };
const sample = (params: unknown) => ({ method: 'sampling/createMessage', params });

describe('what an agent offers', () => {
  it.each([
    [undefined, []],
    ['all', []],
    [{}, []],
    [{ elicitation: {} }, ['form']],
    [{ elicitation: { form: {} } }, ['form']],
    [{ elicitation: { url: {} } }, ['url']],
    [{ elicitation: { form: {}, url: {} }, sampling: {} }, ['form', 'url', 'sampling']],
    [{ roots: { listChanged: true } }, ['roots']],
    [{ elicitation: true, sampling: 'yes', roots: 1 }, []],
  ])('is read from what it says: %j', (capabilities, offered) => {
    const found = Object.entries(readOffers(capabilities)).flatMap(([name, is]) => (is ? [name] : []));
    expect(found).toEqual(offered);
  });
});

describe('a question', () => {
  it.each([
    ['a form', elicit({ message: 'x', requestedSchema: {} })],
    ['a form by name', elicit({ mode: 'form', message: 'x' })],
    ['an address', elicit({ mode: 'url', url: 'https://x.example/' })],
    ['a text', sample({ messages: [], maxTokens: 1 })],
  ])('passes: %s, with nothing changed but who asks', (_what, asked) => {
    const message = asked.method === 'elicitation/create' ? { message: expect.any(String) } : {};
    expect(judgeQuestion(asked, 'Orders', both, every)).toMatchObject({
      kind: 'fine',
      question: { ...asked, params: { ...Object(asked.params), ...message } },
    });
  });

  it('says which server asks, in front of the words of the server', () => {
    const asked = elicit({ message: 'Gatehouse needs your password.', requestedSchema: {} });
    expect(judgeQuestion(asked, 'Orders', both, every)).toMatchObject({
      question: { params: { message: 'Orders asks: Gatehouse needs your password.', requestedSchema: {} } },
    });
  });

  it('for the roots goes without parameters, whatever the server wrote', () => {
    const judged = judgeQuestion({ ...roots, params: { x: 1 } }, 'Orders', ['roots'], every);
    expect(judged).toMatchObject({ kind: 'fine', question: { method: 'roots/list', params: {} } });
    expect(judgeQuestion(roots, 'Orders', ['roots'], every).kind).toBe('fine');
  });

  it.each(['none', 'thisServer', 'allServers'])('for a text is given no context: %s', (includeContext) => {
    const judged = judgeQuestion(sample({ messages: [], includeContext }), 'Orders', both, every);
    expect(judged).toEqual({
      kind: 'fine',
      what: 'sampling',
      question: { method: 'sampling/createMessage', params: { messages: [] } },
    });
  });

  it.each([
    ['a method of ours', { method: 'tools/call', params: {} }],
    ['nothing', { method: '', params: {} }],
    ['no parameters', elicit(undefined)],
    ['a list for parameters', elicit([])],
    ['another mode', elicit({ mode: 'voice' })],
    ['an address without https', elicit({ mode: 'url', url: 'http://x.example/' })],
    ['an address that is none', elicit({ mode: 'url', url: 'https' })],
    ['no address', elicit({ mode: 'url' })],
    ['tools', sample({ tools: [] })],
    ['more than anybody reads', elicit({ message: 'x'.repeat(1_000_001) })],
  ])('is refused for %s', (_what, asked) => {
    expect(judgeQuestion(asked, 'Orders', both, every).kind).toBe('refused');
  });

  it.each([
    [roots, both, every],
    [roots, ['roots'], { ...every, roots: false }],
    [elicit({}), ['sampling'], every],
    [sample({}), ['elicitation'], every],
    [elicit({}), both, { ...every, form: false }],
    [elicit({ mode: 'url', url: 'https://x.example/' }), both, { ...every, url: false }],
    [sample({}), both, { ...every, sampling: false }],
  ] as const)('is refused where it is not allowed or not offered: %j %j %j', (asked, mayAsk, offers) => {
    expect(judgeQuestion(asked, 'Orders', mayAsk, offers).kind).toBe('refused');
  });

  it('does not leave when its row cannot be written', async () => {
    let isAsked = false;
    const ask = async () => {
      isAsked = true;
      return { question: { action: 'accept' } };
    };
    const append = async (entry: ActivityEntry) => {
      throw new Fault('activity_write_failed', `Not written: ${entry.detail}`);
    };
    const call = { who: { kind: 'agent' as const, name: 'a' }, what: 'mcp:x:y' };
    const onAsked = askingIn({ append }, call, both, { offers: every, ask }, 'Orders');
    await expect(onAsked?.({ question: elicit({ message: 'x' }) })).rejects.toMatchObject({
      code: 'activity_write_failed',
    });
    expect(isAsked).toBe(false);
  });
});
