import { describe, expect, it } from 'vitest';
import { mask } from '../../../src/main/activity/redact';
import { keptResult } from '../../../src/main/gateway/kept-result';

const tool = { tool: 'list-tickets' };
const kept = (result: unknown, more: Parameters<typeof keptResult>[0] = tool, reveals: string[] = []) =>
  keptResult(more, { json: JSON.stringify(result), isError: false }, reveals);

describe('what is kept of an answer', () => {
  it('keeps texts and structures as they are', () => {
    const result = {
      content: [{ type: 'text', text: 'Two tickets are open.' }],
      structuredContent: { tickets: [{ id: 1 }, { id: 2 }] },
    };
    expect(kept(result)).toEqual(result);
  });

  it('masks secrets by name, also inside JSON that stands in a text, and what the catalog names', () => {
    const result = {
      content: [
        { type: 'text', text: JSON.stringify([{ user: 'ann', password: 'hunter2', pwHint: 'dog' }]) },
        { type: 'text', text: 'Use Bearer abcdefghijklmnop for it.' },
        { type: 'text', text: '{"url":"https://ann:hunter2@files.example/"' },
      ],
      structuredContent: { apiKey: 'hunter2', laps: 'hunter2', notes: 'fine' },
    };
    const shown = kept(result, tool, ['laps', 'pwHint']);
    expect(JSON.stringify(shown)).not.toMatch(/hunter2|abcdefgh|dog/);
    expect(shown).toMatchObject({
      content: [{ text: [{ user: 'ann', password: mask }] }, { text: mask }, { text: mask }],
      structuredContent: { notes: 'fine' },
    });
  });

  it('masks what the schema of the output calls a password', () => {
    const schema = { type: 'object', properties: { word: { type: 'string', format: 'password' } } };
    const shown = kept(
      { content: [], structuredContent: { word: 'hunter2' } },
      { ...tool, more: { outputSchema: schema } },
    );
    expect(shown).toEqual({ content: [], structuredContent: { word: mask } });
  });

  it('keeps nothing of a tool that can reveal a secret', () => {
    for (const name of ['get-password', 'readBitlockerKey', 'list_api_tokens', 'get-mfa-seed']) {
      const shown = kept({ content: [{ type: 'text', text: 'hunter2' }] }, { tool: name });
      expect(shown, name).toBe('Not kept: this tool can reveal a secret.');
    }
  });

  it('says how much there was where there is too much, or only bytes', () => {
    expect(kept({ content: [{ type: 'text', text: 'x'.repeat(70_000) }] })).toMatch(
      /^Not kept: 70\d\d\d characters\.$/,
    );
    const long = JSON.stringify(
      kept({ content: [1, 2, 3, 4, 5, 6].map(() => ({ type: 'text', text: 'y'.repeat(5_000) })) }),
    );
    expect(long.length).toBeLessThan(9_000);
    expect(long).toContain('more left out');
    expect(kept({ content: [{ type: 'image', mimeType: 'image/png', data: 'A'.repeat(4_000) }] })).toEqual({
      content: [{ type: 'image', mimeType: 'image/png', data: '[4000 characters of base64]' }],
    });
  });

  it('survives nesting and texts that only begin like JSON', () => {
    let deep: unknown = 'end';
    for (let at = 0; at < 2_000; at += 1) deep = { inner: deep };
    expect(JSON.stringify(kept({ content: [], structuredContent: deep }))).toContain('[left out]');
    expect(kept({ content: [{ type: 'text', text: '[not JSON' }] })).toEqual({
      content: [{ type: 'text', text: '[not JSON' }],
    });
    expect(kept([1, 2])).toEqual([1, 2]);
  });
});
