import { describe, expect, it } from 'vitest';
import { classify, wordsOf } from '../../../src/main/policies/classify';

const judge = (name: string, more: Partial<Parameters<typeof classify>[0]> = {}) =>
  classify({ name, description: '', inputSchema: {}, ...more });

describe('seeding a policy', () => {
  it.each([
    'list-tickets',
    'get_ticket',
    'searchTickets',
    'connectwise-psa-list-tickets',
    'countUsers',
    'export-report',
  ])('lets %s run at once, because it only reads', (name) => {
    expect(judge(name)).toMatchObject({ policy: 'auto', access: 'read', rule: 'verb' });
  });

  it.each([
    'create-ticket',
    'update_ticket',
    'sendMail',
    'run-script',
    'reset-device',
    'merge-tickets',
    'cwm_add_note',
  ])('asks before %s, because it changes something', (name) => {
    expect(judge(name)).toMatchObject({ policy: 'approval_needed' });
  });

  it.each(['delete-ticket', 'wipeDevice', 'purge_all', 'revoke-sessions'])('calls %s destructive', (name) => {
    expect(judge(name)).toMatchObject({ policy: 'approval_needed', access: 'destructive' });
  });

  it('does not let a read in front hide a change behind it', () => {
    expect(judge('get-and-delete-user').access).toBe('destructive');
    expect(judge('find-or-create-user').policy).toBe('approval_needed');
  });

  it('asks before a read that can reveal a secret, and says which word told it', () => {
    expect(judge('get-password')).toMatchObject({ policy: 'approval_needed', rule: 'reveals' });
    expect(judge('getRecoveryKey').why).toContain('recoverykey');
    for (const name of [
      'list_api_keys',
      'get-api-tokens',
      'showRecoveryCodes',
      'list_ssh_keys',
      'getMfaSeeds',
    ])
      expect(judge(name), name).toMatchObject({ policy: 'approval_needed', rule: 'reveals' });
  });

  it('asks about what it does not know', () => {
    expect(judge('frobnicate')).toMatchObject({ policy: 'approval_needed', rule: 'unknown' });
    expect(judge('')).toMatchObject({ policy: 'approval_needed', rule: 'unknown' });
  });

  it('lets a vendor rule beat everything, both ways', () => {
    const tight = judge('list-users', { vendor: { access: 'read', policy: 'disabled', reason: 'too much' } });
    expect(tight).toMatchObject({ policy: 'disabled', rule: 'vendor', why: 'Vendor rule: too much' });
    const loose = judge('get-password', {
      vendor: { access: 'read', policy: 'auto', reason: 'a hash only' },
    });
    expect(loose.policy).toBe('auto');
  });

  it('lets a server tighten and never loosen', () => {
    expect(judge('list-users', { annotations: { destructiveHint: true } }).policy).toBe('approval_needed');
    expect(judge('list-users', { annotations: { readOnlyHint: false } }).policy).toBe('approval_needed');
    expect(judge('delete-user', { annotations: { readOnlyHint: true } }).policy).toBe('approval_needed');
  });

  it('lets a description tighten only', () => {
    expect(judge('get-users', { description: 'Permanently deletes users.' }).policy).toBe('approval_needed');
    expect(judge('remove-user', { description: 'Only reads.' }).policy).toBe('approval_needed');
  });

  it('splits every way of writing a name', () => {
    expect(wordsOf('getHTTPStatus_of-user.name')).toEqual(['get', 'http', 'status', 'of', 'user', 'name']);
  });
});
