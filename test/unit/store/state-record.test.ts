import { describe, expect, test } from 'vitest';
import { findToolPolicy } from '../../../src/main/store/policy-book';
import { emptyState, parseState, upgradeState } from '../../../src/main/store/state-record';
import { samplePolicies } from '../../fakes/vault-bench';

describe('the state record', () => {
  test('begins with the settings of the design', () => {
    expect(emptyState().settings).toEqual({
      theme: 'system',
      gatewayPort: 8417,
      approvalMinutes: 10,
      idleLockMinutes: null,
      signInWith: 'popup',
      retentionDays: null,
      clientDocumentUrl: '',
      mostListedTools: 60,
    });
    expect(parseState(emptyState())).toEqual(emptyState());
  });

  test('is frozen to its last corner, so that memory cannot run ahead of the disk', () => {
    const state = parseState({ ...emptyState(), policies: samplePolicies('auto') });
    expect(() => state.connections.push()).toThrow(TypeError);
    expect(() => Object.assign(state.policies.con_00000001?.tools ?? {}, { x: 1 })).toThrow(TypeError);
  });

  test('names the place that is wrong and never what was in it', () => {
    const settings = { ...emptyState().settings, theme: 'a-secret-typed-in-the-wrong-place' };
    expect(() => parseState({ ...emptyState(), settings })).toThrow(
      expect.objectContaining({
        code: 'store_unreadable',
        message: expect.stringContaining('settings.theme'),
      }),
    );
    expect(() => parseState({ ...emptyState(), settings })).not.toThrow(/a-secret/);
  });

  test('is upgraded step by step', () => {
    const upgrades = {
      1: (older: Record<string, unknown>) => ({ ...older, agents: [] }),
      2: (older: Record<string, unknown>) => ({ ...older, log: null }),
    };
    expect(upgradeState({ version: 1, kept: 'yes' }, upgrades, 3)).toEqual({
      version: 3,
      kept: 'yes',
      agents: [],
      log: null,
    });
  });

  test('of version 1 names what was still to be disconnected, with nothing to revoke', () => {
    const { unrevoked: _none, settings, ...rest } = emptyState();
    const { signInWith: _not, ...known } = settings;
    const older = { ...rest, settings: { ...known, theme: 'dark' }, version: 1 };
    const state = parseState(upgradeState({ ...older, pendingDisconnects: ['con_00000001'] }));
    expect(state.settings).toEqual({ ...settings, theme: 'dark' });
    expect(state.unrevoked).toEqual([]);
    expect(state.pendingDisconnects).toEqual([
      {
        connectionId: 'con_00000001',
        appId: '',
        label: 'con_00000001',
        account: '',
        values: {},
        startedAtMs: 0,
        revocation: 'none',
      },
    ]);
  });

  test('of version 2 leaves its agents as wide as they were', () => {
    const { mode: _mode, ...rest } = emptyState();
    const agent = {
      agentId: 'agt_00000001',
      name: 'Claude',
      kind: 'other',
      tokenHash: 'ab'.repeat(32),
      createdAtMs: 1,
      lastSeenAtMs: null,
      revokedAtMs: null,
    };
    const state = parseState(upgradeState({ ...rest, agents: [agent], version: 2 }));
    expect(state.mode).toBe('execute');
    expect(state.agents).toEqual([
      { ...agent, scope: { connectionIds: null, access: 'all' }, expiresAtMs: null },
    ]);
  });

  test('refuses a gap in the upgrades, a version from the future and no version', () => {
    expect(() => upgradeState({ version: 1 }, {}, 2)).toThrow(
      expect.objectContaining({ code: 'store_unreadable' }),
    );
    expect(() => upgradeState({ version: 9 })).toThrow(
      expect.objectContaining({ code: 'store_from_future' }),
    );
    expect(() => upgradeState({})).toThrow(expect.objectContaining({ code: 'store_unreadable' }));
  });

  test('finds no policy under the names that every object has', () => {
    const book = samplePolicies('auto');
    expect(findToolPolicy(book, 'con_00000001', 'list-tickets')?.policy).toBe('auto');
    expect(findToolPolicy(book, 'con_00000001', 'constructor')).toBeUndefined();
    expect(findToolPolicy(book, '__proto__', 'toString')).toBeUndefined();
  });
});
