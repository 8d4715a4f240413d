import { describe, expect, it } from 'vitest';
import type { ActivityEntry } from '../../../src/main/activity/record';
import { askingIn, judgeQuestion, readOffers } from '../../../src/main/gateway/asking';
import type { AgentOffers } from '../../../src/main/gateway/core-ports';
import { Fault } from '../../../src/preload/contract/reply';

const every: AgentOffers = { form: true, url: true, sampling: true };
const both = ['elicitation', 'sampling'] as const;
const elicit = (params: unknown) => ({ method: 'elicitation/create', params });
const sample = (params: unknown) => ({ method: 'sampling/createMessage', params });

describe('what an agent offers', () => {
  it.each([
    [undefined, false, false, false],
    ['all', false, false, false],
    [{}, false, false, false],
    [{ elicitation: {} }, true, false, false],
    [{ elicitation: { form: {} } }, true, false, false],
    [{ elicitation: { url: {} } }, false, true, false],
    [{ elicitation: { form: {}, url: {} }, sampling: {} }, true, true, true],
    [{ elicitation: true, sampling: 'yes' }, false, false, false],
  ])('is read from what it says: %j', (capabilities, form, url, sampling) => {
    expect(readOffers(capabilities)).toEqual({ form, url, sampling });
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

  it.each(['none', 'thisServer', 'allServers'])('for a text is given no context: %s', (includeContext) => {
    const judged = judgeQuestion(sample({ messages: [], includeContext }), 'Orders', both, every);
    expect(judged).toEqual({
      kind: 'fine',
      what: 'sampling',
      question: { method: 'sampling/createMessage', params: { messages: [] } },
    });
  });

  it.each([
    ['roots', { method: 'roots/list', params: {} }],
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
      return { action: 'accept' };
    };
    const append = async (entry: ActivityEntry) => {
      throw new Fault('activity_write_failed', `Not written: ${entry.detail}`);
    };
    const call = { who: { kind: 'agent' as const, name: 'a' }, what: 'mcp:x:y' };
    const onAsked = askingIn({ append }, call, both, { offers: every, ask }, 'Orders');
    await expect(onAsked?.(elicit({ message: 'x' }))).rejects.toMatchObject({
      code: 'activity_write_failed',
    });
    expect(isAsked).toBe(false);
  });
});
