/** What the notification of the system says, and what it must not. */
import { describe, expect, it } from 'vitest';
import { attentionFor } from '../../../src/main/window/attention';
import { type ApprovalView, approvalIdSchema } from '../../../src/preload/contract/shapes';

const waiting = (id: string, over: Partial<ApprovalView> = {}): ApprovalView => ({
  approvalId: approvalIdSchema.parse(`apr_${id}`),
  agentName: 'Claude Desktop',
  connectionLabel: 'ConnectWise PSA',
  tool: 'connectwise-psa:add-ticket-note',
  access: 'write',
  sentence: 'Adds the note planted-secret.',
  argumentsJson: '{"text":"planted-secret"}',
  request: 'POST /planted-secret',
  mayGrant: true,
  askedAtMs: 1,
  expiresAtMs: 2,
  ...over,
});

describe('a call that waits for approval', () => {
  it('is announced with agent and tool, and without anything of the call itself', () => {
    const wanted = attentionFor(new Set(), [waiting('aaaaaaaa')]);
    expect(wanted).toEqual({
      title: 'Approval needed',
      body: 'Claude Desktop wants to call connectwise-psa:add-ticket-note.',
      approvalId: 'apr_aaaaaaaa',
    });
    expect(JSON.stringify(wanted)).not.toContain('planted-secret');
  });

  it('is announced once, and a decided one is no news', () => {
    const both = [waiting('aaaaaaaa'), waiting('bbbbbbbb')];
    expect(attentionFor(new Set(['apr_aaaaaaaa', 'apr_bbbbbbbb']), both)).toBeUndefined();
    expect(attentionFor(new Set(['apr_aaaaaaaa']), [])).toBeUndefined();
    expect(attentionFor(new Set(['apr_aaaaaaaa']), both)?.approvalId).toBe('apr_bbbbbbbb');
  });

  it('shares one notification with others that came together', () => {
    expect(attentionFor(new Set(), [waiting('aaaaaaaa'), waiting('bbbbbbbb')])).toMatchObject({
      body: '2 calls wait for approval.',
      approvalId: 'apr_aaaaaaaa',
    });
  });

  it('cannot break the line, turn the text around or fill the screen with its names', () => {
    const body =
      attentionFor(new Set(), [waiting('aaaaaaaa', { tool: `mcp:x\n\u202Eevil\u2028${'y'.repeat(500)}` })])
        ?.body ?? '';
    expect(body).toMatch(/^Claude Desktop wants to call mcp:x evil y+\.$/);
    expect(body.length).toBeLessThan(200);
  });
});
