import { describe, expect, it } from 'vitest';
import { applyEdits, countPolicies, whyOf } from '../../../src/main/policies/save';
import { resyncPolicies, type SeedTool, seedPolicies } from '../../../src/main/policies/seed';
import type { Fault } from '../../../src/preload/contract/reply';

const tool = (name: string, definitionHash = `${name}-1`): SeedTool => ({
  name,
  description: '',
  inputSchema: {},
  definitionHash,
});
const seeded = () => seedPolicies('PSA', [tool('list-tickets'), tool('add-note'), tool('delete-ticket')]);
const code = (run: () => unknown): string => {
  try {
    run();
    return 'none';
  } catch (error) {
    return (error as Fault).code;
  }
};

describe('saving policies', () => {
  it('applies a batch, moves the revision and says who set what', () => {
    const { after, changes } = applyEdits(
      seeded(),
      1,
      [{ tool: 'delete-ticket', policy: 'disabled' }],
      'm.weber',
      5,
    );
    expect(after.revision).toBe(2);
    expect(changes).toEqual([{ tool: 'delete-ticket', before: 'approval_needed', after: 'disabled' }]);
    const row = after.tools['delete-ticket'];
    expect(row && whyOf(row, () => '12 Nov')).toBe('Set by m.weber on 12 Nov');
    expect(countPolicies(after)).toEqual({ auto: 1, approvalNeeded: 1, disabled: 1, customised: 1 });
  });

  it('refuses a batch made on an older revision and changes nothing', () => {
    const before = seeded();
    expect(code(() => applyEdits(before, 0, [{ tool: 'add-note', policy: 'auto' }], 'x', 1))).toBe(
      'policy_conflict',
    );
    expect(before).toEqual(seeded());
  });

  it('refuses the whole batch for one unknown tool, also for names of the prototype', () => {
    for (const name of ['no-such-tool', 'constructor', '__proto__']) {
      const edits = [{ tool: 'add-note', policy: 'auto' } as const, { tool: name, policy: 'auto' } as const];
      expect(code(() => applyEdits(seeded(), 1, edits, 'x', 1))).toBe('not_found');
    }
  });
});

describe('tools that come, change and go', () => {
  it('keeps policies where nothing changed', () => {
    const before = seeded();
    expect(resyncPolicies(before, [tool('list-tickets'), tool('add-note'), tool('delete-ticket')])).toBe(
      before,
    );
  });

  it('never lets a tool that appears later run at once', () => {
    const after = resyncPolicies(seeded(), [tool('list-tickets'), tool('list-users')]);
    expect(after.tools['list-users']?.policy).toBe('approval_needed');
    expect(after.tools['delete-ticket']).toBeUndefined();
  });

  it('drops a changed tool from auto, and keeps a stricter choice', () => {
    const edited = applyEdits(seeded(), 1, [{ tool: 'add-note', policy: 'disabled' }], 'x', 1).after;
    const after = resyncPolicies(edited, [
      tool('list-tickets', 'other'),
      tool('add-note', 'other'),
      tool('delete-ticket'),
    ]);
    expect(after.tools['list-tickets']?.policy).toBe('approval_needed');
    expect(after.tools['add-note']?.policy).toBe('disabled');
  });
});
